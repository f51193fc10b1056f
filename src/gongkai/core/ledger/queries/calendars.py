"""Which open clocks another calendar would move. Nothing is changed here; what it costs follows the open rows, in chunks."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice

from django.db.models import Q, QuerySet

from gongkai.core.ledger.kinds import CalendarPreview, MovedDate, MovementDraft, Receipt
from gongkai.core.ledger.models import Obligation
from gongkai.core.ledger.queries.clocks import compute_with
from gongkai.core.ledger.queries.movements import list_drafts, list_targets
from gongkai.core.ledger.queries.rows import IS_OPEN, as_row
from gongkai.core.ledger.rules.shifts import say_shift
from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.kinds import CalendarChange, CalendarPlan
from gongkai.lib.errors import Refusal
from gongkai.lib.workcalendar import WorkCalendar

CHUNK = 500


@dataclass(frozen=True)
class Shift:
    """An open clock with the receipt that another calendar gives it (改动). `before` is the receipt by the calendar before."""

    stored: Obligation
    before: Receipt
    after: Receipt
    why: str


def preview_calendar(*, change: CalendarChange, now: datetime) -> CalendarPreview:
    """What a change of the calendar would do (换日历预览): every open clock that it moves, stopped and provisional too, soonest first.

    Raises: ActNotPossible, in words, when it cannot be done as the calendar stands; BadInput; NotFound.
    """
    plan = workdays.plan_change(change)
    return build_preview(plan, find_shifts(plan), now)


def count_provisional() -> int:
    """How many open duties have a provisional date (暂定件数): they wait for the calendar of a year."""
    return Obligation.objects.filter(IS_OPEN, is_provisional=True).count()


def find_shifts(plan: CalendarPlan) -> Iterator[Shift]:
    """The open clocks that a plan would move (会动的期限). Two queries for each chunk, and one for all rows."""
    # In this order rows of the same terms and cause stand together, and their days are counted once.
    rows = select_concerned(plan).select_related("terms", "unit").order_by("terms_id", "caused_on", "id").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield from weigh_rows(chunk, plan)


def weigh_rows(rows: Sequence[Obligation], plan: CalendarPlan) -> Iterator[Shift]:
    """Those of some open rows that a plan would move, with their receipts by either calendar."""
    drafts, targets = list_drafts([row.pk for row in rows]), list_targets(rows)
    count: _Count | None = None
    for row in rows:
        movements = drafts.get(row.pk, ())
        alike = (row.terms_id, row.caused_on, row.caused_at, targets.get(row.pk), tuple(movements))
        if count is None or count.alike != alike:
            count = _Count(alike, row, movements, targets, plan)
        if _is_moved(row, count) and count.before and count.after:
            yield Shift(row, count.before, count.after, say_shift(plan, count.before, count.after))


class _Count:
    """The receipts of rows that count alike, each computed when it is asked for: most rows do not move, and need only one."""

    def __init__(
        self, alike: object, row: Obligation, movements: Sequence[MovementDraft], targets: Mapping[int, str], plan: CalendarPlan
    ) -> None:
        self.alike, self._given, self._plan = alike, (row, movements, targets), plan

    @cached_property
    def before(self) -> Receipt | None:
        return self._compute(self._plan.before)

    @cached_property
    def after(self) -> Receipt | None:
        return self._compute(self._plan.after)

    def _compute(self, calendar: WorkCalendar) -> Receipt | None:
        """None for what cannot be computed: it cannot move either."""
        row, movements, targets = self._given
        try:
            return compute_with(row, movements, calendar, targets)
        except Refusal:
            return None


def select_concerned(plan: CalendarPlan) -> QuerySet[Obligation]:
    """Open rows whose span holds a day that a plan tells otherwise. Of a stopped one the end is not known, it is always looked at."""
    span = _span(plan)
    if span is None:
        return Obligation.objects.none()
    first, last = span
    counted_on = Q(caused_on__lte=last, last_day__gte=first)
    counted_back = Q(caused_on__gte=first, last_day__lte=last)
    return Obligation.objects.filter(IS_OPEN).filter(counted_on | counted_back | Q(stopped_since__isnull=False))


def _span(plan: CalendarPlan) -> tuple[date, date] | None:
    days = [change.day for change in plan.changed if change.moves_clocks]
    days += [day for year in (*plan.gained, *plan.lost) for day in (date(year, 1, 1), date(year, 12, 31))]
    return (min(days), max(days)) if days else None


def _is_moved(row: Obligation, count: _Count) -> bool:
    """Whether a row stands otherwise afterwards. One that is stopped keeps its last date, so what it would come to is compared.

    What differs for another reason is no work of this plan, but for a provisional date that nobody settled yet.
    """
    if count.after is None:
        return False
    will_be = _clock_of(count.after)
    if row.stopped_since is None and will_be == (row.due_at, row.is_provisional, row.target_day):
        return False
    return count.before is not None and (row.is_provisional or _clock_of(count.before) != will_be)


def _clock_of(receipt: Receipt) -> tuple[datetime, bool, date | None]:
    return receipt.due_at, receipt.is_provisional, receipt.target_day


def build_preview(plan: CalendarPlan, shifts: Iterable[Shift], now: datetime) -> CalendarPreview:
    """The shifts as people read them, with a digest of exactly that."""
    moved, seen = [], [plan.digest]
    for shift in shifts:
        stored, after = shift.stored, shift.after
        seen.append(f"{stored.pk} {stored.moves} {stored.due_at.timestamp()} {after.due_at.timestamp()} {after.is_provisional}")
        moved.append(_moved_date(shift, now))
    moved.sort(key=lambda row: (row.to_due_at, row.obligation.id))
    return CalendarPreview(plan, tuple(moved), hashlib.sha256("\n".join(sorted(seen)).encode()).hexdigest())


def _moved_date(shift: Shift, now: datetime) -> MovedDate:
    stored, after = shift.stored, shift.after
    is_stopped = stored.stopped_since is not None
    return MovedDate(
        obligation=as_row(stored, now=now),
        from_day=shift.before.last_day if is_stopped else stored.last_day,
        to_day=after.last_day,
        from_due_at=shift.before.due_at if is_stopped else stored.due_at,
        to_due_at=after.due_at,
        was_provisional=stored.is_provisional,
        is_provisional=after.is_provisional,
        is_stopped=is_stopped,
        why=shift.why,
    )
