"""A return points at places: what can be pointed at, what is kept, what the author sees."""

import re

import pytest
from django.urls import reverse

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import NewRemark, Place, RemarkRow, Spot
from gongkai.core.publishing.places import list_paragraphs, list_places, number_body, read_remarks, sum_up
from gongkai.lib.errors import BadInput
from tests.factories.publishing import a_content, a_draft, a_text_in_review, the_step_of

BODY = (
    "<h2>一、范围</h2>\n<p>东至<strong>沿河路</strong>，<br>西至渠。</p>\n"
    "<table><tbody><tr><td>面积</td><td>2.20</td></tr></tbody></table>\n<ul><li>另行通知</li></ul>"
)


def test_paragraphs_are_numbered_as_they_are_read_and_a_table_is_one_place():
    assert [(place.key, place.label) for place in list_paragraphs(BODY)] == [
        ("p1", "第 1 段：一、范围"),
        ("p2", "第 2 段：东至沿河路，"),
        ("p3", "第 3 段：西至渠。"),
        ("t1", "表 1：面积"),
        ("p4", "第 4 段：另行通知"),
    ]


def test_a_numbered_body_says_which_place_each_block_is_and_changes_no_word():
    numbered = number_body(BODY)
    assert re.findall(r"<(\w+) data-place=\"PARAGRAPH:(\w+)\"", numbered) == [("h2", "p1"), ("p", "p2"), ("table", "t1"), ("li", "p4")]
    assert re.sub(r' data-place="[^"]*"', "", numbered) == BODY


@pytest.mark.parametrize("body", ["", "<p></p>", "字", "<table><tr><td><table><tr><td>里</td></tr></table></td></tr></table>"])
def test_odd_bodies_are_numbered_without_fault(body):
    assert re.sub(r' data-place="[^"]*"', "", number_body(body)) == body
    assert len(list_paragraphs(body)) <= 1


def test_a_very_long_text_offers_its_first_four_hundred_paragraphs():
    assert len(list_paragraphs("<p>段</p>" * 1000)) == 400


def test_a_place_that_is_not_there_is_refused():
    with pytest.raises(BadInput, match="现在没有了") as refusal:
        read_remarks([NewRemark("PARAGRAPH:p9", "数字不对")], [Place(Spot.WHOLE)])
    assert refusal.value.field == "place"


def test_a_remark_needs_words_and_there_are_not_endless_ones():
    with pytest.raises(BadInput, match="至少 4 个字"):
        read_remarks([NewRemark("WHOLE:", "改")], [Place(Spot.WHOLE)])
    with pytest.raises(BadInput, match="最多指 20 处"):
        read_remarks([NewRemark("WHOLE:", "数字不对")] * 21, [Place(Spot.WHOLE)])


def test_the_reason_in_one_line_names_each_place():
    rows = [RemarkRow(Place(Spot.PARAGRAPH, "p1", "第 1 段：东至"), "范围不全"), RemarkRow(Place(Spot.TITLE, label="标题"), "要写全称")]
    assert sum_up("文字需要再改", rows) == "文字需要再改：第 1 段：范围不全；标题：要写全称"


def send_back(uuid, remarks, actor, now, reason=""):
    seen = publishing.get_draft(uuid).content_hash
    publishing.return_step(step=the_step_of(uuid), seen_hash=seen, reason=reason, remarks=remarks, actor=actor, now=now)


@pytest.mark.django_db
def test_title_elements_paragraphs_and_findings_can_be_pointed_at(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(elements={"征收范围": "双桥村。"}))
    publishing.submit_with_reason(publication=uuid, reason="原件如此写的", actor=clerk, now=friday)
    places = list_places(publishing.get_draft(uuid), publishing.list_findings(uuid))
    spots = {place.spot for place in places}
    assert spots == {Spot.WHOLE, Spot.TITLE, Spot.PARAGRAPH, Spot.ELEMENT, Spot.FINDING}
    assert len({place.code for place in places}) == len(places)


@pytest.mark.django_db
def test_what_was_said_of_each_place_is_kept_with_its_words_of_that_moment(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    remarks = [NewRemark("PARAGRAPH:p1", "面积与附图不一致"), NewRemark("ELEMENT:征收范围", "东至写错了")]
    send_back(uuid, remarks, unit_head, friday, reason="数字与附表不一致")
    publishing.save_draft(publication=uuid, content=a_content(body_html="<p>全新的一段。</p>"), seen_hash=None, actor=clerk, now=friday)

    (step,) = publishing.get_draft(uuid).steps
    assert step.opinion == "数字与附表不一致：第 1 段：面积与附图不一致；要素“征收范围”：东至写错了"
    assert [(row.place.spot, row.place.key, row.place.quote) for row in step.remarks] == [
        (Spot.PARAGRAPH, "p1", "拟征收双桥村集体土地2.20公顷，用于道路建设。"),
        (Spot.ELEMENT, "征收范围", "双桥村四组，东至沿河路。"),
    ]


@pytest.mark.django_db
def test_a_refused_place_leaves_the_step_waiting(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    with pytest.raises(BadInput):
        send_back(uuid, [NewRemark("ATTACHMENT:no-such-file", "换成新的图")], unit_head, friday)
    assert publishing.get_draft(uuid).waiting


def at(name, uuid):
    return reverse(f"publishing:{name}", args=[uuid])


@pytest.mark.django_db
def test_the_reviewer_chooses_a_place_and_the_author_finds_it_in_the_editor(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    browser, step = sign_in("陈默"), the_step_of(uuid)
    page = browser.get(at("review", step)).content.decode()
    assert '<option value="PARAGRAPH:p1">第 1 段：拟征收双桥村集体土地2.20公顷，用于道路建设。</option>' in page
    assert 'data-place="PARAGRAPH:p1"' in page
    seen = publishing.get_draft(uuid).content_hash
    sent = {
        "seen_hash": seen, "usual": "", "place": "PARAGRAPH:p1", "reason": "面积与附图不一致",
        "place_2": "ELEMENT:征收目的", "reason_2": "写明是哪一条路",
    }  # fmt: skip
    browser.post(at("return", step), sent)

    page = sign_in("周岚").get(at("draft", uuid)).content.decode()
    assert "科室审核退回（陈默" in page
    assert "第 1 段：拟征收双桥村集体土地2.20公顷，用于道路建设。</strong>：面积与附图不一致" in page
    assert re.search(r'data-finding-note="2"[^§]*?写明是哪一条路', page)
    assert "&quot;css&quot;: &quot;returned&quot;" in page


@pytest.mark.django_db
def test_one_more_place_keeps_what_was_typed_and_decides_nothing(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    browser, step = sign_in("陈默"), the_step_of(uuid)
    seen = publishing.get_draft(uuid).content_hash
    answer = browser.post(at("return", step), {"seen_hash": seen, "place": "TITLE:", "reason": "标题要写全", "more": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert ">\n标题要写全</textarea>" in page
    assert 'name="reason_2"' in page
    assert publishing.get_draft(uuid).waiting


@pytest.mark.django_db
def test_a_place_without_words_takes_the_usual_reason_or_is_refused(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    browser, step = sign_in("陈默"), the_step_of(uuid)
    sent = {"seen_hash": publishing.get_draft(uuid).content_hash, "place": "TITLE:", "reason": ""}
    refused = browser.post(at("return", step), sent)
    assert (refused.status_code, "至少 4 个字" in refused.content.decode()) == (422, True)
    assert browser.post(at("return", step), sent | {"usual": "标题与正文不一致"}).status_code == 302
    (row,) = publishing.get_draft(uuid).steps[0].remarks
    assert (row.place.spot, row.words) == (Spot.TITLE, "标题与正文不一致")


@pytest.mark.django_db
def test_the_stepper_says_who_may_decide_the_limit_of_the_terms_and_times_returned(sign_in, clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    send_back(uuid, [], unit_head, friday, reason="数字要核对")
    publishing.submit(publication=uuid, actor=clerk, now=friday)
    facts = publishing.get_step_facts(publishing.get_draft(uuid), friday)
    assert facts.deciders[0] == "陈默"
    assert "周岚" not in facts.deciders

    page = sign_in("周岚").get(at("draft", uuid)).content.decode()
    assert "这是您起草的稿，要由别人审。已送科室审核（陈默、苏明远），限 1 个工作日。" in page
    assert "限 1 个工作日，刚送到，退回 1 次" in page
