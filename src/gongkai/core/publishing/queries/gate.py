from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet

from gongkai.core.publishing.cleaning import plain_text
from gongkai.core.publishing.kinds import DraftContent, DraftDetail, GateReport, PassRow
from gongkai.core.publishing.models import Edition, FindingPass
from gongkai.core.publishing.pictures import list_pictures
from gongkai.core.publishing.queries.content import get_content
from gongkai.core.publishing.registry import list_checks
from gongkai.core.publishing.tables import read_gate_tables
from gongkai.foundation.attachments import api as attachments
from gongkai.lib.gate import Finding, GateDocument, GateFile, run_checks


def build_document(*, content: DraftContent, files: tuple[GateFile, ...], required: tuple[str, ...], subject: UUID) -> GateDocument:
    """A text as the checks see it (送检文稿)."""
    return GateDocument(
        text=plain_text(content.body_html),
        title=content.title,
        document_number=content.document_number,
        formed_date=content.formed_date,
        files=files,
        required_elements=required,
        elements=content.elements,
        subject=str(subject),
        picture_words=tuple(picture.words for picture in list_pictures(content.body_html)),
    )


def read_files(uuids: Sequence[UUID]) -> dict[UUID, GateFile]:
    """Attached files as the checks see them (送检附件), in the order asked for. Two queries, none when nothing is asked for."""
    readings = attachments.list_readings(uuids=uuids)
    found = {}
    for row in attachments.list_attachments(uuids=uuids):
        reading = readings.get(row.uuid)
        remarks = tuple((remark.kind.value, remark.detail) for remark in reading.remarks) if reading else ()
        found[row.uuid] = GateFile(name=row.name, text=reading.text if reading else None, remarks=remarks)
    return found


def check_edition(edition: Edition) -> GateReport:
    """Run every registered check over what is stored (检查). The same in the editor, at submission and at release."""
    content = get_content(edition)
    document = build_document(
        content=content,
        files=tuple(read_files(content.attachments).values()),
        required=tuple(edition.publication.entry.elements),
        subject=edition.publication.uuid,
    )
    return check_document(document, list_passes(edition))


def check_draft(draft: DraftDetail) -> GateReport:
    """The same over a text that has been read already (检查), without reading it a second time."""
    document = build_document(
        content=draft.content,
        files=tuple(read_files(draft.content.attachments).values()),
        required=draft.required,
        subject=draft.uuid,
    )
    report = check_document(document, {})
    if not report.findings:
        return report
    passes = FindingPass.objects.filter(edition__publication__uuid=draft.uuid, edition__number=draft.number)
    return replace(report, passed=_read_passes(passes))


def check_document(document: GateDocument, passed: Mapping[str, PassRow]) -> GateReport:
    """Run every registered check over a document, stored or not, with what was let through before."""
    checks = list_checks()
    return GateReport(findings=run_checks(document, read_gate_tables(), checks), passed=passed, checked=tuple(checks))


def list_passes(edition: Edition) -> dict[str, PassRow]:
    """What was let through in an edition (放行记录), by the finding's fingerprint, oldest first."""
    return _read_passes(FindingPass.objects.filter(edition=edition))


def _read_passes(passes: QuerySet[FindingPass]) -> dict[str, PassRow]:
    return {
        one.fingerprint: PassRow(
            key=one.fingerprint, rule=one.rule, message=one.message, reason=one.reason, officer_name=one.officer.name, at=one.at
        )
        for one in passes.select_related("officer").order_by("at", "id")
    }


def find_finding(report: GateReport, key: str) -> Finding | None:
    """The finding with that fingerprint; None when the text no longer has it."""
    return next((finding for finding in report.findings if finding.key == key), None)
