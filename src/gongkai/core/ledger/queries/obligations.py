from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gongkai.core.ledger.kinds import EventKind as Kind
from gongkai.core.ledger.kinds import Evidence, HistoryRow, ObligationRow
from gongkai.core.ledger.models import Event, EvidenceItem
from gongkai.core.ledger.queries.rows import IS_OPEN, as_row, note_overdue, select_rows
from gongkai.lib.errors import NotFound


def get_obligation(uuid: UUID, *, now: datetime | None = None) -> ObligationRow:
    """The obligation of that uuid (应公开事项). `now` None: `overdue_since` tells what the sweep has noted.

    Raises: NotFound.
    """
    stored = note_overdue(select_rows()).filter(uuid=uuid).first()
    if stored is None:
        raise NotFound("台账里没有这件事项，请从台账列表里打开。")
    return as_row(stored, now=now)


def list_obligations(*, subject: UUID, now: datetime | None = None) -> list[ObligationRow]:
    """Everything that is or was owed for one thing (标的的事项), oldest first."""
    rows = note_overdue(select_rows()).filter(subject=subject).order_by("id")
    return [as_row(stored, now=now) for stored in rows]


def list_owed(
    *, unit_ids: Collection[int], now: datetime, post_ids: Collection[int] | None = None, limit: int = 200
) -> list[ObligationRow]:
    """What is owed (待办事项): open rows of these units, soonest first, at most `limit`.

    `post_ids`: only rows of these posts, and rows of the units that belong to no post. None: all rows of the units.
    """
    rows = select_rows(unit_ids=unit_ids).filter(IS_OPEN)
    if post_ids is not None:
        rows = rows.filter(Q(post_id__in=sorted(post_ids)) | Q(post__isnull=True))
    return [as_row(stored, now=now) for stored in rows.order_by("due_at", "id")[:limit]]


def list_open(*, subjects: Collection[UUID], now: datetime) -> dict[UUID, ObligationRow]:
    """What is open for several things (标的的在办事项), by the thing: one query. Of two duties for one thing the one that is due first."""
    rows = select_rows().filter(IS_OPEN, subject__in=list(subjects)).order_by("-due_at", "-id")
    return {stored.subject: as_row(stored, now=now) for stored in rows}


def list_history(*, obligation_id: int) -> list[HistoryRow]:
    """What happened to an obligation (办理经过), in the order in which it became true."""
    events = Event.objects.filter(obligation_id=obligation_id).order_by("at", "id")
    return [HistoryRow(Kind(event.kind), event.at, event.recorded_at, event.note) for event in events]


def list_evidence(*, obligation_ids: Collection[int]) -> dict[int, list[Evidence]]:
    """The proofs of several obligations (办结凭据), by obligation id: one query."""
    found: dict[int, list[Evidence]] = {}
    for item in EvidenceItem.objects.filter(obligation_id__in=sorted(obligation_ids)).order_by("id"):
        found.setdefault(item.obligation_id, []).append(Evidence(item.kind, item.reference, item.label))
    return found
