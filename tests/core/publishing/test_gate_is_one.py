"""One gate: the tool over a file, the editor, the submission and the release say the same of the same words."""

import json
from html import escape
from pathlib import Path

import pytest

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.tool import check_text
from gongkai.lib.errors import ActNotPossible
from gongkai.lib.gate import Severity
from tests.factories.publishing import a_content, a_draft

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parents[2] / "data/gate"
CASES = [case for name in ("personal_data", "doc_numbers") for case in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))]


def a_body(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_file_editor_and_submission_agree(case, clerk, friday):
    owed = [(one["rule"], one["quote"]) for one in case["expect"]]
    in_file = [(finding.rule, finding.quote) for finding in check_text(case["text"], lambda _title: ()) if finding.rule == case["rule"]]
    assert in_file == owed

    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html=a_body(case["text"])))
    report = publishing.list_findings(uuid)
    assert [(finding.rule, finding.quote) for finding in report.findings if finding.rule == case["rule"]] == owed

    if any(finding.severity is Severity.BLOCK for finding in report.findings):
        with pytest.raises(ActNotPossible):
            publishing.submit(publication=uuid, actor=clerk, now=friday)
    else:
        publishing.submit(publication=uuid, actor=clerk, now=friday)
