"""HTML from outside, made harmless for the time a parser takes. No Django, no domain words."""

import re
from html.parser import HTMLParser

from gongkai.lib.errors import BadInput

MAX_LENGTH = 2_000_000
MAX_DEPTH = 100

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"})
FORMATTING = frozenset({"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
TABLE_PARTS = frozenset({"caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th"})
LISTS = frozenset({"ul", "ol", "dl"})
# Elements beyond which the end of a plain element (span, a made-up name) does not reach.
SPECIAL = TABLE_PARTS | LISTS | {
    "address", "article", "aside", "blockquote", "body", "button", "center", "dd", "details", "div", "dt", "fieldset", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "html", "iframe", "li", "main", "nav", "object", "p", "pre",
    "section", "select", "summary", "table", "template", "textarea",
}  # fmt: skip
CELLS = frozenset({"table", "td", "th", "caption", "button", "object", "template"})
# What the start of an element ends, and beyond what it does not look.
ENDED_BY_START = {
    "li": (frozenset({"li"}), CELLS | LISTS),
    "dt": (frozenset({"dt", "dd"}), CELLS | LISTS),
    "dd": (frozenset({"dt", "dd"}), CELLS | LISTS),
    "td": (frozenset({"td", "th"}), frozenset({"table", "template"})),
    "th": (frozenset({"td", "th"}), frozenset({"table", "template"})),
    "tr": (frozenset({"tr", "td", "th", "caption"}), frozenset({"table", "template"})),
    "thead": (TABLE_PARTS, frozenset({"table", "template"})),
    "tbody": (TABLE_PARTS, frozenset({"table", "template"})),
    "tfoot": (TABLE_PARTS, frozenset({"table", "template"})),
}
ADOPTED = 7
"""A parser takes an emphasis out of at most so many blocks that were begun inside it; out of more it stays open."""


def check_markup(source: str) -> str:
    """HTML that may be given to a parser (可以解析的网页文字): without comments and declarations.

    Parsers need time with the square of the nesting, so what is too long or too deep is refused before.
    Raises: BadInput.
    """
    if len(source) > MAX_LENGTH:
        raise BadInput(f"正文连同格式有 {len(source):,} 个字符，超过 {MAX_LENGTH:,} 个。请先粘贴为纯文本，或把大表改作附件。", field="body")
    bare = re.sub(r"<[!?][^<>]*>?", "", _drop_comments(source))
    # After the last ">" no tag ends: what looks like one is words. Python's parser would try each anew, up to the end of the text.
    whole, ending, rest = bare.rpartition(">")
    bare = whole + ending + rest.replace("<", "&lt;")
    depth = _Depth()
    depth.feed(bare)
    depth.close()
    return bare


def _drop_comments(source: str) -> str:
    """Python's parser looks for the end of every comment anew, up to the end of the text: thousands that never end would hold it up."""
    kept, at = [], 0
    while (start := source.find("<!--", at)) >= 0:
        kept.append(source[at:start])
        end = source.find("-->", start + 2)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join([*kept, source[at:]])


class _Depth(HTMLParser):
    """Follows which elements are open, as a browser would, and refuses when they are too many."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._emphasis: dict[str, list[int]] = {}  # for each open emphasis, how many elements were open when it began
        self._emphasised = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 — HTMLParser's signature
        """See HTMLParser."""
        if tag in VOID:
            return
        if tag in FORMATTING:
            if tag == "a":
                self.handle_endtag("a")  # a link ends the one before
            self._emphasis.setdefault(tag, []).append(len(self._open))
            self._emphasised += 1
        else:
            ended, limits = ENDED_BY_START.get(tag, (frozenset(), frozenset()))
            self._end(ended, limits, is_outermost=True)
            if tag in SPECIAL - TABLE_PARTS:
                self._end(frozenset({"p"}), CELLS)
            self._open.append(tag)
        if len(self._open) + self._emphasised > MAX_DEPTH:
            raise BadInput(f"正文的格式一层套一层，超过 {MAX_DEPTH} 层，处理不了。请先粘贴为纯文本，再加标题和表格。", field="body")

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag in FORMATTING:
            begun = self._emphasis.get(tag)
            if begun and len(self._open) - begun.pop() <= ADOPTED:
                self._emphasised -= 1
        elif tag == "table":
            self._end(frozenset({"table"}), frozenset({"template"}))
        elif tag in TABLE_PARTS:
            self._end(frozenset({tag}), frozenset({"table", "template"}))
        elif tag in SPECIAL:
            self._end(frozenset({tag}), CELLS | (LISTS if tag == "li" else frozenset()))
        else:
            self._end(frozenset({tag}), SPECIAL)

    def _end(self, wanted: frozenset[str], limits: frozenset[str], *, is_outermost: bool = False) -> None:
        """End a wanted element, the innermost or the outermost before a limit, and all inside it. Never more than MAX_DEPTH steps."""
        found = None
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at] in wanted:
                found = at
                if not is_outermost:
                    break
            elif self._open[at] in limits:
                break
        if found is not None:
            del self._open[found:]
