"""Editions written and moved: what several acts of this app do in the same way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from gongkai.core.publishing import rules
from gongkai.core.publishing.cleaning import clean_body
from gongkai.core.publishing.kinds import DraftContent, EditionAct, EditionState, PublicationState, StepState
from gongkai.core.publishing.models import Edition, EditionAttachment, EditionWriter, Publication, ReviewStep, UrgentRelease
from gongkai.core.publishing.pictures import MEDIA_TYPES, NOT_A_PICTURE, follow_pictures, list_pictures
from gongkai.core.publishing.queries.content import compute_hash, list_files
from gongkai.core.publishing.rules.purge import check_not_held
from gongkai.lib.errors import BadInput, NotFound, SomebodyWasFaster


def lock_edition(publication: UUID) -> Edition:
    """The newest edition of a publication, locked until the end of the transaction. Raises: NotFound."""
    return _newest(Edition.objects.select_for_update(of=("self",)), publication)


def lock_editions(publications: Sequence[UUID]) -> list[Edition]:
    """The newest editions of several publications, locked in one order whoever asks, so that two never wait for each other.

    Raises: NotFound.
    """
    ordered = Publication.objects.filter(uuid__in=list(publications)).order_by("id").values_list("uuid", flat=True)
    found = list(ordered)
    if len(found) != len(set(publications)):
        raise NotFound("有一份稿找不到了。请从列表里重新选。")
    return [lock_edition(uuid) for uuid in found]


def find_edition(publication: UUID) -> Edition:
    """The newest edition as it stands, not locked: for a first look, which the act itself repeats. Raises: NotFound."""
    return _newest(Edition.objects.all(), publication)


def _newest(editions: QuerySet[Edition], publication: UUID) -> Edition:
    edition = editions.select_related("publication__entry").filter(publication__uuid=publication).order_by("-number").first()
    if edition is None:
        raise NotFound("没有这份稿。请从“信息发布”的列表里打开。")
    check_not_held(PublicationState(edition.publication.state))
    return edition


def clean(content: DraftContent) -> tuple[DraftContent, tuple[str, ...]]:
    """The content with its body cleaned (清理), and what was dropped from it. Done before the transaction: nobody waits for it.

    Raises: BadInput.
    """
    cleaned = clean_body(content.body_html.translate(rules.UNSTORABLE))
    return replace(content, body_html=cleaned.html), cleaned.dropped


def prepare(content: DraftContent, *, known_elements: Sequence[str], unit_id: int, now: datetime, body_before: str = "") -> DraftContent:
    """Cleaned content as it will be kept. Pictures put into the body are attached, those taken out of it go.

    Raises: BadInput, naming the field.
    """
    kept = rules.tidy(content, content.body_html)
    kept = replace(kept, attachments=follow_pictures(kept.attachments, before=body_before, now=kept.body_html))
    rules.check_content(kept, known_elements)
    rules.check_formed_date(kept, now)
    check_files(kept, unit_id)
    return kept


def check_files(content: DraftContent, unit_id: int) -> None:
    """Whether a text may carry its attachments (附件): they exist and are of its own unit, lest a text make another unit's papers public.

    Raises: BadInput.
    """
    try:
        files = list_files(content)
    except NotFound as refusal:
        raise BadInput(str(refusal), field="attachments") from refusal
    if any(file.unit_id != unit_id for file in files):
        raise BadInput("有一个附件不是这个单位上传的。请删去它，再上传一次。", field="attachments")
    shown = {picture.uuid for picture in list_pictures(content.body_html)}
    if any(file.uuid in shown and file.media_type not in MEDIA_TYPES for file in files):
        raise BadInput(NOT_A_PICTURE, field="body")


def fill(edition: Edition, content: DraftContent) -> None:
    """Put content and its hash into an edition that is not stored yet with it."""
    edition.title = content.title
    edition.document_number = content.document_number
    edition.body = content.body_html
    edition.formed_date = content.formed_date
    edition.elements = dict(content.elements)
    edition.content_hash = compute_hash(content, list_files(content))


def keep_files(edition: Edition, content: DraftContent) -> None:
    """Store which files an edition has, in their order."""
    wanted = list(content.attachments)
    kept = edition.files.order_by("position").values_list("attachment_id", flat=True)
    if list(kept) == wanted:
        return
    edition.files.all().delete()
    EditionAttachment.objects.bulk_create(
        EditionAttachment(edition=edition, attachment_id=uuid, position=position) for position, uuid in enumerate(wanted, start=1)
    )


def keep_writer(edition: Edition, officer_id: int) -> None:
    """Note that somebody wrote on an edition (执笔人). He cannot review it any more."""
    EditionWriter.objects.bulk_create([EditionWriter(edition=edition, officer_id=officer_id)], ignore_conflicts=True)


def advance(edition: Edition, act: EditionAct, **values: object) -> None:
    """Move an edition's state, once. Raises: ActNotPossible; SomebodyWasFaster when it moved meanwhile."""
    state = EditionState(edition.state)
    target = rules.next_edition_state(state, act)
    moved = Edition.objects.filter(pk=edition.pk, state=state.value, content_hash=edition.content_hash).update(state=target.value, **values)
    if moved != 1:
        raise SomebodyWasFaster("这份稿刚被别人办过，请刷新后再看。")
    edition.state = target.value


def list_people(edition: Edition) -> rules.People:
    """Who has had his hands on an edition (经手人)."""
    passed = ReviewStep.objects.filter(edition=edition, state=StepState.PASSED.value).values_list("officer_id", "on_behalf_of_id")
    urgent = UrgentRelease.objects.filter(edition=edition).values_list("officer_id")
    return rules.People(
        writers=frozenset(EditionWriter.objects.filter(edition=edition).values_list("officer_id", flat=True)),
        # Who released it before the review has decided on it as much as a reviewer.
        passers=frozenset(person for pair in [*passed, *urgent] for person in pair if person),
    )
