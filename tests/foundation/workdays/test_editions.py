"""Editions in the database: made, withdrawn, never edited."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit.models import AuditRecord
from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.kinds import CalendarAct, CalendarChange, DayLine, NoticeText
from gongkai.foundation.workdays.models import CalendarDay, CalendarEdition
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound
from gongkai.lib.moments import SHANGHAI
from gongkai.lib.workcalendar import CalendarMissing

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
SATURDAY = date(2026, 10, 10)
LOCAL = NoticeText("临澄市人民政府", "关于民族节日放假的通知", "临政〔2026〕3号", date(2026, 3, 1))


def amend(*lines: DayLine, act=CalendarAct.AMEND, year=2026, notice=LOCAL) -> CalendarChange:
    return CalendarChange(act=act, year=year, notice=notice, lines=lines)


def withdraw(year=2026, version=2, reason="装错了") -> CalendarChange:
    return CalendarChange(act=CalendarAct.WITHDRAW, year=year, version=version, reason=reason)


def do(change):
    return workdays.change_calendar(change=change, actor=SYSTEM, now=NOW)


LOCAL_DAY = DayLine(date(2026, 4, 20), is_workday=False, name="三月三补假")
OFF = DayLine(SATURDAY, is_workday=False, name="国庆节")


def test_a_local_holiday_makes_an_edition_with_its_own_notice_for_that_day(calendar):
    do(amend(LOCAL_DAY))
    fact, other = (workdays.get_calendar().fact(day) for day in (LOCAL_DAY.day, date(2026, 10, 1)))
    newest, first = workdays.get_year(2026).editions

    assert (fact.is_workday, fact.name) == (False, "三月三补假")
    assert fact.notice == "临澄市人民政府《关于民族节日放假的通知》（临政〔2026〕3号）"
    assert "国务院办公厅" in other.notice
    assert (newest.version, newest.is_current, newest.loaded_by, newest.loaded_at) == (2, True, "系统", NOW)
    assert newest.issued_on == date(2026, 3, 1)
    assert (first.version, first.is_current, first.loaded_at) == (1, False, None)
    assert workdays.name_editions([2026, 2027]) == "2026 年第 2 版、2027 年没有日历"


def test_the_edition_before_is_kept_and_holds_again_after_a_withdrawal(calendar):
    before = workdays.list_days(first=date(2026, 1, 1), last=date(2026, 12, 31))
    do(amend(OFF))
    kept = list(CalendarDay.objects.filter(edition__year=2026, edition__version=1).values_list("day", "is_workday"))
    do(withdraw())

    assert workdays.list_days(first=date(2026, 1, 1), last=date(2026, 12, 31)) == before
    assert list(CalendarDay.objects.filter(edition__year=2026, edition__version=1).values_list("day", "is_workday")) == kept
    newest = workdays.get_year(2026).editions[0]
    assert (newest.withdrawn_by, newest.withdraw_reason, newest.is_current) == ("系统", "装错了", False)
    assert not CalendarDay.objects.get(edition__version=2, edition__year=2026, day=SATURDAY).is_workday


def test_after_a_withdrawal_the_next_edition_has_a_number_of_its_own(calendar):
    do(amend(OFF))
    do(withdraw())
    do(amend(OFF))

    assert [edition.version for edition in workdays.get_year(2026).editions] == [3, 2, 1]


def test_the_last_edition_of_a_year_can_be_withdrawn_and_then_the_year_has_no_calendar(calendar):
    do(amend(DayLine(date(2027, 1, 1), is_workday=False, name="元旦", is_statutory=True), act=CalendarAct.REPLACE, year=2027))
    assert workdays.get_calendar().is_workday(date(2027, 1, 4))
    do(withdraw(2027, 1))

    with pytest.raises(CalendarMissing):
        workdays.get_calendar().is_workday(date(2027, 1, 4))
    assert workdays.get_year(2027).current is None
    assert 2027 in [row.year for row in workdays.list_years()]


def test_only_the_newest_edition_can_be_withdrawn(calendar):
    do(amend(OFF))

    with pytest.raises(ActNotPossible, match="现在是第 2 版"):
        do(withdraw(version=1))
    with pytest.raises(NotFound, match="没有什么可以撤回"):
        do(withdraw(2031))
    with pytest.raises(BadInput, match="撤回理由不能空着"):
        do(withdraw(reason=" "))


def test_the_same_change_again_makes_no_edition(calendar):
    do(amend(OFF))
    assert do(amend(OFF)).is_empty

    assert CalendarEdition.objects.filter(year=2026).count() == 2


def test_loading_the_package_leaves_what_the_bureau_loaded_or_withdrew(calendar):
    do(amend(OFF))
    workdays.load_calendars()
    assert not workdays.get_calendar().is_workday(SATURDAY)

    do(withdraw())
    do(withdraw(version=1))
    workdays.load_calendars()
    assert 2026 not in workdays.get_calendar().years


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (NoticeText("", "通知"), "印发机关不能空着"),
        (NoticeText("某厅", " "), "标题不能空着"),
        (NoticeText("某厅", "通" * 121), "标题最长 120 字"),
        (NoticeText("某厅", "见 https://example.invalid/1"), "不写网址"),
        (None, "要写明依据的通知"),
    ],
)
def test_a_notice_is_named_by_agency_and_title_and_by_no_address(calendar, notice, words):
    with pytest.raises(BadInput, match=words):
        do(amend(OFF, notice=notice))


def test_who_changed_the_calendar_is_in_the_audit_trail(calendar):
    do(amend(OFF))
    do(withdraw())

    acts = AuditRecord.objects.filter(act="workdays.change").order_by("id").values_list("about", flat=True)
    assert [(about["act"], about["years"], about["reason"]) for about in acts] == [("AMEND", "2026", ""), ("WITHDRAW", "2026", "装错了")]


def test_a_change_that_is_rolled_back_never_was(calendar):
    with transaction.atomic():
        do(amend(OFF))
        assert not workdays.get_calendar().is_workday(SATURDAY)
        transaction.set_rollback(True)

    assert workdays.get_calendar().is_workday(SATURDAY)


def test_the_years_cost_three_queries_however_many_editions(calendar, django_assert_num_queries):
    for number in range(3):
        do(amend(DayLine(date(2026, 7, 1) + timedelta(days=number), is_workday=False, name="试")))

    with django_assert_num_queries(3):
        rows = workdays.list_years()
    assert [row.year for row in rows] == list(range(2026, 2019, -1))
    assert rows[0].off == 36
    assert rows[-1].editions[-1].notice.startswith("国务院办公厅关于2020年")


def test_the_database_keeps_two_editions_of_one_number_and_a_withdrawal_without_reason_apart(calendar):
    edition = CalendarEdition.objects.get(year=2026)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarEdition.objects.create(year=2026, version=1, act="AMEND", notice=edition.notice)
    with pytest.raises(IntegrityError, match="calendar_edition_withdrawn_with_reason"), transaction.atomic():
        CalendarEdition.objects.filter(pk=edition.pk).update(withdrawn_at=NOW)
    with pytest.raises(IntegrityError, match="calendar_edition_loaded_by_someone"), transaction.atomic():
        CalendarEdition.objects.filter(pk=edition.pk).update(loaded_at=NOW)


@pytest.mark.postgresql
def test_holding_the_calendar_keeps_others_from_changing_it(calendar):
    with transaction.atomic():
        workdays.hold_calendar()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = 'workdays_calendarversion'::regclass AND mode = 'RowShareLock'")
            assert cursor.fetchone()[0] == 1
