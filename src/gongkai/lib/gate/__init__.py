"""Gate checks that need only the document. Nothing of ours is imported; every table is an argument."""

from gongkai.lib.gate.document_numbers import check_document_numbers
from gongkai.lib.gate.elements import check_elements
from gongkai.lib.gate.findings import RULE_WORDS, Check, Finding, GateDocument, GateFile, Part, Severity, Tables
from gongkai.lib.gate.images import check_images
from gongkai.lib.gate.run import CHECKS, run_checks

__all__ = [
    "CHECKS",
    "RULE_WORDS",
    "Check",
    "Finding",
    "GateDocument",
    "GateFile",
    "Part",
    "Severity",
    "Tables",
    "check_document_numbers",
    "check_elements",
    "check_images",
    "run_checks",
]
