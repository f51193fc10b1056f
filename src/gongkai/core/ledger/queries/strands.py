"""A filter of the ledger taken apart into strands: disjoint conditions that each follow an index, so that no page depends on luck.

A list reads a few rows of every strand and merges them; a total adds the strands up. Both use the same conditions.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, Func, Q
from django.db.models.lookups import In, LessThanOrEqual

from gongkai.core.ledger.kinds import ENFORCEABLE, Apart, Binding, LedgerFilter, LedgerPart, Tally
from gongkai.core.ledger.queries.rows import IS_OPEN
from gongkai.lib.moments import day_of, end_of, start_of

Condition = Callable[[datetime], Q]

# Written into the statement, as IS_OPEN is: the index of what was closed late is a partial one.
IS_DONE_LATE = Q(tally=Func(template=f"'{Tally.DONE_LATE.value}'", output_field=CharField()))
IS_CANCELLED = Q(tally=Tally.CANCELLED.value)
OPEN_TALLIES = frozenset({Tally.OPEN, Tally.OPEN_MILD, Tally.STOPPED, Tally.PROVISIONAL})
LONG_SPAN = 92
# Parts with so few rows that they are read whole rather than a unit's rows of ten years.
SEEN_WHOLE = frozenset({LedgerPart.DONE_LATE, LedgerPart.STOPPED, LedgerPart.PROVISIONAL, LedgerPart.PAST, LedgerPart.CANCELLED})
DUE_DECIDES = frozenset({Tally.OPEN, Tally.OPEN_MILD})


class Aside(Func):
    """A column that SQLite shall read without its index: it has no statistics, and would sort a million rows to use the wrong one."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """The column behind a plus sign, which is SQLite's way to say so."""
        return super().as_sql(compiler, connection, template="+%(expressions)s", **extra)


# The same answers as rules.part_of: of a tally, and of the moment where the row alone does not tell. The tests hold the two together.
PARTS: dict[LedgerPart, tuple[tuple[Tally, Condition], ...]] = {
    LedgerPart.DONE_IN_TIME: ((Tally.DONE_IN_TIME, lambda _now: Q()),),
    LedgerPart.DONE_LATE: ((Tally.DONE_LATE, lambda _now: Q()),),
    LedgerPart.NOT_DUE: ((Tally.OPEN, lambda now: Q(due_at__gt=now)), (Tally.OPEN_MILD, lambda now: Q(due_at__gt=now))),
    LedgerPart.OVERDUE: ((Tally.OPEN, lambda now: Q(due_at__lte=now)),),
    LedgerPart.PAST: ((Tally.OPEN_MILD, lambda now: Q(due_at__lte=now)), (Tally.DONE_PAST, lambda _now: Q())),
    LedgerPart.STOPPED: ((Tally.STOPPED, lambda _now: Q()),),
    LedgerPart.PROVISIONAL: ((Tally.PROVISIONAL, lambda _now: Q()),),
    LedgerPart.CANCELLED: ((Tally.CANCELLED, lambda _now: Q()),),
}
PART_OF = {Tally.OPEN: LedgerPart.OVERDUE, Tally.OPEN_MILD: LedgerPart.PAST, Tally.DONE_PAST: LedgerPart.PAST}


def part_of_tally(tally: Tally, *, is_due: bool) -> LedgerPart:
    """The part in which a counted row stands (台账分类), from its tally and whether its moment has come."""
    if tally in DUE_DECIDES and not is_due:
        return LedgerPart.NOT_DUE
    return PART_OF.get(tally) or LedgerPart(tally.value)


def list_strands(filters: LedgerFilter, now: datetime, *, is_small: bool = False) -> list[Q]:
    """The disjoint conditions that make up a filter (各支), all but unit, entries and chosen rows. `is_small`: few rows match."""
    if filters.chosen is not None:
        return [Q()]
    if filters.apart:
        kinds = [apart for apart in Apart if apart in filters.apart]
        return [strand for apart in kinds for strand in _list_apart(apart, filters, now, is_small=is_small)]
    if filters.part is LedgerPart.CANCELLED:
        return _list_apart(Apart.CANCELLED, filters, now)
    if filters.part is not None:
        return _list_part(filters.part, filters, now)
    bound = is_bound(filters.bindings, is_small=is_small and is_long(filters))
    bound &= ~Q(tally=Tally.STOPPED.value) if filters.is_dated else Q()
    return [span & bound & ~IS_CANCELLED for span in list_spans(filters)]


def list_spans(filters: LedgerFilter) -> list[Q]:
    """The days a filter asks for (应办日), whatever binding and part: what is due in them, and what was carried into them."""
    return [_due_between(filters), *_list_carried(filters)]


def next_years(filters: LedgerFilter, now: datetime) -> Q | None:
    """What is open and due after this year and after the days asked for (跨年); None where the days asked for have no end."""
    if filters.last is None or filters.chosen is not None:
        return None
    edge = max(end_of(date(day_of(now).year, 12, 31)), end_of(filters.last))
    return IS_OPEN & Q(due_at__gt=edge) & is_bound(filters.bindings or ENFORCEABLE)


def bindings_apart(filters: LedgerFilter) -> list[Binding]:
    """The bindings that are counted apart (另计): those that cannot become overdue, where the reader asked for those that can."""
    return [binding for binding in Binding if binding not in ENFORCEABLE] if filters.bindings == ENFORCEABLE else []


def bindings_of_cancelled(filters: LedgerFilter) -> frozenset[Binding]:
    """Whose cancelled rows are counted apart: of the bindings asked for, and of those counted apart beside them."""
    return frozenset(filters.bindings) | frozenset(bindings_apart(filters)) or frozenset(Binding)


def narrow(filters: LedgerFilter, unit_ids: Collection[int] | None, *, is_small: bool) -> Q:
    """Units, entries, posts and chosen rows of a filter as one condition. `unit_ids` None: all units. `is_small`: few rows match."""
    condition = Q()
    units = None if unit_ids is None else set(unit_ids)
    if filters.unit_id is not None:
        units = {filters.unit_id} if units is None else units & {filters.unit_id}
    if units is not None:
        is_leading = len(units) == 1 and filters.part not in SEEN_WHOLE
        condition &= _is_among("unit_id", sorted(units), is_small=is_leading or (is_small and filters.part is None))
    if filters.entries is not None:
        condition &= _is_among("entry", sorted(filters.entries), is_small=is_small)
    if filters.chosen is not None:
        condition &= Q(uuid__in=sorted(filters.chosen))
    if filters.post_ids:
        condition &= Q(post_id__in=sorted(filters.post_ids))
    if filters.is_late_registered:
        condition &= Q(registered_at__date__gt=F("caused_on"))
    return condition


def _list_part(part: LedgerPart, filters: LedgerFilter, now: datetime) -> list[Q]:
    bound = Q() if filters.bindings == ENFORCEABLE and part in {LedgerPart.OVERDUE, LedgerPart.DONE_LATE} else is_bound(filters.bindings)
    strands = []
    for tally, condition in PARTS[part]:
        spans = [_due_between(filters)]
        if tally in OPEN_TALLIES or tally is Tally.DONE_LATE:
            spans += _list_carried(filters, tally)
        kept = Q(tally=tally.value) & condition(now) & bound
        if tally in DUE_DECIDES:
            kept &= IS_OPEN  # so that a unit's open rows are found by their own index
        strands += [span & kept for span in spans]
    return strands


def _list_apart(apart: Apart, filters: LedgerFilter, now: datetime, *, is_small: bool = False) -> list[Q]:
    if apart is Apart.CANCELLED:
        return [_due_between(filters) & IS_CANCELLED & is_bound(bindings_of_cancelled(filters))]
    if apart is Apart.NEXT_YEARS:
        later = next_years(filters, now)
        return [] if later is None else [later]
    binding = Binding(apart.value)
    bound = is_bound([binding], is_small=is_small and is_long(filters)) & ~IS_CANCELLED
    return [span & bound for span in list_spans(filters)] if binding in bindings_apart(filters) else []


def _list_carried(filters: LedgerFilter, tally: Tally | None = None) -> list[Q]:
    """What was due before the days asked for and open when they began. What is cleared in a month stays in that month's whole."""
    if not filters.is_carrying or filters.first is None or filters.chosen is not None:
        return []
    begun = start_of(filters.first)
    still_open = IS_OPEN & Q(due_at__lte=begun)
    closed_late = IS_DONE_LATE & Q(LessThanOrEqual(Aside(F("due_at")), begun), fulfilled_at__gte=begun)
    if tally is None:
        return [still_open, closed_late]
    return [closed_late] if tally is Tally.DONE_LATE else [still_open]


def _due_between(filters: LedgerFilter) -> Q:
    """`due_at` is the moment after the last day: it lies after that day's beginning, and at its end at the latest."""
    condition = Q()
    if filters.first is not None and filters.chosen is None:
        condition &= Q(due_at__gt=start_of(filters.first))
    if filters.last is not None and filters.chosen is None:
        condition &= Q(due_at__lte=end_of(filters.last))
    return condition


def is_bound(bindings: Collection[Binding], *, is_small: bool = False) -> Q:
    """The rows of these bindings (约束力); none of them is all of them. Their index is used only for one binding with few rows."""
    values = sorted(binding.value for binding in bindings)
    return _is_among("binding", values, is_small=is_small and len(values) == 1) if 0 < len(values) < len(Binding) else Q()


def is_long(filters: LedgerFilter) -> bool:
    """Whether more days are asked for than are quickly read through: then an entry's or a unit's own index is the shorter way."""
    return filters.first is None or filters.last is None or (filters.last - filters.first).days > LONG_SPAN


def _is_among(column: str, values: Sequence[int] | Sequence[str], *, is_small: bool) -> Q:
    """Few rows are gathered by the column's index and sorted; many are read in the order of their days, and the column only looked at."""
    if is_small:
        return Q(**{f"{column}__in": values})
    return Q(In(Aside(F(column)), values))
