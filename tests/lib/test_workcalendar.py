import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.lib.workcalendar import CalendarMissing, DayFact, WorkCalendar
from tests.factories.workdays import a_calendar, the_calendar

DATA = Path(__file__).parent.parent / "data"
ONE_DAY = timedelta(days=1)
YEARS = range(2020, 2027)
EXAMPLES = json.loads((DATA / "workdays.json").read_text(encoding="utf-8"))
REAL_DEADLINES = json.loads((DATA / "workday_cases.json").read_text(encoding="utf-8"))["cases"]

the_days = st.dates(date(2020, 1, 1), date(2026, 12, 31))


def slow_next(calendar: WorkCalendar, day: date, step: timedelta) -> date:
    """The first worked day after (or before) a day, looked for one day at a time."""
    day += step
    while not calendar.is_workday(day):
        day += step
    return day


@st.composite
def made_up_calendars(draw) -> WorkCalendar:
    """Three years in a row with any days off and any days worked."""
    days = st.dates(date(2030, 1, 1), date(2032, 12, 31))
    off = draw(st.sets(days, max_size=60))
    return a_calendar(2030, 2031, 2032, off=off, worked=draw(st.sets(days, max_size=60)) - off)


# The plain count


@given(first=the_days, last=the_days)
def test_counting_a_period_is_counting_its_days_one_by_one(first, last):
    calendar = the_calendar()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]

    assert calendar.count_workdays(first, last) == sum(calendar.is_workday(day) for day in days)


@given(start=st.dates(date(2020, 1, 1), date(2026, 6, 30)), n=st.integers(0, 120))
def test_adding_n_days_is_going_to_the_next_worked_day_n_times(start, n):
    calendar = the_calendar()
    day = start
    for _ in range(n):
        day = slow_next(calendar, day, ONE_DAY)

    assert calendar.add_workdays(start, n) == day


@given(day=st.dates(date(2020, 7, 1), date(2026, 12, 31)), n=st.integers(0, 100))
def test_subtracting_n_days_is_going_back_n_times(day, n):
    calendar = the_calendar()
    earlier = day
    for _ in range(n):
        earlier = slow_next(calendar, earlier, -ONE_DAY)

    assert calendar.subtract_workdays(day, n) == earlier


@given(calendar=made_up_calendars(), start=st.dates(date(2030, 1, 1), date(2032, 3, 31)), n=st.integers(1, 150))
def test_a_term_of_n_days_holds_n_working_days_and_ends_on_one(calendar, start, n):
    last = calendar.add_workdays(start, n)

    assert last > start
    assert calendar.is_workday(last)
    assert calendar.count_workdays(start + ONE_DAY, last) == n


@given(calendar=made_up_calendars(), start=st.dates(date(2030, 1, 1), date(2032, 3, 31)), n=st.integers(0, 150))
def test_going_there_and_back_again_ends_where_it_began_when_that_is_a_working_day(calendar, start, n):
    worked = calendar.next_workday(start)

    assert calendar.subtract_workdays(calendar.add_workdays(worked, n), n) == worked


@given(calendar=made_up_calendars(), day=st.dates(date(2030, 3, 1), date(2032, 9, 30)))
def test_next_and_previous_working_day_are_the_day_itself_or_the_nearest(calendar, day):
    assert calendar.next_workday(day) == (day if calendar.is_workday(day) else slow_next(calendar, day, ONE_DAY))
    assert calendar.previous_workday(day) == (day if calendar.is_workday(day) else slow_next(calendar, day, -ONE_DAY))


@given(first=the_days, middle=the_days, last=the_days)
def test_the_parts_of_a_period_add_up_to_the_whole(first, middle, last):
    first, middle, last = sorted((first, middle, last))
    calendar = the_calendar()

    parts = calendar.count_workdays(first, middle) + calendar.count_workdays(middle + ONE_DAY, last)

    assert parts == calendar.count_workdays(first, last)


# Years without calendar


def test_a_day_of_a_year_without_calendar_is_not_guessed():
    with pytest.raises(CalendarMissing, match="2027 年") as raised:
        the_calendar().is_workday(date(2027, 1, 4))

    assert raised.value.year == 2027


def test_a_term_that_runs_into_a_year_without_calendar_names_that_year():
    with pytest.raises(CalendarMissing, match="2027 年"):
        the_calendar().add_workdays(date(2026, 12, 25), 20)


def test_a_period_that_touches_a_year_without_calendar_is_not_counted():
    with pytest.raises(CalendarMissing, match="2019 年"):
        the_calendar().count_workdays(date(2019, 12, 31), date(2020, 1, 3))


def test_the_day_of_the_cause_is_not_looked_at_because_it_is_not_counted():
    assert the_calendar().add_workdays(date(2019, 12, 31), 1) == date(2020, 1, 2)
    assert the_calendar().subtract_workdays(date(2027, 1, 1), 1) == date(2026, 12, 31)


def test_a_year_between_two_known_ones_is_not_jumped_over():
    calendar = a_calendar(2030, 2032)

    with pytest.raises(CalendarMissing, match="2031 年"):
        calendar.add_workdays(date(2030, 12, 20), 30)
    with pytest.raises(CalendarMissing, match="2031 年"):
        calendar.subtract_workdays(date(2032, 1, 10), 30)


def test_the_last_day_of_all_time_is_refused_like_any_other():
    with pytest.raises(CalendarMissing):
        the_calendar().add_workdays(date.max, 1)
    with pytest.raises(CalendarMissing):
        the_calendar().subtract_workdays(date.min, 1)


def test_the_last_day_of_a_year_goes_by_the_notice_of_the_next_one():
    assert the_calendar().fact(date(2022, 12, 31)).notice.endswith("（国办发明电〔2022〕16号）")


# Edges


def test_a_term_of_no_days_ends_on_the_day_itself():
    saturday = date(2026, 10, 3)

    assert the_calendar().add_workdays(saturday, 0) == saturday
    assert the_calendar().subtract_workdays(saturday, 0) == saturday


def test_a_negative_number_of_days_is_refused():
    with pytest.raises(ValueError, match="不能是负数"):
        the_calendar().add_workdays(date(2026, 10, 9), -1)
    with pytest.raises(ValueError, match="不能是负数"):
        the_calendar().subtract_workdays(date(2026, 10, 9), -1)


def test_a_period_that_ends_before_it_begins_holds_no_days():
    assert the_calendar().count_workdays(date(2026, 10, 9), date(2026, 10, 8)) == 0
    assert the_calendar().list_facts(date(2026, 10, 9), date(2026, 10, 8)) == []


def test_plain_days_have_no_name_and_no_notice():
    assert the_calendar().fact(date(2026, 10, 9)) == DayFact(day=date(2026, 10, 9), is_workday=True)
    assert the_calendar().fact(date(2026, 10, 11)) == DayFact(day=date(2026, 10, 11), is_workday=False)


# The examples of the rule book and of real documents


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case["id"])
def test_worked_examples(case):
    calendar, owed = the_calendar(), case["expect"]
    if "add" in case:
        assert calendar.add_workdays(date.fromisoformat(case["start"]), case["add"]).isoformat() == owed["due_last_day"]
    else:
        first, last = date.fromisoformat(case["from"]), date.fromisoformat(case["to"])
        assert calendar.count_workdays(first, last) == owed["workdays_inclusive"]
        assert calendar.count_workdays(first + ONE_DAY, last) == owed["workdays_excluding_first_day"]


@pytest.mark.parametrize("case", REAL_DEADLINES, ids=lambda case: case["id"])
def test_deadlines_of_real_documents(case):
    calendar = the_calendar()
    given_days = {key: date.fromisoformat(text) for key, text in case["input"].items()}
    owed = case["expected"]
    terms = {
        "approval_plus_15_workdays": ("approved", 15),
        "due_20_workdays_after_application_date": ("applied", 20),
        "due_20_workdays_after_receipt": ("received", 20),
    }
    for key in owed.keys() & terms.keys():
        name, n = terms[key]
        assert calendar.add_workdays(given_days[name], n).isoformat() == owed[key]
    if "max_extended_due_40_workdays" in owed:
        cause = given_days.get("applied") or given_days["received"]
        assert calendar.add_workdays(cause, 40).isoformat() == owed["max_extended_due_40_workdays"]
    if "workdays_inclusive" in owed:
        assert calendar.count_workdays(given_days["start"], given_days["end"]) == owed["workdays_inclusive"]


def test_the_national_day_week_of_2026_is_off_and_the_saturday_after_it_is_worked():
    calendar = the_calendar()
    week = calendar.list_facts(date(2026, 10, 1), date(2026, 10, 10))

    assert [fact.is_workday for fact in week] == [False] * 7 + [True] * 3
    assert week[-1] == DayFact(
        day=date(2026, 10, 10),
        is_workday=True,
        name="国庆节",
        is_made_up=True,
        notice="国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）",
    )
    assert calendar.add_workdays(date(2026, 9, 30), 3) == date(2026, 10, 10)


def test_the_term_of_an_information_request_of_the_demo_ends_on_the_fifth_of_november():
    assert the_calendar().add_workdays(date(2026, 10, 9), 20) == date(2026, 11, 5)


MADE_UP = {
    2020: "1.19 4.26 5.9 6.28 9.27 10.10",
    2021: "2.7 2.20 4.25 5.8 9.18 9.26 10.9",
    2022: "1.29 1.30 4.2 4.24 5.7 10.8 10.9",
    2023: "1.28 1.29 4.23 5.6 6.25 10.7 10.8",
    2024: "2.4 2.18 4.7 4.28 5.11 9.14 9.29 10.12",
    2025: "1.26 2.8 4.27 9.28 10.11",
    2026: "1.4 2.14 2.28 5.9 9.20 10.10",
}


@pytest.mark.parametrize("year", YEARS)
def test_the_made_up_days_are_those_of_the_rule_book(year):
    days = [fact.day for fact in the_calendar().list_facts(date(year, 1, 1), date(year, 12, 31)) if fact.is_made_up]

    assert " ".join(f"{day.month}.{day.day}" for day in days) == MADE_UP[year]


def test_the_spring_festival_of_2020_was_made_longer_by_a_second_notice():
    saturday, monday = the_calendar().fact(date(2020, 2, 1)), the_calendar().fact(date(2020, 2, 3))

    assert not saturday.is_workday
    assert monday.is_workday
    assert not monday.is_made_up
    assert saturday.notice == monday.notice == "国务院办公厅关于延长2020年春节假期的通知（国办发明电〔2020〕1号）"
