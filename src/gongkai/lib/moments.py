"""Days and instants in the bureau's time zone. Nothing here reads a clock."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(instant: datetime) -> date:
    """Calendar day of an aware instant in the bureau's time zone."""
    return instant.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """First instant of a day (00:00+08:00)."""
    return datetime.combine(day, time.min, SHANGHAI)


def end_of(day: date) -> datetime:
    """First instant after a day: the exclusive end that every `due_at` uses."""
    return start_of(day + timedelta(days=1))
