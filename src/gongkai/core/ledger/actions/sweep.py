"""What became true because time passed. Reads only rows whose moment has come: its cost follows what is due, not what exists."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from gongkai.core.ledger.actions.events import write_events
from gongkai.core.ledger.kinds import Binding, EventKind
from gongkai.core.ledger.models import Event, Obligation
from gongkai.core.ledger.queries.rows import IS_OPEN, as_terms_row
from gongkai.core.ledger.rules import compute_due
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import day_of, start_of

BATCH = 500
ONE_DAY = timedelta(days=1)
PASSED = {
    Binding.LAW: EventKind.BECAME_OVERDUE,
    Binding.SUPERIOR: EventKind.BECAME_OVERDUE,
    Binding.PROMISE: EventKind.PROMISE_EXCEEDED,
    Binding.INTERNAL: EventKind.REMINDED,
}


def sweep(*, now: datetime) -> int:
    """Tell what became overdue, exceeded or due for a reminder up to `now` (巡查). Returns how many events were written.

    Each is dated when it became true, whatever downtime lay between, and written once, however many sweep: a row is claimed by its
    lock and has no next check afterwards. A provisional date accuses nobody: it is computed again, and looked at the next day while it
    stays so.
    """
    written = 0
    while _has_come(now).exists():
        told, claimed = _sweep_batch(now)
        written += told
        if not claimed:
            # Another sweeper holds what is left.
            break
    return written


def _has_come(now: datetime) -> QuerySet[Obligation]:
    return Obligation.objects.filter(IS_OPEN, next_check_at__lte=now)


@transaction.atomic
def _sweep_batch(now: datetime) -> tuple[int, int]:
    """Events written and rows claimed."""
    come = _has_come(now).select_for_update(skip_locked=True, of=("self",)).select_related("terms")
    claimed = list(come.order_by("next_check_at", "id")[:BATCH])
    firm = [row for row in claimed if not row.is_provisional]
    events = [_passed_event(row, now) for row in firm]
    Obligation.objects.filter(pk__in=[row.pk for row in firm]).update(next_check_at=None)
    write_events(events)
    _settle([row for row in claimed if row.is_provisional], now)
    return len(events), len(claimed)


def _passed_event(row: Obligation, now: datetime) -> Event:
    return Event(obligation=row, kind=PASSED[Binding(row.binding)].value, at=row.due_at, recorded_at=now)


def note_passed(row: Obligation, now: datetime) -> None:
    """Write the sweep's event for a row that is about to be closed, if its moment has come and no sweep told it. The row is locked."""
    if row.next_check_at is not None and row.next_check_at <= now and not row.is_provisional:
        write_events([_passed_event(row, now)])


def _settle(rows: Sequence[Obligation], now: datetime) -> None:
    """Give provisional rows the date that the calendar gives by now; those whose year still has none wait for the next day."""
    calendar = workdays.get_calendar() if rows else None
    for row in rows:
        if calendar is None:
            return
        receipt = compute_due(as_terms_row(row.terms), row.caused_on, calendar, caused_at=row.caused_at)
        if receipt.is_provisional:
            row.next_check_at = start_of(day_of(now) + ONE_DAY)
            row.save(update_fields=["next_check_at"])
            continue
        row.due_at, row.last_day, row.is_provisional, row.next_check_at = receipt.due_at, receipt.last_day, False, receipt.due_at
        row.save(update_fields=["due_at", "last_day", "is_provisional", "next_check_at"])
        # Kept in the history; whom to tell of a moved date comes with the calendar's own page (issue 4).
        Event.objects.create(
            obligation=row, kind=EventKind.SETTLED.value, at=now, recorded_at=now, note=f"日历已有，最后一天是 {receipt.last_day}"
        )
