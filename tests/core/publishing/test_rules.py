from datetime import date, datetime

import pytest

from gongkai.core.publishing import rules
from gongkai.core.publishing.kinds import DraftContent, EditionAct, EditionState, Origin, PublicationState, StepAct, StepKind, StepState
from gongkai.core.publishing.rules.releases import check_to_release
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from gongkai.lib.gate import Finding, Severity
from gongkai.lib.moments import SHANGHAI

NOW = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
UNIT, ELSEWHERE = 5, 6
NOBODY_YET = rules.People(frozenset(), frozenset())


def an_actor(*rights: Right, officer_id: int | None = 1, unit: int = UNIT) -> Actor:
    return Actor(officer_id=officer_id, name="周岚", rights=dict.fromkeys(rights, frozenset({unit})))


def a_finding(**known: object) -> Finding:
    values: dict[str, object] = {"rule": "doc_number", "severity": Severity.BLOCK, "message": "“X”不对。", "advice": "改好。"}
    return Finding(**(values | known))  # type: ignore[arg-type]


def test_a_draft_goes_to_review_and_back_or_on():
    assert rules.next_edition_state(EditionState.DRAFT, EditionAct.SUBMIT) is EditionState.IN_REVIEW
    assert rules.next_edition_state(EditionState.IN_REVIEW, EditionAct.RETURN) is EditionState.DRAFT
    assert rules.next_edition_state(EditionState.IN_REVIEW, EditionAct.APPROVE) is EditionState.APPROVED


@pytest.mark.parametrize("act", list(EditionAct))
def test_nothing_can_be_done_to_an_approved_edition(act):
    with pytest.raises(ActNotPossible, match="已签发"):
        rules.next_edition_state(EditionState.APPROVED, act)


def test_a_text_in_review_cannot_be_edited():
    with pytest.raises(ActNotPossible, match="审核中，不能修改"):
        rules.next_edition_state(EditionState.IN_REVIEW, EditionAct.EDIT)


@pytest.mark.parametrize("state", [StepState.PASSED, StepState.RETURNED, StepState.VOID])
def test_a_decided_step_cannot_be_passed(state):
    with pytest.raises(ActNotPossible, match=state.label):
        rules.next_step_state(state, StepAct.PASS)


def test_a_passed_step_becomes_void_and_one_that_an_urgent_release_overtook():
    assert rules.next_step_state(StepState.PASSED, StepAct.VOID) is StepState.VOID
    assert rules.next_step_state(StepState.WAITING, StepAct.VOID) is StepState.VOID
    with pytest.raises(ActNotPossible):
        rules.next_step_state(StepState.RETURNED, StepAct.VOID)


def test_the_steps_come_in_this_order():
    order = [rules.NEXT_STEP[None]]
    while order[-1] in rules.NEXT_STEP:
        order.append(rules.NEXT_STEP[order[-1]])
    assert order == [StepKind.UNIT, StepKind.SECRECY, StepKind.SIGN_OFF]


CONTENT = DraftContent(title="公示", document_number="临澄自然资规〔2026〕3号", body_html="<p>正文</p>", elements={"面积": "2 公顷"})


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "公示 "},
        {"document_number": ""},
        {"body_html": "<p>正文。</p>"},
        {"formed_date": date(2026, 10, 9)},
        {"elements": {"面积": "3 公顷"}},
    ],
)
def test_every_part_of_the_content_changes_the_hash(changed):
    other = DraftContent(**({**vars(CONTENT)} | changed))
    assert rules.content_hash(other, []) != rules.content_hash(CONTENT, [])


def test_other_files_or_another_order_of_them_change_the_hash():
    hashes = {rules.content_hash(CONTENT, files) for files in ([], ["a"], ["a", "b"], ["b", "a"])}
    assert len(hashes) == 4


def test_the_order_in_which_elements_were_typed_does_not_change_the_hash():
    first = DraftContent(title="公示", elements={"面积": "2", "用途": "住宅"})
    second = DraftContent(title="公示", elements={"用途": "住宅", "面积": "2"})
    assert rules.content_hash(first, []) == rules.content_hash(second, [])


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "字" * 201}, "title"),
        ({"document_number": "字" * 81}, "document_number"),
        ({"body_html": "字" * 500_001}, "body"),
        ({"elements": {"没有这项": "x"}}, "elements"),
        ({"elements": {"面积": "字" * 5001}}, "elements"),
    ],
)
def test_content_that_cannot_be_kept_names_its_field(known, field):
    with pytest.raises(BadInput) as refused:
        rules.check_content(DraftContent(**({"title": "公示"} | known)), ["面积"])
    assert refused.value.field == field


def test_blanks_empty_elements_and_invisible_signs_are_not_kept():
    content = DraftContent(title=" 公 \x00 示 ", document_number=" 3号 ", elements={"面积": " 2\r\n3 ", "用途": "  "})
    kept = rules.tidy(content, "<p>x</p>")
    assert (kept.title, kept.document_number, kept.elements, kept.body_html) == ("公 示", "3号", {"面积": "2\n3"}, "<p>x</p>")


def test_a_text_is_not_formed_tomorrow():
    rules.check_formed_date(DraftContent(title="x", formed_date=date(2026, 10, 9)), NOW)
    with pytest.raises(BadInput, match="2026-10-10 在今天之后"):
        rules.check_formed_date(DraftContent(title="x", formed_date=date(2026, 10, 10)), NOW)


def test_who_may_write_for_one_unit_may_not_for_another():
    assert rules.check_may_write(an_actor(Right.WRITE), UNIT) == 1
    for actor in (an_actor(Right.WRITE, unit=ELSEWHERE), an_actor(Right.SIGN), an_actor(Right.WRITE, officer_id=None)):
        with pytest.raises(NotAllowed, match="登记和起草"):
            rules.check_may_write(actor, UNIT)


@pytest.mark.parametrize("kind", list(StepKind))
def test_each_step_asks_for_its_own_right(kind):
    assert rules.check_may_decide(an_actor(rules.STEP_RIGHTS[kind]), kind, UNIT, NOBODY_YET) == rules.Decider(1)
    others = [right for right in Right if right is not rules.STEP_RIGHTS[kind]]
    with pytest.raises(NotAllowed, match=f"“{rules.STEP_RIGHTS[kind].label}”权限"):
        rules.check_may_decide(an_actor(*others), kind, UNIT, NOBODY_YET)


def test_writer_and_earlier_passer_are_kept_from_a_step_whatever_their_rights():
    mighty = an_actor(*Right)
    with pytest.raises(NotAllowed, match="自己起草的稿"):
        rules.check_may_decide(mighty, StepKind.UNIT, UNIT, rules.People(frozenset({1, 2}), frozenset()))
    with pytest.raises(NotAllowed, match="已经审过一步"):
        rules.check_may_decide(mighty, StepKind.SIGN_OFF, UNIT, rules.People(frozenset({2}), frozenset({1})))


def test_a_unit_outside_ones_own_is_not_even_known():
    with pytest.raises(NotFound):
        rules.check_may_see(an_actor(Right.SEE_LEDGER), ELSEWHERE)
    rules.check_may_see(an_actor(Right.SEE_LEDGER), UNIT)
    with pytest.raises(NotFound):
        rules.check_may_see(an_actor(Right.MANAGE_JOBS), UNIT)


def test_a_warning_is_passed_by_whoever_may_write():
    warning = a_finding(severity=Severity.WARN, rule="element")
    assert rules.check_may_pass_finding(an_actor(Right.WRITE), warning, Origin.WRITTEN, UNIT) == 1
    with pytest.raises(NotAllowed):
        rules.check_may_pass_finding(an_actor(Right.SIGN), warning, Origin.WRITTEN, UNIT)


def test_a_block_is_passed_by_nobody_in_a_text_of_our_own():
    with pytest.raises(ActNotPossible, match="必须改"):
        rules.check_may_pass_finding(an_actor(*Right), a_finding(), Origin.WRITTEN, UNIT)


@pytest.mark.parametrize("rule", ["doc_number", "personal_data"])
def test_the_openness_office_passes_two_blocks_of_an_imported_original(rule):
    assert rules.check_may_pass_finding(an_actor(Right.PASS_IMPORTED), a_finding(rule=rule), Origin.IMPORTED, UNIT) == 1
    with pytest.raises(NotAllowed, match="只有政务公开办"):
        rules.check_may_pass_finding(an_actor(Right.WRITE), a_finding(rule=rule), Origin.IMPORTED, UNIT)


def test_no_other_block_of_an_imported_original_can_be_passed():
    with pytest.raises(ActNotPossible, match="必须改"):
        rules.check_may_pass_finding(an_actor(*Right), a_finding(rule="secrecy"), Origin.IMPORTED, UNIT)


@pytest.mark.parametrize("reason", ["", "  ", "原文", " 原 文 "])
def test_a_reason_says_something(reason):
    with pytest.raises(BadInput, match="至少 4 个字"):
        rules.check_reason(reason, "理由")


def test_a_reason_is_not_a_treatise():
    with pytest.raises(BadInput, match="超过 300 字"):
        rules.check_reason("字" * 301, "理由")
    assert rules.check_reason(" 原文\n如此，已核 ", "理由") == "原文 如此，已核"


def test_an_opinion_may_be_empty_but_not_endless():
    assert rules.check_opinion("  ") == ""
    with pytest.raises(BadInput, match="意见写了 301 字"):
        rules.check_opinion("字" * 301)


def test_what_stands_in_the_way_is_counted_in_words():
    warning = a_finding(severity=Severity.WARN, message="缺要素。")
    hint = a_finding(severity=Severity.INFO, message="提示。")
    rules.check_findings([hint], set(), "送审")
    rules.check_findings([warning], {warning.key}, "送审")
    with pytest.raises(ActNotPossible, match="还不能送审：1 处必须改，1 处提醒要改好或写理由。第一处"):
        rules.check_findings([a_finding(), warning, hint], set(), "送审")


def test_release_wants_three_approvals_of_this_very_content():
    approved = dict.fromkeys(StepKind, "a")
    rules.check_approvals(approved, "a")
    with pytest.raises(ActNotPossible, match="还没有签发"):
        rules.check_approvals({StepKind.UNIT: "a", StepKind.SECRECY: "a"}, "a")
    with pytest.raises(ActNotPossible, match="保密审查审的不是现在这份内容"):
        rules.check_approvals({**approved, StepKind.SECRECY: "b"}, "a")


def test_nothing_is_made_public_twice():
    check_to_release("公告", PublicationState.UNPUBLISHED, is_released=False)
    check_to_release("公告", PublicationState.PUBLIC, is_released=False)
    with pytest.raises(ActNotPossible, match="“公告”已经公开"):
        check_to_release("公告", PublicationState.PUBLIC, is_released=True)


def test_a_decision_names_what_was_seen():
    rules.check_seen("a", "a")
    with pytest.raises(SomebodyWasFaster):
        rules.check_seen("a", "b")


def test_the_second_of_two_writers_is_told_who_and_when():
    assert "陈默在 10-09 10:20 改过" in str(rules.overtaken("陈默", NOW))


def test_nobody_is_told_that_he_himself_is_another():
    words = str(rules.overtaken("周岚", NOW, is_own=True))
    assert "您在另一个窗口改过" in words
    assert "周岚" not in words


def test_addresses_and_index_numbers_have_fixed_places():
    assert rules.format_path(2026, 231) == "/d/2026/00231/"
    assert rules.format_index_number("11990100MB0000017Q", rules.index_month(NOW), 231) == "11990100MB0000017Q/202610-00231"


def test_the_month_of_an_index_number_is_the_bureaus_own():
    assert rules.index_month(datetime.fromisoformat("2026-09-30T16:30:00+00:00")) == "202610"


def test_an_imported_original_is_found_by_the_day_it_was_formed():
    formed = date(2021, 3, 5)
    assert rules.search_day(Origin.IMPORTED, formed, NOW) == formed
    assert rules.search_day(Origin.IMPORTED, None, NOW) == date(2026, 10, 9)
    assert rules.search_day(Origin.WRITTEN, formed, NOW) == date(2026, 10, 9)


def test_elements_come_in_the_catalogues_order_and_strays_last():
    assert rules.order_elements({"旧": "1", "乙": "2", "甲": "3"}, ["甲", "乙"]) == (("甲", "3"), ("乙", "2"), ("旧", "1"))
