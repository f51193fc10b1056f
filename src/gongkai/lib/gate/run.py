from collections.abc import Mapping

from gongkai.lib.gate.document_numbers import check_document_numbers
from gongkai.lib.gate.elements import check_elements
from gongkai.lib.gate.files import check_files
from gongkai.lib.gate.findings import Check, Finding, GateDocument, Part, Severity, Tables
from gongkai.lib.gate.images import check_images
from gongkai.lib.gate.personal_data import check_personal_data

CHECKS: Mapping[str, Check] = {
    "element": check_elements,
    "doc_number": check_document_numbers,
    "personal_data": check_personal_data,
    "attachment": check_files,
    "image": check_images,
}

_PART_ORDER = {Part.TITLE: 0, Part.DOCUMENT_NUMBER: 1, Part.TEXT: 2, Part.ELEMENT: 3, Part.ATTACHMENT: 4}


def run_checks(document: GateDocument, tables: Tables, checks: Mapping[str, Check] = CHECKS) -> tuple[Finding, ...]:
    """Findings of all checks (检查结果), in reading order: title, number, text from top to bottom, elements, attached files.

    A check that breaks is itself a finding that blocks: an unchecked text never counts as a sound one.
    """
    found = [finding for code, check in checks.items() for finding in _run(code, check, document, tables)]
    return tuple(sorted(found, key=lambda finding: (_PART_ORDER[finding.part], finding.start, finding.end, finding.rule)))


def _run(code: str, check: Check, document: GateDocument, tables: Tables) -> tuple[Finding, ...]:
    try:
        return check(document, tables)
    except Exception as error:  # whatever broke, the text stays unchecked and must not pass
        return (
            Finding(
                rule=code,
                severity=Severity.BLOCK,
                message=f"检查“{code}”没有做完（{type(error).__name__}）。",
                advice="请把这一条告诉系统管理员；修好以前不能送审。",
                is_failure=True,
            ),
        )
