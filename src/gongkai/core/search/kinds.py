from dataclasses import dataclass, field
from datetime import date
from math import ceil
from uuid import UUID

from gongkai.lib.enums import LabelledEnum

PAGE_SIZE = 20
MAX_PAGES = 50


class FindableKind(LabelledEnum):
    """What sort of thing was made findable (内容类型). Decides the filter a reader can choose."""

    PUBLICATION = "PUBLICATION", "公开信息"


class Order(LabelledEnum):
    """In which order hits are shown (排序)."""

    RELEVANCE = "RELEVANCE", "按相关度"
    DATE = "DATE", "按日期"


class RelaxationKind(LabelledEnum):
    """How a question that found nothing was widened (放宽方式). The label is a sentence with a place for the words."""

    LITERAL = "LITERAL", "没有把“{words}”当作词用的文件，以下文件只在字面上含这几个字。"
    WORDS = "WORDS", "没有与所输文字完全一致的文件，以下文件分别含有：{words}。"
    MOST_WORDS = "MOST_WORDS", "没有同时含有全部词语的文件，以下文件含有这些词语中的大部分：{words}。"


@dataclass(frozen=True, kw_only=True)
class Findable:
    """One public document as the search gets it (可检索文件).

    `body` is plain text, whole, not HTML. `day` is the day a reader sorts by. `path` is its address on the portal, beginning with a slash.
    """

    uuid: UUID
    title: str
    body: str
    section_id: int
    unit_id: int
    day: date
    path: str
    document_number: str = ""
    kind: FindableKind = FindableKind.PUBLICATION


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What narrows an answer (筛选条件). None: not narrowed. `since` and `until` are both included."""

    section_id: int | None = None
    unit_id: int | None = None
    year: int | None = None
    kind: FindableKind | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Fragment:
    """A piece of text, to be marked where it is what was looked for (高亮片段)."""

    text: str
    is_match: bool


@dataclass(frozen=True)
class Hit:
    """One document of an answer (检索结果). `title` and `excerpt` are the original words, cut into fragments."""

    uuid: UUID
    kind: FindableKind
    title: tuple[Fragment, ...]
    document_number: str
    excerpt: tuple[Fragment, ...]
    section_id: int
    unit_id: int
    day: date
    path: str


@dataclass(frozen=True)
class Relaxation:
    """What was given up to find anything (放宽说明). Always told to the reader."""

    kind: RelaxationKind
    words: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The sentence for the reader."""
        return self.kind.label.format(words="、".join(self.words))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was found (检索答复). An empty `terms` means that nothing to look for was typed.

    `total` counts documents; `is_capped`: there are more than `total`, how many was not counted. `elsewhere`: how many there are without
    the filters when the filters leave nothing. `literal_only`: further documents that only hold the letters of a two-character word, not
    the word; the reader is offered them (literal mode). `is_shortened`: the question was too long and its end was left out.
    """

    terms: tuple[str, ...] = ()
    total: int = 0
    is_capped: bool = False
    hits: tuple[Hit, ...] = ()
    page: int = 1
    page_size: int = PAGE_SIZE
    relaxed_to: Relaxation | None = None
    elsewhere: int = 0
    literal_only: int = 0
    literal_words: tuple[str, ...] = field(default=())
    is_shortened: bool = False

    @property
    def page_count(self) -> int:
        """How many pages can be opened. Beyond the last one the reader narrows the question instead."""
        return min(ceil(self.total / self.page_size), MAX_PAGES)


@dataclass(frozen=True)
class IndexFaults:
    """Where rows and tokens of the index differ (检索索引差异).

    Documents without tokens, tokens without a document, tokens made by older rules.
    """

    lost: int
    ghosts: int
    outdated: int

    def __bool__(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.lost or self.ghosts or self.outdated)
