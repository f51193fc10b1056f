from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Evidence, ObligationState
from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.counters import take_index_number
from gongkai.core.publishing.actions.editions import list_people, lock_edition
from gongkai.core.publishing.cleaning import plain_text
from gongkai.core.publishing.kinds import EVIDENCE, DraftContent, EditionState, Origin, PublicationState, StepKind, StepState
from gongkai.core.publishing.models import Edition, Publication, ReviewStep
from gongkai.core.publishing.queries.content import compute_hash, get_content, list_files
from gongkai.core.publishing.queries.gate import check_edition
from gongkai.core.publishing.queries.releases import find_open_release
from gongkai.core.publishing.registry import list_outlets
from gongkai.core.publishing.rules.releases import check_to_release
from gongkai.core.search import api as search
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, SomebodyWasFaster


@transaction.atomic
def release(*, publication: UUID, actor: Actor, now: datetime) -> None:
    """Make a signed-off text public (公开): index number, ledger, search, the column's freshness and outlets together or not at all.

    What is stored is hashed again and compared with what the three steps approved, and the gate runs once more.
    Whatever way led here, it does not lead round them. A next edition takes the place of the one that was public until now.
    Raises: NotAllowed, NotFound, ActNotPossible, SomebodyWasFaster. Legal source: OGIR art. 17
    """
    edition = lock_edition(publication)
    rules.check_may_release(actor, edition.publication.unit_id, list_people(edition))
    if find_open_release(edition.publication_id) is not None:
        raise ActNotPossible("这条信息已经安排了公开时间。要马上公开，请在“待公开”里办。")
    check_ready(edition)
    bring_out(edition, actor=actor, now=now)


def check_ready(edition: Edition) -> None:
    """Whether an edition, locked, may become public as it is stored (可以公开). Raises: NotAllowed, ActNotPossible."""
    row = edition.publication
    check_to_release(edition.title, PublicationState(row.state), is_released=edition.released_at is not None)
    rules.check_approved(EditionState(edition.state))
    rules.check_reviewed_by_others(list_people(edition))
    content = get_content(edition)
    rules.check_approvals(approvals_of(edition), compute_hash(content, list_files(content)))
    report = check_edition(edition)
    rules.check_findings(report.findings, report.passed, "公开")


def bring_out(edition: Edition, *, actor: Actor, now: datetime) -> None:
    """All that happens when an edition becomes public (公开的全部后果), once it was judged that it may. In the caller's transaction."""
    row, content = edition.publication, get_content(edition)
    if row.state == PublicationState.UNPUBLISHED.value:
        month = rules.index_month(now)
        row.index_number = rules.format_index_number(settings.AGENCY_CODE, month, take_index_number(settings.AGENCY_CODE, month))
        make_public(row, edition, row.index_number, now)
    else:
        replace_public(row, edition)
    Edition.objects.filter(pk=edition.pk).update(released_at=now)
    fulfil_obligation(row, edition.title, actor=actor, now=now)
    make_findable(row, content, row.published_at or now)
    ledger.note_update(entry=row.entry.code, unit_id=row.unit_id, at=now, actor=actor)
    for outlet in list_outlets().values():
        outlet.release(row.uuid)
    about = {"index": row.index_number, "edition": edition.number, "hash": edition.content_hash}
    audit.record(actor=actor, act="publishing.release", subject=row.uuid, at=now, about=about)


def approvals_of(edition: Edition) -> dict[StepKind, str]:
    """For which content each step of an edition was passed."""
    passed = ReviewStep.objects.filter(edition=edition, state=StepState.PASSED.value).values_list("kind", "content_hash")
    return {StepKind(kind): approved for kind, approved in passed}


def make_public(row: Publication, edition: Edition, number: str, now: datetime) -> None:
    """Move the publication's state, once."""
    moved = Publication.objects.filter(pk=row.pk, state=PublicationState.UNPUBLISHED.value).update(
        state=PublicationState.PUBLIC.value, index_number=number, published_at=now, public_edition=edition
    )
    if moved != 1:
        raise SomebodyWasFaster("这条信息刚被公开，不用再公开一次。")


def replace_public(row: Publication, edition: Edition) -> None:
    """Let the next edition take the place of the public one (换版). Address, index number and first moment stay."""
    moved = Publication.objects.filter(pk=row.pk, state=PublicationState.PUBLIC.value, public_edition=row.public_edition_id).update(
        public_edition=edition
    )
    if moved != 1:
        raise SomebodyWasFaster("这条信息刚被换版或撤下，请刷新后再看。")


def fulfil_obligation(row: Publication, title: str, *, actor: Actor, now: datetime) -> None:
    """Tell the ledger that the duty behind a text is done, with the public page as evidence.

    Where there is no portal of our own (仅台账) it is done when the page of another site was checked.
    """
    if row.obligation_id is None or settings.LEDGER_ONLY:
        return
    obligation = ledger.get_obligation(row.obligation_id)
    # One that was cancelled or done otherwise meanwhile keeps its own end; the text is public all the same.
    if obligation.state is ObligationState.OPEN:
        path = rules.format_path(row.path_year, row.path_number)
        ledger.fulfil(obligation=obligation.uuid, evidence=Evidence(kind=EVIDENCE, reference=path, label=title), actor=actor, now=now)


def make_findable(row: Publication, content: DraftContent, now: datetime) -> None:
    """Put a text into the search, with its elements: readers look for what stands in them."""
    lines = [plain_text(content.body_html), *(f"{name}：{value}" for name, value in content.elements.items())]
    search.index(
        search.Findable(
            uuid=row.uuid,
            title=content.title,
            body="\n".join(lines),
            section_id=row.section_id,
            unit_id=row.unit_id,
            day=rules.search_day(Origin(row.origin), content.formed_date, now),
            path=rules.format_path(row.path_year, row.path_number),
            document_number=content.document_number,
        )
    )
