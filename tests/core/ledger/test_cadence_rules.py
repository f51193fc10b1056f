from datetime import date

import pytest

from gongkai.core.ledger.kinds import LimitState, Period
from gongkai.core.ledger.rules.cadences import (
    is_rolling,
    judge_column,
    list_periods,
    next_first_day,
    period_on,
    rhythm_of,
    roll_period,
    say_rhythm,
)
from gongkai.foundation.workdays.tables import packaged_calendar
from gongkai.lib.workcalendar import WorkCalendar
from tests.factories.ledger import some_terms

CALENDAR = packaged_calendar()
DAILY = some_terms("cadence:workday", clock_start="上一工作日")
FORTNIGHT = some_terms("cadence:2W", clock_start="最近更新时间")
SURVEY = some_terms("cadence:2M", clock_start="上次活动之日")
QUARTER = some_terms("cadence:1Q", clock_start="上季度末")
YEAR = some_terms("cadence:1Y", clock_start="每年")
MONTHLY = some_terms("cadence:1M", clock_start="每月首个工作日")
HOUSING = some_terms("P10D", clock_start="季度首日")
PLAIN = some_terms("P20WD")


@pytest.mark.parametrize(
    ("terms", "rhythm", "words"),
    [
        (DAILY, "workday", "每个工作日"),
        (FORTNIGHT, "2W", "每 2 周一次"),
        (QUARTER, "1Q", "每个季度一次"),
        (YEAR, "1Y", "每年一次"),
        (HOUSING, "1Q", "每季度首 10 日"),
        (PLAIN, "", ""),
    ],
)
def test_a_duty_says_how_often_it_comes_back(terms, rhythm, words):
    assert (rhythm_of(terms), say_rhythm(terms)) == (rhythm, words)


def test_a_period_begins_with_the_last_update_only_where_the_terms_say_so():
    assert is_rolling(FORTNIGHT)
    assert is_rolling(SURVEY)
    assert not any(map(is_rolling, (DAILY, QUARTER, YEAR, MONTHLY, HOUSING, PLAIN)))


@pytest.mark.parametrize(
    ("terms", "day", "first", "last"),
    [
        (DAILY, date(2026, 10, 9), date(2026, 10, 9), date(2026, 10, 9)),
        (DAILY, date(2026, 10, 10), date(2026, 10, 10), date(2026, 10, 10)),  # a Saturday that is made up
        (QUARTER, date(2026, 10, 9), date(2026, 10, 1), date(2026, 12, 31)),
        (QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        (YEAR, date(2026, 10, 9), date(2026, 1, 1), date(2026, 12, 31)),
        (HOUSING, date(2026, 10, 9), date(2026, 10, 1), date(2026, 10, 10)),
        (HOUSING, date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 10)),
        (MONTHLY, date(2026, 10, 9), date(2026, 10, 1), date(2026, 10, 8)),  # the first working day after National Day
        (MONTHLY, date(2026, 9, 30), date(2026, 9, 1), date(2026, 9, 1)),
        (some_terms("cadence:2M", clock_start="每年"), date(2026, 4, 5), date(2026, 3, 1), date(2026, 4, 30)),
        (some_terms("cadence:1W", clock_start="每周"), date(2026, 10, 9), date(2026, 10, 5), date(2026, 10, 11)),
        (some_terms("cadence:1D", clock_start="每天"), date(2026, 10, 4), date(2026, 10, 4), date(2026, 10, 4)),
    ],
)
def test_a_day_lies_in_one_period(terms, day, first, last):
    assert period_on(terms, day, CALENDAR) == Period(first, last)


@pytest.mark.parametrize("day", [date(2026, 10, 3), date(2026, 10, 11), date(2026, 10, 7)])
def test_a_day_off_is_no_period_of_working_days(day):
    assert period_on(DAILY, day, CALENDAR) is None


def test_a_year_without_calendar_is_provisional():
    empty = WorkCalendar(facts={}, years=frozenset())
    assert period_on(DAILY, date(2027, 3, 1), empty) == Period(date(2027, 3, 1), date(2027, 3, 1), is_provisional=True)
    assert period_on(DAILY, date(2027, 3, 6), empty) is None
    assert period_on(MONTHLY, date(2027, 3, 6), empty) == Period(date(2027, 3, 1), date(2027, 3, 1), is_provisional=True)
    assert period_on(QUARTER, date(2027, 3, 1), empty) == Period(date(2027, 1, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("terms", "updated_on", "last"),
    [
        (FORTNIGHT, date(2026, 9, 30), date(2026, 10, 14)),
        (SURVEY, date(2026, 12, 31), date(2027, 2, 28)),
    ],
)
def test_a_rolling_period_ends_on_the_corresponding_day(terms, updated_on, last):
    assert roll_period(terms, updated_on).last == last
    assert (roll_period(terms, updated_on).first - updated_on).days == 1


def test_after_a_month_of_downtime_every_working_day_is_listed_once():
    found = list_periods(DAILY, date(2026, 9, 9), date(2026, 10, 9), CALENDAR, most=70)
    assert len(found) == CALENDAR.count_workdays(date(2026, 9, 10), date(2026, 10, 9))
    assert found[-1] == Period(date(2026, 10, 9), date(2026, 10, 9))
    assert len({period.first for period in found}) == len(found)


def test_after_years_only_the_newest_are_listed():
    found = list_periods(DAILY, date(2026, 1, 1), date(2026, 10, 9), CALENDAR, most=5)
    assert [period.first.day for period in found] == [28, 29, 30, 8, 9]


def test_periods_follow_one_another_without_gap():
    assert next_first_day(QUARTER, date(2026, 10, 9)) == date(2027, 1, 1)
    assert next_first_day(YEAR, date(2026, 10, 9)) == date(2027, 1, 1)
    assert next_first_day(HOUSING, date(2026, 10, 9)) == date(2027, 1, 1)
    found = list_periods(QUARTER, date(2025, 12, 31), date(2026, 12, 31), CALENDAR, most=70)
    assert [period.first for period in found] == [date(2026, month, 1) for month in (1, 4, 7, 10)]


def judged(**changed):
    days = {"today": date(2026, 10, 9), "updated_on": date(2026, 9, 30), "due_on": date(2026, 10, 9), "lapsed_on": date(2026, 10, 8)}
    chip = judge_column(**{**days, "line_on": date(2026, 10, 14), "near_days": 2, **changed})
    return chip.state, chip.words


def test_a_missed_day_reminds_in_ochre():
    assert judged() == (LimitState.REMINDER, "10-08 没有更新")


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 10, 11), LimitState.REMINDER),
        (date(2026, 10, 12), LimitState.REMINDER_NEAR),  # two days before the line
        (date(2026, 10, 15), LimitState.REMINDER_NEAR),
    ],
)
def test_two_days_before_the_inspection_line_it_turns_cinnabar(today, state):
    assert judged(today=today)[0] is state


def test_without_a_line_it_never_turns_cinnabar():
    assert judged(today=date(2027, 10, 9), line_on=None)[0] is LimitState.REMINDER


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lapsed_on": None}, (LimitState.DUE_SOON, "今天还没有更新")),
        ({"lapsed_on": None, "updated_on": date(2026, 10, 9), "due_on": date(2026, 10, 10)}, (LimitState.DONE, "今天已更新")),
        ({"lapsed_on": None, "due_on": date(2026, 12, 31)}, (LimitState.RUNNING, "12-31 前更新")),
        ({"lapsed_on": None, "due_on": None}, (LimitState.RUNNING, "09-30 更新")),
        ({"lapsed_on": None, "due_on": None, "today": date(2026, 10, 13)}, (LimitState.REMINDER_NEAR, "10-14 到国家监测线")),
        ({"lapsed_on": None, "due_on": None, "today": date(2026, 10, 15)}, (LimitState.REMINDER_NEAR, "10-14 已过国家监测线")),
    ],
)
def test_a_column_that_missed_nothing_says_what_is_next(changed, said):
    assert judged(**changed) == said
