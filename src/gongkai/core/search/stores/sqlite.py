# ruff: noqa: S608 - statements are put together from constants of this app; what came from outside is always a value
"""The index inside SQLite: `search_text` (FTS5 over pairs of characters, no content kept) and `search_words` (two-character words).

Every function takes a cursor with `%s` for values, so that the same statements run on Django's connection and on one in memory.
Only quoted tokens made of letters, figures and Chinese characters ever become part of a MATCH expression.

SQLite before 3.43 takes a row out of such a table by being told its tokens again: they are made from the stored original, by the same
rules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.core.search.kinds import Filters, IndexFaults, Order
from gongkai.core.search.rules import IDS_PER_DAY, Clause, Match, first_id
from gongkai.core.search.stores import entries
from gongkai.core.search.stores.entries import Cursor, Entry
from gongkai.core.search.stores.store import Counted
from gongkai.core.search.tokens import NUMBER_SIGN, TOKEN_VERSION, canonical, phrase_of, runs_of, tokens_of
from gongkai.core.search.words import list_short_words
from gongkai.lib.chinese import normalise

MOST_RANKED = 3000  # ranking more hits by bm25 costs 0.3 s and its order means nothing for such frequent words
MOST_PER_WORD = 20_000
TITLE_COLUMNS = "{title number}"
SCORE = f"bm25(search_text, 10.0, 8.0, 1.0, 0.0) * (1.0 + 0.5 / (1.0 + (%s - rowid) / {IDS_PER_DAY} / 365.0))"


@dataclass(frozen=True)
class Part:
    """A piece of a statement with its values."""

    sql: str
    values: tuple[Any, ...] = ()

    def __add__(self, other: "Part") -> "Part":
        return Part(f"{self.sql} {other.sql}", self.values + other.values)


# ------------------------------------------------------------------ writing


def reserve_day(cursor: Cursor, day: date) -> None:
    """Keep others from taking the same id. Nothing to do: SQLite has one writer at a time."""


def add(cursor: Cursor, entry: Entry) -> None:
    """Write a row and its tokens."""
    entries.insert(cursor, entry)
    _write_tokens(cursor, entry)


def take_out(cursor: Cursor, entry: Entry) -> None:
    """Take a row and its tokens out. Tokens made by other rules than ours cannot be told again: then all are made anew first."""
    if entry.token_version != TOKEN_VERSION:
        make_again(cursor)
    *columns, words = _columns_of(entry)
    cursor.execute(
        "INSERT INTO search_text(search_text, rowid, title, number, body, meta) VALUES ('delete', %s, %s, %s, %s, %s)", [entry.id, *columns]
    )
    cursor.execute("INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', %s, %s)", [entry.id, words])
    entries.delete(cursor, entry.id)


def make_again(cursor: Cursor) -> int:
    """Make all tokens anew from the stored originals. Returns how many documents there are."""
    for table in ("search_text", "search_words"):
        cursor.execute(f"INSERT INTO {table}({table}) VALUES ('delete-all')")
    count = 0
    for entry in entries.iterate(cursor):
        _write_tokens(cursor, entry)
        entries.set_version(cursor, entry.id, TOKEN_VERSION)
        count += 1
    return count


def compact(cursor: Cursor) -> None:
    """Leave nothing of what was taken out: a row that goes is only noted as gone, and its tokens stay until parts are merged."""
    for table in ("search_text", "search_words"):
        cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")


def find_faults(cursor: Cursor) -> IndexFaults:
    """Where rows and tokens differ. The table of words cannot be listed: it is written and emptied together with the other."""
    cursor.execute("SELECT count(*) FROM search_entry WHERE id NOT IN (SELECT rowid FROM search_text)")
    lost = cursor.fetchone()[0]
    cursor.execute("SELECT count(*) FROM search_text WHERE rowid NOT IN (SELECT id FROM search_entry)")
    ghosts = cursor.fetchone()[0]
    return IndexFaults(lost=lost, ghosts=ghosts, outdated=entries.count_outdated(cursor, TOKEN_VERSION))


def _write_tokens(cursor: Cursor, entry: Entry) -> None:
    *columns, words = _columns_of(entry)
    cursor.execute("INSERT INTO search_text(rowid, title, number, body, meta) VALUES (%s, %s, %s, %s, %s)", [entry.id, *columns])
    cursor.execute("INSERT INTO search_words(rowid, words) VALUES (%s, %s)", [entry.id, words])


def _columns_of(entry: Entry) -> list[str]:
    """What the tables are told of a document: title, number, body, meta, words. The order of the words is fixed: it is told again."""
    document = entry.document
    meta = " ".join(
        _meta_tokens(Filters(section_id=document.section_id, unit_id=document.unit_id, year=document.day.year, kind=document.kind))
    )
    texts = (document.title, document.document_number, document.body)
    words = sorted({word for text in texts for word in list_short_words(canonical(text))})
    return [*(" ".join(tokens_of(runs_of(normalise(text)))) for text in texts), meta, f"{' '.join(words)} {meta}"]


def _meta_tokens(filters: Filters) -> list[str]:
    """Filters as tokens. A text never yields such a one: there letters and figures are apart."""
    given = {"s": filters.section_id, "u": filters.unit_id, "y": filters.year, "k0": filters.kind and filters.kind.value.lower()}
    return [f"{letter}{value}" for letter, value in given.items() if value is not None]


# ------------------------------------------------------------------ reading


def count(cursor: Cursor, match: Match, filters: Filters) -> Counted:
    """How many documents match, exactly."""
    found = Part("SELECT count(*)") + _matching(cursor, match, filters)
    cursor.execute(found.sql, found.values)
    return Counted(cursor.fetchone()[0])


def list_among(cursor: Cursor, match: Match, filters: Filters, ids: Sequence[int]) -> list[int]:
    """Which of these ids match, newest first."""
    found = Part("SELECT rowid") + _matching(cursor, match, filters) + _one_of("+rowid IN", ids)
    return _ids(cursor, found, offset=0, size=len(ids))


def list_ids(
    cursor: Cursor, match: Match, filters: Filters, *, order: Order, counted: Counted, without: Sequence[int], offset: int, size: int
) -> list[int]:
    """One page of ids.

    By relevance, up to 3,000 hits are ranked; of more, those with the words in title or number come first, each part by date.
    """
    but = _one_of("+rowid NOT IN", without) if without else Part("")
    if match.least is not None:
        ways = "hit_count DESC, rowid DESC" if order is Order.RELEVANCE else "rowid DESC"
        return _ids(cursor, Part("SELECT rowid") + _matching(cursor, match, filters) + but, order=ways, offset=offset, size=size)
    if order is Order.DATE:
        return _ids(cursor, Part("SELECT rowid") + _matching(cursor, match, filters) + but, offset=offset, size=size)
    text = _text(match.clauses)
    if counted.total <= MOST_RANKED:
        ranked = (
            Part("SELECT rowid") + _in_text(cursor, text, match, filters) + but + Part(f"ORDER BY {SCORE}", (entries.newest_id(cursor),))
        )
        return _ids(cursor, ranked, order=None, offset=offset, size=size)
    named = Part("SELECT rowid") + _in_text(cursor, f"({TITLE_COLUMNS} : {text})", match, filters) + but
    others = Part("SELECT rowid") + _in_text(cursor, f"({text} NOT ({TITLE_COLUMNS} : {text}))", match, filters) + but
    first = _ids(cursor, named, offset=offset, size=size)
    if len(first) == size:
        return first
    cursor.execute(f"SELECT count(*) FROM ({named.sql})", named.values)
    return first + _ids(cursor, others, offset=max(0, offset - cursor.fetchone()[0]), size=size - len(first))


def _ids(cursor: Cursor, found: Part, *, order: str | None = "rowid DESC", offset: int, size: int) -> list[int]:
    ordered = found + Part(f"ORDER BY {order}") if order else found + Part(", rowid DESC")
    page = ordered + Part("LIMIT %s OFFSET %s", (size, offset))
    cursor.execute(page.sql, page.values)
    return [row[0] for row in cursor.fetchall()]


def _matching(cursor: Cursor, match: Match, filters: Filters) -> Part:
    """FROM and WHERE of all hits. The column is `rowid`."""
    if match.least is not None:
        return _holding_most(cursor, match, filters)
    if all(clause.is_word for clause in match.clauses):
        return Part("FROM search_words WHERE search_words MATCH %s", (_words(match, filters),)) + _between(cursor, filters)
    return _in_text(cursor, _text(match.clauses), match, filters)


def _in_text(cursor: Cursor, text: str, match: Match, filters: Filters) -> Part:
    expression = " AND ".join([text, *map(_quoted, _meta_tokens(filters))])
    found = Part("FROM search_text WHERE search_text MATCH %s", (expression,)) + _between(cursor, filters)
    if any(clause.is_word for clause in match.clauses):
        # The plus keeps SQLite from looking up each word's document in the text one by one: 60 times slower.
        found += Part("AND +rowid IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)", (_words(match, filters),))
    return found


def _holding_most(cursor: Cursor, match: Match, filters: Filters) -> Part:
    """Documents that hold at least so many of the clauses. Of a frequent word only the newest 20,000 documents are looked at."""
    each = [
        Part("SELECT rowid")
        + _in_text(cursor, _text([clause]), Match((clause,)), filters)
        + Part(f"ORDER BY rowid DESC LIMIT {MOST_PER_WORD}")
        for clause in match.clauses
    ]
    union = " UNION ALL ".join(f"SELECT rowid FROM ({part.sql})" for part in each)
    values = tuple(value for part in each for value in part.values)
    counted = f"SELECT rowid, count(*) AS hit_count FROM ({union}) GROUP BY rowid HAVING count(*) >= %s"
    return Part(f"FROM ({counted}) WHERE hit_count > 0", (*values, match.least))


def _one_of(comparison: str, ids: Sequence[int]) -> Part:
    return Part(f"AND {comparison} ({', '.join(['%s'] * len(ids))})", tuple(ids))


def _between(cursor: Cursor, filters: Filters) -> Part:
    """The filter by day: a range of ids. Where a full day spilled into this range or out of it, the stored day decides."""
    if filters.since is None and filters.until is None:
        return Part("")
    since, until = filters.since or date.min, filters.until or date.max
    first, last = first_id(since), first_id(until) + IDS_PER_DAY - 1
    days = (since.isoformat(), until.isoformat())
    # The plus keeps SQLite from walking through all ids for the smallest: the index of the few spilled rows is asked.
    touched = "is_spilled AND (day BETWEEN %s AND %s OR id BETWEEN %s AND %s)"
    cursor.execute(f"SELECT min(+id) FROM search_entry WHERE {touched}", [*days, first, last])
    spilled = cursor.fetchone()[0]
    if spilled is None:
        return Part("AND rowid BETWEEN %s AND %s", (first, last))
    own = "AND +rowid IN (SELECT id FROM search_entry WHERE id BETWEEN %s AND %s AND day BETWEEN %s AND %s)"
    return Part(f"AND rowid BETWEEN %s AND %s {own}", (min(first, spilled), last, min(first, spilled), last, *days))


# ------------------------------------------------------------------ MATCH expressions


def _words(match: Match, filters: Filters) -> str:
    words = [clause.runs[0] for clause in match.clauses if clause.is_word]
    return " AND ".join(map(_quoted, [*words, *_meta_tokens(filters)]))


def _text(clauses: Iterable[Clause]) -> str:
    return f"({' AND '.join(map(_phrase, clauses))})"


def _phrase(clause: Clause) -> str:
    """A clause as a phrase of tokens. A single last character is a prefix: it may start any pair."""
    first = clause.runs[0]
    if len(first) > 1 and first.startswith(NUMBER_SIGN):
        # 号文件 stands behind a number, where 号 is a token of its own, or inside a run.
        return f"({_tokens(clause.runs)} OR {_tokens((NUMBER_SIGN, first[1:], *clause.runs[1:]))})"
    return _tokens(clause.runs)


def _tokens(runs: tuple[str, ...]) -> str:
    tokens, is_prefix = phrase_of(runs)
    return _quoted(" ".join(tokens)) + (" *" if is_prefix else "")


def _quoted(tokens: str) -> str:
    return f'"{tokens}"'
