from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from gongkai.core.publishing.kinds import EditionState
from gongkai.core.publishing.kinds.releases import ReleaseRow, ReleaseState, WaitingText
from gongkai.core.publishing.models import Edition, Release, ReleaseMember
from gongkai.lib.errors import NotFound

MOST_SHOWN = 100


def find_open_release(publication_id: int) -> UUID | None:
    """The release that a publication waits for (公开安排), by the publication's id; None when it waits for none."""
    return ReleaseMember.objects.filter(publication_id=publication_id, is_open=True).values_list("release__uuid", flat=True).first()


def get_release(release: UUID) -> ReleaseRow:
    """One release with its texts (公开安排). Raises: NotFound."""
    row = Release.objects.select_related("set_by").filter(uuid=release).first()
    if row is None:
        raise NotFound("没有这个公开安排。请从“待公开”里打开。")
    return _rows([row])[0]


def list_open_releases(*, unit_ids: Collection[int]) -> list[ReleaseRow]:
    """Releases that are still to happen and have a text of these units (待办的公开安排), soonest first; those without a moment last."""
    members = ReleaseMember.objects.filter(is_open=True, publication__unit_id__in=sorted(unit_ids))
    releases = Release.objects.filter(pk__in=members.values("release")).select_related("set_by")
    return sorted(
        _rows(releases.order_by("due_at", "id")[:MOST_SHOWN]), key=lambda row: (row.due_at is None, row.due_at or row.set_at, str(row.uuid))
    )


def list_releasable(*, unit_ids: Collection[int]) -> list[WaitingText]:
    """Texts of some units that can be put into a release (可安排公开的文稿): signed or in review, in none yet; signed ones first."""
    waiting = ReleaseMember.objects.filter(publication=OuterRef("publication"), is_open=True)
    states = [EditionState.IN_REVIEW.value, EditionState.APPROVED.value]
    newer = Edition.objects.filter(publication=OuterRef("publication"), number__gt=OuterRef("number"))
    editions = Edition.objects.filter(unit_id__in=sorted(unit_ids), state__in=states, released_at=None)
    rows = _editions(editions.exclude(Exists(waiting)).exclude(Exists(newer)).order_by("state", "saved_at", "id")[:MOST_SHOWN])
    return [_text(edition) for edition in rows]


def _editions(editions: QuerySet[Edition]) -> Iterable[Edition]:
    return editions.defer("body", "elements").select_related("publication__entry", "unit", "author")


def _rows(releases: Iterable[Release]) -> list[ReleaseRow]:
    found = list(releases)
    members: dict[int, list[int]] = {release.pk: [] for release in found}
    for release_id, publication_id in (
        ReleaseMember.objects.filter(release__in=found).order_by("id").values_list("release_id", "publication_id")
    ):
        members[release_id].append(publication_id)
    wanted = {publication for publications in members.values() for publication in publications}
    newest: dict[int, Edition] = {}
    for edition in _editions(Edition.objects.filter(publication__in=wanted).order_by("number")):
        newest[edition.publication_id] = edition
    return [
        ReleaseRow(
            uuid=release.uuid,
            due_at=release.due_at,
            state=ReleaseState(release.state),
            set_by_name=release.set_by.name,
            set_at=release.set_at,
            done_at=release.done_at,
            last_error=release.last_error,
            texts=tuple(_text(newest[publication]) for publication in members[release.pk]),
        )
        for release in found
    ]


def _text(edition: Edition) -> WaitingText:
    return WaitingText(
        uuid=edition.publication.uuid,
        title=edition.title,
        entry_name=edition.publication.entry.name,
        unit_id=edition.publication.unit_id,
        unit_name=edition.unit.name,
        edition_number=edition.number,
        author_name=edition.author.name,
        approved_at=edition.approved_at,
        is_signed=edition.state == EditionState.APPROVED.value,
    )
