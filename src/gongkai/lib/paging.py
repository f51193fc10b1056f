"""Paging by key: a page begins after the last row of the page before, so that no page costs more than the first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")

FIRST_YEAR, LAST_YEAR = 1900, 2999
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Cursor:
    """Where the page before ended (翻页位置): the instant the list is ordered by, then the row's id."""

    at: datetime
    id: int

    @property
    def text(self) -> str:
        """As it stands in an address."""
        return f"{self.at.isoformat()}~{self.id}"


def read_cursor(text: str) -> Cursor | None:
    """The cursor that stands in an address; None, the first page, when there is none or it cannot be read."""
    instant, _, row = text.partition("~")
    try:
        cursor = Cursor(datetime.fromisoformat(instant), int(row))
    except ValueError:
        return None
    # An address is typed by anybody: an instant near the end of time overflows when it is put into another zone.
    is_usable = cursor.at.tzinfo is not None and FIRST_YEAR <= cursor.at.year <= LAST_YEAR and 0 <= cursor.id <= LARGEST_ID
    return cursor if is_usable else None


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list (一页). `after` is where the next page begins, None when this is the last one."""

    rows: tuple[T, ...]
    after: Cursor | None = None
