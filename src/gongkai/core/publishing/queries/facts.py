from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from gongkai.core.publishing.kinds import DraftFacts, EditionState, PassRow, StepKind
from gongkai.core.publishing.models import Edition, FindingPass
from gongkai.core.publishing.queries.content import get_content
from gongkai.core.publishing.queries.drafts import select_in_hand
from gongkai.core.publishing.queries.gate import build_document, check_document, read_files

CHECKED_AT_ONCE = 60


def list_draft_facts(*, publications: Collection[UUID]) -> dict[UUID, DraftFacts]:
    """How far several texts are that are not public yet (文稿进度), by publication: edition, step, returns, what the check finds.

    Only texts in the author's hands are checked, of many the first sixty. At most five queries, however many texts.
    """
    editions = list(_editions(publications)) if publications else []
    checked = [edition for edition in editions if edition.state == EditionState.DRAFT.value][:CHECKED_AT_ONCE]
    findings = _check(checked) if checked else {}
    facts = {}
    for edition in editions:
        waiting_for = getattr(edition, "waiting_for", None)
        blocks, warnings = findings.get(edition.pk, (0, 0))
        facts[edition.publication.uuid] = DraftFacts(
            number=edition.number,
            state=EditionState(edition.state),
            waiting_for=StepKind(waiting_for) if waiting_for else None,
            returned_count=getattr(edition, "returned_count", None) or 0,
            blocks=blocks,
            warnings=warnings,
        )
    return facts


def _editions(publications: Collection[UUID]) -> QuerySet[Edition]:
    return select_in_hand(with_content=True).filter(publication__uuid__in=list(publications)).prefetch_related("files").order_by("id")


def _check(editions: list[Edition]) -> dict[int, tuple[int, int]]:
    """What has to be changed and what can be, by edition id: the same checks as in the editor, files and passes read for all at once."""
    contents = {edition.pk: get_content(edition) for edition in editions}
    wanted = list(dict.fromkeys(uuid for content in contents.values() for uuid in content.attachments))
    files = read_files(wanted)
    passes = _passes(contents)
    found = {}
    for edition in editions:
        content = contents[edition.pk]
        document = build_document(
            content=content,
            files=tuple(files[uuid] for uuid in content.attachments),
            required=tuple(edition.publication.entry.elements),
            subject=edition.publication.uuid,
        )
        report = check_document(document, passes.get(edition.pk, {}))
        found[edition.pk] = (report.blocks, report.warnings)
    return found


def _passes(editions: Collection[int]) -> dict[int, Mapping[str, PassRow]]:
    found: dict[int, dict[str, PassRow]] = {}
    for one in FindingPass.objects.filter(edition_id__in=sorted(editions)).select_related("officer").order_by("at", "id"):
        row = PassRow(key=one.fingerprint, rule=one.rule, message=one.message, reason=one.reason, officer_name=one.officer.name, at=one.at)
        found.setdefault(one.edition_id, {})[one.fingerprint] = row
    return dict(found)
