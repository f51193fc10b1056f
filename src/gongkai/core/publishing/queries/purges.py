from uuid import UUID

from django.db.models import Q, QuerySet

from gongkai.core.publishing import rules
from gongkai.core.publishing.kinds import PublicationState
from gongkai.core.publishing.kinds.purge import PurgePartRow, PurgeRow, PurgeState
from gongkai.core.publishing.models import Publication, Purge, PurgePart
from gongkai.core.publishing.rules.purge import check_not_held
from gongkai.lib.errors import NotFound

MOST = 100
"""Purges are rare: all of them fit on one page, and an office that has more has another problem."""


def check_file_not_held(attachment: UUID) -> None:
    """Refuse to hand out a file of a text that is being purged (停用的附件). Raises: ActNotPossible."""
    of_text = Q(uploads__attachment=attachment) | Q(editions__files__attachment=attachment)
    if Publication.objects.filter(of_text, state=PublicationState.HELD.value).exists():
        check_not_held(PublicationState.HELD)


def list_purges() -> list[PurgeRow]:
    """Every purge (涉密清除), newest first."""
    return [_row_of(row) for row in _whole().order_by("-requested_at", "-pk")[:MOST]]


def get_purge(purge: UUID) -> PurgeRow:
    """One purge with its parts (清除经过). Raises: NotFound."""
    row = _whole().filter(uuid=purge).first()
    if row is None:
        raise NotFound("没有这次清除。请从“涉密清除”的列表里打开。")
    parts = PurgePart.objects.filter(purge=row).select_related("confirmed_by").order_by("pk")
    return _row_of(row, tuple(map(_part_of, parts)))


def find_purge_of(publication: UUID) -> UUID | None:
    """The purge of a text that is under way or done; None when there is none."""
    rows = Purge.objects.filter(publication__uuid=publication).exclude(state=PurgeState.REFUSED.value)
    return rows.values_list("uuid", flat=True).first()


def _whole() -> QuerySet[Purge]:
    return Purge.objects.select_related("publication__entry", "publication__unit", "requested_by", "decided_by")


def _row_of(row: Purge, parts: tuple[PurgePartRow, ...] = ()) -> PurgeRow:
    publication, counts = row.publication, row.found
    return PurgeRow(
        uuid=row.uuid,
        publication=publication.uuid,
        state=PurgeState(row.state),
        index_number=publication.index_number or "",
        path=rules.format_path(publication.path_year, publication.path_number),
        entry_name=publication.entry.name,
        unit_id=publication.unit_id,
        unit_name=publication.unit.name,
        published_at=publication.published_at,
        edition_count=counts.get("editions", 0),
        file_count=counts.get("files", 0),
        reason=row.reason,
        paper=row.paper,
        requested_by=row.requested_by.name,
        requested_by_id=row.requested_by_id,
        requested_at=row.requested_at,
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
        refusal=row.refusal,
        cleared_at=row.cleared_at,
        finished_at=row.finished_at,
        parts=parts,
    )


def _part_of(part: PurgePart) -> PurgePartRow:
    return PurgePartRow(
        code=part.code,
        label=part.label,
        advice=part.advice,
        is_by_hand=part.is_by_hand,
        done_at=part.done_at,
        count=part.count,
        confirmed_by=part.confirmed_by.name if part.confirmed_by else "",
        note=part.note,
    )
