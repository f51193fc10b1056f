"""An index in memory, for trying questions without a server: the product's own store and functions, on SQLite's own connection."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gongkai.core.search import keeping
from gongkai.core.search.asking import ask
from gongkai.core.search.kinds import Findable
from gongkai.core.search.stores import sqlite

# The tables as the migrations make them on SQLite; a test compares the two.
SCHEMA = """
CREATE TABLE search_entry (
    id bigint NOT NULL PRIMARY KEY, uuid char(32) NOT NULL UNIQUE, kind varchar(20) NOT NULL, title text NOT NULL,
    document_number text NOT NULL, number_key text NOT NULL, body text NOT NULL, section_id bigint NOT NULL, unit_id bigint NOT NULL,
    day date NOT NULL, path text NOT NULL, token_version varchar(60) NOT NULL, is_spilled bool NOT NULL
);
CREATE INDEX search_entry_by_number ON search_entry (number_key, id);
CREATE INDEX search_entry_spilled ON search_entry (day, id) WHERE is_spilled;
CREATE VIRTUAL TABLE search_text USING fts5(title, number, body, meta, content='', tokenize='ascii');
CREATE VIRTUAL TABLE search_words USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii');
"""
SOME_DAY = date(2026, 1, 1)


class PlainCursor:
    """SQLite's cursor, called as Django's: `%s` stands for a value."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._cursor = connection.cursor()

    def execute(self, sql: str, params: Sequence[Any] = (), /) -> Any:
        """Run one statement."""
        return self._cursor.execute(sql.replace("%s", "?"), params)

    def fetchone(self) -> Any:
        """The next row, or None."""
        return self._cursor.fetchone()

    def fetchall(self) -> Any:
        """All rows left."""
        return self._cursor.fetchall()


def open_index() -> PlainCursor:
    """An empty index. It is gone with its cursor."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    return PlainCursor(connection)


def index_texts(texts: Iterable[str]) -> PlainCursor:
    """An index of plain texts, each known by its place in the order."""
    cursor = open_index()
    for number, text in enumerate(texts):
        document = Findable(uuid=UUID(int=number), title="", body=text, section_id=1, unit_id=1, day=SOME_DAY, path="")
        keeping.put(sqlite, cursor, document)
    return cursor


def list_found(cursor: PlainCursor, question: str, *, size: int) -> set[int]:
    """Which texts a question finds, on all pages of the answer."""
    answer = ask(sqlite, cursor, typed=question, size=size)
    return {hit.uuid.int for hit in answer.hits}
