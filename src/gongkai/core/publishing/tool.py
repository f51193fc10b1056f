"""`gongkai tool check`: the gate's checks that need only the document, over a text file, without Django and without a database."""

import argparse
import json
from collections.abc import Callable
from typing import Any

from gongkai.core.publishing.tables import read_gate_tables
from gongkai.lib.gate import CHECKS, Finding, GateDocument, run_checks

# The rules a text file can be judged by; `image` and `duplicate` need a record and show in the desk.
RULES = frozenset({"figures", "wrong_word", "doc_number", "personal_data", "date", "secrecy", "link", "element"})
BLANKS = " \t\ufeff\u3000#"
SENTENCE_ENDS = ("。", "；", "，", "：", "、")


ElementsOf = Callable[[str], tuple[str, ...]]
"""Which elements a title asks for: the catalogue's knowledge, handed in."""


def answer(options: argparse.Namespace, elements_of: ElementsOf) -> tuple[str, int]:
    """The tool's answer (检查文稿) and its exit status: 1 with findings, 0 without. Raises: OSError, UnicodeDecodeError."""
    # Read as bytes: places count the file's own characters, line ends as they are.
    findings = check_text(options.file.read_bytes().decode("utf-8"), elements_of)
    text = _as_json(findings) if options.as_json else _as_words(findings)
    return text, 1 if findings else 0


def check_text(text: str, elements_of: ElementsOf) -> list[Finding]:
    """Findings of a text (检查发现), places counted in its code points. Elements are asked for only where the first line tells the kind."""
    title = find_title(text)
    document = GateDocument(text=text, required_elements=elements_of(title) if title else ())
    return [finding for finding in run_checks(document, read_gate_tables(), CHECKS) if finding.rule in RULES]


def find_title(text: str) -> str:
    """The line that is a text's title (标题): its first, unless it is a sentence. Empty when there is none: one line is no document."""
    lines = [line for line in (line.strip(BLANKS) for line in text.splitlines()) if line]
    return lines[0] if len(lines) > 1 and not lines[0].endswith(SENTENCE_ENDS) else ""


def _as_json(findings: list[Finding]) -> str:
    rows: list[dict[str, Any]] = [
        {
            "rule": finding.rule,
            "severity": finding.severity.value,
            "quote": finding.quote,
            "message": f"{finding.message}{finding.advice}",
            "start": finding.start,
            "end": finding.end,
        }
        for finding in findings
    ]
    return json.dumps(rows, ensure_ascii=False) + "\n"


def _as_words(findings: list[Finding]) -> str:
    if not findings:
        return "没有发现问题。\n"
    lines = [f"{finding.severity.word}　{_place(finding)}{finding.message}{finding.advice}" for finding in findings]
    return "\n".join([*lines, f"共 {len(findings)} 处。", ""])


def _place(finding: Finding) -> str:
    return f"第 {finding.start + 1} 字：" if finding.quote else ""
