"""Reading a document file (.txt with `# key: value` head lines, .html): bytes in, title, text and clean HTML out. No Django, no disk."""

import codecs
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser

import nh3

from gongkai.lib.errors import BadInput
from gongkai.lib.markup import check_markup

ENDINGS = frozenset({".txt", ".html", ".htm"})
MAX_BYTES = 5 * 1024 * 1024
MAX_TITLE = 200
HEAD_LINE = re.compile(r"#\s*([A-Za-z_]+)\s*[:：]\s*(.*)")
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
                    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ue000-\uf8ff\ufffd]")
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "blockquote", "br"}
ALLOWED_TAGS = BLOCKS | {"h1", "strong", "b", "em", "i", "u", "sub", "sup", "a"}
# "*" is for every tag: left out, nh3 keeps `title` and `lang` on all of them.
ALLOWED_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
ANNOUNCED = re.compile(r"现将(?:我[局县市区]|本[局机关]+)?(?:的)?([^，。；：,;:\s]{4,60}?)(?:报告|汇报|通报|公告|公示|公布)?如下")
SENTENCE_END = re.compile("[。；！？，,;]")
WEB_ADDRESS = re.compile(r"(?:https?://|www\.)[\x21-\x7e]+", re.IGNORECASE)
MAX_HEADING = 60
TELLING_LENGTH = 15
DROPPED_WITH_CONTENT = {"script", "style", "title", "noscript", "template", "iframe", "object", "form", "select", "textarea", "button"}


@dataclass(frozen=True)
class Document:
    """A document as it was read (待导入的文件). Empty strings where the file says nothing; `body` is clean HTML.

    `digest` knows the document again: it is of the text alone, so that the same text under another title is no second document; only a
    text too short to tell (见附件) counts together with its title. `remark` says what was assumed.
    """

    title: str
    body: str
    date_text: str
    source: str
    entry_code: str
    document_number: str
    digest: str
    remark: str


def read_document(name: str, data: bytes) -> Document:
    """Read one file. The kind is told by the name's ending.

    Raises: BadInput, with the reason why it cannot come in.
    """
    if len(data) > MAX_BYTES:
        raise BadInput(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请分成几份。")
    text = decode(data)
    if not text.strip():
        raise BadInput("文件是空的。")
    head, title, body = _read_page(text) if name.lower().endswith((".html", ".htm")) else _read_text(text)
    title, remark = " ".join(title.split()), ""
    if not title:
        title, body, remark = _find_title(body)
    if len(title) > MAX_TITLE:
        raise BadInput(f"标题 {len(title)} 字，超过 {MAX_TITLE} 字，请核对“# title:”这一行。")
    words = plain_text(body)
    if not words:
        raise BadInput("正文是空的：开头的“#”行以下没有文字。")
    return Document(
        title=title,
        body=body,
        date_text=head.get("date", ""),
        source=WEB_ADDRESS.sub("", head.get("source", "")).strip(),
        entry_code=head.get("entry", ""),
        document_number=head.get("number", ""),
        digest=_digest(title, words),
        remark=remark,
    )


def decode(data: bytes) -> str:
    """The text of some bytes: by their byte order mark, else UTF-8, else GB18030.

    Raises: BadInput when they are no text, or in another encoding.
    """
    marked = next((encoding for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if marked is None and b"\x00" in data:
        raise BadInput("不是文本文件：里面有二进制内容。")
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # GB18030 reads almost any bytes; control and private-use characters betray what never was text.
        if not NOT_TEXT.search(text):
            return text
    raise BadInput("读不出文字：请把文件另存为 UTF-8 或 GB18030 编码。")


def plain_text(body: str) -> str:
    """The words of clean HTML, without tags."""
    return unescape(re.sub(r"<[^>]+>", " ", body)).strip()


def _digest(title: str, words: str) -> str:
    telling = "".join(words.split())
    return hashlib.sha256((telling if len(telling) >= TELLING_LENGTH else f"{title}\n{telling}").encode()).hexdigest()


def _find_title(body: str) -> tuple[str, str, str]:
    """Title, rest of the body and a remark for a text without a title of its own.

    Its first line when that is a heading, else what it announces: 现将我局公开工作总结如下. Raises: BadInput when there is neither.
    """
    first, _, rest = body.partition("</p>")
    heading = plain_text(first)
    if rest and 4 <= len(heading) <= MAX_HEADING and not SENTENCE_END.search(heading):
        return heading, rest, "文件没有标明标题，取自第一行，请核对。"
    if match := ANNOUNCED.search(heading):
        return match[1], body, "文件没有标明标题，取自“现将……如下”，请核对。"
    raise BadInput("没有标题：请在文件开头写一行“# title: 标题”，网页要有 title 或 h1。")


def _read_text(text: str) -> tuple[Mapping[str, str], str, str]:
    lines = [line.strip() for line in text.splitlines()]
    head: dict[str, str] = {}
    for line in lines:
        if match := HEAD_LINE.fullmatch(line):
            head.setdefault(match[1].lower(), match[2].strip())
        elif line and not line.startswith("#"):
            break  # the head ends where the text begins; later lines with # are notes and dropped
    words = [line for line in lines if line and not line.startswith("#")]
    return head, head.get("title", ""), "".join(f"<p>{escape(line, quote=False)}</p>" for line in words)


def _read_page(text: str) -> tuple[Mapping[str, str], str, str]:
    text = check_markup(text)
    outline = _Outline()
    outline.feed(text)
    heading = outline.headings[0] if len(outline.headings) == 1 else ""
    # The only h1 is the title and would stand twice; several are chapters and stay.
    dropped = DROPPED_WITH_CONTENT | ({"h1"} if heading else set())
    body = nh3.clean(
        text,
        tags=ALLOWED_TAGS - dropped,
        clean_content_tags=dropped,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    body = body.replace("<h1>", "<h2>").replace("</h1>", "</h2>").strip()
    return outline.metas, heading or outline.metas.get("articletitle", "") or outline.title, body


class _Outline(HTMLParser):
    """Collects title, headings and meta tags of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.metas: dict[str, str] = {}
        self.headings: list[str] = []
        self.title = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        values = {key: value or "" for key, value in attrs}
        if tag == "meta" and values.get("name"):
            name = values["name"].lower()
            self.metas.setdefault({"pubdate": "date", "contentsource": "source"}.get(name, name), values.get("content", "").strip())
        if tag in {"title", "h1"}:
            self._inside = tag
            if tag == "h1":
                self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if self._inside == "title":
            self.title += data
        elif self._inside == "h1":
            self.headings[-1] += data
