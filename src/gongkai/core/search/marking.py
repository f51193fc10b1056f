"""Marks what was found in the original words (高亮): 徵地補償 for 征地补偿, 大 营 村 for 大营村."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise, takewhile

from gongkai.core.search.kinds import Fragment
from gongkai.core.search.rules import Clause
from gongkai.core.search.tokens import canonical_with_origins, needle_of

EXCERPT_LENGTH = 140
LEAD = 30
CHUNK = 20_000
OVERLAP = 400
MOST_CHUNKS = 10
MOST_MARKS = 100


@dataclass(frozen=True)
class Span:
    """A place in a text that answers a clause."""

    start: int
    end: int
    clause: int


def mark(text: str, clauses: Sequence[Clause]) -> tuple[Fragment, ...]:
    """The whole text with what was looked for marked. For titles."""
    return tuple(_fragments(text, _spans(text, clauses)))


def make_excerpt(body: str, clauses: Sequence[Clause]) -> tuple[Fragment, ...]:
    """About 140 characters around the place that answers most of the question (摘要), or the beginning when no place does.

    A very long text is looked at only so far (200,000 characters).
    """
    for number in range(MOST_CHUNKS):
        start = number * CHUNK
        chunk = body[start : start + CHUNK + OVERLAP]
        if not chunk:
            break
        spans = _spans(chunk, clauses)
        if spans:
            return _cut_window(chunk, spans)
    return _cut_window(body[: CHUNK + OVERLAP], [])


def _spans(text: str, clauses: Sequence[Clause]) -> list[Span]:
    reduced, origins = canonical_with_origins(text)
    spans = [span for number, clause in enumerate(clauses) for span in _spans_of(reduced, origins, clause, number)]
    return sorted(spans, key=lambda span: (span.start, span.end))


def _spans_of(reduced: str, origins: Sequence[int], clause: Clause, number: int) -> Iterable[Span]:
    needle = needle_of(clause.runs)
    before = len(needle) - len(needle.lstrip())
    after = len(needle) - len(needle.rstrip())
    found = reduced.find(needle)
    for _ in range(MOST_MARKS):
        if found < 0:
            return
        last = found + len(needle) - after - 1
        yield Span(origins[found + before], origins[last] + 1, number)
        found = reduced.find(needle, last + 1 - after)


def _cut_window(text: str, spans: Sequence[Span]) -> tuple[Fragment, ...]:
    start = max(0, _best_start(spans) - LEAD)
    end = min(len(text), start + EXCERPT_LENGTH)
    start = max(0, end - EXCERPT_LENGTH)
    visible = (span for span in spans if span.start < end and span.end > start)
    inside = [Span(max(span.start, start) - start, min(span.end, end) - start, span.clause) for span in visible]
    fragments = list(_fragments(text[start:end], inside))
    if start > 0:
        fragments.insert(0, Fragment("…", is_match=False))
    if end < len(text):
        fragments.append(Fragment("…", is_match=False))
    return tuple(fragments)


def _best_start(spans: Sequence[Span]) -> int:
    """Where the window begins that holds most different clauses; the first of equals."""
    best, best_count = 0, 0
    for number, first in enumerate(spans):
        limit = first.start + EXCERPT_LENGTH - LEAD
        count = len({span.clause for span in takewhile(partial(_starts_before, limit), islice(spans, number, None))})
        if count > best_count:
            best, best_count = first.start, count
    return best


def _starts_before(limit: int, span: Span) -> bool:
    return span.start < limit


def _fragments(text: str, spans: Sequence[Span]) -> Iterable[Fragment]:
    """The text cut at the edges of what is marked; marks that touch or overlap become one."""
    is_marked = [False] * len(text)
    for span in spans:
        is_marked[span.start : span.end] = [True] * (span.end - span.start)
    edges = [0, *(place for place in range(1, len(text)) if is_marked[place] != is_marked[place - 1]), len(text)]
    for start, end in pairwise(edges):
        if start < end:
            yield Fragment(text[start:end], is_match=is_marked[start])
