"""What a store can do. The two modules beside this one are stores; so will be a third for a common search of many bureaus."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from gongkai.core.search.kinds import Filters, IndexFaults, Order
from gongkai.core.search.rules import Match
from gongkai.core.search.stores.entries import Cursor, Entry


@dataclass(frozen=True)
class Counted:
    """How many documents match. `is_capped`: more than `total`, not counted further."""

    total: int
    is_capped: bool = False


class Store(Protocol):
    """The functions of a store, see the module `sqlite` for what each does."""

    def reserve_day(self, cursor: Cursor, day: date) -> None:
        """Keep others from taking the same id."""

    def add(self, cursor: Cursor, entry: Entry) -> None:
        """Write a row and its tokens."""

    def take_out(self, cursor: Cursor, entry: Entry) -> None:
        """Take a row and its tokens out."""

    def make_again(self, cursor: Cursor) -> int:
        """Make all tokens anew from the stored originals."""

    def compact(self, cursor: Cursor) -> None:
        """Leave nothing of what was taken out."""

    def find_faults(self, cursor: Cursor) -> IndexFaults:
        """Where rows and tokens differ."""

    def count(self, cursor: Cursor, match: Match, filters: Filters) -> Counted:
        """How many documents match."""

    def list_among(self, cursor: Cursor, match: Match, filters: Filters, ids: Sequence[int]) -> list[int]:
        """Which of these ids match."""

    def list_ids(
        self,
        cursor: Cursor,
        match: Match,
        filters: Filters,
        *,
        order: Order,
        counted: Counted,
        without: Sequence[int],
        offset: int,
        size: int,
    ) -> list[int]:
        """One page of ids, none of `without` among them."""
