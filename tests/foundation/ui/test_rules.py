from datetime import date

import pytest

from gongkai.foundation.ui import rules
from gongkai.lib.workcalendar import DayFact, WorkCalendar

MAKE_UP = date(2026, 10, 10)
CALENDAR = WorkCalendar(
    facts={
        MAKE_UP: DayFact(day=MAKE_UP, is_workday=True, name="国庆节", is_made_up=True, notice="国办发明电〔2025〕7号"),
        date(2026, 12, 27): DayFact(day=date(2026, 12, 27), is_workday=True, name="元旦", is_made_up=True),
    },
    years=frozenset({2026}),
)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 10, 9), "明天周六上班（国庆调休）"),
        (date(2026, 10, 10), "今天周六上班（国庆调休）"),
        (date(2026, 10, 8), "后天周六上班（国庆调休）"),
        (date(2026, 9, 30), "10月10日周六上班（国庆调休）"),
        (date(2026, 12, 20), "12月27日周日上班（元旦调休）"),
        (date(2026, 10, 11), ""),
    ],
)
def test_the_top_bar_names_the_next_weekend_day_that_is_worked(today: date, words: str) -> None:
    assert rules.say_next_make_up_day(today, CALENDAR) == words


def test_a_year_without_calendar_gives_no_note() -> None:
    assert rules.say_next_make_up_day(date(2026, 12, 28), CALENDAR) == ""
    assert rules.say_next_make_up_day(date(2027, 3, 1), CALENDAR) == ""


def test_days_are_said_as_people_write_them() -> None:
    day = date(2026, 10, 9)
    assert rules.say_day(day) == "2026年10月9日"
    assert rules.say_day_short(day) == "10-09 周五"
    assert rules.say_month_day(day) == "10月9日"
    assert rules.say_weekday(day) == "周五"
