import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import STEPS, EditionState, StepKind
from gongkai.core.publishing.models import Publication
from tests.factories.publishing import (
    a_content,
    a_draft,
    a_publication,
    a_text_in_review,
    find_holder,
    pass_waiting_step,
    the_step_of,
    waiting_kind,
)

pytestmark = pytest.mark.django_db
WRONG = "<p>根据国办函[2020]109号规定，拟征收土地。</p>"


def fields(uuid, **known):
    """What the editor's form sends."""
    draft = publishing.get_draft(uuid)
    values = {
        "seen_hash": draft.content_hash,
        "title": draft.content.title,
        "document_number": draft.content.document_number,
        "formed_date": "",
        "body": draft.content.body_html,
        "attachments": [str(file.uuid) for file in draft.attachments],
    }
    values |= {f"element_{number}": value for number, value in enumerate(draft.content.elements.values())}
    return values | known


def at(name, uuid):
    return reverse(f"publishing:{name}", args=[uuid])


def words(answer):
    return answer.content.decode()


def found(pattern, page):
    """The first group of the first place where a pattern is found."""
    match = re.search(pattern, page)
    assert match
    return match[1]


# The editor


def test_the_author_gets_the_editor_with_findings_beside_their_fields(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(title="转发国办函[2020]109号", elements={}))
    page = words(sign_in("周岚").get(at("draft", uuid)))

    assert "还不能送审：1 处必须改" in page
    assert "另有 3 处提醒" in page
    assert "改为“国办函〔2020〕109号”" in page
    assert page.count('class="field-finding') == 4
    assert re.search(r"<button[^>]*disabled[^>]*>送科室审核</button>", page)
    assert "处理完 4 处后可送审" in page


def test_no_page_of_ours_holds_inline_script_or_style(sign_in, clerk, reviewers, friday):
    browser = sign_in("陈默")
    draft = a_draft(actor=clerk, now=friday)
    review = a_text_in_review(actor=clerk, now=friday)
    public = a_publication(actor=clerk, by=reviewers, now=friday)
    author = sign_in("周岚")
    pages = [author.get(at("draft", uuid)) for uuid in (draft, review, public)]
    pages += [browser.get(at("review", the_step_of(review)))]
    pages += [author.get(reverse(f"publishing:{name}")) for name in ("list", "queue", "published")]
    for page in pages:
        assert page.status_code == 200
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", words(page))
        policy = page.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "nonce" not in policy


def test_saving_keeps_every_field_and_says_what_was_dropped(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    browser = sign_in("周岚")
    answer = browser.post(
        at("draft", uuid),
        fields(uuid, title="新标题", formed_date="2026-10-09", body="<p>新正文</p><img src=x>", element_1="学校建设。"),
        follow=True,
    )
    content = publishing.get_draft(uuid).content
    assert (content.title, str(content.formed_date), content.body_html) == ("新标题", "2026-10-09", "<p>新正文</p>\n")
    assert content.elements["征收目的"] == "学校建设。"
    assert "粘贴的内容里去掉了：图片 1 处" in words(answer)


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"title": ""}, "请填写标题"), ({"formed_date": "昨天"}, "2026-10-09 的写法"), ({"formed_date": "2027-01-01"}, "在今天之后")],
)
def test_a_refused_save_shows_the_form_again_with_everything_typed(sign_in, clerk, friday, sealed_root, changed, said):
    uuid = a_draft(actor=clerk, now=friday)
    upload = SimpleUploadedFile("附图.txt", "图".encode())

    answer = sign_in("周岚").post(
        at("draft", uuid), fields(uuid, body="<p>辛苦写的正文</p>", element_0="新的范围", uploads=upload, **changed)
    )

    page = words(answer)
    assert answer.status_code == 422
    assert said in page
    assert "辛苦写的正文" in page
    assert "新的范围" in page
    assert "附图.txt" in page  # sealed already: a browser would not give it back
    assert publishing.get_draft(uuid).content.elements["征收范围"] != "新的范围"


def test_two_who_edit_at_once_lose_nothing(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    mine = fields(uuid, title="我的标题")
    publishing.save_draft(publication=uuid, content=a_content(title="他的标题"), seen_hash=None, actor=clerk, now=friday)
    browser = sign_in("周岚")

    answer = browser.post(at("draft", uuid), mine)
    page = words(answer)
    assert answer.status_code == 409
    assert "您在另一个窗口改过这份稿" in page
    assert "周岚在 " not in page
    assert "我的标题" in page
    assert publishing.get_draft(uuid).content.title == "他的标题"

    assert "两份都在，由您来定" in page
    assert re.search(r"<del>.*?他.*?</del>", page)
    assert re.search(r"<ins>.*?我.*?</ins>", page)
    again = browser.post(at("draft", uuid), mine)
    assert again.status_code == 409  # pressing the same button again decides nothing

    replace = found(r'name="replace" value="(\w+)"', page)
    browser.post(at("draft", uuid), {**mine, "replace": replace})
    assert publishing.get_draft(uuid).content.title == "我的标题"


def test_a_repair_button_keeps_what_was_typed_and_repairs(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html=WRONG))
    (finding,) = publishing.list_findings(uuid).standing

    sign_in("周岚").post(at("repair", uuid), fields(uuid, title="刚改的标题", key=finding.key))

    content = publishing.get_draft(uuid).content
    assert content.title == "刚改的标题"
    assert "国办函〔2020〕109号" in content.body_html


def test_a_reason_lets_a_warning_through_and_a_short_one_does_not(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(elements={}))
    finding = publishing.list_findings(uuid).standing[0]
    browser = sign_in("周岚")

    refused = browser.post(at("pass-finding", uuid), fields(uuid, title="刚改的标题", key=finding.key, **{f"reason_{finding.key}": "无"}))
    assert refused.status_code == 422
    assert "至少 4 个字" in words(refused)
    assert ">无</textarea>" in words(refused)
    assert publishing.get_draft(uuid).content.title == "刚改的标题"

    passed = browser.post(
        at("pass-finding", uuid), fields(uuid, key=finding.key, **{f"reason_{finding.key}": "本公告没有这一项"}), follow=True
    )
    assert "本公告没有这一项（周岚" in words(passed)


def test_submitting_with_findings_keeps_the_text_and_says_what_stands(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html=WRONG))

    answer = sign_in("周岚").post(at("submit", uuid), fields(uuid, title="刚改的标题"))

    assert answer.status_code == 409
    assert "还不能送审：1 处必须改" in words(answer)
    assert publishing.get_draft(uuid).content.title == "刚改的标题"


def test_submitting_twice_is_refused_in_words(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    browser = sign_in("周岚")
    sent = fields(uuid)
    assert browser.post(at("submit", uuid), sent).status_code == 302
    again = browser.post(at("submit", uuid), sent)
    assert again.status_code == 409
    assert "审核中，不能" in words(again)


def test_files_are_added_and_removed_in_the_editor(sign_in, clerk, friday, sealed_root):
    uuid = a_draft(actor=clerk, now=friday)
    browser = sign_in("周岚")
    browser.post(at("draft", uuid), fields(uuid, uploads=[SimpleUploadedFile("一.txt", b"1"), SimpleUploadedFile("二.txt", b"2")]))
    files = publishing.get_draft(uuid).attachments
    assert [file.name for file in files] == ["一.txt", "二.txt"]

    browser.post(at("draft", uuid), fields(uuid, drop=str(files[0].uuid)))
    assert [file.name for file in publishing.get_draft(uuid).attachments] == ["二.txt"]


def test_a_file_that_cannot_be_taken_is_refused_beside_the_field(sign_in, clerk, friday, sealed_root):
    uuid = a_draft(actor=clerk, now=friday)
    answer = sign_in("周岚").post(
        at("draft", uuid), fields(uuid, title="刚改的标题", uploads=SimpleUploadedFile("程序.exe", b"MZ\x90\x00"))
    )
    assert answer.status_code == 422
    assert "刚改的标题" in words(answer)


def test_each_refused_file_is_named_with_its_reason_and_the_rest_is_saved(sign_in, clerk, friday, sealed_root):
    uuid = a_draft(actor=clerk, now=friday)
    uploads = [SimpleUploadedFile("程序.exe", b"MZ\x90\x00"), SimpleUploadedFile("附图.txt", b"1"), SimpleUploadedFile("空.pdf", b"")]
    browser = sign_in("周岚")

    answer = browser.post(at("draft", uuid), fields(uuid, title="刚改的标题", uploads=uploads))

    page = words(answer)
    assert answer.status_code == 422
    assert "“程序.exe”没有添加：" in page
    assert "“空.pdf”没有添加：这是一个空文件" in page
    assert "文字和其余附件已经保存" in page
    draft = publishing.get_draft(uuid)
    assert draft.content.title == "刚改的标题"
    assert [file.name for file in draft.attachments] == ["附图.txt"]
    seen = found(r'name="seen_hash" value="(\w+)"', page)
    again = browser.post(at("draft", uuid), fields(uuid, title="又改的标题", seen_hash=seen))
    assert again.status_code == 302


def test_a_refused_file_beside_a_refused_text_says_that_nothing_was_saved(sign_in, clerk, friday, sealed_root):
    uuid = a_draft(actor=clerk, now=friday)
    answer = sign_in("周岚").post(
        at("draft", uuid), fields(uuid, title="", body="<p>辛苦写的正文</p>", uploads=SimpleUploadedFile("程序.exe", b"MZ\x90\x00"))
    )
    page = words(answer)
    assert "“程序.exe”没有添加：" in page
    assert "文字还没有保存" in page
    assert "辛苦写的正文" in page


def test_findings_are_numbered_as_they_stand_on_the_page(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(title="转发国办函[2020]108号", body_html=WRONG, elements={}))
    page = words(sign_in("周岚").get(at("draft", uuid)))
    assert re.findall(r'data-finding-note="(\d+)"', page) == ["1", "2", "3", "4", "5"]
    assert "number&quot;: 2" in found(r'data-marks="([^"]*)"', page)


def test_the_form_to_return_a_text_is_open_on_the_review_page(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    page = words(sign_in("陈默").get(at("review", the_step_of(uuid))))
    assert 'href="#return"' in page
    assert re.search(r'<section class="return" id="return" tabindex="-1"', page)
    assert "退回这份稿</button>" in page
    assert "<details" not in page.split('id="decide-title"')[1].split("</section>")[0]


def test_a_text_of_another_unit_does_not_exist_for_a_clerk(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    stranger = sign_in("何静")  # the openness office sees all units; a clerk of another unit does not
    assert stranger.get(at("draft", uuid)).status_code == 200
    other = sign_in(find_holder("LC06-1"))
    assert other.get(at("draft", uuid)).status_code == 404
    assert other.get(at("review", the_step_of(uuid))).status_code == 404


def test_of_a_public_text_another_unit_sees_what_citizens_see_and_nothing_of_the_way(sign_in, clerk, reviewers, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(elements={}))
    publishing.submit_with_reason(publication=uuid, reason="内部说明的缘由", actor=clerk, now=friday)
    step, seen = the_step_of(uuid), publishing.get_draft(uuid).content_hash
    publishing.return_step(step=step, seen_hash=seen, reason="退回：涉及张某家庭情况", actor=reviewers.head, now=friday)
    publishing.submit(publication=uuid, actor=clerk, now=friday)
    for kind in STEPS:
        pass_waiting_step(publication=uuid, actor=reviewers.of(kind), now=friday)

    other = sign_in(find_holder("LC06-1"))
    answer = other.get(at("draft", uuid))
    assert answer.status_code == 200
    assert "拟征收双桥村" in words(answer)
    for inner in ("涉及张某家庭情况", "内部说明的缘由", "审核经过", "打开台账事项"):
        assert inner not in words(answer)
    assert other.get(at("review", step)).status_code == 404
    assert other.post(at("draft", uuid), fields(uuid)).status_code == 404
    assert "涉及张某家庭情况" in words(sign_in("周岚").get(at("draft", uuid)))


def test_a_save_that_does_not_say_what_it_started_from_overwrites_nothing(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    sent = fields(uuid, title="盖掉同事的标题")
    del sent["seen_hash"]
    answer = sign_in("周岚").post(at("draft", uuid), sent)
    assert answer.status_code == 422
    assert "不知道您改的是哪一份内容" in words(answer)
    assert "盖掉同事的标题" in words(answer)
    assert publishing.get_draft(uuid).content.title == "双桥村征收土地预公告"


def test_a_body_nested_too_deep_is_refused_beside_its_field(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    answer = sign_in("周岚").post(at("draft", uuid), fields(uuid, body="<ul><li>" * 2000))
    assert answer.status_code == 422
    assert "超过 100 层" in words(answer)


# The review, and the ways round it


def test_the_author_opens_his_own_review_page_and_finds_words_in_the_place_of_buttons(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    page = words(sign_in("周岚").get(at("review", the_step_of(uuid))))
    assert "不能审自己起草的稿，要由别人审。" in page
    assert "通过科室审核</button>" not in page


@pytest.mark.parametrize("act", ["pass", "return"])
def test_the_author_posts_to_the_review_addresses_in_vain(sign_in, clerk, friday, act):
    uuid = a_text_in_review(actor=clerk, now=friday)
    seen = publishing.get_draft(uuid).content_hash
    answer = sign_in("周岚").post(at(act, the_step_of(uuid)), {"seen_hash": seen, "opinion": "好", "reason": "退回重写一遍"})
    assert answer.status_code == 403
    assert "不能审自己起草的稿" in words(answer)
    assert publishing.get_draft(uuid).state is EditionState.IN_REVIEW


def test_a_reviewer_of_another_unit_posts_in_vain(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    seen = publishing.get_draft(uuid).content_hash
    answer = sign_in("何静").post(at("pass", the_step_of(uuid)), {"seen_hash": seen})  # 科室审核人 of 政务公开办
    assert answer.status_code == 403
    assert "这个单位的“科室审核”权限" in words(answer)


def test_an_older_page_decides_nothing(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    answer = sign_in("陈默").post(at("pass", the_step_of(uuid)), {"seen_hash": "0" * 64, "opinion": "同意"})
    assert answer.status_code == 409
    assert "不是现在这份内容" in words(answer)
    assert ">\n同意</textarea>" in words(answer)
    assert waiting_kind(uuid) is StepKind.UNIT


def test_a_reviewer_cannot_open_the_editor_nor_save_through_it(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    browser = sign_in("陈默")
    assert 'id="draft"' not in words(browser.get(at("draft", uuid)))
    assert browser.post(at("draft", uuid), fields(uuid, title="改成我的")).status_code == 403
    assert sign_in("周岚").post(at("draft", uuid), fields(uuid, title="偷偷改")).status_code == 409
    assert publishing.get_draft(uuid).content.title == "双桥村征收土地预公告"


def test_no_address_releases_what_is_not_signed(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    for ending in ("release/", "approve/"):
        assert sign_in("顾长青").post(at("draft", uuid) + ending).status_code == 404
    assert sign_in("顾长青").post(at("publish", uuid)).status_code == 409
    assert not publishing.get_draft(uuid).is_public


def test_the_way_through_three_screens(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    for name, button in (("陈默", "通过科室审核"), ("林晓", "通过保密审查"), ("顾长青", "签发并公开")):
        browser = sign_in(name)
        page = words(browser.get(at("review", the_step_of(uuid))))
        assert button in page
        seen = found(r'name="seen_hash" value="(\w+)"', page)
        answer = browser.post(at("pass", the_step_of(uuid)), {"seen_hash": seen, "opinion": "同意"}, follow=True)
        assert answer.redirect_chain[-1][0] == reverse("publishing:queue")
    assert publishing.get_draft(uuid).is_public
    assert "索引号" in words(sign_in("周岚").get(at("draft", uuid)))


def test_after_a_decision_comes_the_next_that_waits(sign_in, clerk, friday):
    first, second = a_text_in_review(actor=clerk, now=friday), a_text_in_review(actor=clerk, now=friday)
    seen = publishing.get_draft(first).content_hash
    answer = sign_in("陈默").post(at("pass", the_step_of(first)), {"seen_hash": seen})
    assert answer.headers["Location"] == at("review", the_step_of(second))


def test_findings_that_were_passed_have_to_be_looked_at(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(elements={}))
    publishing.submit_with_reason(publication=uuid, reason="本公告没有这些项", actor=clerk, now=friday)
    browser, step, seen = sign_in("陈默"), the_step_of(uuid), publishing.get_draft(uuid).content_hash

    page = browser.get(at("review", step))
    assert "理由：本公告没有这些项（周岚" in words(page)
    refused = browser.post(at("pass", step), {"seen_hash": seen, "opinion": "同意"})
    assert (refused.status_code, "请先看过写理由通过的各处" in words(refused)) == (422, True)
    assert browser.post(at("pass", step), {"seen_hash": seen, "looked": "on"}).status_code == 302


def test_a_return_needs_words_and_the_author_reads_them(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    browser, step, seen = sign_in("陈默"), the_step_of(uuid), publishing.get_draft(uuid).content_hash

    assert browser.post(at("return", step), {"seen_hash": seen, "reason": ""}).status_code == 422
    browser.post(at("return", step), {"seen_hash": seen, "usual": "文字需要再改", "reason": "第二段"})

    page = words(sign_in("周岚").get(at("draft", uuid)))
    assert "科室审核退回（陈默" in page
    assert "文字需要再改：第二段" in page


def test_a_decided_step_shows_what_was_decided(sign_in, clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    step = the_step_of(uuid)
    pass_waiting_step(publication=uuid, actor=unit_head, now=friday)
    page = words(sign_in("陈默").get(at("review", step)))
    assert "这一步已通过。" in page
    assert "打开现在的一步：保密审查" in page


def test_reading_a_page_changes_nothing_and_get_decides_nothing(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    browser = sign_in("陈默")
    for name in ("submit", "pass-finding", "repair"):
        assert browser.get(at(name, uuid)).status_code == 405
    for name in ("pass", "return"):
        assert browser.get(at(name, the_step_of(uuid))).status_code == 405


# Lists and costs


def test_lists_show_their_rows_and_say_what_is_when_there_are_none(sign_in, clerk, friday):
    browser = sign_in("周岚")
    assert "没有在办的文稿。" in words(browser.get(reverse("publishing:list")))
    assert "没有等您审的稿。" in words(browser.get(reverse("publishing:queue")))
    assert "还没有公开的信息。" in words(browser.get(reverse("publishing:published")))
    a_text_in_review(actor=clerk, now=friday)
    assert "等科室审核" in words(browser.get(reverse("publishing:list")))
    assert "双桥村征收土地预公告" in words(sign_in("陈默").get(reverse("publishing:queue")))


def count_queries(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


def test_a_list_page_costs_the_same_for_any_number_of_rows(sign_in, clerk, reviewers, friday):
    browser = sign_in("陈默")
    a_publication(actor=clerk, by=reviewers, now=friday)
    a_text_in_review(actor=clerk, now=friday)
    addresses = [reverse(f"publishing:{name}") for name in ("list", "queue", "published")]
    before = [count_queries(browser, address) for address in addresses]
    for _ in range(4):
        a_text_in_review(actor=clerk, now=friday)
        a_publication(actor=clerk, by=reviewers, now=friday)
    assert [count_queries(browser, address) for address in addresses] == before


def test_an_editor_and_a_review_page_have_a_known_cost(sign_in, clerk, friday):
    draft, review = a_draft(actor=clerk, now=friday), a_text_in_review(actor=clerk, now=friday)
    frame = count_queries(sign_in("周岚"), reverse("publishing:queue")) - 2
    assert count_queries(sign_in("周岚"), at("draft", draft)) - frame <= 12
    assert count_queries(sign_in("陈默"), at("review", the_step_of(review))) - frame <= 14


def test_lists_are_paged(sign_in, clerk, friday):
    for _ in range(21):
        a_draft(actor=clerk, now=friday)
    browser = sign_in("周岚")
    page = words(browser.get(reverse("publishing:list")))
    following = found(r'href="(\?after=[^"]+)"', page)
    assert page.count("data-key-row") == 20
    assert words(browser.get(reverse("publishing:list") + following)).count("data-key-row") == 1
    assert words(browser.get(reverse("publishing:list") + "?after=unsinn")).count("data-key-row") == 20


def test_nobody_gets_in_without_signing_in(client, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    for address in (reverse("publishing:list"), at("draft", uuid)):
        assert client.get(address, headers={"host": "127.0.0.1"}).status_code == 302
    assert Publication.objects.count() == 1
