import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum


class Severity(Enum):
    """How much a finding weighs (轻重): a block cannot pass, a warning passes with a reason and a name, an info is a hint."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"

    @property
    def word(self) -> str:
        """The word people read."""
        return {"block": "必须改", "warn": "提醒", "info": "提示"}[self.value]


RULE_WORDS = {
    "figures": "合计与分项",
    "wrong_word": "用字",
    "doc_number": "发文字号",
    "personal_data": "个人信息",
    "date": "日期",
    "secrecy": "密级标志",
    "link": "链接",
    "element": "必备要素",
    "image": "图片",
    "duplicate": "重复公开",
    "attachment": "附件",
}
"""What people call the rules (检查项)."""


class Part(Enum):
    """Which part of a document a finding sits in (位置). A place in an element's value, or in a file's name, is told by `element`."""

    TEXT = "text"
    TITLE = "title"
    DOCUMENT_NUMBER = "document_number"
    ELEMENT = "element"
    ATTACHMENT = "attachment"

    @property
    def word(self) -> str:
        """The word people read."""
        return {"text": "正文", "title": "标题", "document_number": "文号", "element": "要素", "attachment": "附件名"}[self.value]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a check found (检查发现).

    `start` and `end` count code points of the part it sits in, end excluded; both are 0 where something is missing. `repair` is the right
    wording of the quote, None where there is no certain one. `element` names the element, or the file
    whose name it sits in; empty otherwise. `is_failure`: nothing wrong with the document, but a check that broke.
    """

    rule: str
    severity: Severity
    message: str
    advice: str
    quote: str = ""
    start: int = 0
    end: int = 0
    part: Part = Part.TEXT
    element: str = ""
    repair: str | None = None
    is_failure: bool = False

    @property
    def rule_word(self) -> str:
        """What people call its rule; the code of a rule that came from elsewhere."""
        return RULE_WORDS.get(self.rule, self.rule)

    @property
    def key(self) -> str:
        """Fingerprint of what was found (指纹). A reason given for it holds for this wording only: a changed text needs a new one."""
        return hashlib.sha256("\x1f".join((self.rule, self.quote, self.message)).encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class GateFile:
    """An attached file as the checks see it (送检附件). `text` None: nobody has read it yet.

    `remarks` are what it holds and a reader may not see: code and where, the latter may be empty.
    """

    name: str
    text: str | None
    remarks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class GateDocument:
    """A document as the checks see it (送检文稿). `text` is the body without marks, one line for each paragraph or table row.

    `picture_words`: what each picture in the text says to whoever cannot see it, in their order.
    """

    text: str
    title: str = ""
    document_number: str = ""
    formed_date: date | None = None
    files: tuple[GateFile, ...] = ()
    required_elements: tuple[str, ...] = ()
    elements: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    picture_words: tuple[str, ...] = ()

    @property
    def attachment_names(self) -> tuple[str, ...]:
        """Names of the attached files."""
        return tuple(file.name for file in self.files)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Lists the checks need (检查用表), handed in: the package itself reads no file.

    `element_names`: other names under which a text may give an element. `answered_by`: elements that a field of the document answers.
    `said_as`: phrases that give an element without its name, with words in brackets for what is said (see sayings).
    """

    element_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answered_by: Mapping[str, str] = field(default_factory=dict)
    said_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Check = Callable[[GateDocument, Tables], tuple[Finding, ...]]
