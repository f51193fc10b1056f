"""Public texts for tests of the portal, put into the tables directly: hundreds of reviews would say nothing more about pages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from gongkai.consumers.portal import actions
from gongkai.core.catalogue.models import Entry
from gongkai.core.publishing.kinds import STEPS, EditionState, PublicationState, StepState
from gongkai.core.publishing.models import Edition, EditionAttachment, Publication, ReviewStep
from gongkai.core.search import api as search
from gongkai.foundation.organisations.models import Officer, Unit

ENTRY = "expro.pre_notice"


def a_public_text(*, at: datetime, **known: Any) -> UUID:
    """One text that is public, with its note to the portal; gives its uuid."""
    (uuid,) = public_texts(1, first_at=at, **known)
    return uuid


def public_texts(
    count: int,
    *,
    first_at: datetime,
    apart: timedelta = timedelta(minutes=1),
    entry_code: str = ENTRY,
    title: str = "双桥村征收土地预公告",
    body: str = "<p>拟征收双桥村集体土地2.20公顷，用于道路建设。</p>",
    document_number: str = "",
    elements: dict[str, str] | None = None,
    attachments: Sequence[UUID] = (),
    is_touched: bool = True,
    **more: Any,
) -> list[UUID]:
    """Texts that are public, one after the other; gives their uuids, oldest first."""
    entry = Entry.objects.get(code=entry_code)
    unit = Unit.objects.filter(parent__isnull=False).exclude(telephone="").order_by("pk").first() or Unit.objects.earliest("pk")
    officer = Officer.objects.earliest("pk")
    taken = Publication.objects.count()
    rows = Publication.objects.bulk_create(
        Publication(entry=entry, section=entry.section, unit=unit, path_year=first_at.year, path_number=taken + number, **more)
        for number in range(1, count + 1)
    )
    editions = Edition.objects.bulk_create(
        Edition(
            publication=row,
            unit=unit,
            title=title if count == 1 else f"{title}（第 {number} 号）",
            document_number=document_number,
            body=body,
            elements=elements or {},
            content_hash=sha256(str(row.uuid).encode()).hexdigest(),
            state=EditionState.DRAFT.value,
            author=officer,
            saved_by=officer,
            saved_at=first_at,
            approved_at=first_at,
        )
        for number, row in enumerate(rows, start=1)
    )
    approve(editions, first_at)
    for number, (row, edition) in enumerate(zip(rows, editions, strict=True)):
        row.public_edition, row.state = edition, PublicationState.PUBLIC.value
        row.published_at = first_at + number * apart
        row.index_number = f"TEST/{first_at:%Y%m}-{taken + number + 1:05d}"
        for place, attachment in enumerate(attachments):
            EditionAttachment.objects.create(edition=edition, attachment_id=attachment, position=place)
        if is_touched:
            actions.touch_publication(row.uuid)
    # Signed last: from then on the database lets nothing of them change.
    Edition.objects.filter(pk__in=[edition.pk for edition in editions]).update(state=EditionState.APPROVED.value)
    Publication.objects.bulk_update(rows, ["public_edition", "state", "published_at", "index_number"], 200)
    return [row.uuid for row in rows]


def approve(editions: Sequence[Edition], at: datetime) -> None:
    """Have three people pass each edition, as the database asks for: one step after another."""
    for number, kind in enumerate(STEPS, start=1):
        reviewer, _ = Officer.objects.get_or_create(name=f"审核人{number}")
        ReviewStep.objects.bulk_create(
            ReviewStep(edition=edition, kind=kind.value, unit_id=edition.unit_id, content_hash=edition.content_hash, opened_at=at)
            for edition in editions
        )
        waiting = ReviewStep.objects.filter(edition__in=editions, state=StepState.WAITING.value)
        waiting.update(state=StepState.PASSED.value, officer=reviewer, decided_at=at)


def take_down(uuid: UUID) -> None:
    """Make a text not public any more, with its note to the portal, without a withdrawal: a page that nobody stands for."""
    Publication.objects.filter(uuid=uuid).update(state=PublicationState.TAKEN_DOWN.value)
    actions.touch_publication(uuid)


def make_findable(uuid: UUID) -> None:
    """Put a public text into the search, as its release does."""
    row = Publication.objects.select_related("public_edition").get(uuid=uuid)
    edition, published_at = row.public_edition, row.published_at
    assert edition is not None
    assert published_at is not None
    search.index(
        search.Findable(
            uuid=uuid,
            title=edition.title,
            body=edition.body.replace("<p>", "").replace("</p>", "\n"),
            section_id=row.section_id,
            unit_id=row.unit_id,
            day=published_at.date(),
            path=f"/d/{row.path_year}/{row.path_number:05d}/",
            document_number=edition.document_number,
        )
    )


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file under a folder with its content."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
