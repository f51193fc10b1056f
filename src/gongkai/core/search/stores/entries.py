# ruff: noqa: S608 - statements are put together from constants of this app; what came from outside is always a value
"""The rows of `search_entry`: the same statements on every database, on a cursor with `%s` for values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from gongkai.core.search.kinds import Findable, FindableKind
from gongkai.core.search.rules import IDS_PER_DAY, first_id, number_key

# In the order of `_values_of`.
COLUMNS = "id, uuid, kind, title, document_number, number_key, body, section_id, unit_id, day, path, token_version, is_spilled"
BATCH = 500
MOST_EXACT = 20


class Cursor(Protocol):
    """What is used of a database cursor."""

    def execute(self, sql: str, params: Sequence[Any] = ..., /) -> Any:
        """Run one statement."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> Any:
        """All rows left."""


@dataclass(frozen=True)
class Entry:
    """A document as it is stored (检索条目): with its id and with the version of the rules that made its tokens."""

    id: int
    document: Findable
    token_version: str


def _values_of(entry: Entry) -> list[Any]:
    document = entry.document
    is_spilled = entry.id // IDS_PER_DAY != document.day.toordinal()
    return [
        entry.id,
        document.uuid.hex,
        document.kind.value,
        document.title,
        document.document_number,
        number_key(document.document_number),
        document.body,
        document.section_id,
        document.unit_id,
        document.day.isoformat(),
        document.path,
        entry.token_version,
        is_spilled,
    ]


def _entry_of(row: Sequence[Any]) -> Entry:
    entry_id, uuid, kind, title, number, _, body, section_id, unit_id, day, path, token_version, _ = row
    document = Findable(
        uuid=UUID(str(uuid)),
        kind=FindableKind(kind),
        title=title,
        document_number=number,
        body=body,
        section_id=section_id,
        unit_id=unit_id,
        day=day if isinstance(day, date) else date.fromisoformat(day),
        path=path,
    )
    return Entry(id=entry_id, document=document, token_version=token_version)


def insert(cursor: Cursor, entry: Entry, more: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Write a row. `more`: further columns that only this database has."""
    values = [*_values_of(entry), *more.values()]
    places = ", ".join(["%s"] * len(values))
    cursor.execute(f"INSERT INTO search_entry ({', '.join([COLUMNS, *more])}) VALUES ({places})", values)


def delete(cursor: Cursor, entry_id: int) -> None:
    """Take a row out."""
    cursor.execute("DELETE FROM search_entry WHERE id = %s", [entry_id])


def find(cursor: Cursor, uuid: UUID) -> Entry | None:
    """The row of a document, None when it is not findable."""
    cursor.execute(f"SELECT {COLUMNS} FROM search_entry WHERE uuid = %s", [uuid.hex])
    row = cursor.fetchone()
    return _entry_of(row) if row else None


def list_by_id(cursor: Cursor, ids: Sequence[int]) -> list[Entry]:
    """Rows in the order of `ids`; one that has gone meanwhile is left out."""
    if not ids:
        return []
    cursor.execute(f"SELECT {COLUMNS} FROM search_entry WHERE id IN ({', '.join(['%s'] * len(ids))})", list(ids))
    found = {entry.id: entry for entry in map(_entry_of, cursor.fetchall())}
    return [found[entry_id] for entry_id in ids if entry_id in found]


def iterate(cursor: Cursor) -> Iterator[Entry]:
    """All rows, few at a time in memory. Each may be changed before the next is asked for."""
    last = 0
    while True:
        cursor.execute(f"SELECT {COLUMNS} FROM search_entry WHERE id > %s ORDER BY id LIMIT {BATCH}", [last])
        batch = [_entry_of(row) for row in cursor.fetchall()]
        if not batch:
            return
        yield from batch
        last = batch[-1].id


def set_version(cursor: Cursor, entry_id: int, token_version: str) -> None:
    """Note which rules made the tokens of a row."""
    cursor.execute("UPDATE search_entry SET token_version = %s WHERE id = %s", [token_version, entry_id])


def count_outdated(cursor: Cursor, token_version: str) -> int:
    """How many rows have tokens made by other rules."""
    cursor.execute("SELECT count(*) FROM search_entry WHERE token_version <> %s", [token_version])
    return int(cursor.fetchone()[0])


def list_exact(cursor: Cursor, key: str) -> list[int]:
    """Ids of the documents with just this document number, newest first."""
    cursor.execute(f"SELECT id FROM search_entry WHERE number_key = %s ORDER BY id DESC LIMIT {MOST_EXACT}", [key])
    return [row[0] for row in cursor.fetchall()]


def newest_id(cursor: Cursor) -> int:
    """The largest id there is, 0 in an empty index."""
    cursor.execute("SELECT max(id) FROM search_entry")
    return cursor.fetchone()[0] or 0


def free_id(cursor: Cursor, day: date) -> int:
    """An id that is not taken, of that day. A day that is full (2,048) goes on in the one before, and so on."""
    while True:
        first = first_id(day)
        last = first + IDS_PER_DAY - 1
        cursor.execute("SELECT count(*), max(id) FROM search_entry WHERE id BETWEEN %s AND %s", [first, last])
        count, largest = cursor.fetchone()
        if count == 0:
            return first
        if largest < last:
            return int(largest) + 1
        if count < IDS_PER_DAY:
            return _hole(cursor, first, last)
        day -= timedelta(days=1)


def _hole(cursor: Cursor, first: int, last: int) -> int:
    cursor.execute("SELECT id FROM search_entry WHERE id BETWEEN %s AND %s", [first, last])
    taken = {row[0] for row in cursor.fetchall()}
    return next(entry_id for entry_id in range(first, last + 1) if entry_id not in taken)
