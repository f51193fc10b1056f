import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import registry
from gongkai.core.ledger.kinds import Evidence, LedgerPart
from gongkai.core.ledger.models import Obligation
from gongkai.core.ledger.queries.lists import PAGE_SIZE
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.organisations.models import Unit
from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.models import CalendarDay, CalendarEdition, CalendarVersion, HolidayNotice
from tests.factories.ledger import a_proof, an_obligation, at

FRIDAY = at("2026-10-09")

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_unit(clerk) -> Unit:
    """The unit of 周岚."""
    return Unit.objects.get(pk=clerk.unit_id)


@pytest.fixture
def other_unit(own_unit) -> Unit:
    """A department that 周岚 has nothing to do with."""
    return Unit.objects.filter(parent=own_unit.parent, kind=own_unit.kind).exclude(pk=own_unit.pk).order_by("order")[0]


@pytest.fixture
def browser(sign_in):
    """The browser of 周岚."""
    return sign_in("周岚")


@pytest.fixture
def rows(own_unit):
    """One row of each part that has one without trouble: overdue, running, done in time, done late, cancelled, reminder."""
    overdue = an_obligation(own_unit, caused_on=date(2026, 8, 3), now=FRIDAY, label="逾期的一件")
    running = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY, label="还早的一件")
    done = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY, label="办好的一件")
    late = an_obligation(own_unit, caused_on=date(2026, 8, 3), now=FRIDAY, label="迟办的一件")
    wrong = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY, label="登错的一件")
    habit = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY, label="审稿一件", entry="publish.unit_review")
    for row in (done, late):
        ledger.fulfil(obligation=row.uuid, evidence=a_proof(str(row.id)), actor=SYSTEM, now=FRIDAY)
    ledger.cancel(obligation=wrong.uuid, reason="重复登记", actor=SYSTEM, now=FRIDAY)
    return {"overdue": overdue, "running": running, "done": done, "late": late, "wrong": wrong, "habit": habit}


def text_of(response) -> str:
    """What is read, without marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def titles_of(response) -> list[str]:
    return [line.row.label for line in response.context["lines"]]


def test_the_ledger_lists_what_binds_and_counts_the_rest_apart(browser, rows):
    response = browser.get(reverse("ledger:list"))
    text = text_of(response)

    assert response.status_code == 200
    assert sorted(titles_of(response)) == sorted(row.label for key, row in rows.items() if key not in {"habit", "wrong"})
    assert "4 = 1+1+1+0+1" in text
    assert "各类相加与总数相符" in text
    assert "不计入这 4 项： 内部要求 1 项（提醒，不考核） ， 不适用或已撤销 1 项 。 看 2 行" in text
    assert "审稿一件" not in text
    assert "逾期 24 个工作日" in text
    assert "按时，早" in text
    assert "本门户已公开" in text


def test_each_part_filters_to_exactly_as_many_rows_as_it_says(browser, rows):
    figures = browser.get(reverse("ledger:list")).context["figures"]

    assert len(figures) == 6
    for figure in figures:
        page = browser.get(reverse("ledger:list") + figure.href)
        assert len(page.context["lines"]) == int(figure.value), figure.label
        assert [shown.value for shown in page.context["figures"]] == [shown.value for shown in figures]
        assert (f"共 {figure.value} 行" in text_of(page)) == (figure.value != "0")


@pytest.mark.parametrize(("binding", "titles"), [("INTERNAL", ["审稿一件"]), ("PROMISE", []), ("SUPERIOR", [])])
def test_a_binding_can_be_asked_for_alone(browser, rows, binding, titles):
    assert titles_of(browser.get(reverse("ledger:list"), {"binding": binding})) == titles


def test_all_bindings_can_be_asked_for_together(browser, rows):
    assert len(titles_of(browser.get(reverse("ledger:list"), {"binding": "ALL"}))) == 5


def test_a_clerk_sees_his_own_unit_and_the_office_sees_all(browser, sign_in, own_unit, other_unit):
    mine = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY, label="本科室的")
    theirs = an_obligation(other_unit, caused_on=date(2026, 9, 22), now=FRIDAY, label="别的科室的")

    assert titles_of(browser.get(reverse("ledger:list"))) == ["本科室的"]
    assert titles_of(browser.get(reverse("ledger:list"), {"unit": other_unit.pk})) == []
    assert browser.get(reverse("ledger:detail", args=[mine.uuid])).status_code == 200
    for page in ("ledger:detail", "ledger:receipt"):
        answer = browser.get(reverse(page, args=[theirs.uuid]))
        assert answer.status_code == 404
        assert "别的科室的" not in answer.content.decode()

    office = sign_in("何静")
    assert sorted(titles_of(office.get(reverse("ledger:list")))) == ["别的科室的", "本科室的"]
    assert titles_of(office.get(reverse("ledger:list"), {"unit": other_unit.pk})) == ["别的科室的"]
    assert office.get(reverse("ledger:receipt", args=[theirs.uuid])).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"part": "NOWHERE"},
        {"unit": "一"},
        {"unit": "9" * 30},
        {"unit": "-1"},
        {"binding": "X"},
        {"after": "昨天~1"},
        {"after": "~"},
        {"unit": "²"},
    ],
)
def test_an_address_that_cannot_be_read_is_the_plain_list(browser, rows, query):
    assert len(titles_of(browser.get(reverse("ledger:list"), query))) == 4


@pytest.mark.parametrize(
    "after", ["0001-01-01T00:00:00+14:00~1", "9999-12-31T23:59:59-12:00~1", "2026-10-09T00:00:00+08:00~99999999999999999999"]
)
def test_a_cursor_at_the_end_of_time_is_no_fault(browser, rows, after):
    assert browser.get(reverse("ledger:list"), {"after": after}).status_code == 200


def test_pages_follow_one_another_by_link(browser, own_unit):
    for number in range(PAGE_SIZE + 1):
        an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY, label=f"第{number}件")

    found, address = [], reverse("ledger:list") + "?part=NOT_DUE"
    while address:
        response = browser.get(address)
        found += titles_of(response)
        following = re.search(r'href="(\?[^"]*)" rel="next"', response.content.decode())
        address = reverse("ledger:list") + following[1].replace("&amp;", "&") if following else ""

    assert found == [f"第{number}件" for number in range(PAGE_SIZE + 1)]


def test_an_empty_ledger_and_an_empty_part_say_what_is(browser, own_unit):
    assert "台账里还没有这样的事项" in text_of(browser.get(reverse("ledger:list")))
    an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY)
    assert "“逾期未办”一类现在是 0 件" in text_of(browser.get(reverse("ledger:list"), {"part": "OVERDUE"}))


def test_one_obligation_shows_both_days_its_history_and_its_proof(browser, rows):
    ledger.sweep(now=FRIDAY)
    text = text_of(browser.get(reverse("ledger:detail", args=[rows["late"].uuid])))

    for words in (
        "迟办的一件",
        "2026年8月31日（周一）",
        "2026年8月3日",
        "2026-10-09 10:20",
        "已办，迟 24 个工作日",
        "变为逾期",
        "才记下",
        "本门户已公开",
        "20 个工作日",
    ):
        assert words in text, words


def test_the_receipt_says_why_it_is_that_day(browser, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    response = browser.get(reverse("ledger:receipt", args=[row.uuid]))
    text = text_of(response)

    assert "为什么是 2026年10月13日（周二）" in text
    assert "2026年9月9日不计，从次日起算 20 个工作日，最后一天是 2026年10月13日（周二）。" in text
    assert "10月10日 周六 国庆节调休上班 第18个工作日" in text
    assert "计入 20 + 不计 14 = 34 天" in text
    assert "国务院办公厅" in text
    assert "本机关" in text
    assert "style=" not in response.content.decode()
    assert re.search(r"\bon[a-z]+=", response.content.decode()) is None


def test_a_receipt_whose_calendar_changed_says_so(browser, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    Obligation.objects.filter(uuid=row.uuid).update(last_day=date(2026, 10, 12), due_at=at("2026-10-13", "00:00"))

    assert "台账上记的最后一天是 2026年10月12日" in text_of(browser.get(reverse("ledger:receipt", args=[row.uuid])))


@pytest.mark.parametrize(
    "entry", ["policy.rules", "plan.draft", "annual.report", "land.auction_notice", "credit.pub_general", "expro.zone_price"]
)
@pytest.mark.parametrize("caused_on", [date(2026, 10, 9), date(2026, 12, 30), date(2022, 2, 28)])
def test_every_kind_of_limit_has_a_page_and_a_receipt(browser, own_unit, entry, caused_on):
    row = an_obligation(own_unit, caused_on=caused_on, now=FRIDAY, entry=entry)

    assert browser.get(reverse("ledger:list")).status_code == 200
    assert browser.get(reverse("ledger:detail", args=[row.uuid])).status_code == 200
    receipt = text_of(browser.get(reverse("ledger:receipt", args=[row.uuid])))
    assert ("暂定" in receipt) == row.is_provisional


@pytest.mark.parametrize("page", ["ledger:detail", "ledger:receipt"])
def test_what_does_not_exist_is_not_found(browser, page):
    assert browser.get(reverse(page, args=[uuid4()])).status_code == 404


def test_nothing_is_shown_without_signing_in_and_nothing_is_done_by_post(client, browser, rows):
    assert client.get(reverse("ledger:list")).status_code == 302
    assert browser.post(reverse("ledger:list")).status_code == 405


def test_the_list_costs_the_same_queries_however_long(browser, own_unit, django_assert_max_num_queries):
    def count() -> int:
        with django_assert_max_num_queries(40) as queries:
            browser.get(reverse("ledger:list"))
        return len(queries)

    an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY)
    count()
    one = count()
    for _ in range(20):
        row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY)
        ledger.fulfil(obligation=row.uuid, evidence=a_proof(str(row.id)), actor=SYSTEM, now=FRIDAY)

    assert count() == one


@pytest.mark.parametrize(("page", "own"), [("ledger:detail", 4), ("ledger:receipt", 7)])
def test_a_page_costs_a_constant_number_of_queries(browser, own_unit, django_assert_max_num_queries, page, own):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY)
    browser.get(reverse(page, args=[row.uuid]))

    # Thirteen are the frame's: session, rights, counters, whom somebody stands in for.
    with django_assert_max_num_queries(own + 13):
        browser.get(reverse(page, args=[row.uuid]))


def test_titles_are_escaped(browser, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY, label="<script>alert(1)</script>&")

    for address in (reverse("ledger:list"), reverse("ledger:detail", args=[row.uuid]), reverse("ledger:receipt", args=[row.uuid])):
        assert "<script>alert" not in browser.get(address).content.decode()


def test_a_page_without_any_calendar_still_shows(browser, rows):
    for model in (CalendarDay, CalendarEdition, HolidayNotice, CalendarVersion):
        model.objects.all().delete()

    assert not workdays.get_calendar().years
    text = text_of(browser.get(reverse("ledger:list")))
    assert "逾期 39 天" in text
    assert browser.get(reverse("ledger:receipt", args=[rows["running"].uuid])).status_code == 200


def test_parts_have_an_icon_of_the_sprite(browser, rows):
    page = browser.get(reverse("ledger:list")).content.decode()

    assert page.count("figure-label") >= len(LedgerPart) - 2


def test_a_duty_leads_to_the_page_where_it_is_done(browser, own_unit):
    duty = registry.DUTIES["publish.unit_review"]
    given = {"label": "审稿一件", "unit_id": own_unit.pk, "caused_on": date(2026, 10, 8), "actor": SYSTEM, "now": FRIDAY}
    row = ledger.open_obligation(duty=duty, subject=uuid4(), **given)
    text = browser.get(reverse("ledger:detail", args=[row.uuid])).content.decode()

    assert f'href="{reverse(duty.page, args=[row.subject])}"' in text
    assert "打开文稿" in text


def test_a_proof_leads_to_the_page_where_it_can_be_seen(browser, own_unit, settings):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY)
    for proof in (Evidence("publication", "/d/2026/00231/", "成交公示"), Evidence("paper", "1", "纸质通知")):
        assert ledger.find_evidence_page(proof) == (f"{settings.PORTAL_ADDRESS}/d/2026/00231/" if proof.kind == "publication" else "")
    ledger.fulfil(obligation=row.uuid, evidence=Evidence("publication", "/d/2026/00231/", "成交公示"), actor=SYSTEM, now=FRIDAY)

    text = browser.get(reverse("ledger:detail", args=[row.uuid])).content.decode()

    assert f'href="{settings.PORTAL_ADDRESS}/d/2026/00231/">打开公开的页面' in text


def test_a_kind_of_proof_has_one_page():
    with pytest.raises(ValueError, match="registered twice"):
        ledger.register_evidence_page("publication", str)


def test_a_duty_whose_app_is_gone_has_no_such_link(browser, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=FRIDAY)
    assert "button primary" not in browser.get(reverse("ledger:detail", args=[row.uuid])).content.decode()

    ledger.register_duty(code="test.publish", label="主动公开", page="no_such:page", entry=None)
    try:
        assert "button primary" not in browser.get(reverse("ledger:detail", args=[row.uuid])).content.decode()
    finally:
        del registry.DUTIES["test.publish"]
