"""Names, places and words of the portal's pages, as pure functions."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import unescape
from uuid import UUID

from gongkai.consumers.portal.kinds import (
    Heading,
    ListInfo,
    ListKind,
    PageKey,
    PageKind,
    PageLink,
    Pager,
    SearchQuery,
    SectionGroup,
    SectionSummary,
)
from gongkai.core.catalogue.kinds import Category
from gongkai.core.ledger.kinds import Binding
from gongkai.core.publishing.kinds import PageAfter, WithdrawnPage
from gongkai.lib.moments import SHANGHAI, day_of

HOME = PageKey(PageKind.HOME)
OPEN = PageKey(PageKind.OPEN)
FIXED_PAGES = ("not-found", "search-down", "calculator-down", "static")

PAGE_SIZES = {ListKind.SECTION: 20, ListKind.MONTH: 100}
"""Items of an archive page. The head holds up to one less than twice as many, so that the oldest of them can leave it as a full page."""

LIST_KINDS = {PageKind.SECTION: ListKind.SECTION, PageKind.MONTH: ListKind.MONTH}
PAGE_KINDS = {ListKind.SECTION: PageKind.SECTION, ListKind.MONTH: PageKind.MONTH}

REFERENCES = {
    PageKind.HOME: re.compile(""),
    PageKind.OPEN: re.compile(""),
    PageKind.PUBLICATION: re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    PageKind.SECTION: re.compile(r"[a-z0-9-]{1,60}"),
    PageKind.MONTH: re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])"),
    PageKind.FIXED: re.compile("|".join(FIXED_PAGES)),
}

GONE = "_gone.html"
MOVED = "_moved"
"""In a folder, they answer for everything below it: 410 with this page, or a redirect to the address in it."""

TERMS_PREFIX = "terms:"
"""Begins a note that the terms of an entry changed: not a page, but pages show them."""

LIMIT_LABELS = {Binding.LAW: "法定期限", Binding.SUPERIOR: "公开期限", Binding.PROMISE: "对外承诺"}

HEAD_LINKS = 5
DOORS = 6

MONTHS_SHOWN = 24

SHORT_CONTENTS = 3
"""Fewer headings than this need no table of contents."""

SUMMARY_LENGTH = 120
LONGEST_SHOWN = 40
LONGEST_QUESTION = 2001
"""One more than the search reads, so that it can tell the reader that the end was left out."""

UNREADABLE = {0: " ", **dict.fromkeys(range(0xD800, 0xE000), " ")}
"""What no page can hold."""

HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
BLANKS = re.compile(r"\s+")
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)


def publication_key(uuid: UUID) -> PageKey:
    """Key of a publication's own page."""
    return PageKey(PageKind.PUBLICATION, str(uuid))


def write_key(key: PageKey) -> str:
    """A key as it stands in the outbox and in the manifest (页面键): `home`, `publication:…`, `section:land:head`, `month:2026-10:3`."""
    if key.kind in LIST_KINDS:
        return f"{key.kind.value}:{key.reference}:{key.number or 'head'}"
    return f"{key.kind.value}:{key.reference}" if key.reference else key.kind.value


def read_key(text: str) -> PageKey | None:
    """The key that a text names; None when it is nobody's of the portal."""
    code, _, rest = text.partition(":")
    try:
        kind = PageKind(code)
    except ValueError:
        return None
    reference, number = rest, 0
    if kind in LIST_KINDS:
        reference, _, place = rest.partition(":")
        if place != "head" and not re.fullmatch("[1-9][0-9]{0,8}", place):
            return None
        number = 0 if place == "head" else int(place)
    return PageKey(kind, reference, number) if REFERENCES[kind].fullmatch(reference) else None


def uuid_of(key: PageKey) -> UUID:
    """The publication that a key names."""
    return UUID(key.reference)


def list_address(kind: ListKind, reference: str, number: int = 0) -> str:
    """Where a list stands on the portal (清单地址): its head, or the archive page of that number."""
    base = f"/open/sections/{reference}/" if kind is ListKind.SECTION else f"/open/{reference}/"
    return f"{base}{number}/" if number else base


def file_path(address: str) -> str:
    """The file under the portal's folder that answers an address ending in a slash."""
    return f"{address.strip('/')}/index.html".lstrip("/")


def withdrawn_path(page: WithdrawnPage) -> str:
    """The file that answers at the address of a text that was taken back (撤下后的文件)."""
    folder = page.path.strip("/")
    return {
        PageAfter.GONE: f"{folder}/{GONE}",
        PageAfter.MOVED: f"{folder}/{MOVED}",
        PageAfter.BANNER: f"{folder}/index.html",
    }[page.page]


def month_of(instant: datetime) -> str:
    """The month in which something became public, as its list is called: `2026-10`."""
    return f"{day_of(instant):%Y-%m}"


def say_month(month: str) -> str:
    """A month in words: 2026年10月."""
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月"


def say_span(month: str, until: datetime) -> str:
    """The days of a month so far, or all of them (统计区间): 10月1日至9日."""
    day = day_of(until)
    number = int(month[5:])
    if f"{day:%Y-%m}" != month:
        return f"{number}月"
    return f"{number}月1日" if day.day == 1 else f"{number}月1日至{day.day}日"


def count_filed(unfiled: int, size: int) -> int:
    """How many full archive pages (旧页) leave the head that holds so many items. The head keeps at least one page's worth."""
    return max(0, unfiled // size - 1)


def archive_links(page_count: int) -> tuple[int | None, ...]:
    """Numbers of the archive pages that a list's head links to (旧页链接), newest first; None is a gap. A handful, however many there are.

    Only the head has them: an archive page links to its neighbours and the oldest, so that a new page touches one old page and no more.
    """
    newest = tuple(range(page_count, max(0, page_count - HEAD_LINKS), -1))
    if page_count <= HEAD_LINKS:
        return newest
    return (*newest, 1) if page_count == HEAD_LINKS + 1 else (*newest, None, 1)


def neighbours_of(number: int, page_count: int) -> tuple[int | None, int | None]:
    """Newer and older neighbour of a list page (相邻页); 0 is the head, None means that there is none."""
    if number == 0:
        return None, page_count or None
    return (number + 1 if number < page_count else 0), (number - 1 or None)


def mark_headings(body_html: str) -> tuple[str, tuple[Heading, ...]]:
    """A cleaned body with an anchor at each heading, and the table of contents (目录); without one where there are too few headings."""
    headings: list[Heading] = []

    def anchored(match: re.Match[str]) -> str:
        heading = Heading(f"part-{len(headings) + 1}", plain_text(match[2]), int(match[1][1]))
        headings.append(heading)
        return f'<{match[1]} id="{heading.anchor}">{match[2]}</{match[1]}>'

    marked = HEADING.sub(anchored, body_html)
    contents = tuple(heading for heading in headings if heading.text)
    return (marked, contents) if len(contents) >= SHORT_CONTENTS else (body_html, ())


def wrap_tables(body_html: str) -> str:
    """A body whose tables can be scrolled by themselves where the page is narrow; reached by keyboard, named for screen readers."""
    box = '<div class="table-box" role="region" aria-label="表格，可左右滚动" tabindex="0">{}</div>'
    return TABLE.sub(lambda match: box.format(match[0]), body_html)


def plain_text(html: str) -> str:
    """Words of a piece of cleaned HTML in one line."""
    return BLANKS.sub(" ", unescape(TAG.sub(" ", html))).strip()


def summarise(body_html: str) -> str:
    """The first words of a text (内容概述), for the description that search engines show."""
    text = plain_text(body_html[: SUMMARY_LENGTH * 20])
    return text if len(text) <= SUMMARY_LENGTH else f"{text[: SUMMARY_LENGTH - 1]}…"


def say_size(size: int) -> str:
    """Size of a file in words: 34 KB, 1.2 MB."""
    return f"{max(1, round(size / 1000))} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def say_instant(instant: datetime) -> str:
    """Moment printed on a page: 2026年10月9日 10:20."""
    local = instant.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def say_day(day: date) -> str:
    """A day in running text: 2026年10月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def limit_label(binding: Binding) -> str:
    """What a date is called before citizens (期限称呼). An internal habit has no name there: it is not shown."""
    return LIMIT_LABELS[binding]


def group_sections(sections: Sequence[SectionSummary]) -> tuple[SectionGroup, ...]:
    """Sections under the headings by which they are counted (栏目分类), headings and sections in the catalogue's order."""
    found: dict[Category, list[SectionSummary]] = {}
    for summary in sections:
        found.setdefault(summary.section.category, []).append(summary)
    return tuple(SectionGroup(category, tuple(members)) for category, members in found.items())


def choose_doors(groups: Sequence[SectionGroup]) -> tuple[SectionGroup, ...]:
    """The headings that home offers first (首页入口): those that hold most, in the catalogue's order."""
    largest = sorted(groups, key=lambda group: -group.total)[:DOORS]
    return tuple(group for group in groups if group in largest)


def make_pager(found: ListInfo, number: int) -> Pager:
    """How to leave a page of a list (翻页); the head is number 0."""
    newer, older = neighbours_of(number, found.page_count)

    def link(page: int, label: str) -> PageLink:
        return PageLink(label, list_address(found.kind, found.reference, page))

    links = [PageLink("…") if page is None else link(page, str(page)) for page in archive_links(found.page_count)]
    if number:
        links = [link(0, "最新")] + ([link(1, "最早")] if number > 1 else [])
    return Pager(
        newer=None if newer is None else link(newer, "较新一页"),
        older=None if older is None else link(older, "较早一页"),
        links=tuple(links),
    )


def hour_of(instant: datetime) -> datetime:
    """The full hour before an instant: pages that say 本月 are rendered again when it has changed."""
    return instant.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)


def years_of(months: Sequence[str]) -> tuple[int, ...]:
    """The years of some months, newest first."""
    return tuple(sorted({int(month[:4]) for month in months}, reverse=True))


def shorten(text: str) -> str:
    """What a reader typed, short enough for a title."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def read_search(parameters: Mapping[str, str]) -> SearchQuery:
    """What an address asks the search for (检索请求). Never refuses: what cannot be read is as if it were not there."""
    section = parameters.get("section", "")
    return SearchQuery(
        question=parameters.get("q", "")[:LONGEST_QUESTION].translate(UNREADABLE),
        section=section if REFERENCES[PageKind.SECTION].fullmatch(section) else "",
        year=_number(parameters.get("year", ""), 1000, 9999),
        is_by_date=parameters.get("order") == "date",
        is_literal=parameters.get("literal") == "1",
        page=_number(parameters.get("page", ""), 1, 9999) or 1,
    )


def _number(text: str, least: int, most: int) -> int | None:
    number = int(text) if re.fullmatch("[0-9]{1,4}", text) else 0
    return number if least <= number <= most else None
