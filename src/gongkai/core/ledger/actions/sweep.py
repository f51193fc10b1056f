"""What became true because time passed. Reads only rows whose moment has come: its cost follows what is due, not what exists."""

from collections.abc import Callable, Sequence
from copy import copy
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from gongkai.core.ledger.actions.clockwork import CLOCK_FIELDS, CalendarNames, note_change, set_clock
from gongkai.core.ledger.actions.events import write_events
from gongkai.core.ledger.kinds import Binding, ChangeCause, EventKind, MovementKind
from gongkai.core.ledger.models import SWEPT, DateChange, Event, Movement, Obligation
from gongkai.core.ledger.queries.clocks import compute_many
from gongkai.core.ledger.queries.rows import IS_OPEN
from gongkai.core.ledger.rules import say_day
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit import api as audit
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
IS_FIRM = Q(is_provisional=False, stopped_since__isnull=True)
# All that is told of a firm date: a thousand rows are claimed as these, not as whole obligations.
FIRM_FIELDS = ("pk", "binding", "due_at", "next_check_at")


def sweep(*, now: datetime) -> int:
    """Tell what is near, became overdue, exceeded or due for a reminder up to `now` (巡查). Returns how many events were written.

    Each is dated when it became true, whatever downtime lay between, and written once, however many sweep: a row is claimed by its
    lock and has another next check afterwards, or none. A stop that nobody ended goes on by itself on its latest day. A provisional date
    accuses nobody: it is computed again, and looked at the next day while it stays so.
    """
    if not _has_come(now).exists():
        return 0
    return _repeat(_compute_batch, _has_come(now).exclude(IS_FIRM), now) + _repeat(_tell_batch, _has_come(now).filter(IS_FIRM), now)


def _repeat(batch: Callable[[QuerySet[Obligation], datetime], tuple[int, int]], come: QuerySet[Obligation], now: datetime) -> int:
    """Batch after batch until nothing has come, or another sweeper holds what is left. How many events were written."""
    written = 0
    while come.exists():
        told, claimed = batch(come, now)
        written += told
        if not claimed:
            break
    return written


def _has_come(now: datetime) -> QuerySet[Obligation]:
    return Obligation.objects.filter(IS_OPEN, next_check_at__lte=now)


@transaction.atomic
def _tell_batch(come: QuerySet[Obligation], now: datetime) -> tuple[int, int]:
    """Events written and rows claimed. Two rows or five hundred: the same number of queries."""
    rows = come.select_for_update(skip_locked=True).order_by("next_check_at", "id").values_list(*FIRM_FIELDS)[:BATCH]
    claimed = [Obligation(**dict(zip(FIRM_FIELDS, row, strict=True))) for row in rows]
    events = _untold([event for row in claimed for event in _list_come(row, now)])
    over = [row.pk for row in claimed if row.due_at <= now]
    near = [row.pk for row in claimed if row.due_at > now]
    if over:
        Obligation.objects.filter(pk__in=over).update(next_check_at=None)
    if near:
        Obligation.objects.filter(pk__in=near).update(next_check_at=F("due_at"))
    write_events(events)
    return len(events), len(claimed)


def _list_come(row: Obligation, now: datetime) -> list[Event]:
    """What came true of a row whose next look has come: that it is near, that it is over, or both after downtime."""
    found = []
    if row.next_check_at is not None and row.next_check_at < row.due_at:
        found.append(Event(obligation_id=row.pk, kind=EventKind.DUE_SOON.value, at=row.next_check_at, recorded_at=now))
    if row.due_at <= now:
        found.append(Event(obligation_id=row.pk, kind=PASSED[Binding(row.binding)].value, at=row.due_at, recorded_at=now))
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
    """Write what the sweep would write of a row that is over and about to be closed or moved, if no sweep came by. The row is locked.

    That it is near is not told any more: it is done now, or has another day.
    """
    is_firm = not row.is_provisional and row.stopped_since is None
    if is_firm and row.next_check_at is not None and row.due_at <= now:
        write_events(_untold(_list_come(row, now)))


@transaction.atomic
def _compute_batch(come: QuerySet[Obligation], now: datetime) -> tuple[int, int]:
    """Events written and rows claimed, of rows that need their date computed: stops that are over, and provisional dates.

    The calendar is held before the rows, as everybody does who keeps a date.
    """
    calendar = workdays.hold_calendar()
    rows = list(come.select_for_update(skip_locked=True, of=("self",)).select_related("terms").order_by("next_check_at", "id")[:BATCH])
    ended = _end_stops([row for row in rows if row.stopped_since is not None])
    receipts = compute_many(rows, calendar)
    calendars, changes, events = CalendarNames(), [], []
    for row in rows:
        receipt, stop = receipts[row.pk], ended.get(row.pk)
        if stop is None and receipt.is_provisional:
            row.next_check_at = start_of(day_of(now) + ONE_DAY)
            continue
        was, goes_on_at = copy(row), now if row.resumes_by is None else start_of(row.resumes_by)
        set_clock(row, receipt, goes_on_at)
        row.moves += 1
        kind, cause, why = EventKind.SETTLED, ChangeCause.SETTLED, f"日历已有，最后一天是 {receipt.last_day}"
        if stop is not None:
            kind, cause = EventKind.RESUMED, ChangeCause.MOVEMENT
            why = f"没有人登记恢复，到了最迟恢复日 {say_day(day_of(goes_on_at))}，自动恢复计算"
        changes.append(note_change(was=was, stored=row, cause=cause, why=why, now=now, movement=stop, calendars=calendars))
        events.append(Event(obligation=row, kind=kind.value, at=goes_on_at, recorded_at=now, note=why))
    Obligation.objects.bulk_update(rows, [*CLOCK_FIELDS, "moves"], batch_size=100)
    DateChange.objects.bulk_create(changes)
    write_events(events)
    lines = [(row.uuid, {"movement": str(ended[row.pk].uuid), "to_day": str(row.last_day)}) for row in rows if row.pk in ended]
    audit.record_many(actor=SYSTEM, act="ledger.resume", at=now, lines=lines)
    return len(events), len(rows)


def _end_stops(rows: Sequence[Obligation]) -> dict[int, Movement]:
    """Fill the last day of the stops that run: the day before their latest. Gives them by obligation."""
    running = Movement.objects.filter(obligation__in=rows, kind=MovementKind.STOP.value, last_day__isnull=True, voided_at__isnull=True)
    found = {stop.obligation_id: stop for stop in running if stop.latest_day is not None}
    for stop in found.values():
        if stop.latest_day is not None:
            stop.last_day = max(stop.first_day, stop.latest_day - ONE_DAY)
    Movement.objects.bulk_update(found.values(), ["last_day"])
    return found
