from gongkai.foundation.workdays.actions import anchor_demo_clock, change_calendar, load_and_weigh, load_calendars, lock_calendar
from gongkai.foundation.workdays.clock import business_now
from gongkai.foundation.workdays.queries import (
    get_calendar,
    get_year,
    hold_calendar,
    list_days,
    list_years,
    name_editions,
    plan_change,
)
from gongkai.foundation.workdays.rules.changes import DAYS, find_year, read_lines, say_new_years
from gongkai.foundation.workdays.rules.months import lay_months

__all__ = [
    "DAYS",
    "anchor_demo_clock",
    "business_now",
    "change_calendar",
    "find_year",
    "get_calendar",
    "get_year",
    "hold_calendar",
    "lay_months",
    "list_days",
    "list_years",
    "load_and_weigh",
    "load_calendars",
    "lock_calendar",
    "name_editions",
    "plan_change",
    "read_lines",
    "say_new_years",
]
