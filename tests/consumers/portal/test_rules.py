from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.consumers.portal import rules
from gongkai.consumers.portal.kinds import ListInfo, ListKind, PageKey, PageKind, SearchQuery
from gongkai.lib.moments import SHANGHAI

FRIDAY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
KEYS = [
    (PageKey(PageKind.HOME), "home"),
    (PageKey(PageKind.OPEN), "open"),
    (PageKey(PageKind.PUBLICATION, str(UUID(int=7))), f"publication:{UUID(int=7)}"),
    (PageKey(PageKind.SECTION, "land-results"), "section:land-results:head"),
    (PageKey(PageKind.SECTION, "land-results", 12), "section:land-results:12"),
    (PageKey(PageKind.MONTH, "2026-10"), "month:2026-10:head"),
    (PageKey(PageKind.FIXED, "not-found"), "fixed:not-found"),
]


@pytest.mark.parametrize(("key", "text"), KEYS)
def test_a_key_is_written_and_read(key, text):
    assert rules.write_key(key) == text
    assert rules.read_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "home:x",
        "section:land",
        "section::head",
        "section:../x:head",
        "section:land:0",
        "month:2026-13:head",
        "publication:1",
        "fixed:x",
        "a:b",
    ],
)
def test_what_is_no_key_of_the_portal_is_none(text):
    assert rules.read_key(text) is None


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_error(text):
    rules.read_key(text)


def test_addresses_and_their_files():
    assert rules.list_address(ListKind.SECTION, "land") == "/open/sections/land/"
    assert rules.list_address(ListKind.SECTION, "land", 3) == "/open/sections/land/3/"
    assert rules.list_address(ListKind.MONTH, "2026-10") == "/open/2026-10/"
    assert rules.file_path("/") == "index.html"
    assert rules.file_path("/d/2026/00001/") == "d/2026/00001/index.html"


@pytest.mark.parametrize(("unfiled", "pages"), [(0, 0), (20, 0), (39, 0), (40, 1), (59, 1), (60, 2), (1000, 49)])
def test_the_head_keeps_at_least_one_page_and_less_than_two(unfiled, pages):
    assert rules.count_filed(unfiled, 20) == pages
    assert pages == 0 or 20 <= unfiled - pages * 20 < 40


LINKS = [
    (0, ()),
    (1, (1,)),
    (5, (5, 4, 3, 2, 1)),
    (6, (6, 5, 4, 3, 2, 1)),
    (7, (7, 6, 5, 4, 3, None, 1)),
    (900, (900, 899, 898, 897, 896, None, 1)),
]


@pytest.mark.parametrize(("count", "links"), LINKS)
def test_a_head_links_to_a_handful_of_old_pages(count, links):
    assert rules.archive_links(count) == links


def test_an_old_page_links_to_its_neighbours_only():
    found = ListInfo(1, ListKind.SECTION, "land", 100, 4, FRIDAY)
    hrefs = {number: [link.href for link in rules.make_pager(found, number).links] for number in (0, 1, 4)}
    assert hrefs[1] == ["/open/sections/land/"]
    assert hrefs[4] == ["/open/sections/land/", "/open/sections/land/1/"]
    assert (rules.neighbours_of(0, 4), rules.neighbours_of(4, 4), rules.neighbours_of(1, 4)) == ((None, 4), (0, 3), (2, None))
    assert rules.neighbours_of(0, 0) == (None, None)


def test_a_month_belongs_to_the_day_in_shanghai():
    assert rules.month_of(datetime.fromisoformat("2026-09-30T16:30+00:00")) == "2026-10"
    assert rules.say_month("2026-09") == "2026年9月"
    assert rules.say_span("2026-10", FRIDAY) == "10月1日至9日"
    assert rules.say_span("2026-10", FRIDAY.replace(day=1)) == "10月1日"
    assert rules.say_instant(FRIDAY) == "2026年10月9日 10:20"


def test_headings_get_anchors_and_a_table_of_contents():
    body = "<h2>第一章　总则</h2><p>一</p><h3><strong>第一条</strong></h3><h2>第二章 &amp; 附则</h2>"
    marked, headings = rules.mark_headings(body)
    assert [(heading.anchor, heading.text, heading.level) for heading in headings] == [
        ("part-1", "第一章 总则", 2),
        ("part-2", "第一条", 3),
        ("part-3", "第二章 & 附则", 2),
    ]
    assert '<h3 id="part-2"><strong>第一条</strong></h3>' in marked


def test_two_headings_need_no_table_of_contents():
    body = "<h2>一</h2><h2>二</h2>"
    assert rules.mark_headings(body) == (body, ())


def test_a_table_can_be_scrolled_by_keyboard():
    assert rules.wrap_tables("<p>x</p><table><tbody><tr><td>1</td></tr></tbody></table>").startswith(
        '<p>x</p><div class="table-box" role="region"'
    )


@pytest.mark.parametrize(("size", "words"), [(1, "1 KB"), (34_400, "34 KB"), (1_240_000, "1.2 MB"), (20_971_520, "21.0 MB")])
def test_a_size_is_said_in_words(size, words):
    assert rules.say_size(size) == words


def test_a_summary_is_short_and_without_marks():
    assert rules.summarise("<p>一 &lt;二</p><p>三</p>") == "一 <二 三"
    assert len(rules.summarise(f"<p>{'字' * 500}</p>")) == rules.SUMMARY_LENGTH


def test_an_address_of_the_search_is_read_and_never_refused():
    query = rules.read_search({"q": "征地\x00", "section": "land", "year": "2026", "order": "date", "literal": "1", "page": "3"})
    assert (query.question, query.section, query.year, query.is_by_date, query.is_literal, query.page) == (
        "征地 ",
        "land",
        2026,
        True,
        True,
        3,
    )
    odd = rules.read_search({"q": "\ud800", "section": "../x", "year": "٢٠٢٦", "page": "-1", "order": "x"})
    assert odd == SearchQuery(" ")
