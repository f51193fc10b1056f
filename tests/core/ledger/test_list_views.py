import csv
import io
import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from gongkai.core.ledger import actions, queries
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import UnpublishedCause
from gongkai.core.ledger.models import Obligation, SavedView
from gongkai.core.ledger.registry import CAUSE_SOURCES
from gongkai.core.ledger.views import export
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.organisations.models import Unit
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound
from gongkai.lib.sheets import harmless
from tests.factories.ledger import a_proof, an_obligation, at

FRIDAY = at("2026-10-09")

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_unit(clerk) -> Unit:
    """The unit of 周岚."""
    return Unit.objects.get(pk=clerk.unit_id)


@pytest.fixture
def browser(sign_in):
    """The browser of 周岚."""
    return sign_in("周岚")


@pytest.fixture
def rows(own_unit):
    """Due in August and open, due on 10-09, due on 10-13, due on the working Saturday and done, stopped, cancelled, an internal habit."""
    made = {
        "overdue": an_obligation(own_unit, caused_on=date(2026, 8, 3), now=FRIDAY, label="逾期的一件"),
        "today": an_obligation(own_unit, caused_on=date(2026, 9, 4), now=FRIDAY, label="今天的一件"),
        "running": an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY, label="还早的一件"),
        "done": an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY, label='=HYPERLINK("http://127.0.0.1","办好的一件")'),
        "stopped": an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY, label="停着的一件"),
        "wrong": an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY, label="登错的一件"),
        "habit": an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY, label="审稿一件", entry="publish.unit_review"),
        "later": an_obligation(own_unit, caused_on=date(2026, 12, 22), now=FRIDAY, label="明年的一件"),
    }
    ledger.fulfil(obligation=made["done"].uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)
    ledger.cancel(obligation=made["wrong"].uuid, reason="重复登记", actor=SYSTEM, now=FRIDAY)
    open_row = Obligation.objects.filter(uuid=made["stopped"].uuid)
    open_row.update(stopped_since=date(2026, 9, 22), resumes_by=date(2026, 10, 26), next_check_at=None)
    Obligation.objects.filter(uuid=made["later"].uuid).update(is_provisional=False)
    return made


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def titles_of(response) -> list[str]:
    return [line.row.label for line in response.context["lines"]]


def test_the_list_shows_the_month_with_what_was_carried_into_it(browser, rows):
    response = browser.get(reverse("ledger:list"))
    text = text_of(response)

    assert titles_of(response) == ["逾期的一件", "今天的一件", "还早的一件", rows["done"].label, "停着的一件"]
    assert "5 = 1+0+2+1+1" in text
    assert "周岚" in text
    assert "最迟 10-26 恢复" in text
    assert "内部要求 1 项（提醒，不考核）" in text
    assert "跨年 1 项" in text
    assert "不适用或已撤销 1 项" in text
    assert "看 3 行" in text
    assert "导出 5 行" in text
    assert "暂停计算" in text


def test_each_number_of_the_page_opens_so_many_rows(browser, rows):
    response = browser.get(reverse("ledger:list"))

    links = [(figure.href, int(figure.value)) for figure in response.context["figures"]]
    links += [(href, count) for _, count, href in response.context["others"]]
    links.append((response.context["others_href"], response.context["others_count"]))
    assert len(links) == 10
    for href, count in links:
        assert len(titles_of(browser.get(reverse("ledger:list") + href))) == count, href


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"due": "THIS"}, ["今天的一件", "还早的一件", "停着的一件"]),
        ({"due": "NEXT"}, []),
        ({"due": "RANGE", "from": "2026-10-09", "to": "2026-10-12"}, ["今天的一件"]),
        ({"due": "RANGE", "from": "2026-10-12", "to": "2026-10-09"}, ["今天的一件"]),
        ({"due": "RANGE", "to": "2026-08-31"}, ["逾期的一件"]),
        ({"due": "RANGE", "from": "十月", "to": ""}, ["今天的一件", "还早的一件", "停着的一件"]),
        ({"due": "ALL", "part": "OVERDUE"}, ["逾期的一件"]),
        ({"group": "POLICY"}, ["逾期的一件", "今天的一件", "还早的一件", "停着的一件"]),
        ({"group": "FINANCE"}, []),
        ({"group": "NO"}, ["逾期的一件", "今天的一件", "还早的一件", "停着的一件"]),
        ({"entry": "budget.final"}, []),
        ({"apart": "NEXT_YEARS"}, ["明年的一件"]),
    ],
)
def test_filters_narrow_the_list(browser, rows, asked, titles):
    found = [title for title in titles_of(browser.get(reverse("ledger:list"), asked)) if not title.startswith("=")]
    assert found == titles


def test_the_filter_stays_in_every_address_of_the_page(browser, rows):
    page = browser.get(reverse("ledger:list"), {"due": "ALL", "group": "POLICY", "part": "OVERDUE"})

    assert all("group=POLICY" in figure.href and "due=ALL" in figure.href for figure in page.context["figures"])
    assert page.context["export_query"] == "?due=ALL&group=POLICY&part=OVERDUE"
    assert 'href="/desk/ledger/"' in page.content.decode()
    assert [tab.label for tab in page.context["tabs"]][:3] == ["列表", "日历", "按目录"]


def test_the_calendar_counts_each_day_and_marks_the_weekend_that_works(browser, rows):
    response = browser.get(reverse("ledger:calendar"))
    cells = {cell.day: cell for week in response.context["weeks"] for cell in week}

    assert all(len(week) == 7 for week in response.context["weeks"])
    assert (cells[date(2026, 10, 10)].mark, cells[date(2026, 10, 11)].mark) == ("上班", "")
    assert [cells[date(2026, 10, day)].mark for day in (1, 2, 3, 4, 5, 6, 7, 8)] == ["休", "休", "", "", "休", "休", "休", ""]
    assert (cells[date(2026, 10, 9)].whole, cells[date(2026, 10, 13)].whole) == (1, 2)
    assert titles_of(response) == ["今天的一件"]
    for day in (date(2026, 10, 9), date(2026, 10, 13), date(2026, 10, 14)):
        page = browser.get(reverse("ledger:calendar"), {"month": "2026-10", "day": day.isoformat()})
        assert len(titles_of(page)) == cells[day].whole
        assert "停着的一件" not in text_of(page)
    assert response.context["whole"] == 3
    assert titles_of(browser.get(reverse("ledger:calendar"), {"month": "2026-08", "day": "2026-08-31"})) == ["逾期的一件"]


@pytest.mark.parametrize(
    "asked", [{"month": "x"}, {"month": "2026-13"}, {"month": "9999-12"}, {"month": "2026-10", "day": "昨天"}, {"day": "0001-01-01"}]
)
def test_a_month_that_cannot_be_read_is_this_one(browser, rows, asked):
    page = browser.get(reverse("ledger:calendar"), asked)
    assert page.status_code == 200
    assert page.context["month"] == date(2026, 10, 1)


def test_a_month_without_calendar_says_so(browser, rows):
    assert "2031 年的工作日历还没有装入" in text_of(browser.get(reverse("ledger:calendar"), {"month": "2031-01"}))


def test_every_number_of_the_catalogue_opens_so_many_rows(browser, rows):
    an_obligation(
        Unit.objects.get(pk=rows["today"].unit_id), caused_on=date(2026, 9, 3), now=FRIDAY, entry="license.dual", label="双公示一件"
    )
    response = browser.get(reverse("ledger:by_entry"), {"binding": "ALL"})
    sections = response.context["sections"]
    lines = [line for section in sections for line in section.lines]

    # What nobody owes is there by its name alone: nothing of the catalogue is left out.
    assert sum(len(section.lines) + len(section.idle) for section in [*sections, *response.context["idle_sections"]]) >= 180
    assert all(any(number for _, number, _ in line.cells) for line in lines)
    assert (lines[-1].code, lines[-1].name) == ("publish.unit_review", "科室审核")
    numbers = [cell for line in lines for cell in line.cells if cell[1]] + list(response.context["totals"])
    assert {label for label, _, _ in numbers} >= {"应办", "按时办结", "未到期", "逾期未办", "暂停计算", "应公开未公开"}
    for label, number, href in numbers:
        if href:
            assert len(titles_of(browser.get(href))) == number, label
    sums = [sum(line.cells[column][1] for line in lines) for column in range(len(lines[0].cells))]
    assert sums == [number for _, number, _ in response.context["totals"]]


def test_what_should_be_public_and_is_not_is_found_by_entry(browser, rows, own_unit, monkeypatch):
    cause = UnpublishedCause(
        entry="plan.site",
        title="没有期限的一件",
        caused_on=date(2026, 8, 3),
        unit_id=own_unit.pk,
        unit_name=own_unit.name,
        subject=uuid4(),
        page="disclosure:cause",
    )
    monkeypatch.setitem(CAUSE_SOURCES, "test", lambda _unit_ids, _now: [cause])
    response = browser.get(reverse("ledger:by_entry"), {"missing": "1"})

    lines = [line for section in response.context["sections"] for line in section.lines]
    assert {line.code for line in lines} >= {"policy.rules", "plan.site"}
    assert all(line.cells[-1][1] for line in lines)
    page = browser.get(reverse("ledger:missing"))
    assert f"应公开未公开 {response.context['missing_count']} 件" in text_of(page)
    assert "没有期限的一件" in text_of(page)
    assert "逾期的一件" in text_of(page)
    alone = text_of(browser.get(reverse("ledger:missing"), {"entry": "plan.site"}))
    assert "应公开未公开 1 件" in alone
    assert "逾期的一件" not in alone


def test_a_catalogue_with_nothing_missing_says_so(browser, own_unit):
    assert "没有应公开未公开的" in text_of(browser.get(reverse("ledger:by_entry"), {"missing": "1"}))
    assert "没有应公开未公开的" in text_of(browser.get(reverse("ledger:missing")))


def read_csv(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def read_sheet(response) -> list[tuple]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]


@pytest.mark.parametrize("asked", [{}, {"due": "ALL", "binding": "ALL"}, {"part": "OVERDUE"}, {"apart": "ALL"}, {"due": "NEXT"}])
def test_an_export_has_the_rows_of_the_page_in_its_order(browser, rows, asked):
    page = browser.get(reverse("ledger:list"), asked)
    lines = read_csv(browser.get(reverse("ledger:export_csv"), asked))
    cells = read_sheet(browser.get(reverse("ledger:export_sheet"), asked))

    assert [line[-1] for line in lines[1:]] == [str(line.row.uuid) for line in page.context["lines"]]
    assert [tuple(line) for line in lines] == [tuple(cell or "" for cell in row) for row in cells]
    assert len(lines) - 1 == page.context["expected"]
    assert lines[0] == [name for name, _ in export.COLUMNS]


def test_no_text_of_an_export_is_a_formula(browser, rows):
    lines = read_csv(browser.get(reverse("ledger:export_csv")))
    titles = [line[2] for line in lines]
    assert "'" + rows["done"].label in titles
    book = load_workbook(io.BytesIO(b"".join(browser.get(reverse("ledger:export_sheet")).streaming_content)))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert not any(str(cell.value).startswith("=") for row in book.worksheets[0].iter_rows() for cell in row)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "＝1", "=\x00cmd"])
def test_what_looks_like_a_formula_is_marked(text):
    assert harmless(text).startswith("'")
    assert harmless("10-09 没有更新") == "10-09 没有更新"
    assert harmless("第\x0b一\x00件") == "第一件"


def test_ticked_rows_are_exported_alone_and_only_those_one_may_see(browser, sign_in, rows, own_unit):
    other = Unit.objects.filter(parent=own_unit.parent, kind=own_unit.kind).exclude(pk=own_unit.pk)[0]
    theirs = an_obligation(other, caused_on=date(2026, 9, 9), now=FRIDAY, label="别的科室的")
    ticked = {"only": "chosen", "row": [rows["today"].uuid, rows["wrong"].uuid, theirs.uuid, "x"]}

    assert {line[2] for line in read_csv(browser.get(reverse("ledger:export_csv"), ticked))[1:]} == {"今天的一件", "登错的一件"}
    assert len(read_csv(sign_in("何静").get(reverse("ledger:export_csv"), ticked))) == 4
    refused = browser.get(reverse("ledger:export_csv"), {"only": "chosen"})
    assert refused.status_code == 422
    assert "没有选中任何一行" in text_of(refused)


def test_a_workbook_that_would_be_too_large_is_refused_in_words(browser, rows, monkeypatch):
    monkeypatch.setattr(export, "SHEET_AT_MOST", 3)
    refused = browser.get(reverse("ledger:export_sheet"))
    assert refused.status_code == 409
    assert "最多导出 3 行" in text_of(refused)
    assert len(read_csv(browser.get(reverse("ledger:export_csv")))) == 6


def test_a_view_is_saved_opened_renamed_and_removed(browser, rows):
    browser.post(reverse("ledger:save_view"), {"name": " 我的 逾期 ", "query": "due=ALL&part=OVERDUE&junk=1&unit=x"})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("我的 逾期", "due=ALL&part=OVERDUE")
    assert "我的 逾期" in text_of(browser.get(reverse("ledger:list")))
    assert titles_of(browser.get(f"{reverse('ledger:list')}?{view.query}")) == ["逾期的一件"]

    assert browser.post(reverse("ledger:rename_view", args=[view.uuid]), {"name": "逾期"}).status_code == 302
    assert "逾期" in text_of(browser.get(reverse("ledger:views")))
    assert browser.post(reverse("ledger:remove_view", args=[view.uuid])).status_code == 302
    assert not SavedView.objects.exists()
    assert "您还没有存视图" in text_of(browser.get(reverse("ledger:views")))


def test_the_three_views_that_everybody_has_open(browser, rows):
    for label, href in browser.get(reverse("ledger:list")).context["built_in"]:
        assert browser.get(href).status_code == 200, label


def test_a_view_is_private(browser, sign_in, rows):
    browser.post(reverse("ledger:save_view"), {"name": "我的", "query": ""})
    view, other = SavedView.objects.get(), sign_in("何静")

    assert "我的" not in [saved.name for saved in other.get(reverse("ledger:list")).context["saved_views"]]
    assert other.post(reverse("ledger:rename_view", args=[view.uuid]), {"name": "她的"}).status_code == 404
    assert other.post(reverse("ledger:remove_view", args=[view.uuid])).status_code == 404
    assert SavedView.objects.get().name == "我的"


def test_views_are_refused_in_words(clerk):
    first = actions.save_view(name="甲", query="", actor=clerk, now=FRIDAY)
    second = actions.save_view(name="乙", query="due=ALL", actor=clerk, now=FRIDAY)
    assert queries.list_views(officer_id=clerk.officer_id) == [first, second]
    assert queries.get_view(uuid=second.uuid, officer_id=clerk.officer_id) == second
    for name in ("", "  ", "甲", "很" * 21):
        with pytest.raises(BadInput):
            actions.save_view(name=name, query="", actor=clerk, now=FRIDAY)
    with pytest.raises(BadInput):
        actions.rename_view(uuid=second.uuid, name="甲", actor=clerk)
    with pytest.raises(BadInput):
        actions.save_view(name="丙", query="x" * 401, actor=clerk, now=FRIDAY)
    with pytest.raises(NotAllowed):
        actions.save_view(name="丙", query="", actor=SYSTEM, now=FRIDAY)
    for call in (
        lambda: actions.remove_view(uuid=uuid4(), actor=clerk),
        lambda: queries.get_view(uuid=uuid4(), officer_id=clerk.officer_id),
    ):
        with pytest.raises(NotFound):
            call()
    for number in range(18):
        actions.save_view(name=f"第{number}", query="", actor=clerk, now=FRIDAY)
    with pytest.raises(ActNotPossible):
        actions.save_view(name="太多", query="", actor=clerk, now=FRIDAY)


@pytest.mark.parametrize("page", ["ledger:list", "ledger:calendar", "ledger:by_entry", "ledger:missing", "ledger:export_csv"])
def test_pages_cost_the_same_queries_however_long(browser, own_unit, django_assert_max_num_queries, page):
    def count() -> int:
        with django_assert_max_num_queries(40) as found:
            response = browser.get(reverse(page))
            b"".join(response)
        return len(found)

    for day in (date(2026, 8, 3), date(2026, 9, 3)):
        an_obligation(own_unit, caused_on=day, now=FRIDAY)
    count()
    few = count()
    for _ in range(15):
        for day in (date(2026, 8, 3), date(2026, 9, 3)):
            an_obligation(own_unit, caused_on=day, now=FRIDAY)

    assert count() == few


def test_the_views_need_no_script_and_hold_none(browser, rows):
    for page in ("ledger:list", "ledger:calendar", "ledger:by_entry", "ledger:missing", "ledger:views"):
        source = browser.get(reverse(page)).content.decode()
        assert "style=" not in source
        assert re.search(r"\bon[a-z]+=", source) is None
        assert re.search(r"<script(?![^>]*\bsrc=)", source) is None
        assert source.count("<h1") == 1
