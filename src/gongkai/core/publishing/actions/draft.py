from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.catalogue import api as catalogue
from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.counters import take_path_number
from gongkai.core.publishing.actions.editions import advance, clean, fill, find_edition, keep_files, keep_writer, lock_edition, prepare
from gongkai.core.publishing.actions.lease import drop_lease, hold_for_save, note_saved
from gongkai.core.publishing.actions.review import open_step
from gongkai.core.publishing.kinds import (
    AttachedFiles,
    DraftContent,
    EditionAct,
    EditionState,
    IncomingFile,
    Origin,
    SavedDraft,
    StepKind,
)
from gongkai.core.publishing.kinds.editing import EditWindow
from gongkai.core.publishing.models import Edition, Publication, PublicationUpload
from gongkai.core.publishing.queries.gate import check_edition
from gongkai.core.publishing.rules import leasing
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.attachments import api as attachments
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import BadInput
from gongkai.lib.moments import day_of

SHOWN_NAME = 80


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
    kept = prepare(clean(content)[0], known_elements=entry.elements, unit_id=unit_id, now=now)
    year = day_of(now).year
    with transaction.atomic():
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


def save_draft(
    *,
    publication: UUID,
    content: DraftContent,
    seen_hash: str | None,
    actor: Actor,
    now: datetime,
    window: EditWindow | None = None,
    is_automatic: bool = False,
) -> SavedDraft:
    """Keep what the author wrote (保存草稿). Whoever saves becomes a writer of the text and cannot review it.

    `seen_hash` is of the content he started from; None: whatever is there is replaced. Saving what is there already changes nothing.
    `window` is the page it comes from, None for a command. Of the automatic saves of one page the first goes into the trail.
    Raises: NotAllowed, NotFound, BadInput; ActNotPossible once it is in review; SomebodyWasFaster when another saved meanwhile,
    HeldBySomebody when another person has it open.
    """
    check_may_change(publication, actor)
    cleaned, dropped = clean(content)
    with transaction.atomic():
        edition = lock_edition(publication)
        writer = rules.check_may_write(actor, edition.publication.unit_id)
        rules.next_edition_state(EditionState(edition.state), EditionAct.EDIT)
        lease = hold_for_save(edition, writer=writer, window=window, now=now) if window else None
        saved_here = lease.saved_hash if lease else ""
        is_changed = _save(edition, cleaned, seen_hash=seen_hash, saved_here=saved_here, writer=writer, now=now)
        if lease is not None:
            note_saved(lease, edition.content_hash)
        if is_changed and not (is_automatic and saved_here):
            audit.record(actor=actor, act="publishing.save", subject=publication, at=now, about={"hash": edition.content_hash})
    return SavedDraft(edition.content_hash, dropped)


def check_may_change(publication: UUID, actor: Actor) -> None:
    """Whether a text can be changed by this person, as it looks without waiting for it: before work that takes long.

    Raises: NotAllowed, NotFound, ActNotPossible.
    """
    edition = find_edition(publication)
    rules.check_may_write(actor, edition.publication.unit_id)
    rules.next_edition_state(EditionState(edition.state), EditionAct.EDIT)


def _save(edition: Edition, cleaned: DraftContent, *, seen_hash: str | None, saved_here: str, writer: int, now: datetime) -> bool:
    """Store cleaned content in a locked edition; whether anything changed."""
    before = edition.content_hash
    known = (*edition.publication.entry.elements, *edition.elements)
    kept = prepare(cleaned, known_elements=known, unit_id=edition.publication.unit_id, now=now, body_before=edition.body)
    fill(edition, kept)
    if edition.content_hash == before:
        return False
    if seen_hash is not None and not leasing.is_on_top(seen_hash=seen_hash, current_hash=before, saved_here=saved_here):
        raise rules.overtaken(edition.saved_by.name, edition.saved_at, is_own=edition.saved_by_id == writer)
    edition.saved_by_id, edition.saved_at = writer, now
    edition.save(update_fields=["title", "document_number", "body", "formed_date", "elements", "content_hash", "saved_by", "saved_at"])
    keep_files(edition, kept)
    keep_writer(edition, writer)
    return True


def attach_files(*, publication: UUID, files: Sequence[IncomingFile], actor: Actor, now: datetime) -> AttachedFiles:
    """Seal files that were uploaded for a text (上传附件). A save then says in which order the text has them.

    A file that cannot be taken is named with the reason and does not keep the others out.
    Raises: NotAllowed, NotFound; ActNotPossible once it is in review.
    """
    check_may_change(publication, actor)
    sealed, refused = [], []
    for file in files:
        try:
            attachments.check_size(file.size)
            # One after the other is read and written to the disk, and nobody waits for it: the transaction comes afterwards.
            sealed.append(attachments.seal(name=file.name, data=file.read()))
        except BadInput as refusal:
            refused.append(f"“{file.name[:SHOWN_NAME]}”没有添加：{refusal}")
    with transaction.atomic():
        edition = lock_edition(publication)
        unit_id = edition.publication.unit_id
        rules.check_may_write(actor, unit_id)
        rules.next_edition_state(EditionState(edition.state), EditionAct.EDIT)
        stored = [attachments.keep(file=file, unit_id=unit_id, actor=actor, now=now).uuid for file in sealed]
        PublicationUpload.objects.bulk_create(PublicationUpload(publication=edition.publication, attachment_id=uuid) for uuid in stored)
    return AttachedFiles(tuple(stored), tuple(refused))


@transaction.atomic
def submit(*, publication: UUID, actor: Actor, now: datetime) -> None:
    """Send a text to its first review (送科室审核). From here on nobody can change it until it is returned.

    Who submits a text answers for it as one who wrote on it, and cannot review it.

    Raises: NotAllowed, NotFound; ActNotPossible while the gate has findings that stand, or when it is in review already.
    """
    edition = lock_edition(publication)
    writer = rules.check_may_write(actor, edition.publication.unit_id)
    rules.next_edition_state(EditionState(edition.state), EditionAct.SUBMIT)
    report = check_edition(edition)
    rules.check_findings(report.findings, report.passed, "送审")
    advance(edition, EditionAct.SUBMIT)
    keep_writer(edition, writer)
    drop_lease(edition)
    open_step(edition, StepKind.UNIT, actor=actor, now=now)
    audit.record(actor=actor, act="publishing.submit", subject=publication, at=now, about={"hash": edition.content_hash})
