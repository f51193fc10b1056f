import pytest

from gongkai.core.publishing.cleaning import clean_body
from gongkai.core.publishing.kinds import DraftContent
from gongkai.core.publishing.marking import Mark, mark_body
from gongkai.core.publishing.repairing import repair, repair_body
from gongkai.lib.errors import ActNotPossible
from gongkai.lib.gate import Finding, Part, Severity

WRONG, RIGHT = "国办函[2020]109号", "国办函〔2020〕109号"


def a_finding(part=Part.TEXT, element="", right=RIGHT):
    return Finding(
        rule="doc_number",
        severity=Severity.BLOCK,
        message="写法不对。",
        advice="改。",
        quote=WRONG,
        part=part,
        element=element,
        repair=right,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<p>根据{WRONG}规定</p>", f"<p>根据{RIGHT}规定</p>"),
        (f"<p>{WRONG}</p>\n<table><tr><td>见{WRONG}。</td></tr></table>", f"<p>{RIGHT}</p>\n<table><tr><td>见{RIGHT}。</td></tr></table>"),
        ("<p>根据国办函<strong>[2020]</strong>109号规定</p>", f"<p>根据{RIGHT}<strong></strong>规定</p>"),
        (f'<p><a href="/x?q={WRONG}">{WRONG}</a> &lt;{WRONG}&gt;</p>', f'<p><a href="/x?q={WRONG}">{RIGHT}</a> &lt;{RIGHT}&gt;</p>'),
    ],
)
def test_a_repair_changes_every_place_of_the_words_and_nothing_else(before, after):
    assert repair_body(before, WRONG, RIGHT) == after


def test_what_a_repair_leaves_is_a_clean_body():
    repaired = clean_body(repair_body("<p>根据国办函<strong>[2020]</strong>109号规定</p>", WRONG, RIGHT)).html
    assert repaired == f"<p>根据{RIGHT}规定</p>\n"


def test_blanks_in_a_body_may_be_several_where_the_quote_has_one():
    assert repair_body("<p>国办函 \xa0[2020]1号</p>", "国办函 [2020]1号", "好") == "<p>好</p>"


def test_words_that_run_over_two_paragraphs_are_left_to_the_author():
    with pytest.raises(ActNotPossible, match="请自己改"):
        repair_body("<p>国办函</p><p>[2020]109号</p>", WRONG, RIGHT)


def test_title_number_and_element_are_repaired_in_their_own_field():
    content = DraftContent(title=f"转发{WRONG}", document_number=WRONG, elements={"依据": f"见{WRONG}"})
    assert repair(content, a_finding(Part.TITLE)).title == f"转发{RIGHT}"
    assert repair(content, a_finding(Part.DOCUMENT_NUMBER)).document_number == RIGHT
    assert repair(content, a_finding(Part.ELEMENT, "依据")).elements == {"依据": f"见{RIGHT}"}


def test_without_a_certain_repair_there_is_none():
    with pytest.raises(ActNotPossible, match="十拿九稳"):
        repair(DraftContent(title="x"), a_finding(right=None))


def test_marks_stand_around_the_words_and_say_so_to_the_ear():
    marked = mark_body("<p>甲<strong>乙</strong>丙 &lt;丁</p>", [Mark(3, "甲乙", "must", "必须改")])
    hidden = '<span class="unseen">（第3处，必须改）</span>'
    assert marked == (
        f'<p><mark class="must" data-finding="3">甲{hidden}</mark>'
        f'<strong><mark class="must" data-finding="3">乙{hidden}</mark></strong>丙 &lt;丁</p>'
    )


def test_a_mark_inside_another_is_left_out():
    marked = mark_body("<p>甲乙丙</p>", [Mark(1, "乙", "warn", "提醒"), Mark(2, "甲乙丙", "must", "必须改")])
    assert marked.count("<mark") == 1


def test_a_body_without_findings_stays_as_it_is():
    body = '<p>甲 &amp; 乙</p>\n<table><tbody><tr><td rowspan="2">丙</td></tr></tbody></table>\n'
    assert mark_body(body, []) == body
