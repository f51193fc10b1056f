from collections.abc import Mapping
from uuid import UUID

from gongkai.core.publishing.cleaning import plain_text
from gongkai.core.publishing.kinds import DraftContent, GateReport, PassRow
from gongkai.core.publishing.models import Edition, FindingPass
from gongkai.core.publishing.queries.content import get_content, list_files
from gongkai.core.publishing.registry import list_checks
from gongkai.core.publishing.tables import read_gate_tables
from gongkai.lib.gate import Finding, GateDocument, run_checks


def build_document(*, content: DraftContent, attachment_names: tuple[str, ...], required: tuple[str, ...], subject: UUID) -> GateDocument:
    """A text as the checks see it (送检文稿)."""
    return GateDocument(
        text=plain_text(content.body_html),
        title=content.title,
        document_number=content.document_number,
        formed_date=content.formed_date,
        attachment_names=attachment_names,
        required_elements=required,
        elements=content.elements,
        subject=str(subject),
    )


def check_edition(edition: Edition) -> GateReport:
    """Run every registered check over what is stored (检查). The same in the editor, at submission and at release."""
    content = get_content(edition)
    document = build_document(
        content=content,
        attachment_names=tuple(file.name for file in list_files(content)),
        required=tuple(edition.publication.entry.elements),
        subject=edition.publication.uuid,
    )
    return check_document(document, list_passes(edition))


def check_document(document: GateDocument, passed: Mapping[str, PassRow]) -> GateReport:
    """Run every registered check over a document, stored or not, with what was let through before."""
    checks = list_checks()
    return GateReport(findings=run_checks(document, read_gate_tables(), checks), passed=passed, checked=tuple(checks))


def list_passes(edition: Edition) -> dict[str, PassRow]:
    """What was let through in an edition (放行记录), by the finding's fingerprint, oldest first."""
    passes = FindingPass.objects.filter(edition=edition).select_related("officer").order_by("at", "id")
    return {
        one.fingerprint: PassRow(
            key=one.fingerprint, rule=one.rule, message=one.message, reason=one.reason, officer_name=one.officer.name, at=one.at
        )
        for one in passes
    }


def find_finding(report: GateReport, key: str) -> Finding | None:
    """The finding with that fingerprint; None when the text no longer has it."""
    return next((finding for finding in report.findings if finding.key == key), None)
