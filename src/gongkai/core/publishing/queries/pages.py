from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from gongkai.lib.paging import Cursor, Page

M = TypeVar("M", bound=Model)
R = TypeVar("R")


def take_page(
    rows: QuerySet[M],
    *,
    by: str,
    after: Cursor | None,
    size: int,
    is_newest_first: bool = True,
    cursor_of: Callable[[M], Cursor],
    row_of: Callable[[M], R],
) -> Page[R]:
    """One page of a list ordered by an instant and the id (一页), read by key: the last page costs what the first does."""
    if after is not None:
        side = "lt" if is_newest_first else "gt"
        # The first condition is what the index is entered with; the second sorts out the rows of that very instant.
        rows = rows.filter(**{f"{by}__{side}e": after.at}).filter(Q(**{f"{by}__{side}": after.at}) | Q(**{f"id__{side}": after.id}))
    sign = "-" if is_newest_first else ""
    found = list(rows.order_by(f"{sign}{by}", f"{sign}id")[: size + 1])
    shown = found[:size]
    return Page(rows=tuple(row_of(row) for row in shown), after=cursor_of(shown[-1]) if len(found) > size else None)
