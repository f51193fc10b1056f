"""A text's HTML as it is kept: an allow-list, one canonical form, and what was dropped in words. No Django, no disk."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

import nh3

from gongkai.core.publishing.pictures import SCHEME, SOURCE
from gongkai.core.publishing.unseen import drop_unseen
from gongkai.lib.markup import check_markup

BLOCKS = frozenset({"p", "h2", "h3", "h4", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "blockquote"})
INLINE = frozenset({"strong", "em", "sub", "sup", "a", "br"})
# Stand alone, without words inside.
EMPTY = frozenset({"br", "img"})
ALLOWED_TAGS = set(BLOCKS | INLINE | EMPTY)
# "*" is for every tag: left out, nh3 keeps `title` and `lang` on all of them, words that no reviewer sees and no check reads.
ALLOWED_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
URL_SCHEMES = {"http", "https", "mailto", "tel", SCHEME.rstrip(":")}
DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "noscript",
    "template",
    "iframe",
    "object",
    "form",
    "select",
    "textarea",
    "button",
    "svg",
}

# The same thing under other names: kept, so that words do not run together and emphasis is not lost.
RENAMED = {
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
    "div": "p",
    "section": "p",
    "article": "p",
    "b": "strong",
    "i": "em",
    "center": "p",
    "pre": "p",
}
RENAMED_TAG = re.compile(rf"<(/?)({'|'.join(RENAMED)})(?=[\s/>])", re.IGNORECASE)

DROPPED_WORDS = {
    "img": "图片",
    "picture": "图片",
    "svg": "图片",
    "script": "脚本",
    "style": "样式",
    "iframe": "嵌入的网页",
    "object": "嵌入的文件",
    "embed": "嵌入的文件",
    "video": "视频",
    "audio": "音频",
    "form": "表单",
    "input": "表单",
    "select": "表单",
    "textarea": "表单",
    "button": "表单",
    "font": "字体和颜色",
}
ONLY_WORDS = frozenset({"p", "h2", "h3", "h4", "caption"})
HOLDS_NO_WORDS = frozenset({"table", "thead", "tbody", "tr", "ul", "ol"})
NO_SPAN = frozenset({("colspan", "1"), ("rowspan", "1")})
GONE_WHEN_EMPTY = frozenset({"p", "h2", "h3", "h4", "strong", "em", "sub", "sup", "a", "caption"})
HOLDS_BLOCKS_IN_A_LINE = frozenset({"td", "th", "li"})
# The editor knows no table captions and would make a row of one: it stands as a paragraph above the table.
CAPTION = re.compile(r"(<table>)<caption>(.*?)</caption>\n?", re.DOTALL)
# An editor puts a paragraph into every cell and list item; where it is the only thing there, it says nothing.
ALONE = re.compile(r"<((td|th|li)(?: [^>]*)?)><p>((?:(?!</?(?:p|ul|ol|table|blockquote)\b).)*?)</p></\2>", re.DOTALL)
LETTERS = re.compile(r"color|font|background", re.IGNORECASE)
# What the editor and the browser write by themselves: gone without a word.
SILENT = frozenset({"table", "td", "th", "tr", "col", "colgroup", "tbody"})


@dataclass(frozen=True)
class CleanBody:
    """A body as it is kept (清理后的正文), and what was taken out of it, each with a count: `图片 2 处`."""

    html: str
    dropped: tuple[str, ...]


def clean_body(source: str) -> CleanBody:
    """Clean what was typed or pasted (清理正文): tables, headings, lists, links, emphasis, sub and superscript stay; the rest goes.

    Of pictures only those stay that are attachments of ours: nothing foreign, nothing inlined.

    Plain text becomes paragraphs. Cleaning a cleaned body changes nothing. Raises: BadInput when it is too long or nested too deep.
    """
    if not re.search(r"<[a-zA-Z!/]", source):
        return CleanBody(_paragraphs(source.splitlines()), ())
    source, unseen = drop_unseen(check_markup(source))
    # Renaming ends what was nested sooner (a div becomes a paragraph, which holds none): it is judged before.
    renamed = RENAMED_TAG.sub(lambda match: f"<{match[1]}{RENAMED[match[2].lower()]}", source)
    safe = nh3.clean(
        renamed,
        tags=ALLOWED_TAGS,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=URL_SCHEMES,
        link_rel=None,
    )
    return CleanBody(_Canonical.of(safe), _list_dropped(source, unseen))


def plain_text(body: str) -> str:
    """The words of a clean body (纯文本): a line for each paragraph and table row, cells parted by tabs. As gate and search read it.

    A picture is there with the words that say what it shows: they are checked and found like any others.
    """
    return _Words.of(body)


def _paragraphs(lines: Iterable[str]) -> str:
    # What was typed without marks may hold entities only by accident: it is text, every sign of it.
    return "".join(f"<p>{escape(line.strip(), quote=False)}</p>\n" for line in lines if line.strip())


class _Words(HTMLParser):
    """Collects the text of clean HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._is_in_cell = False
        self._cells = 0

    @classmethod
    def of(cls, body: str) -> str:
        """The text of some HTML."""
        words = cls()
        words.feed(body)
        words.close()
        lines = (re.sub(r" ?\t ?", "\t", re.sub(r"[ \n\xa0]+", " ", line)).strip(" ") for line in words.lines)
        return "\n".join(line for line in lines if line.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        if tag == "img" and (words := dict(attrs).get("alt")):
            self._break()
            self.lines[-1] += words
            self._break()
        elif tag in {"td", "th"}:
            self.lines[-1] += "\t" if self._cells else ""
            self._cells += 1
            self._is_in_cell = True
        elif tag == "br" or tag in BLOCKS:
            self._break()
        if tag == "tr":
            self._cells = 0

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag in {"td", "th"}:
            self._is_in_cell = False
        elif tag in BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        self.lines[-1] += data

    def _break(self) -> None:
        if self._is_in_cell:  # a paragraph inside a cell does not end the row
            self.lines[-1] += " "
        else:
            self.lines.append("")


class _Canonical(HTMLParser):
    """Writes safe HTML again in one form: loose text in paragraphs, empty paragraphs gone, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.open: list[str] = []
        self._begun: list[tuple[int, bool]] = []  # for each open element, where it begins in `pieces` and whether it holds words
        self._in_a_line = 0  # open elements inside which a block has no line of its own
        self._is_loose = False  # the outermost paragraph is ours, made for text that stood in none
        self._is_fresh = True  # nothing has been written in this block yet

    @classmethod
    def of(cls, safe: str) -> str:
        """The canonical form of some safe HTML."""
        writer = cls()
        writer.feed(safe)
        writer.close()
        writer._close_down_to(0)
        return ALONE.sub(r"<\1>\3</\2>", CAPTION.sub(r"<p>\2</p>\n\1", "".join(writer.pieces)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        if tag in BLOCKS:
            # Neither a paragraph nor a link can hold a block: they end before it.
            while self.open and self.open[-1] in INLINE | ONLY_WORDS:
                self._close()
            self._is_fresh = True
        elif not self.open:
            self._open_loose()
        kept = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs if (name, value) not in NO_SPAN)
        if tag == "img":
            self._write_picture(dict(attrs))
        elif tag == "br":
            self.pieces.append("<br>")
        elif tag != "a" or _leads_somewhere(dict(attrs).get("href")):
            self._open(tag, kept)

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag in self.open:
            self._close_down_to(len(self.open) - 1 - self.open[::-1].index(tag))

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if not self.open or (self._is_loose and self.open == ["p"]):
            first, *others = data.split("\n")
            self._write(first)
            for line in others:
                self._close_down_to(0)
                self._write(line)
        elif self.open[-1] not in HOLDS_NO_WORDS:
            self._write(data)

    def _write_picture(self, attributes: dict[str, str | None]) -> None:
        source, words = attributes.get("src") or "", attributes.get("alt") or ""
        if not SOURCE.fullmatch(source):
            return
        self.pieces.append(f'<img src="{source}" alt="{escape(" ".join(words.split()))}">')
        self._is_fresh = False
        self._note_words()

    def _write(self, words: str) -> None:
        # Indents typed with blanks are the page's business: its style sheet indents.
        kept = words.lstrip(" \t\n\xa0\u3000") if self._is_fresh else words
        if not kept:
            return
        if not self.open:
            self._open_loose()
        self.pieces.append(escape(kept, quote=False))
        self._is_fresh = False
        if kept.strip():
            self._note_words()

    def _open(self, tag: str, attributes: str = "") -> None:
        self._begun.append((len(self.pieces), False))
        self.open.append(tag)
        self.pieces.append(f"<{tag}{attributes}>")
        self._in_a_line += tag in HOLDS_BLOCKS_IN_A_LINE

    def _open_loose(self) -> None:
        self._open("p")
        self._is_loose = self._is_fresh = True

    def _close_down_to(self, depth: int) -> None:
        while len(self.open) > depth:
            self._close()

    def _close(self) -> None:
        tag = self.open.pop()
        begin, has_words = self._begun.pop()
        if tag in BLOCKS:
            self._is_fresh = True
        if has_words:
            self._note_words()
        if tag in GONE_WHEN_EMPTY and not has_words:
            del self.pieces[begin:]
        else:
            self.pieces.append(f"</{tag}>")
            if tag in BLOCKS and not self._in_a_line:
                self.pieces.append("\n")
        self._in_a_line -= tag in HOLDS_BLOCKS_IN_A_LINE
        if not self.open:
            self._is_loose = False

    def _note_words(self) -> None:
        if self._begun:
            self._begun[-1] = (self._begun[-1][0], True)


def _leads_somewhere(address: str | None) -> bool:
    """Whether a link is one; without an address, or with that of a picture, it is plain words."""
    return bool(address) and not (address or "").lower().startswith(SCHEME)


def _list_dropped(source: str, unseen: Counter[str]) -> tuple[str, ...]:
    counter = _Dropped()
    counter.found.update(unseen)
    counter.feed(source)
    counter.close()
    return tuple(f"{words} {number} 处" for words, number in counter.found.items())


class _Dropped(HTMLParser):
    """Counts what the allow-list takes out and a person should know about."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        is_ours = tag == "img" and SOURCE.fullmatch(dict(attrs).get("src") or "")
        if not is_ours and (words := DROPPED_WORDS.get(tag)):
            self.found[words] += 1
        for name, value in attrs:
            if name == "style" and tag not in SILENT and tag not in DROPPED_WORDS:
                self.found["字体和颜色" if LETTERS.search(value or "") else "样式"] += 1
            elif name.startswith("on"):
                self.found["脚本"] += 1
            elif name == "href" and re.match(r"\s*(?:javascript|data|vbscript|file)\s*:", value or "", re.IGNORECASE):
                self.found["不能公开的链接"] += 1
