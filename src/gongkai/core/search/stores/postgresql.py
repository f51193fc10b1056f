# ruff: noqa: S608 - statements are put together from constants of this app; what came from outside is always a value
"""The index inside PostgreSQL: arrays of character pairs with GIN on `search_entry`, and the canonical text to check what follows what.

The columns of tokens are made by the migration; they stand in the same row and go with it.
The pairs find candidates, `strpos` in the canonical text proves them: the same hits as in SQLite. Totals are counted up to 1,000.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.core.search.kinds import Filters, IndexFaults, Order
from gongkai.core.search.rules import Clause, Match
from gongkai.core.search.stores import entries
from gongkai.core.search.stores.entries import Cursor, Entry
from gongkai.core.search.stores.store import Counted
from gongkai.core.search.tokens import TOKEN_VERSION, canonical, is_han, needle_of, pieces_of
from gongkai.core.search.words import list_short_words

CAP = 1000
MOST_PER_WORD = 5000
LOCK_SPACE = 0x5EA6  # of this app's advisory locks


@dataclass(frozen=True)
class Part:
    """A piece of a statement with its values."""

    sql: str
    values: tuple[Any, ...] = ()


# ------------------------------------------------------------------ writing


def reserve_day(cursor: Cursor, day: date) -> None:
    """Keep others from taking an id of the same day until the transaction ends. Where a full day spills, the row's key decides."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, day.toordinal()])


def add(cursor: Cursor, entry: Entry) -> None:
    """Write a row with its tokens."""
    entries.insert(cursor, entry, _columns_of(entry))


def take_out(cursor: Cursor, entry: Entry) -> None:
    """Take a row out; its tokens go with it."""
    entries.delete(cursor, entry.id)


def make_again(cursor: Cursor) -> int:
    """Make all tokens anew from the stored originals. Returns how many documents there are."""
    count = 0
    for entry in entries.iterate(cursor):
        columns = _columns_of(entry)
        sets = ", ".join(f"{name} = %s" for name in columns)
        cursor.execute(f"UPDATE search_entry SET {sets} WHERE id = %s", [*columns.values(), entry.id])
        entries.set_version(cursor, entry.id, TOKEN_VERSION)
        count += 1
    return count


def compact(cursor: Cursor) -> None:
    """Leave nothing of what was taken out. Nothing to do: rows go whole; whoever purges has the table written anew."""


def find_faults(cursor: Cursor) -> IndexFaults:
    """Where rows and tokens differ. They stand in one row: it can only lack tokens or have old ones."""
    cursor.execute("SELECT count(*) FROM search_entry WHERE canonical = ''")
    return IndexFaults(lost=cursor.fetchone()[0], ghosts=0, outdated=entries.count_outdated(cursor, TOKEN_VERSION))


def _columns_of(entry: Entry) -> dict[str, Any]:
    document = entry.document
    # Line ends keep a question from being found across title, number and body.
    title = f"{canonical(document.title)}\n{canonical(document.document_number)}"
    body = canonical(document.body)
    return {
        "pieces": sorted(pieces_of(f"{title}{body}".split())),
        "title_pieces": sorted(pieces_of(title.split())),
        "title_words": sorted(list_short_words(title)),
        "title_canonical": title,
        "words": sorted(list_short_words(f"{title}\n{body}")),
        "canonical": f"{title}\n{body}",
    }


# ------------------------------------------------------------------ reading


def count(cursor: Cursor, match: Match, filters: Filters) -> Counted:
    """How many documents match, counted up to 1,000."""
    found = _matching(match, filters)
    _prefer_index(cursor)
    cursor.execute(f"SELECT count(*) FROM (SELECT 1 FROM {found.sql} LIMIT {CAP + 1}) AS counted", found.values)
    total = cursor.fetchone()[0]
    return Counted(min(total, CAP), is_capped=total > CAP)


def list_among(cursor: Cursor, match: Match, filters: Filters, ids: Sequence[int]) -> list[int]:
    """Which of these ids match, newest first."""
    found = _matching(match, filters)
    return _ids(cursor, f"SELECT id FROM {found.sql} AND id = ANY(%s) ORDER BY id DESC", [*found.values, list(ids)])


def list_ids(
    cursor: Cursor, match: Match, filters: Filters, *, order: Order, counted: Counted, without: Sequence[int], offset: int, size: int
) -> list[int]:
    """One page of ids. By relevance those with the words in title or number come first, each part by date.

    Few hits are sorted; many are walked through by id, newest first, until the page is full: `id + 0` keeps the planner from the wrong one.
    """
    found = _matching(match, filters)
    from_all = f"SELECT id FROM {found.sql} AND NOT (id = ANY(%s))"
    values = [*found.values, list(without)]
    _prefer_index(cursor)
    if match.least is not None:
        ways = "hit_count DESC, id DESC" if order is Order.RELEVANCE else "id DESC"
        return _ids(cursor, f"{from_all} ORDER BY {ways} LIMIT %s OFFSET %s", [*values, size, offset])
    by_id = "id DESC" if counted.is_capped else "(id + 0) DESC"
    if order is Order.DATE:
        return _ids(cursor, f"{from_all} ORDER BY {by_id} LIMIT %s OFFSET %s", [*values, size, offset])
    title = _title_holds_all(match.clauses)
    if not counted.is_capped:
        ranked = f"{from_all} ORDER BY ({title.sql}) DESC, (id + 0) DESC LIMIT %s OFFSET %s"
        return _ids(cursor, ranked, [*values, *title.values, size, offset])
    named_by = _all_of([_narrowed(filters), title])
    named = f"SELECT id FROM search_entry WHERE {named_by.sql} AND NOT (id = ANY(%s))"
    named_values = [*named_by.values, list(without)]
    first = _ids(cursor, f"{named} ORDER BY (id + 0) DESC LIMIT %s OFFSET %s", [*named_values, size, offset])
    if len(first) == size:
        return first
    cursor.execute(f"SELECT count(*) FROM ({named}) AS named", named_values)
    rest = f"{from_all} AND NOT ({title.sql}) ORDER BY {by_id} LIMIT %s OFFSET %s"
    return first + _ids(cursor, rest, [*values, *title.values, size - len(first), max(0, offset - cursor.fetchone()[0])])


def _prefer_index(cursor: Cursor) -> None:
    """The planner does not count what it costs to unpack wide columns: without this it reads the whole table, 150 times slower."""
    cursor.execute("SET LOCAL enable_seqscan = off")


def _ids(cursor: Cursor, sql: str, values: Sequence[Any]) -> list[int]:
    cursor.execute(sql, values)
    return [row[0] for row in cursor.fetchall()]


def _matching(match: Match, filters: Filters) -> Part:
    """Table and WHERE of all hits. The filters come first: they are cheap, every token column has to be unpacked."""
    narrowed = _narrowed(filters)
    if match.least is None:
        condition = _all_of([narrowed, _hold_all(match.clauses)])
        return Part(f"search_entry WHERE {condition.sql}", condition.values)
    each = [_all_of([narrowed, _hold_all([clause])]) for clause in match.clauses]
    union = " UNION ALL ".join(
        f"(SELECT id FROM search_entry WHERE {part.sql} ORDER BY (id + 0) DESC LIMIT {MOST_PER_WORD})" for part in each
    )
    values = tuple(value for part in each for value in part.values)
    counted = f"SELECT id, count(*) AS hit_count FROM ({union}) AS held GROUP BY id HAVING count(*) >= %s"
    return Part(f"({counted}) AS counted WHERE TRUE", (*values, match.least))


def _all_of(parts: Sequence[Part]) -> Part:
    return Part(" AND ".join(part.sql for part in parts), tuple(value for part in parts for value in part.values))


def _hold_all(clauses: Sequence[Clause]) -> Part:
    """One look at the index for the pieces of all clauses, then what is left is proved."""
    words = [clause.runs[0] for clause in clauses if clause.is_word]
    proved = [Part("words @> %s::text[]", (words,))] if words else []
    if len(words) == len(clauses):
        return proved[0]
    needles = [needle_of(clause.runs) for clause in clauses if not _is_one_piece(clause)]
    return _all_of([_among("pieces", clauses), *proved, *(Part("strpos(canonical, %s) > 0", (needle,)) for needle in needles)])


def _title_holds_all(clauses: Sequence[Clause]) -> Part:
    """The same of title and number alone. Only `title_pieces` is wide, and its index is exact: it is hardly ever read."""
    words = [clause.runs[0] for clause in clauses if clause.is_word]
    needles = [needle_of(clause.runs) for clause in clauses]
    in_order = [Part("strpos(title_canonical, %s) > 0", (needle,)) for needle in needles]
    return _all_of([_among("title_pieces", clauses), *in_order, Part("title_words @> %s::text[]", (words,))])


def _is_one_piece(clause: Clause) -> bool:
    """Whether the index alone proves a clause: one number or word, one or two Chinese characters."""
    return len(clause.runs) == 1 and (len(clause.runs[0]) <= 2 or not is_han(clause.runs[0]))


def _among(column: str, clauses: Sequence[Clause]) -> Part:
    """All pieces of the clauses, without the single characters that are in a pair anyway."""
    pieces = {piece for clause in clauses for piece in pieces_of(clause.runs)}
    pairs = "".join(piece for piece in pieces if len(piece) > 1 and is_han(piece))
    return Part(f"{column} @> %s::text[]", (sorted(piece for piece in pieces if len(piece) > 1 or piece not in pairs),))


def _narrowed(filters: Filters) -> Part:
    """The filters. The day is compared through an expression: an index on it would be chosen, and every row unpacked."""
    given = {
        "section_id = %s": filters.section_id,
        "unit_id = %s": filters.unit_id,
        "extract(year FROM day) = %s": filters.year,
        "kind = %s": filters.kind and filters.kind.value,
        "day >= %s": filters.since and filters.since.isoformat(),
        "day <= %s": filters.until and filters.until.isoformat(),
    }
    used = {condition: value for condition, value in given.items() if value is not None}
    return Part(" AND ".join(used) or "TRUE", tuple(used.values()))
