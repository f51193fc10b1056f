from collections.abc import Collection, Iterable, Iterator
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from gongkai.core.publishing import rules
from gongkai.core.publishing.cleaning import plain_text
from gongkai.core.publishing.kinds import (
    DraftDetail,
    DraftRow,
    EditionState,
    GateReport,
    Origin,
    Place,
    PublicationState,
    RemarkRow,
    ReviewRow,
    Spot,
    StepKind,
    StepRow,
    StepState,
    UrgentRow,
)
from gongkai.core.publishing.kinds.releases import EditionLine
from gongkai.core.publishing.models import Edition, EditionWriter, Publication, ReleaseMember, ReviewStep, UrgentRelease
from gongkai.core.publishing.queries.content import get_content, list_files
from gongkai.core.publishing.queries.gate import check_edition
from gongkai.core.publishing.queries.pages import take_page
from gongkai.core.publishing.rules.purge import HELD, check_not_held
from gongkai.foundation.accounts.kinds import Actor
from gongkai.lib.errors import NotFound
from gongkai.lib.paging import Cursor, Page

PAGE_SIZE = 20
SHORT_LIST = 50
BATCH = 200
NO_SUCH_TEXT = "没有这份稿。请从“信息发布”的列表里打开。"


def get_draft(publication: UUID, number: int | None = None) -> DraftDetail:
    """One text whole (文稿), public or not: an edition, its steps, writers and passers. `number` None: the newest. Raises: NotFound."""
    which = Q(publication__uuid=publication)
    return _detail(_newest(which if number is None else which & Q(number=number)))


def get_reviewed(step: UUID) -> tuple[StepRow, DraftDetail, GateReport]:
    """A review step, the text it is about as it stands now, and what the gate says of that (审核页). Raises: NotFound."""
    edition = _newest(Q(publication__editions__steps__uuid=step))
    detail = _detail(edition)
    row = next((one for one in detail.steps if one.uuid == step), None) or get_step(step)[0]
    return row, detail, check_edition(edition)


def _detail(edition: Edition) -> DraftDetail:
    row, content = edition.publication, get_content(edition)
    urgent: UrgentRelease | None = getattr(edition, "urgent", None)
    steps = list(edition.steps.select_related("officer", "on_behalf_of").prefetch_related("remarks").order_by("opened_at", "id"))
    return DraftDetail(
        uuid=row.uuid,
        entry_code=row.entry.code,
        entry_name=row.entry.name,
        required=tuple(row.entry.elements),
        basis=row.entry.basis,
        section_title=row.section.title,
        unit_id=row.unit_id,
        unit_name=row.unit.name,
        origin=Origin(row.origin),
        source=row.source,
        path=rules.format_path(row.path_year, row.path_number),
        index_number=row.index_number or "",
        obligation=row.obligation_id,
        publication_state=PublicationState(row.state),
        published_at=row.published_at,
        released_at=edition.released_at,
        approved_at=edition.approved_at,
        public_number=row.public_edition.number if row.public_edition else None,
        release=getattr(edition, "open_release", None),
        number=edition.number,
        state=EditionState(edition.state),
        content=content,
        text=plain_text(content.body_html),
        attachments=tuple(list_files(content)),
        content_hash=edition.content_hash,
        author_name=edition.author.name,
        saved_by_name=edition.saved_by.name,
        saved_at=edition.saved_at,
        steps=tuple(_step_row(step) for step in steps),
        writers=frozenset(EditionWriter.objects.filter(edition=edition).values_list("officer_id", flat=True)),
        passers=frozenset(
            person
            for step in steps
            if step.state == StepState.PASSED.value
            for person in (step.officer_id, step.on_behalf_of_id)
            if person is not None
        )
        | ({urgent.officer_id} if urgent else frozenset()),
        urgent=UrgentRow(urgent.officer.name, urgent.at, urgent.reason) if urgent else None,
    )


def get_step(step: UUID) -> tuple[StepRow, UUID]:
    """One review step (审核步骤) and the publication whose text it is about. Raises: NotFound."""
    row = ReviewStep.objects.select_related("officer", "on_behalf_of", "edition__publication").filter(uuid=step).first()
    if row is None:
        raise NotFound("没有这一步。请从待审列表里打开。")
    return _step_row(row), row.edition.publication.uuid


def list_findings(publication: UUID) -> GateReport:
    """What the gate says about the text as it is stored (检查), with what was let through. Raises: NotFound."""
    return check_edition(_newest(Q(publication__uuid=publication)))


def find_by_obligation(obligation: UUID) -> UUID | None:
    """The publication (信息) whose release fulfils that duty; None when nobody has begun to write. The newest, should there be several."""
    return Publication.objects.filter(obligation__uuid=obligation).order_by("-id").values_list("uuid", flat=True).first()


def list_drafts(*, unit_ids: Collection[int], after: Cursor | None = None, size: int = PAGE_SIZE) -> Page[DraftRow]:
    """Texts of some units that are on their way (在办文稿): drafts and texts in review, last saved first."""
    return _draft_page(select_in_hand().filter(unit_id__in=unit_ids), after, size)


def iterate_drafts(*, unit_ids: Collection[int], state: EditionState) -> Iterator[DraftRow]:
    """All texts of some units in one state (在办文稿), read page by page."""
    editions, after = select_in_hand().filter(unit_id__in=unit_ids, state=state.value), None
    while True:
        page = _draft_page(editions, after, BATCH)
        yield from page.rows
        after = page.after
        if after is None:
            return


def list_waiting_for_others(*, officer_id: int) -> list[DraftRow]:
    """Texts somebody wrote on that are in others' hands now (等别人办), last saved first; the newest fifty."""
    return list(_draft_page(_written_by(officer_id).filter(state=EditionState.IN_REVIEW.value), None, SHORT_LIST).rows)


def list_returned(*, officer_id: int) -> list[DraftRow]:
    """Texts that came back to somebody who wrote on them (退回待改), last saved first; the newest fifty."""
    returned = ReviewStep.objects.filter(edition=OuterRef("pk"), state=StepState.RETURNED.value)
    drafts = _written_by(officer_id).filter(Exists(returned), state=EditionState.DRAFT.value)
    return list(_draft_page(drafts, None, SHORT_LIST).rows)


def list_review_queue(*, actor: Actor) -> list[ReviewRow]:
    """Steps that wait for a decision this person may take (待审), oldest first; the oldest fifty."""
    return list(list_review_page(actor=actor, size=SHORT_LIST).rows)


def list_review_page(*, actor: Actor, after: Cursor | None = None, size: int = PAGE_SIZE) -> Page[ReviewRow]:
    """One page of the steps this person may decide (待审), oldest first: not those of texts he wrote or passed already."""
    rows = _decidable(actor).select_related("edition__publication__entry", "edition__author", "unit")
    return take_page(
        rows,
        by="opened_at",
        after=after,
        size=size,
        is_newest_first=False,
        cursor_of=lambda step: Cursor(step.opened_at, step.pk),
        row_of=lambda step: _review_row(step, actor),
    )


def iterate_review_queue(*, actor: Actor) -> Iterator[ReviewRow]:
    """All steps this person may decide (待审), oldest first, read page by page."""
    after: Cursor | None = None
    while True:
        page = list_review_page(actor=actor, after=after, size=BATCH)
        yield from page.rows
        after = page.after
        if after is None:
            return


def select_review_steps(*, actor: Actor) -> Iterable[UUID]:
    """The steps that wait for this person (待审步骤), as a question that another query can hold: nothing is read until it is asked."""
    return _decidable(actor).order_by().values_list("uuid", flat=True)


def list_review_rows(*, steps: Collection[UUID], actor: Actor) -> dict[UUID, ReviewRow]:
    """Several steps that wait for this person's decision (待审事项), by step: one query."""
    rows = ReviewStep.objects.select_related("edition__publication__entry", "edition__author", "unit").filter(uuid__in=list(steps))
    return {step.uuid: _review_row(step, actor) for step in rows}


def count_review_queue(*, actor: Actor) -> int:
    """How many steps wait for this person (待审数)."""
    return _decidable(actor).count()


def list_editions(publication: UUID) -> list[EditionLine]:
    """The history of a text (版本历史): every edition, newest first."""
    rows = Edition.objects.filter(publication__uuid=publication).select_related("author", "publication").defer("body", "elements")
    return [
        EditionLine(
            number=row.number,
            title=row.title,
            author_name=row.author.name,
            saved_at=row.saved_at,
            approved_at=row.approved_at,
            released_at=row.released_at,
            state_label=EditionState(row.state).label,
            is_shown=row.publication.state == PublicationState.PUBLIC.value and row.publication.public_edition_id == row.pk,
        )
        for row in rows.order_by("-number")
    ]


def _newest(which: Q) -> Edition:
    waiting = ReleaseMember.objects.filter(publication=OuterRef("publication"), is_open=True)
    edition = (
        Edition.objects.select_related("author", "saved_by", "urgent__officer")
        .select_related("publication__entry", "publication__section", "publication__unit", "publication__public_edition")
        .defer("publication__public_edition__body", "publication__public_edition__elements")
        .annotate(open_release=Subquery(waiting.values("release__uuid")[:1]))
        .prefetch_related("files")
        .filter(which)
        .order_by("-number")
        .first()
    )
    if edition is None:
        raise NotFound(NO_SUCH_TEXT)
    check_not_held(PublicationState(edition.publication.state))
    return edition


def select_in_hand(*, with_content: bool = False) -> QuerySet[Edition]:
    """Editions on their way (在办版本), each with the step it waits for and how often it came back."""
    waiting = ReviewStep.objects.filter(edition=OuterRef("pk"), state=StepState.WAITING.value)
    returned = ReviewStep.objects.filter(edition=OuterRef("pk"), state=StepState.RETURNED.value).order_by().values("edition")
    editions = Edition.objects.exclude(state=EditionState.APPROVED.value).exclude(publication__state__in=HELD)
    return (
        (editions if with_content else editions.defer("body", "elements"))
        .select_related("publication__entry", "unit", "author")
        .annotate(
            waiting_for=Subquery(waiting.values("kind")[:1]),
            waiting_step=Subquery(waiting.values("uuid")[:1]),
            waiting_since=Subquery(waiting.values("opened_at")[:1]),
            returned_count=Subquery(returned.annotate(times=Count("pk")).values("times")),
        )
    )


def _written_by(officer_id: int) -> QuerySet[Edition]:
    return select_in_hand().filter(Exists(EditionWriter.objects.filter(edition=OuterRef("pk"), officer_id=officer_id)))


def _decidable(actor: Actor) -> QuerySet[ReviewStep]:
    """The steps that wait for somebody, in his own name or an absent person's: neither has written the text or passed a step."""
    if actor.officer_id is None:
        return ReviewStep.objects.none()
    allowed = [
        Q(kind=kind.value, unit_id__in=units) & (_is_free(absent.officer_id) if absent else Q())
        for kind in StepKind
        for absent, units in rules.list_capacities(actor, kind)
    ]
    if not allowed:
        return ReviewStep.objects.none()
    waiting = ReviewStep.objects.filter(_is_free(actor.officer_id), reduce(or_, allowed), state=StepState.WAITING.value)
    return waiting.exclude(edition__publication__state__in=HELD)


def _is_free(officer_id: int) -> Q:
    """Whether somebody has had no hand on a step's text yet, neither himself nor through others."""
    written = EditionWriter.objects.filter(edition=OuterRef("edition"), officer_id=officer_id)
    passed = ReviewStep.objects.filter(
        Q(officer_id=officer_id) | Q(on_behalf_of_id=officer_id), edition=OuterRef("edition"), state=StepState.PASSED.value
    )
    return ~Exists(written) & ~Exists(passed)


def _draft_page(editions: QuerySet[Edition], after: Cursor | None, size: int) -> Page[DraftRow]:
    return take_page(
        editions, by="saved_at", after=after, size=size, cursor_of=lambda edition: Cursor(edition.saved_at, edition.pk), row_of=_draft_row
    )


def _draft_row(edition: Edition) -> DraftRow:
    waiting_for = getattr(edition, "waiting_for", None)
    return DraftRow(
        uuid=edition.publication.uuid,
        title=edition.title,
        entry_name=edition.publication.entry.name,
        unit_name=edition.unit.name,
        author_name=edition.author.name,
        state=EditionState(edition.state),
        saved_at=edition.saved_at,
        waiting_for=StepKind(waiting_for) if waiting_for else None,
        waiting_since=getattr(edition, "waiting_since", None),
        returned_count=getattr(edition, "returned_count", None) or 0,
        waiting_step=getattr(edition, "waiting_step", None),
    )


def _review_row(step: ReviewStep, actor: Actor) -> ReviewRow:
    publication = step.edition.publication
    capacities = rules.list_capacities(actor, StepKind(step.kind))
    absent = next((absent for absent, units in capacities if step.unit_id in units), None)
    return ReviewRow(
        step=step.uuid,
        publication=publication.uuid,
        kind=StepKind(step.kind),
        title=step.edition.title,
        entry_name=publication.entry.name,
        unit_id=step.unit_id,
        unit_name=step.unit.name,
        author_name=step.edition.author.name,
        waiting_since=step.opened_at,
        absent_name=absent.name if absent else "",
    )


def _step_row(step: ReviewStep) -> StepRow:
    return StepRow(
        uuid=step.uuid,
        kind=StepKind(step.kind),
        state=StepState(step.state),
        officer_name=step.officer.name if step.officer else "",
        absent_name=step.on_behalf_of.name if step.on_behalf_of else "",
        opened_at=step.opened_at,
        decided_at=step.decided_at,
        opinion=step.opinion,
        content_hash=step.content_hash,
        remarks=tuple(
            RemarkRow(Place(Spot(one.spot), one.key, one.label, one.quote), one.words)
            for one in sorted(step.remarks.all(), key=lambda one: one.position)
        ),
    )
