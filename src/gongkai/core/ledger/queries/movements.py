"""What moved the clock of an obligation, and how its date changed."""

from collections.abc import Collection, Iterable
from uuid import UUID

from gongkai.core.ledger.kinds import ChangeCause, DateChangeRow, LimitUnit, MovementDraft, MovementKind, MovementRow
from gongkai.core.ledger.models import DateChange, LocalTerms, Movement, Obligation
from gongkai.core.ledger.rules import choose_local
from gongkai.lib.errors import NotFound


def list_movements(obligation: UUID) -> list[MovementRow]:
    """Everything that moved the clock of an obligation (期限变动), oldest first, voided ones too. One query."""
    rows = Movement.objects.filter(obligation__uuid=obligation).select_related("proposed_by", "approved_by").order_by("noted_at", "id")
    return [as_movement(row) for row in rows]


def get_movement(uuid: UUID) -> MovementRow:
    """One movement (期限变动). Raises: NotFound."""
    stored = Movement.objects.filter(uuid=uuid).select_related("proposed_by", "approved_by").first()
    if stored is None:
        raise NotFound("没有这条期限变动，请从事项页里打开。")
    return as_movement(stored)


def list_date_changes(obligation: UUID) -> list[DateChangeRow]:
    """How the date of an obligation changed (期限改动), oldest first. Who was told is not here: those who tell keep it. One query."""
    rows = DateChange.objects.filter(obligation__uuid=obligation).select_related("movement").order_by("at", "id")
    return [
        DateChangeRow(
            id=row.pk,
            at=row.at,
            cause=ChangeCause(row.cause),
            why=row.why,
            from_day=row.from_day,
            to_day=row.to_day,
            from_due_at=row.from_due_at,
            to_due_at=row.to_due_at,
            calendar_version=row.calendar_version,
            movement=row.movement.uuid if row.movement else None,
        )
        for row in rows
    ]


def list_drafts(obligation_ids: Collection[int]) -> dict[int, list[MovementDraft]]:
    """The movements in force of several obligations, as the rules read them, by obligation id. One query."""
    found: dict[int, list[MovementDraft]] = {}
    rows = Movement.objects.filter(obligation_id__in=sorted(obligation_ids), voided_at__isnull=True)
    for row in rows.order_by("obligation_id", "noted_at", "id"):
        found.setdefault(row.obligation_id, []).append(as_draft(row))
    return found


def list_targets(rows: Collection[Obligation]) -> dict[int, str]:
    """The bureau's own limit for each of several obligations (局内期限), by obligation id: the one that was set when it was registered.

    Their terms are read already. One query.
    """
    by_entry = read_local_terms({row.entry for row in rows})
    found: dict[int, str] = {}
    for row in rows:
        chosen = choose_target(by_entry.get(row.entry, []), row)
        if chosen is not None:
            found[row.pk] = chosen
    return found


def find_target(row: Obligation) -> str | None:
    """As `list_targets`, for one that need not be stored yet."""
    return choose_target(LocalTerms.objects.filter(entry=row.entry), row)


def read_local_terms(entries: Collection[str]) -> dict[str, list[LocalTerms]]:
    """All local limits of several entries (局内期限), by entry. One query."""
    by_entry: dict[str, list[LocalTerms]] = {}
    for local in LocalTerms.objects.filter(entry__in=sorted(entries)):
        by_entry.setdefault(local.entry, []).append(local)
    return by_entry


def choose_target(locals_: Iterable[LocalTerms], row: Obligation) -> str | None:
    """The bureau's own limit for one obligation among those of its entry (适用的局内期限), as set when it was registered."""
    at = row.registered_at
    held = [local for local in locals_ if local.set_at <= at and (local.withdrawn_at is None or local.withdrawn_at > at)]
    chosen = choose_local(held, unit_id=row.unit_id, on=row.caused_on, legal_text=row.terms.limit_text)
    return chosen.limit_text if chosen else None


def as_draft(row: Movement) -> MovementDraft:
    """A stored movement as the rules read it."""
    return MovementDraft(
        kind=MovementKind(row.kind),
        first_day=row.first_day,
        last_day=row.last_day,
        latest_day=row.latest_day,
        amount=row.amount or 0,
        unit=LimitUnit(row.unit) if row.unit else None,
        reason=row.reason,
        article=row.article,
        document="；".join(paper for paper in (row.document, row.closing_document) if paper),
    )


def as_movement(row: Movement) -> MovementRow:
    """A stored movement with its people."""
    return MovementRow(
        **as_draft(row).__dict__,
        id=row.pk,
        uuid=row.uuid,
        proposed_by=row.proposed_by.name if row.proposed_by else "",
        approved_by=row.approved_by.name if row.approved_by else "",
        approved_at=row.approved_at,
        noted_at=row.noted_at,
        voided_at=row.voided_at,
        void_reason=row.void_reason,
    )
