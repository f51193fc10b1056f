from datetime import date, datetime
from functools import lru_cache

from django.db import connection

from gongkai.foundation.workdays.models import CalendarDay, CalendarVersion, DemoClock, HolidayNotice
from gongkai.foundation.workdays.rules import DayRow, NoticeRow, build_calendar, run_on
from gongkai.lib.workcalendar import DayFact, WorkCalendar

NO_VERSION = ""
READ_DIGEST = f"SELECT digest FROM {CalendarVersion._meta.db_table} WHERE id = 1"  # noqa: S608 - a name of ours


def get_calendar() -> WorkCalendar:
    """The calendar of all years that are loaded (工作日历). Years without calendar raise CalendarMissing when they are looked at.

    Costs one query of one row; the calendar itself is built once in a process and again when another process has changed the rows.
    """
    return _calendar_of(_read_digest())


def list_days(*, first: date, last: date) -> list[DayFact]:
    """What is known of every day from `first` to `last`, both included (日期事实). Raises: CalendarMissing."""
    return get_calendar().list_facts(first, last)


def _read_digest() -> str:
    """The version of the stored rows. In plain SQL: it is asked all the time, and putting a query together costs ten times more."""
    with connection.cursor() as cursor:
        cursor.execute(READ_DIGEST)
        row = cursor.fetchone()
    return str(row[0]) if row else NO_VERSION


@lru_cache(maxsize=1)
def _calendar_of(_digest: str) -> WorkCalendar:
    """The calendar of the stored rows. Only the newest is kept: rows that change just now are read again at the next call."""
    return build_calendar(list_notice_rows(), list_day_rows())


def list_notice_rows() -> list[NoticeRow]:
    """All stored notices of holidays (放假安排通知)."""
    return [NoticeRow(*row) for row in HolidayNotice.objects.order_by("id").values_list("code", "year", "agency", "title", "number")]


def list_day_rows() -> list[DayRow]:
    """All stored special days (特殊日), in their order."""
    columns = ("day", "name", "is_workday", "is_statutory", "notice__code")
    return [DayRow(*row) for row in CalendarDay.objects.order_by("day").values_list(*columns)]


def find_demo_time(*, system_now: datetime) -> datetime | None:
    """Business time by the demo clock (演示时间); None when it was never set."""
    clock = DemoClock.objects.filter(pk=1).values_list("at", "system_at").first()
    if clock is None:
        return None
    at, system_at = clock
    return run_on(at=at, system_at=system_at, system_now=system_now)
