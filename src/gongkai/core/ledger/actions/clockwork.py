"""Setting the clock of a stored obligation: the one way in which a date, a stop and the next look of the sweeper are written."""

from copy import copy
from datetime import datetime, timedelta

from gongkai.core.ledger.actions.events import write_event
from gongkai.core.ledger.kinds import ChangeCause, EventKind, MovementKind, Receipt
from gongkai.core.ledger.models import DateChange, Movement, Obligation
from gongkai.core.ledger.queries.clocks import compute_of
from gongkai.core.ledger.rules import next_check
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import day_of, start_of

CLOCK_FIELDS = (
    "due_at", "last_day", "target_day", "target_at", "restarted_on", "stopped_since", "resumes_by", "waits_for_fee", "is_provisional",
    "is_minimum", "next_check_at",
)  # fmt: skip


def set_clock(stored: Obligation, receipt: Receipt, now: datetime) -> None:
    """Let an obligation that is not saved yet stand as its receipt says (定期限). A clock that stands still keeps its last date.

    `now`: when this date became its date. Whoever calls it saves the row, holding its lock, and writes what changed (`note_change`).
    """
    is_same_date = stored.stopped_since is None and stored.due_at == receipt.due_at and not stored.is_provisional
    stored.stopped_since, stored.resumes_by, stored.waits_for_fee = receipt.stopped_since, receipt.resumes_by, receipt.waits_for_fee
    looks_at = next_check(receipt, now)
    if receipt.is_stopped:
        stored.next_check_at = looks_at
        return
    is_told = is_same_date and stored.next_check_at in {None, stored.due_at}
    stored.due_at, stored.last_day = receipt.due_at, receipt.last_day
    stored.target_day, stored.target_at = receipt.target_day, receipt.target_at
    stored.restarted_on = receipt.caused_on if receipt.earlier else None
    stored.is_provisional, stored.is_minimum = receipt.is_provisional, receipt.is_minimum
    # What passed and was told, that it is near or that it is over, is not looked at again while the date stays.
    if not is_told or looks_at is None or looks_at > now:
        stored.next_check_at = looks_at


class CalendarNames:
    """Which editions of the calendar dates were counted by, in words (日历版次). One query for each span of years, not for each date."""

    def __init__(self) -> None:
        self._known: dict[range, str] = {}

    def of(self, stored: Obligation) -> str:
        """The editions of the years that one obligation runs through."""
        years = range((stored.restarted_on or stored.caused_on).year, stored.last_day.year + 1)
        if years not in self._known:
            self._known[years] = workdays.name_editions(years)
        return self._known[years]


def note_change(
    *,
    was: Obligation,
    stored: Obligation,
    cause: ChangeCause,
    why: str,
    now: datetime,
    movement: Movement | None = None,
    calendars: CalendarNames | None = None,
) -> DateChange:
    """The line that a change of the date leaves (期限改动), not saved yet. `was` is the obligation as it stood before.

    `calendars`: handed from one of many changes to the next, so that the calendars they were counted by are looked up once.
    """
    is_stopped = stored.stopped_since is not None
    return DateChange(
        obligation=stored,
        movement=movement,
        cause=cause.value,
        why=why,
        from_day=was.last_day,
        to_day=None if is_stopped else stored.last_day,
        from_due_at=was.due_at,
        to_due_at=None if is_stopped else stored.due_at,
        calendar_version=(calendars or CalendarNames()).of(stored),
        at=now,
    )


def end_stop(stored: Obligation, now: datetime) -> None:
    """Let a clock that stands still stand no longer, because its obligation is about to be closed (随办结恢复). The row is locked.

    A stop ends on that day, at the latest on the day before its latest; one that has not begun is voided. An unpaid fee stays unpaid: the
    date is the one that payment on the latest day would give, for nobody is late while he waits for money. A stop whose latest day has
    passed is over since then: what became true after it is still to be told (`note_passed`).
    """
    if stored.stopped_since is None:
        return
    was, today = copy(stored), day_of(now)
    running = Movement.objects.filter(obligation=stored, voided_at__isnull=True, last_day__isnull=True, latest_day__isnull=False).first()
    if running is not None and running.kind == MovementKind.STOP.value and running.latest_day is not None:
        if today < running.first_day:
            running.voided_at, running.void_reason = now, "暂停还没有开始，事项已经了结"
        else:
            running.last_day = max(running.first_day, min(today, running.latest_day - timedelta(days=1)))
        running.save(update_fields=["voided_at", "void_reason", "last_day"])
    receipt = compute_of(stored, workdays.get_calendar())
    stored.due_at, stored.last_day = receipt.due_at, receipt.last_day
    stored.target_day, stored.target_at = receipt.target_day, receipt.target_at
    stored.restarted_on = receipt.caused_on if receipt.earlier else None
    goes_on_at = None if stored.waits_for_fee or stored.resumes_by is None else start_of(stored.resumes_by)
    stored.is_provisional, stored.stopped_since, stored.resumes_by, stored.waits_for_fee = receipt.is_provisional, None, None, False
    over_at = goes_on_at if goes_on_at is not None and goes_on_at <= now else None
    stored.next_check_at = None if over_at is None else next_check(receipt, over_at)
    why = "事项了结，暂停到此为止"
    note_change(was=was, stored=stored, cause=ChangeCause.MOVEMENT, why=why, now=now, movement=running).save()
    write_event(obligation=stored, kind=EventKind.RESUMED, at=over_at or now, now=now, note=why)
