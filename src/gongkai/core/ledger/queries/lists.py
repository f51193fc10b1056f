"""The ledger as a list: pages by key, and totals whose parts are the same conditions."""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from gongkai.core.ledger.kinds import ENFORCEABLE, Binding, LedgerFilter, LedgerPart, ObligationRow, Totals
from gongkai.core.ledger.models import Obligation
from gongkai.core.ledger.queries.rows import IS_OPEN, as_row, select_rows
from gongkai.lib.paging import Cursor, Page

PAGE_SIZE = 50

DUE = F("due_at")
IS_DONE = Q(state="FULFILLED")
IS_FIRM = Q(is_provisional=False)
IS_MINIMUM = Q(is_minimum=True)
IS_ENFORCED = Q(binding__in=sorted(binding.value for binding in ENFORCEABLE), is_minimum=False)
NOT_ENFORCED = Q(binding__in=sorted(binding.value for binding in Binding if binding not in ENFORCEABLE), is_minimum=False)


# The same answers as rules.part_of, as conditions; the tests hold the two against each other.
PARTS: dict[LedgerPart, Callable[[datetime], Q]] = {
    LedgerPart.DONE_IN_TIME: lambda _now: IS_DONE & IS_FIRM & (IS_MINIMUM | Q(fulfilled_at__lt=DUE)),
    LedgerPart.DONE_LATE: lambda _now: IS_DONE & IS_FIRM & IS_ENFORCED & Q(fulfilled_at__gte=DUE),
    LedgerPart.NOT_DUE: lambda now: IS_OPEN & IS_FIRM & Q(due_at__gt=now),
    LedgerPart.OVERDUE: lambda now: IS_OPEN & IS_FIRM & IS_ENFORCED & Q(due_at__lte=now),
    LedgerPart.PAST: lambda now: (
        IS_FIRM & ((IS_OPEN & ~IS_ENFORCED & Q(due_at__lte=now)) | (IS_DONE & NOT_ENFORCED & Q(fulfilled_at__gte=DUE)))
    ),
    LedgerPart.PROVISIONAL: lambda _now: Q(is_provisional=True) & ~Q(state="CANCELLED"),
    LedgerPart.CANCELLED: lambda _now: Q(state="CANCELLED"),
}


def list_page(
    *, unit_ids: Collection[int], filters: LedgerFilter, after: Cursor | None, now: datetime, size: int = PAGE_SIZE
) -> Page[ObligationRow]:
    """One page of the ledger (应公开事项台账), soonest due first. `after` is the cursor of the page before; None is the first page.

    The part of a row is that of `now`: a row that becomes overdue between two pages is on one of them, never on both.
    """
    rows = _filtered(unit_ids, filters)
    if filters.part is not None:
        rows = rows.filter(PARTS[filters.part](now))
    if after is not None:
        # One bound that the index can start at, then the rest of the rows of that moment.
        rows = rows.filter(due_at__gte=after.at).exclude(due_at=after.at, id__lte=after.id)
    found = list(rows.order_by("due_at", "id")[: size + 1])
    more = Cursor(found[size - 1].due_at, found[size - 1].pk) if len(found) > size else None
    return Page(tuple(as_row(stored, now=now) for stored in found[:size]), more)


def count_totals(*, unit_ids: Collection[int], now: datetime, filters: LedgerFilter | None = None) -> Totals:
    """How many rows the ledger holds (台账合计), whole and by part, for a filter without its part: one query.

    Each part is counted with the condition that lists it, the whole without any: that they agree is worth showing.
    """
    wanted = filters or LedgerFilter()
    counts = {part.value: Count("pk", filter=condition(now)) for part, condition in PARTS.items()}
    found = _filtered(unit_ids, wanted).aggregate(whole=Count("pk"), **counts)
    return Totals(whole=found["whole"], parts={part: found[part.value] for part in PARTS})


def count_by_binding(*, unit_ids: Collection[int], filters: LedgerFilter) -> dict[Binding, int]:
    """How many rows of each binding (约束力) there are, whatever binding and part the filter names: for those that are counted apart."""
    rows = _filtered(unit_ids, LedgerFilter(unit_id=filters.unit_id))
    found = dict(rows.order_by().values_list("binding").annotate(count=Count("pk")))
    return {binding: found.get(binding.value, 0) for binding in Binding}


def _filtered(unit_ids: Collection[int], filters: LedgerFilter) -> QuerySet[Obligation]:
    wanted = set(unit_ids) if filters.unit_id is None else set(unit_ids) & {filters.unit_id}
    rows = select_rows(unit_ids=wanted)
    if filters.bindings:
        rows = rows.filter(binding__in=sorted(binding.value for binding in filters.bindings))
    return rows
