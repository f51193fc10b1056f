"""What citizens may be told of limits: the receipts of public dates, and limits that they compute themselves."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from gongkai.core.ledger.kinds import (
    Binding,
    LimitUnit,
    MovementDraft,
    MovementKind,
    ObligationState,
    PublicDisplay,
    PublicDuty,
    Receipt,
    TermsRow,
)
from gongkai.core.ledger.models import Movement, Obligation, Terms
from gongkai.core.ledger.queries.clocks import compute_with
from gongkai.core.ledger.queries.rows import as_terms_row
from gongkai.core.ledger.rules import choose_terms, compute_due, may_be_shown, parse_limit, say_limit
from gongkai.core.ledger.rules.cadences import rhythm_of
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible

PLAIN_LABEL = "自己写的期限"
NOT_COMPUTED = frozenset({LimitUnit.NONE, LimitUnit.CADENCE})


def list_public_duties(*, on: date) -> list[PublicDuty]:
    """Duties whose limit a citizen may be told on a day (可对外说明的期限), by entry: one query."""
    versions: dict[str, list[Terms]] = {}
    shown = Terms.objects.filter(is_current=True, is_verified=True, public_display=PublicDisplay.YES.value)
    for stored in shown.exclude(binding=Binding.INTERNAL.value).order_by("entry", "id"):
        versions.setdefault(stored.entry, []).append(stored)
    chosen = [choose_terms(rows, on) for rows in versions.values()]
    held = [as_terms_row(terms) for terms in chosen if terms is not None]
    return [_public_duty(terms) for terms in held if parse_limit(terms.limit_text).unit not in NOT_COMPUTED and not rhythm_of(terms)]


def find_public_terms(*, entry: str, on: date) -> TermsRow | None:
    """The terms of an entry on the day of a cause, where a citizen may be told of them (可对外说明的条款)."""
    stored = choose_terms(Terms.objects.filter(entry=entry, is_current=True), on)
    terms = as_terms_row(stored) if stored else None
    return terms if terms and _is_public(terms) else None


def compute_public(*, entry: str, caused_on: date, caused_at: datetime | None = None, stops: Sequence[MovementDraft] = ()) -> Receipt:
    """When a duty of the list would be due whose cause was on that day (期限计算), for a citizen who asks.

    Raises: ActNotPossible, in words, when nothing may be told of it or its limit cannot be computed.
    """
    terms = find_public_terms(entry=entry, on=caused_on)
    if terms is None:
        raise ActNotPossible("这一项在那一天没有可以对外说明的期限，请换一个日子，或自己写天数。")
    return compute_due(terms, caused_on, workdays.get_calendar(), movements=stops, caused_at=caused_at)


def compute_plain(*, limit_text: str, caused_on: date, caused_at: datetime | None = None, stops: Sequence[MovementDraft] = ()) -> Receipt:
    """When a limit that somebody wrote himself ends (期限计算): the same count as the ledger's, under no article.

    Raises: ActNotPossible, in words, when it cannot be computed.
    """
    return compute_due(_plain_terms(limit_text), caused_on, workdays.get_calendar(), movements=stops, caused_at=caused_at)


def list_public_receipts(*, uuids: Collection[UUID]) -> dict[UUID, Receipt]:
    """The receipts of those obligations whose dates a citizen may see (公开的期限回执), by their uuid; the rest is left out.

    Reasons, papers and people of others are not in them. Two queries, however many are asked for.
    """
    wanted = Obligation.objects.select_related("terms").filter(uuid__in=list(uuids)).exclude(state=ObligationState.CANCELLED.value)
    shown = list(wanted.filter(terms__is_verified=True, terms__public_display=PublicDisplay.YES.value, terms__withdrawn_at=None))
    calendar = workdays.get_calendar()
    moves = _list_bare([stored.pk for stored in shown]) if shown else {}
    found = {}
    for stored in shown:
        movements = moves.get(stored.pk, ())
        try:
            receipt = compute_with(stored, movements, calendar, {})
        except ActNotPossible:
            continue
        # What a citizen sees is the date that stands in the ledger: while a change waits to be confirmed there is none to explain.
        if may_be_shown(receipt) and _agrees(receipt, stored):
            found[stored.uuid] = receipt
    return found


def _list_bare(obligation_ids: Collection[int]) -> dict[int, list[MovementDraft]]:
    """The movements in force of some obligations without what concerns others: nothing else is read."""
    found: dict[int, list[MovementDraft]] = {}
    rows = Movement.objects.filter(obligation_id__in=obligation_ids, voided_at__isnull=True).order_by("first_day", "id")
    for row in rows.defer("reason", "document", "closing_document", "void_reason"):
        draft = MovementDraft(
            kind=MovementKind(row.kind),
            first_day=row.first_day,
            last_day=row.last_day,
            latest_day=row.latest_day,
            amount=row.amount or 0,
            unit=LimitUnit(row.unit) if row.unit else None,
            article=row.article,
        )
        found.setdefault(row.obligation_id, []).append(draft)
    return found


def _agrees(receipt: Receipt, stored: Obligation) -> bool:
    return receipt.is_stopped or receipt.due_at == stored.due_at


def _is_public(terms: TermsRow) -> bool:
    return terms.public_display is PublicDisplay.YES and terms.is_verified and terms.binding is not Binding.INTERNAL


def _public_duty(terms: TermsRow) -> PublicDuty:
    limit = parse_limit(terms.limit_text)
    return PublicDuty(terms.entry, terms.label, say_limit(limit), terms.clock_start, limit.unit is LimitUnit.HOUR)


def _plain_terms(limit_text: str) -> TermsRow:
    return TermsRow(
        entry="",
        label=PLAIN_LABEL,
        limit_text=limit_text,
        basis="",
        source="",
        is_verified=True,
        deadline_id="",
        binding=Binding.LAW,
        public_display=PublicDisplay.YES,
        holder="",
        clock_start="",
    )
