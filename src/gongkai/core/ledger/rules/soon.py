"""When a limit is near, and when the sweeper has to look at it next."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from gongkai.core.ledger.kinds import ENFORCEABLE, Receipt
from gongkai.lib.moments import start_of
from gongkai.lib.workcalendar import CalendarMissing, WorkCalendar

ONE_DAY = timedelta(days=1)
LAST_PART = 5


def soon_day(caused_on: date, last_day: date, target_day: date | None, calendar: WorkCalendar) -> date:
    """The day from which a limit is near (快到期): the last fifth of the term and at least one day, the working day before the last, or the
    bureau's own day, whichever is first.
    """
    near = last_day - ONE_DAY * max(1, (last_day - caused_on).days // LAST_PART)
    with suppress(CalendarMissing):
        near = min(near, calendar.subtract_workdays(calendar.previous_workday(last_day), 1))
    return near if target_day is None else min(near, target_day)


def soon_moment(caused_at: datetime, due_at: datetime) -> datetime:
    """As `soon_day`, of a limit in hours: its last fifth, and at least one day."""
    return due_at - max(ONE_DAY, (due_at - caused_at) / LAST_PART)


def next_check(receipt: Receipt, now: datetime) -> datetime | None:
    """When the sweeper has to look next at an obligation whose date was set at `now` (下次巡查): when it is near, then when it is over.

    What is near already when its date is set became near at that moment. A stop goes on by itself on its latest day. None: never, for what
    only has to last and for what waits for a fee. Only what can become overdue is told to be near, and never before it is certain.
    """
    if receipt.is_stopped:
        return None if receipt.waits_for_fee or receipt.resumes_by is None else start_of(receipt.resumes_by)
    if receipt.is_minimum:
        return None
    near = receipt.near_at
    if receipt.binding not in ENFORCEABLE or receipt.is_provisional or near is None:
        return receipt.due_at
    return max(near, now) if max(near, now) < receipt.due_at else receipt.due_at
