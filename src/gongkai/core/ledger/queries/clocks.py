"""The receipt of an obligation that is stored: its terms, its movements and its target, under today's calendar."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gongkai.core.ledger.kinds import MovementDraft, MovementKind, ObligationState, Receipt, TermsRow
from gongkai.core.ledger.models import Obligation
from gongkai.core.ledger.queries.movements import list_date_changes, list_drafts, list_targets
from gongkai.core.ledger.queries.rows import as_terms_row
from gongkai.core.ledger.rules import compute_due
from gongkai.core.ledger.rules.movements import check_draft
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import day_of
from gongkai.lib.workcalendar import WorkCalendar


def compute_of(stored: Obligation, calendar: WorkCalendar) -> Receipt:
    """The receipt of one stored obligation (期限计算). Raises: ActNotPossible, in words, when its terms give no date."""
    return compute_many([stored], calendar)[stored.pk]


def compute_many(rows: Collection[Obligation], calendar: WorkCalendar) -> dict[int, Receipt]:
    """As `compute_of`, for many whose terms are read already, by obligation id: two queries."""
    drafts = list_drafts([row.pk for row in rows])
    targets = list_targets(rows)
    return {row.pk: compute_with(row, drafts.get(row.pk, ()), calendar, targets) for row in rows}


def compute_with(row: Obligation, movements: Sequence[MovementDraft], calendar: WorkCalendar, targets: Mapping[int, str]) -> Receipt:
    """The receipt of an obligation with other movements than those that are noted."""
    terms, target = as_terms_row(row.terms), targets.get(row.pk)
    receipt = compute_due(terms, row.caused_on, calendar, movements, caused_at=row.caused_at, target=target)
    if row.state == ObligationState.OPEN.value:
        return receipt
    # What is closed stands still no more, even where nobody noted the end.
    return replace(receipt, stopped_since=None, resumes_by=None)


def get_terms_of(uuid: UUID) -> TermsRow:
    """The terms under which an obligation stands (适用条款). Raises: NotFound."""
    stored = Obligation.objects.select_related("terms").filter(uuid=uuid).first()
    if stored is None:
        raise NotFound("台账里没有这件事项，请从台账列表里打开。")
    return as_terms_row(stored.terms)


def get_receipt(*, uuid: UUID, now: datetime) -> Receipt:
    """Why the limit of an obligation ends when it does (期限回执), under the terms it was opened with and today's calendar.

    `now` is the reader's moment; the receipt itself does not depend on it. Raises: NotFound.
    """
    del now
    stored = Obligation.objects.select_related("terms").filter(uuid=uuid).first()
    if stored is None:
        raise NotFound("台账里没有这件事项，请从台账列表里打开。")
    return replace(compute_of(stored, workdays.get_calendar()), history=tuple(list_date_changes(uuid)))


def preview_movement(*, obligation: UUID, movement: MovementDraft, now: datetime) -> tuple[Receipt, Receipt]:
    """How a movement would move the date of an obligation (变动预览), before it is noted: the receipt as it is and as it would be.

    A draft of a stop or a fee that has an end, while one runs, is its end. Refuses what the act would refuse.

    Raises: NotFound; ActNotPossible; BadInput; SomebodyWasFaster, in words.
    """
    stored = Obligation.objects.select_related("terms").filter(uuid=obligation).first()
    if stored is None:
        raise NotFound("台账里没有这件事项，请从台账列表里打开。")
    drafts, targets, calendar = list_drafts([stored.pk]).get(stored.pk, []), list_targets([stored]), workdays.get_calendar()
    before = compute_with(stored, drafts, calendar, targets)
    check_draft(as_terms_row(stored.terms), stored.caused_on, before, drafts, movement, day_of(now))
    return before, compute_with(stored, join(drafts, movement), calendar, targets)


def join(drafts: Sequence[MovementDraft], movement: MovementDraft) -> list[MovementDraft]:
    """The movements with one more; where it is the end of the one that runs, that one ends."""
    is_end = movement.kind in {MovementKind.STOP, MovementKind.FEE} and movement.last_day is not None
    running = next((one for one in drafts if is_end and one.is_running and one.kind is movement.kind), None)
    if running is None:
        return [*drafts, movement]
    return [replace(one, last_day=movement.last_day) if one is running else one for one in drafts]
