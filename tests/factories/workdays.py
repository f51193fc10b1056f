from collections.abc import Iterable
from datetime import date

from gongkai.foundation.workdays.tables import packaged_calendar
from gongkai.lib.workcalendar import DayFact, WorkCalendar


def the_calendar() -> WorkCalendar:
    """The real calendar of 2020 to 2026, without a database."""
    return packaged_calendar()


def a_calendar(*years: int, off: Iterable[date] = (), worked: Iterable[date] = ()) -> WorkCalendar:
    """A made-up calendar: Monday to Friday but for the days that are named. No year gives 2026."""
    facts = {day: DayFact(day=day, is_workday=False, name="假日", notice="放假通知") for day in off}
    facts |= {day: DayFact(day=day, is_workday=True, name="假日", is_made_up=day.weekday() >= 5, notice="放假通知") for day in worked}
    return WorkCalendar(facts=facts, years=frozenset(years or (2026,)))
