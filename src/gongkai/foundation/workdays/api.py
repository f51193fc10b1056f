from gongkai.foundation.workdays.actions import anchor_demo_clock, load_calendars
from gongkai.foundation.workdays.clock import business_now
from gongkai.foundation.workdays.queries import get_calendar, list_days

__all__ = ["anchor_demo_clock", "business_now", "get_calendar", "list_days", "load_calendars"]
