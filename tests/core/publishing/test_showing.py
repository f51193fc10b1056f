from datetime import datetime

import pytest

from gongkai.core.publishing.kinds import GateReport
from gongkai.core.publishing.kinds.editing import EditHolder
from gongkai.core.publishing.showing import list_clean, verdict_of, words_of_holder
from gongkai.lib.gate import GateDocument, Tables, run_checks
from gongkai.lib.moments import SHANGHAI


def broken(_document, _tables):
    raise ZeroDivisionError


def test_a_check_that_broke_is_said_to_have_broken_and_blocks():
    findings = run_checks(GateDocument(text="甲"), Tables(), {"figures": broken})
    report = GateReport(findings=findings, passed={}, checked=("figures",))
    assert report.blocks == 1
    assert report.failed == ("合计与分项",)
    assert verdict_of(report) == "检查没有做完，不能送审"
    assert list_clean(report) == []


@pytest.mark.parametrize(
    ("officer", "taken_from", "said"),
    [(1, "", "您在另一个窗口"), (2, "", "周岚从 10-09 10:20 起在改"), (2, "陈默", "周岚在 10-09 10:20 接手了")],
)
def test_a_page_is_told_who_writes_in_its_place(officer, taken_from, said):
    since = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
    holder = EditHolder(officer_id=1, officer_name="周岚", since=since, is_here=False, taken_from=taken_from)
    assert said in words_of_holder(holder, officer)
