"""Which open cases a change of the law's limits touches, and how their dates would move. Nothing is changed here."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db.models import Q

from gongkai.core.ledger.kinds import Receipt, TermsDraft, TermsMove, TermsPreview
from gongkai.core.ledger.models import Obligation, Terms
from gongkai.core.ledger.queries.clocks import compute_with
from gongkai.core.ledger.queries.movements import list_drafts, list_targets
from gongkai.core.ledger.queries.rows import IS_OPEN, as_row
from gongkai.core.ledger.rules import choose_terms
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import Refusal
from gongkai.lib.workcalendar import WorkCalendar

CHUNK = 500


@dataclass(frozen=True)
class Case:
    """An open case that other terms hold for than those it was opened under. `receipt` None: it cannot be computed, `refusal` says why."""

    stored: Obligation
    terms: Terms
    receipt: Receipt | None
    refusal: str = ""

    @property
    def moves(self) -> bool:
        """Whether its date would be another."""
        return self.receipt is not None and (self.receipt.due_at, self.receipt.is_stopped) != (
            self.stored.due_at,
            self.stored.stopped_since is not None,
        )


def find_cases(
    *,
    entry: str,
    versions: Sequence[Terms],
    first: date | None,
    last: date | None,
    of_terms: Terms | None = None,
    is_locked: bool = False,
) -> Iterator[Case]:
    """The open cases of an entry, caused in a stretch of days, for which other terms hold than those they have (受影响的在办事项).

    `versions` are the terms as they would be; one of them may not be stored yet. `of_terms`: only cases that were opened under these.
    In the one order in which everybody holds rows (`actions/locks`), after the calendar.
    """
    rows = Obligation.objects.filter(IS_OPEN, entry=entry).select_related("terms", "unit").order_by("uuid")
    if first is not None:
        rows = rows.filter(caused_on__gte=first)
    if last is not None:
        rows = rows.filter(caused_on__lte=last)
    if of_terms is not None:
        rows = rows.filter(terms=of_terms)
    if is_locked:
        rows = rows.select_for_update(of=("self",))
    stored_rows = rows.iterator(chunk_size=CHUNK)
    calendar = workdays.hold_calendar() if is_locked else workdays.get_calendar()
    while some := list(islice(stored_rows, CHUNK)):
        yield from _compute_some([(row, terms) for row in some if (terms := _choose_other(row, versions)) is not None], calendar)


def _choose_other(row: Obligation, versions: Sequence[Terms]) -> Terms | None:
    """The terms that hold for a case, where it has others."""
    terms = choose_terms(versions, row.caused_on)
    return None if terms is None or terms.pk == row.terms_id else terms


def _compute_some(some: Sequence[tuple[Obligation, Terms]], calendar: WorkCalendar) -> list[Case]:
    rows, earlier = [row for row, _terms in some], {row.pk: row.terms for row, _terms in some}
    drafts = list_drafts(list(earlier))
    for row, terms in some:
        row.terms = terms
    targets = list_targets(rows)
    cases = []
    for row, terms in some:
        try:
            cases.append(Case(row, terms, compute_with(row, drafts.get(row.pk, ()), calendar, targets)))
        except Refusal as refusal:
            cases.append(Case(row, terms, None, str(refusal)))
        row.terms = earlier[row.pk]
    return cases


def build_preview(draft: TermsDraft, cases: Iterable[Case], now: datetime) -> TermsPreview:
    """What a change would move (条款改动预览), and a digest of exactly that."""
    moves, unmoved, digest = [], 0, hashlib.sha256(repr(draft).encode())
    for case in cases:
        to_day = case.receipt.last_day if case.receipt and not case.receipt.is_stopped else None
        digest.update(f"{case.stored.uuid}{case.stored.due_at.isoformat()}{to_day}{case.refusal}".encode())
        if not case.moves and not case.refusal:
            unmoved += 1
            continue
        row = as_row(case.stored, now=now)
        moves.append(TermsMove(obligation=row, from_day=row.last_day, to_day=to_day, refusal=case.refusal))
    return TermsPreview(draft=draft, moves=tuple(moves), unmoved=unmoved, digest=digest.hexdigest())


def list_current(entry: str) -> list[Terms]:
    """The versions of a limit that are in use."""
    return list(Terms.objects.filter(Q(is_current=True), entry=entry).order_by("id"))
