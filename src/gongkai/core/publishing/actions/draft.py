from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.catalogue import api as catalogue
from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.counters import take_path_number
from gongkai.core.publishing.actions.editions import advance, fill, keep_files, keep_writer, lock_edition, prepare
from gongkai.core.publishing.actions.review import open_step
from gongkai.core.publishing.kinds import DraftContent, EditionAct, EditionState, Origin, SavedDraft, StepKind
from gongkai.core.publishing.models import Edition, Publication
from gongkai.core.publishing.queries.gate import check_edition
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.attachments import api as attachments
from gongkai.foundation.audit import api as audit
from gongkai.lib.moments import day_of


@transaction.atomic
def start_draft(
    *,
    entry_code: str,
    unit_id: int,
    content: DraftContent,
    actor: Actor,
    now: datetime,
    obligation: UUID | None = None,
    origin: Origin = Origin.WRITTEN,
    source: str = "",
) -> UUID:
    """Begin a text (起草) for an entry of the catalogue; its address is reserved. Returns the publication's uuid.

    `obligation` is the duty its release will fulfil. Raises: NotAllowed, NotFound, BadInput.
    """
    writer = rules.check_may_write(actor, unit_id)
    entry = catalogue.get_entry(entry_code)
    kept, _ = prepare(content, known_elements=entry.elements, unit_id=unit_id, now=now)
    year = day_of(now).year
    publication = Publication.objects.create(
        entry_id=entry.id,
        section_id=entry.section.id,
        unit_id=unit_id,
        obligation_id=obligation,
        path_year=year,
        path_number=take_path_number(year),
        origin=origin.value,
        source=source,
    )
    edition = Edition(publication=publication, unit_id=unit_id, author_id=writer, saved_by_id=writer, saved_at=now)
    fill(edition, kept)
    edition.save()
    keep_files(edition, kept)
    keep_writer(edition, writer)
    audit.record(
        actor=actor, act="publishing.start", subject=publication.uuid, at=now, about={"entry": entry_code, "hash": edition.content_hash}
    )
    return publication.uuid


@transaction.atomic
def save_draft(*, publication: UUID, content: DraftContent, seen_hash: str | None, actor: Actor, now: datetime) -> SavedDraft:
    """Keep what the author wrote (保存草稿). Whoever saves becomes a writer of the text and cannot review it.

    `seen_hash` is of the content he started from; None: whatever is there is replaced. Saving what is there already changes nothing.
    Raises: NotAllowed, NotFound, BadInput; ActNotPossible once it is in review; SomebodyWasFaster when another saved meanwhile.
    """
    edition = lock_edition(publication)
    writer = rules.check_may_write(actor, edition.publication.unit_id)
    rules.next_edition_state(EditionState(edition.state), EditionAct.EDIT)
    if seen_hash is not None and seen_hash != edition.content_hash:
        raise rules.overtaken(edition.saved_by.name, edition.saved_at)
    before = edition.content_hash
    kept, dropped = prepare(
        content, known_elements=(*edition.publication.entry.elements, *edition.elements), unit_id=edition.publication.unit_id, now=now
    )
    fill(edition, kept)
    if edition.content_hash == before:
        return SavedDraft(before, dropped)
    edition.saved_by_id, edition.saved_at = writer, now
    edition.save(update_fields=["title", "document_number", "body", "formed_date", "elements", "content_hash", "saved_by", "saved_at"])
    keep_files(edition, kept)
    keep_writer(edition, writer)
    audit.record(actor=actor, act="publishing.save", subject=publication, at=now, about={"hash": edition.content_hash})
    return SavedDraft(edition.content_hash, dropped)


@transaction.atomic
def attach_files(*, publication: UUID, files: Sequence[tuple[str, bytes]], actor: Actor, now: datetime) -> list[UUID]:
    """Seal files that were uploaded for a text (上传附件), each a name and its bytes. A save then says in which order the text has them.

    Raises: NotAllowed, NotFound, BadInput; ActNotPossible once it is in review.
    """
    edition = lock_edition(publication)
    rules.check_may_write(actor, edition.publication.unit_id)
    rules.next_edition_state(EditionState(edition.state), EditionAct.EDIT)
    unit_id = edition.publication.unit_id
    return [attachments.store(name=name, data=data, unit_id=unit_id, actor=actor, now=now).uuid for name, data in files]


@transaction.atomic
def submit(*, publication: UUID, actor: Actor, now: datetime) -> None:
    """Send a text to its first review (送科室审核). From here on nobody can change it until it is returned.

    Raises: NotAllowed, NotFound; ActNotPossible while the gate has findings that stand, or when it is in review already.
    """
    edition = lock_edition(publication)
    rules.check_may_write(actor, edition.publication.unit_id)
    rules.next_edition_state(EditionState(edition.state), EditionAct.SUBMIT)
    report = check_edition(edition)
    rules.check_findings(report.findings, report.passed, "送审")
    advance(edition, EditionAct.SUBMIT)
    open_step(edition, StepKind.UNIT, actor=actor, now=now)
    audit.record(actor=actor, act="publishing.submit", subject=publication, at=now, about={"hash": edition.content_hash})
