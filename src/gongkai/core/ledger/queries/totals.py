"""How many rows the ledger holds: counted from the same strands that list them."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from gongkai.core.ledger.kinds import Apart, Binding, DayCount, EntryCount, LedgerFilter, LedgerPart, Tally, Totals
from gongkai.core.ledger.models import Obligation
from gongkai.core.ledger.queries.strands import (
    Aside,
    bindings_apart,
    bindings_of_cancelled,
    is_bound,
    is_long,
    list_spans,
    narrow,
    next_years,
    part_of_tally,
)
from gongkai.lib.moments import day_of

# More rows than this are counted once a minute, not for each page; and so is all of a long time in a ledger of so many rows, where few may
# be found but many were looked through: docs/decisions/0004.
MANY = 20_000
LARGE = 50_000
KEPT_FOR = timedelta(minutes=1)
KEPT_AT_MOST = 64
A_MOMENT = timedelta(microseconds=1)
IN_SPAN, LATER = "SPAN", "LATER"

Kept = TypeVar("Kept")
_kept: dict[Hashable, tuple[datetime, Any]] = {}
_lock = Lock()


def count_totals(*, unit_ids: Collection[int] | None, now: datetime, filters: LedgerFilter | None = None) -> Totals:
    """How many rows the ledger holds for a filter (台账合计), whole, by part and apart: one query. Its part and its own apart are left out.

    `unit_ids` None: of all units. Up to 20,000 rows are counted as they are at this moment; more are counted once a minute.
    """
    wanted = replace(filters or LedgerFilter(), part=None, apart=frozenset())

    def count() -> tuple[Totals, int]:
        totals = _count(unit_ids, wanted, now)
        return totals, totals.whole + sum(totals.apart.values())

    totals, is_kept = _keep("totals", unit_ids, wanted, now, count)
    return replace(totals, is_kept=is_kept)


def count_by_entry(*, unit_ids: Collection[int] | None, filters: LedgerFilter, now: datetime) -> dict[str, EntryCount]:
    """How each entry stands in the ledger (按目录), by code: one query. Entries without a row are left out. Kept as the totals are."""
    wanted = replace(filters, part=None, apart=frozenset())

    def count() -> tuple[dict[str, EntryCount], int]:
        entries: dict[str, Counter[LedgerPart]] = {}
        for entry, tally, is_due, rows in _group(_select(unit_ids, wanted), now, "entry", "tally", is_whole=is_long(wanted)):
            entries.setdefault(entry, Counter())[part_of_tally(Tally(tally), is_due=is_due)] += rows
        return {entry: EntryCount(entry, parts) for entry, parts in entries.items()}, sum(parts.total() for parts in entries.values())

    return _keep("entries", unit_ids, wanted, now, count)[0]


def count_by_day(*, unit_ids: Collection[int] | None, filters: LedgerFilter, now: datetime) -> list[DayCount]:
    """How many duties end on each day of a filter (日历), by part: one query. Days without one are left out; stopped ones are on no day."""
    days: dict[date, Counter[LedgerPart]] = {}
    rows = [rows.exclude(tally=Tally.STOPPED.value) for rows in _select(unit_ids, replace(filters, is_carrying=False))]
    for due_at, tally, is_due, count in _group(rows, now, "due_at", "tally"):
        days.setdefault(day_of(due_at - A_MOMENT), Counter())[part_of_tally(Tally(tally), is_due=is_due)] += count
    return [DayCount(day, parts) for day, parts in sorted(days.items(), key=lambda found: found[0])]


def _count(unit_ids: Collection[int] | None, filters: LedgerFilter, now: datetime) -> Totals:
    kept = narrow(filters, unit_ids, is_small=is_long(filters))
    rows: list[QuerySet[Obligation]] = [
        Obligation.objects.filter(span & kept).annotate(scope=Value(IN_SPAN)) for span in list_spans(filters)
    ]
    later = next_years(filters, now)
    if later is not None:
        rows.append(Obligation.objects.filter(later & kept).annotate(scope=Value(LATER)))
    parts: Counter[LedgerPart] = Counter()
    apart: Counter[Apart] = Counter()
    whole = 0
    for scope, binding, tally, is_due, count in _group(rows, now, "scope", "binding", "tally", is_whole=is_long(filters)):
        if scope == LATER:
            apart[Apart.NEXT_YEARS] += count
        elif tally == Tally.CANCELLED.value:
            apart[Apart.CANCELLED] += count if Binding(binding) in bindings_of_cancelled(filters) else 0
        elif not filters.bindings or Binding(binding) in filters.bindings:
            whole += count
            parts[part_of_tally(Tally(tally), is_due=is_due)] += count
        elif Binding(binding) in bindings_apart(filters):
            apart[Apart(binding)] += count
    summed: dict[LedgerPart, int] = {part: parts[part] for part in LedgerPart if part is not LedgerPart.CANCELLED}
    return Totals(whole=whole, parts=summed, apart={one: apart[one] for one in Apart if apart[one]})


def _select(unit_ids: Collection[int] | None, filters: LedgerFilter) -> list[QuerySet[Obligation]]:
    """The rows that are summed, strand by strand."""
    kept = narrow(filters, unit_ids, is_small=is_long(filters)) & ~Q(tally=Tally.CANCELLED.value)
    if filters.bindings:
        kept &= is_bound(filters.bindings)
    return [Obligation.objects.filter(span & kept) for span in list_spans(filters)]


def _group(rows: Sequence[QuerySet[Any]], now: datetime, *columns: str, is_whole: bool = False) -> list[tuple[Any, ...]]:
    """How many rows of each of these values there are, and whether their moment has come: one query for all strands."""
    is_due = Case(When(due_at__lte=now, then=Value(1)), default=Value(0))
    # SQLite would walk the whole table to have the groups in order, rather than the few days asked for. `is_whole`: all are asked for.
    groups = {f"by_{column}": F(column) if is_whole else Aside(F(column)) for column in columns}
    grouped = [some.order_by().annotate(**groups, is_due=is_due).values_list(*groups, "is_due") for some in rows]
    first, *rest = (some.annotate(count=Count("pk")) for some in grouped)
    found = first.union(*rest, all=True) if rest else first
    return [(*values, bool(due), count) for *values, due, count in cast("list[tuple[Any, ...]]", list(found))]


def _keep(
    kind: str, unit_ids: Collection[int] | None, filters: LedgerFilter, now: datetime, count: Callable[[], tuple[Kept, int]]
) -> tuple[Kept, bool]:
    """What was counted less than a minute ago, if there were many rows; else counted now. The second value says which."""
    key = (connection.settings_dict["NAME"], kind, None if unit_ids is None else frozenset(unit_ids), filters)
    with _lock:
        kept_at, kept = _kept.get(key, (now, None))
    if kept is not None and timedelta() <= now - kept_at < KEPT_FOR:
        return cast("Kept", kept), True
    counted, rows = count()
    is_many = rows > MANY or (is_long(filters) and _is_large())
    with _lock:
        _kept.pop(key, None)
        if is_many:
            _kept[key] = (now, counted)
            for oldest in list(_kept)[:-KEPT_AT_MOST]:
                del _kept[oldest]
    return counted, False


def _is_large() -> bool:
    """Whether the ledger holds so many rows that looking through all of them takes long. No id tells: they are not given one by one."""
    return Obligation.objects.order_by("pk").values("pk")[LARGE : LARGE + 1].exists()
