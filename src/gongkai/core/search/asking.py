"""A question answered from an index: the same way on every database and in memory."""

from dataclasses import dataclass

from gongkai.core.search.kinds import MAX_PAGES, PAGE_SIZE, Answer, Filters, Hit, Order, Relaxation
from gongkai.core.search.marking import make_excerpt, mark
from gongkai.core.search.rules import Match, Question, list_attempts, read_question
from gongkai.core.search.stores import entries
from gongkai.core.search.stores.entries import Cursor, Entry
from gongkai.core.search.stores.store import Counted, Store

ANYWHERE = Filters()


@dataclass(frozen=True)
class Attempt:
    """What was looked for in the end, how many documents it found, and how many without the filters when these leave none."""

    match: Match
    relaxed_to: Relaxation | None
    counted: Counted
    elsewhere: int = 0


def ask(
    store: Store,
    cursor: Cursor,
    *,
    typed: str,
    filters: Filters = ANYWHERE,
    order: Order = Order.RELEVANCE,
    page: int = 1,
    size: int = PAGE_SIZE,
    literal: bool = False,
) -> Answer:
    """The answer to what a reader typed, whatever it is. A page that does not exist is the nearest one that does."""
    question = read_question(typed)
    attempt = _first_that_finds(store, cursor, question, filters, literal=literal)
    if attempt is None:
        return Answer(page_size=size, is_shortened=question.is_shortened)
    last_page = max(1, min(MAX_PAGES, -(-attempt.counted.total // size)))
    page = min(max(page, 1), last_page)
    ids = _page_of(store, cursor, question, attempt, filters, order=order, page=page, size=size)
    words = tuple(clause.shown for clause in attempt.match.clauses if clause.is_word)
    return Answer(
        terms=tuple(clause.shown for clause in question.clauses),
        total=attempt.counted.total,
        is_capped=attempt.counted.is_capped,
        hits=tuple(_hit_of(entry, attempt.match) for entry in entries.list_by_id(cursor, ids)),
        page=page,
        page_size=size,
        relaxed_to=attempt.relaxed_to,
        elsewhere=attempt.elsewhere,
        literal_only=_count_literal_only(store, cursor, question, attempt, filters) if words else 0,
        literal_words=words,
        is_shortened=question.is_shortened,
    )


def _first_that_finds(store: Store, cursor: Cursor, question: Question, filters: Filters, *, literal: bool) -> Attempt | None:
    """The strictest attempt that finds something anywhere; the last one when none does; None when there is nothing to look for.

    Filters that leave nothing do not relax the question: the reader is told how many documents there are without them.
    """
    attempt = None
    for relaxed_to, match in list_attempts(question, literal=literal):
        counted = store.count(cursor, match, filters)
        elsewhere = store.count(cursor, match, ANYWHERE).total if counted.total == 0 and filters != ANYWHERE else 0
        if counted.total or elsewhere:
            return Attempt(match, relaxed_to, counted, elsewhere)
        attempt = attempt or Attempt(match, None, counted)
    return attempt


def _page_of(
    store: Store, cursor: Cursor, question: Question, attempt: Attempt, filters: Filters, *, order: Order, page: int, size: int
) -> list[int]:
    """Ids of one page. A document whose number is just what was typed comes first, in any order."""
    if attempt.counted.total == 0:
        return []
    exact: list[int] = []
    if question.number_key and attempt.relaxed_to is None:
        same_number = entries.list_exact(cursor, question.number_key)
        exact = store.list_among(cursor, attempt.match, filters, same_number) if same_number else []
    offset = (page - 1) * size
    shown = exact[offset : offset + size]
    rest = store.list_ids(
        cursor,
        attempt.match,
        filters,
        order=order,
        counted=attempt.counted,
        without=exact,
        offset=max(0, offset - len(exact)),
        size=size - len(shown),
    )
    return shown + rest


def _count_literal_only(store: Store, cursor: Cursor, question: Question, attempt: Attempt, filters: Filters) -> int:
    """How many more documents hold the letters of the words, but not the words. At least so many where counting stops."""
    return max(0, store.count(cursor, Match(question.clauses), filters).total - attempt.counted.total)


def _hit_of(entry: Entry, match: Match) -> Hit:
    document = entry.document
    return Hit(
        uuid=document.uuid,
        kind=document.kind,
        title=mark(document.title, match.clauses),
        document_number=document.document_number,
        excerpt=make_excerpt(document.body, match.clauses),
        section_id=document.section_id,
        unit_id=document.unit_id,
        day=document.day,
        path=document.path,
    )
