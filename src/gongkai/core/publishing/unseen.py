"""What a pasted text holds and nobody saw: hidden words, words struck by a tracked change, a reviewer's comments. No Django, no disk."""

import re
from collections import Counter
from html.parser import HTMLParser

from gongkai.lib.markup import VOID

HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:[a-z%]*)\s*(?:;|$)", re.IGNORECASE)
SIGNS = re.compile(r"<del|<ins|mso|hidden|display|font-size", re.IGNORECASE)
COMMENTS = re.compile(r"mso-element\s*:\s*comment", re.IGNORECASE)
COMMENT_CLASS = re.compile(r"msocom", re.IGNORECASE)
STRUCK_CLASS = re.compile(r"\bmsodel\b", re.IGNORECASE)
INSERTED_CLASS = re.compile(r"\bmsoins\b", re.IGNORECASE)
HIDDEN_WORDS, STRUCK_WORDS, INSERTED_WORDS, COMMENT_WORDS = "隐藏的字", "修订里删去的字", "修订标记（字留下）", "批注"
# A paragraph ends where the next block begins, with or without its end tag.
ENDS_A_PARAGRAPH = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote", "section"}
)


def drop_unseen(source: str) -> tuple[str, Counter[str]]:
    """The source without what its reader did not see (去掉看不见的字), and how often each was taken out.

    Left in, such words would be public: a Word document brings along what was struck, hidden or only noted.
    """
    if not SIGNS.search(source):
        return source, Counter()
    reader = _Unseen()
    reader.feed(source)
    reader.close()
    return reader.end(), reader.found


class _Unseen(HTMLParser):
    """Writes the source again as it is, but for elements nobody sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: Counter[str] = Counter()
        self._kept: list[str] = []
        self._skipped: list[str] = []
        self._tag = ""  # the element that is left out at the moment
        self._depth = 0
        self._words = ""

    def end(self) -> str:
        """What is left. An element that never ended is no ground to leave out the rest of a text: it stays."""
        if self._tag:
            self.found[self._words] -= 1
            self.found += Counter()
        return "".join([*self._kept, *self._skipped])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        if self._tag == "p" and tag in ENDS_A_PARAGRAPH:
            self._finish()
        if self._tag:
            self._depth += tag == self._tag
        elif words := _why_unseen(tag, {name: value or "" for name, value in attrs}):
            self.found[words] += 1
            if words != INSERTED_WORDS and tag not in VOID:
                self._tag, self._depth, self._words = tag, 1, words
        self._write(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        self._write(f"</{tag}>")
        if tag == self._tag:
            self._depth -= 1
            if not self._depth:
                self._finish()

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        """See HTMLParser."""
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """See HTMLParser."""
        self._write(f"&#{name};")

    def _write(self, text: str) -> None:
        (self._skipped if self._tag else self._kept).append(text)

    def _finish(self) -> None:
        self._tag, self._depth = "", 0
        self._skipped.clear()


def _why_unseen(tag: str, attributes: dict[str, str]) -> str:
    style, css = attributes.get("style", ""), attributes.get("class", "")
    if COMMENTS.search(style) or COMMENT_CLASS.search(css):
        return COMMENT_WORDS
    if tag == "del" or STRUCK_CLASS.search(css):
        return STRUCK_WORDS
    if "hidden" in attributes or HIDDEN.search(style):
        return HIDDEN_WORDS
    if tag == "ins" or INSERTED_CLASS.search(css):
        return INSERTED_WORDS
    return ""
