"""A page of another site held against our text (核对): title, day, words. Pure: the page is handed in."""

import re
from datetime import date
from html.parser import HTMLParser

from gongkai.core.publishing.kinds import Comparison, PageFacts, PostingState
from gongkai.lib.chinese import normalise
from gongkai.lib.markup import check_markup

SILENT = frozenset({"script", "style", "template", "noscript", "select", "textarea"})
TITLE_METAS = frozenset({"articletitle", "og:title", "title"})
DATE_METAS = frozenset({"pubdate", "publishdate", "article:published_time", "firstpublishedtime"})
NAMED_DAY = re.compile(r"(?:发布|公开|发文|更新|时间|日期)(?:日期|时间)?[:：]?(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})")
ANY_DAY = re.compile(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})")
BLANKS = re.compile(r"\s+")
SHORTEST_LINE = 8
ENOUGH_LINES = 1
GOOD_SHARE = 80


def read_page(html: str) -> PageFacts:
    """What a page says of itself (网页上的内容). Raises: BadInput when it is too long or too deep for a parser."""
    reader = _Reader()
    # Names and contents in the head are attributes: they outlive the cleaning of the text around them.
    reader.feed(check_markup(html))
    reader.close()
    text = _bare("".join(reader.words))
    named = NAMED_DAY.search(text)
    days = [found for found in (*map(_day_in, reader.days), _day_of(named) if named else None) if found]
    return PageFacts(tuple(dict.fromkeys(filter(None, reader.titles))), days[0] if days else None, text)


def compare(facts: PageFacts, *, title: str, document_number: str, text: str, formed_date: date | None, today: date) -> Comparison:
    """Whether a page shows our text (比对). The title has to be ours, most of our words have to stand there, and its day has to be one on
    which it could have been made public: not before the text was formed, not after today.
    """
    wanted = _bare(title)
    found = next((one for one in facts.titles if wanted and wanted in _bare(one)), "")
    share = _share_of(text, facts.text)
    shown = found or (facts.titles[0] if facts.titles else "")
    if not found:
        words = f"网页上的标题是“{shown[:60]}”" if shown else "网页上没有读到标题"
        return Comparison(PostingState.TITLE_DIFFERS, shown[:300], facts.day, share, f"{words}，和“{title[:60]}”不同。")
    if share is not None and share < GOOD_SHARE:
        words = f"标题相同，正文只有 {share}% 对得上。"
        return Comparison(PostingState.TEXT_DIFFERS, shown[:300], facts.day, share, words)
    if facts.day is None:
        return Comparison(PostingState.DATE_UNREAD, shown[:300], None, share, "标题相同，网页上没有读到发布日期。")
    if facts.day > today or (formed_date is not None and facts.day < formed_date):
        words = f"标题相同，读到的日期 {facts.day.isoformat()} 不可能是它的发布日期。"
        return Comparison(PostingState.DATE_UNREAD, shown[:300], None, share, words)
    number = "" if not document_number or _bare(document_number) in facts.text else "；没有读到文号"
    match = f"，正文 {share}% 对得上" if share is not None else ""
    return Comparison(PostingState.CHECKED, shown[:300], facts.day, share, f"标题相同，{facts.day.isoformat()} 发布{match}{number}。")


def _share_of(text: str, page: str) -> int | None:
    lines = [bare for bare in map(_bare, re.split(r"[\n\t。；！？]", text)) if len(bare) >= SHORTEST_LINE]
    return round(100 * sum(line in page for line in lines) / len(lines)) if len(lines) >= ENOUGH_LINES else None


def _bare(text: str) -> str:
    return BLANKS.sub("", normalise(text))


def _day_in(text: str) -> date | None:
    match = ANY_DAY.search(text)
    return _day_of(match) if match else None


def _day_of(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


class _Reader(HTMLParser):
    """Titles, days and words of a page, without what no reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.titles: list[str] = []
        self.days: list[str] = []
        self.words: list[str] = []
        self.silent = 0
        self.heading = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Names in the head, and where headings and silent parts begin."""
        known = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (known.get("name") or known.get("property") or "").lower()
            if name in TITLE_METAS:
                self.titles.append(known.get("content", "").strip())
            elif name in DATE_METAS:
                self.days.append(known.get("content", ""))
        elif tag == "time" and known.get("datetime"):
            self.days.append(known["datetime"])
        elif tag in SILENT:
            self.silent += 1
        elif tag in {"h1", "h2", "title"}:
            self.heading = tag
            self.titles.append("")
        if not self.silent:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Where they end."""
        if tag in SILENT and self.silent:
            self.silent -= 1
        elif tag == self.heading:
            self.heading = ""

    def handle_data(self, data: str) -> None:
        """Words of the page, and of a heading."""
        if self.heading and self.titles:
            self.titles[-1] += data.strip()
        if not self.silent and self.heading != "title":
            self.words.append(data)
