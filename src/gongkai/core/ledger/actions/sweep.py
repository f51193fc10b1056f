"""What became true because time passed. Reads only rows whose moment has come: its cost follows what is due, not what exists."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet, prefetch_related_objects

from gongkai.core.ledger.actions.clockwork import note_change, set_clock
from gongkai.core.ledger.actions.events import write_events
from gongkai.core.ledger.kinds import Binding, ChangeCause, EventKind
from gongkai.core.ledger.models import SWEPT, DateChange, Event, Obligation
from gongkai.core.ledger.queries.clocks import compute_many
from gongkai.core.ledger.queries.rows import IS_OPEN
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
SETTLED_FIELDS = ["due_at", "last_day", "target_day", "target_at", "is_provisional", "next_check_at", "moves"]


def sweep(*, now: datetime) -> int:
    """Tell what is near, became overdue, exceeded or due for a reminder up to `now` (巡查). Returns how many events were written.

    Each is dated when it became true, whatever downtime lay between, and written once, however many sweep: a row is claimed by its
    lock and has another next check afterwards, or none. What stands still has none. A provisional date accuses nobody: it is computed
    again, and looked at the next day while it stays so.
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
    """Events written and rows claimed. Two rows or five hundred: the same number of queries."""
    claimed = list(_has_come(now).select_for_update(skip_locked=True, of=("self",)).order_by("next_check_at", "id")[:BATCH])
    firm = [row for row in claimed if not row.is_provisional]
    events = _untold([event for row in firm for event in _list_come(row, now)])
    over = [row.pk for row in firm if row.due_at <= now]
    near = [row.pk for row in firm if row.due_at > now]
    if over:
        Obligation.objects.filter(pk__in=over).update(next_check_at=None)
    if near:
        Obligation.objects.filter(pk__in=near).update(next_check_at=F("due_at"))
    write_events(events)
    _settle([row for row in claimed if row.is_provisional], now)
    return len(events), len(claimed)


def _list_come(row: Obligation, now: datetime) -> list[Event]:
    """What came true of a row whose next look has come: that it is near, that it is over, or both after downtime."""
    found = []
    if row.next_check_at is not None and row.next_check_at < row.due_at:
        found.append(Event(obligation=row, kind=EventKind.DUE_SOON.value, at=row.next_check_at, recorded_at=now))
    if row.due_at <= now:
        found.append(Event(obligation=row, kind=PASSED[Binding(row.binding)].value, at=row.due_at, recorded_at=now))
    return found


def _untold(events: Sequence[Event]) -> list[Event]:
    """Those that were not written before: a clock that was set back, or a date that came back, tells nothing twice."""
    if not events:
        return []
    told = set(
        Event.objects.filter(obligation_id__in={event.obligation_id for event in events}, kind__in=SWEPT).values_list(
            "obligation_id", "kind", "at"
        )
    )
    return [event for event in events if (event.obligation_id, event.kind, event.at) not in told]


def note_passed(row: Obligation, now: datetime) -> None:
    """Write what the sweep would write of a row that is about to be closed or moved, if no sweep came by. The row is locked."""
    if row.next_check_at is not None and row.next_check_at <= now and not row.is_provisional:
        write_events(_untold(_list_come(row, now)))


def _settle(rows: Sequence[Obligation], now: datetime) -> None:
    """Give provisional rows the date that the calendar gives by now; those whose year still has none wait for the next day."""
    if not rows:
        return
    prefetch_related_objects(rows, "terms")
    receipts = compute_many(rows, workdays.get_calendar())
    editions: dict[int, str] = {}
    settled: list[Obligation] = []
    changes: list[DateChange] = []
    for row in rows:
        receipt = receipts[row.pk]
        if receipt.is_provisional:
            row.next_check_at = start_of(day_of(now) + ONE_DAY)
            continue
        was = copy(row)
        set_clock(row, receipt, now)
        row.moves += 1
        year = receipt.last_day.year
        if year not in editions:
            editions[year] = workdays.name_editions([year])
        why = f"日历已有，最后一天是 {receipt.last_day}"
        changes.append(note_change(was=was, stored=row, cause=ChangeCause.SETTLED, why=why, now=now, editions=editions[year]))
        settled.append(row)
    Obligation.objects.bulk_update(rows, SETTLED_FIELDS, batch_size=100)
    DateChange.objects.bulk_create(changes)
    write_events(
        Event(obligation=row, kind=EventKind.SETTLED.value, at=now, recorded_at=now, note=change.why)
        for row, change in zip(settled, changes, strict=True)
    )
