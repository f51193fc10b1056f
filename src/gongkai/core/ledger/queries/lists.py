"""The ledger as a list: pages by key, in the order in which things are due."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Q

from gongkai.core.ledger.kinds import LedgerFilter, ObligationRow
from gongkai.core.ledger.models import Obligation
from gongkai.core.ledger.queries.rows import as_row, select_rows
from gongkai.core.ledger.queries.strands import list_strands, narrow
from gongkai.lib.paging import Cursor, Page

PAGE_SIZE = 50
EXPORT_SIZE = 1000

# So few rows are found by any index and sorted; more are read in the order of their days, of which a page needs only the first.
FEW = 1000


def list_page(
    *,
    unit_ids: Collection[int] | None,
    filters: LedgerFilter,
    after: Cursor | None,
    now: datetime,
    size: int = PAGE_SIZE,
    expected: int | None = None,
) -> Page[ObligationRow]:
    """One page of the ledger (应公开事项台账), soonest due first. `after` is the cursor of the page before; None is the first page.

    `unit_ids` None: of all units. `expected`: how many rows there are in all, where that was counted: it decides how they are looked for,
    never what is found. The part of a row is that of `now`: a row that becomes overdue between two pages is on one of them, never on both.
    A stopped row stands where its date was when it was stopped. One query for each strand of the filter, five at most for a part.
    """
    is_small = expected is not None and expected <= FEW
    kept = narrow(filters, unit_ids, is_small=is_small)
    if after is not None:
        # One bound that the index can start at, then the rest of the rows of that moment.
        kept &= Q(due_at__gte=after.at) & ~Q(due_at=after.at, id__lte=after.id)
    found: list[Obligation] = []
    for strand in list_strands(filters, now, is_small=is_small):
        rows = select_rows().filter(strand & kept)
        found += rows.order_by("due_at", "id")[: size + 1]
    found.sort(key=lambda stored: (stored.due_at, stored.pk))
    more = Cursor(found[size - 1].due_at, found[size - 1].pk) if len(found) > size else None
    return Page(tuple(as_row(stored, now=now) for stored in found[:size]), more)


def export_rows(
    *, unit_ids: Collection[int] | None, filters: LedgerFilter, now: datetime, expected: int | None = None, size: int = EXPORT_SIZE
) -> Iterator[tuple[ObligationRow, ...]]:
    """All rows of a filter in the order of the list (导出), a batch at a time, so that a million need no more memory than a thousand."""
    after: Cursor | None = None
    while True:
        page = list_page(unit_ids=unit_ids, filters=filters, after=after, now=now, size=size, expected=expected)
        if page.rows:
            yield page.rows
        if page.after is None:
            return
        after = page.after
