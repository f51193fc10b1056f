"""Setting the clock of a stored obligation: the one way in which a date, a stop and the next look of the sweeper are written."""

from copy import copy
from datetime import datetime, timedelta

from gongkai.core.ledger.actions.events import write_event
from gongkai.core.ledger.kinds import ChangeCause, EventKind, MovementKind, Receipt
from gongkai.core.ledger.models import DateChange, Movement, Obligation
from gongkai.core.ledger.queries.clocks import compute_of
from gongkai.core.ledger.rules import next_check
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import day_of

CLOCK_FIELDS = (
    "due_at", "last_day", "target_day", "target_at", "restarted_on", "stopped_since", "resumes_by", "is_provisional", "is_minimum",
    "next_check_at",
)  # fmt: skip


def set_clock(stored: Obligation, receipt: Receipt, now: datetime) -> None:
    """Let an obligation that is not saved yet stand as its receipt says (定期限). A clock that stands still keeps its last date.

    Whoever calls it saves the row, holding its lock, and writes what changed (`note_change`).
    """
    was_stopped = stored.stopped_since is not None
    stored.stopped_since, stored.resumes_by = receipt.stopped_since, receipt.resumes_by
    if receipt.is_stopped:
        stored.next_check_at = None
        return
    is_told = not was_stopped and stored.due_at == receipt.due_at and stored.next_check_at is None
    stored.due_at, stored.last_day = receipt.due_at, receipt.last_day
    stored.target_day, stored.target_at = receipt.target_day, receipt.target_at
    stored.restarted_on = receipt.caused_on if receipt.earlier else None
    stored.is_provisional, stored.is_minimum = receipt.is_provisional, receipt.is_minimum
    # A moment that passed and was told is not looked at again while the date stays.
    stored.next_check_at = None if is_told and receipt.due_at <= now else next_check(receipt, now)


def note_change(
    *,
    was: Obligation,
    stored: Obligation,
    cause: ChangeCause,
    why: str,
    now: datetime,
    movement: Movement | None = None,
    editions: str | None = None,
) -> DateChange:
    """The line that a change of the date leaves (期限改动), not saved yet. `was` is the obligation as it stood before.

    `editions` names the calendars it was counted by; None: looked up, which costs a query.
    """
    is_stopped = stored.stopped_since is not None
    if editions is None:
        editions = workdays.name_editions(range((stored.restarted_on or stored.caused_on).year, stored.last_day.year + 1))
    return DateChange(
        obligation=stored,
        movement=movement,
        cause=cause.value,
        why=why,
        from_day=was.last_day,
        to_day=None if is_stopped else stored.last_day,
        from_due_at=was.due_at,
        to_due_at=None if is_stopped else stored.due_at,
        calendar_version=editions,
        at=now,
    )


def end_stop(stored: Obligation, now: datetime) -> None:
    """Let a clock that stands still stand no longer, because its obligation is about to be closed (随办结恢复). The row is locked.

    A stop ends on that day, at the latest on the day before its latest; one that has not begun is voided. An unpaid fee stays unpaid: the
    date is the one that payment on the latest day would give, for nobody is late while he waits for money.
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
    stored.is_provisional, stored.stopped_since, stored.resumes_by = receipt.is_provisional, None, None
    why = "事项了结，暂停到此为止"
    note_change(was=was, stored=stored, cause=ChangeCause.MOVEMENT, why=why, now=now, movement=running).save()
    write_event(obligation=stored, kind=EventKind.RESUMED, at=now, now=now, note=why)
