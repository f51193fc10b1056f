import pytest

from gongkai.foundation.attachments.kinds import RemarkKind
from gongkai.lib.gate import GateDocument, GateFile, Part, Severity, Tables
from gongkai.lib.gate.files import REMARKS, check_files


def check(**known):
    return check_files(GateDocument(text="", files=(GateFile(**({"name": "附表.xlsx", "text": ""} | known)),)), Tables())


def test_every_remark_of_a_file_has_its_words():
    assert set(REMARKS) == set(RemarkKind.values())


@pytest.mark.parametrize("code", RemarkKind.values())
def test_a_remark_is_a_finding_at_the_file(code):
    (finding,) = check(remarks=((code, ""),))
    assert (finding.rule, finding.part, finding.element, finding.severity) == ("attachment", Part.ATTACHMENT, "附表.xlsx", REMARKS[code][0])
    assert finding.message.startswith("附件“附表.xlsx”")
    assert finding.message.endswith("。")


def test_where_it_is_stands_in_the_finding():
    (finding,) = check(remarks=(("HIDDEN_SHEETS", "底稿"),))
    assert finding.message == "附件“附表.xlsx”里有隐藏的工作表（底稿）。"


def test_a_file_that_nobody_read_blocks():
    (finding,) = check(text=None)
    assert finding.severity is Severity.BLOCK


def test_a_plain_file_has_no_findings():
    assert check() == ()
