"""The rich editor in Chromium: it runs under the strict policy, keeps a text as it is, and its buttons reach the server."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.cleaning import clean_body
from tests.factories.publishing import a_content, a_draft

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

BODY = clean_body(
    "<h2>一、概况</h2><p>甲<strong>乙</strong>丙<sup>2</sup><sub>3</sub></p><ul><li>一</li><li>二</li></ul><ol><li>三</li></ol>"
    '<blockquote><p>引文</p></blockquote><p><a href="https://example.com/">链接</a></p>'
    '<table><tbody><tr><th>项</th><th>数</th></tr><tr><td colspan="2">合并格</td></tr></tbody></table><p>末段</p>'
).html


def test_the_editor_runs_under_the_strict_policy_and_keeps_a_text_as_it_is(open_page, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html=BODY))
    page, complaints = open_page("周岚", reverse("publishing:draft", args=[uuid]))
    page.locator(".ProseMirror > p").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("加")
    page.keyboard.press("Backspace")
    with page.expect_navigation():
        page.keyboard.press("Control+s")

    assert publishing.get_draft(uuid).content.body_html == BODY
    assert complaints == []
    assert page.locator("style").count() == 0


def test_a_mark_stands_in_the_text_and_the_repair_button_removes_it(open_page, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html="<p>根据国办函<strong>[2020]</strong>109号规定，拟征收土地。</p>"))
    page, complaints = open_page("周岚", reverse("publishing:draft", args=[uuid]))
    assert "".join(page.locator(".gate-mark").all_inner_texts()) == "国办函[2020]109号"
    page.keyboard.press("F8")
    assert page.locator(".gate-mark.is-here").count() > 0

    page.locator(".ProseMirror > p").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("此致。")
    page.get_by_role("button", name="改为“国办函〔2020〕109号”").click()
    expect(page.locator("#save-state")).to_contain_text("已自动保存")

    body = publishing.get_draft(uuid).content.body_html
    assert "国办函〔2020〕109号" in body
    assert "此致。" in body
    expect(page.locator(".gate-mark")).to_have_count(0)
    expect(page.locator(".gate")).to_contain_text("可以送审")

    page.locator(".ProseMirror > p").last.click()
    page.keyboard.press("Control+z")
    expect(page.locator(".ProseMirror")).to_contain_text("国办函[2020]109号")
    assert complaints == []


def test_a_repair_of_a_field_is_made_in_the_field(open_page, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(title="转发国办函[2020]108号"))
    page, complaints = open_page("周岚", reverse("publishing:draft", args=[uuid]))
    page.get_by_role("button", name="改为“国办函〔2020〕108号”").click()
    expect(page.locator("#save-state")).to_contain_text("已自动保存")
    assert page.input_value("#id_title") == "转发国办函〔2020〕108号"
    assert publishing.get_draft(uuid).content.title == "转发国办函〔2020〕108号"
    assert complaints == []


WORD = (
    '<html xmlns:o="urn:x"><head><style>p {color: red}</style></head><body><!--StartFragment--><h1>一、概况</h1><h5>小节</h5>'
    '<p class=MsoNormal style="margin:0"><span style="font-family:仿宋;color:red">红字</span><img src="file:///c:/1.png"><script>x()</script></p>'
    '<p>共<del>60</del><ins>45</ins>宗<span style="mso-hide:all">密</span></p>'
    "<p>末<o:p></o:p></p><!--EndFragment--></body></html>"
)
PASTE = """(html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector(".ProseMirror").dispatchEvent(paste);
}"""


def test_what_a_paste_loses_is_told_at_once_and_headings_stay_headings(open_page, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html="<p>开头</p>"))
    page, _ = open_page("周岚", reverse("publishing:draft", args=[uuid]))
    page.locator(".ProseMirror > p").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.evaluate(PASTE, WORD)

    told = page.locator(".rich-dropped").inner_text()
    for words in ("图片 1 处", "字体和颜色 1 处", "脚本 1 处", "修订里删去的字 1 处", "隐藏的字 1 处"):
        assert words in told
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    body = publishing.get_draft(uuid).content.body_html
    assert "<h2>一、概况</h2>" in body
    assert "<h4>小节</h4>" in body
    assert "<p>红字</p>" in body
    assert "<p>共45宗</p>" in body


def test_f8_goes_to_the_words_in_the_text_and_then_to_the_field(open_page, clerk, friday):
    uuid = a_draft(
        actor=clerk,
        now=friday,
        content=a_content(title="转发国办函[2020]108号", body_html="<p>根据国办函[2020]109号规定，拟征收土地。</p>"),
    )
    page, complaints = open_page("周岚", reverse("publishing:draft", args=[uuid]))
    page.keyboard.press("F8")
    assert page.evaluate("document.activeElement.id") == "id_title"
    page.keyboard.press("F8")
    assert page.evaluate("document.activeElement.className").startswith("ProseMirror") or page.locator(".ProseMirror-focused").count() == 1
    assert page.evaluate("getSelection().toString()").startswith("国办函[2020]109号")
    assert page.locator(".finding.is-here").count() == 1
    assert complaints == []
    page.keyboard.type("有关")
    assert "根据有关规定" in page.locator(".ProseMirror").inner_text()


def test_a_table_is_made_with_the_toolbar(open_page, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    page, complaints = open_page("周岚", reverse("publishing:draft", args=[uuid]))
    page.locator(".ProseMirror > p").last.click()
    page.get_by_role("toolbar").get_by_role("button", name="插入表格").click()
    page.keyboard.type("宗数")
    page.get_by_role("toolbar").get_by_role("button", name="加列").click()
    with page.expect_navigation():
        page.keyboard.press("Control+s")

    body = publishing.get_draft(uuid).content.body_html
    assert body.count("<th>") == 4
    assert "<th>宗数</th>" in body
    assert complaints == []


def test_without_script_the_text_is_a_plain_field_and_everything_works(open_page, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    page, _ = open_page("周岚", reverse("publishing:draft", args=[uuid]), java_script_enabled=False)
    page.fill("#id_body", "第一段\n第二段")
    page.get_by_role("button", name="保存草稿").first.click()
    assert publishing.get_draft(uuid).content.body_html == "<p>第一段</p>\n<p>第二段</p>\n"
    page.get_by_role("button", name="送科室审核").click()
    assert "已送科室审核" in page.locator(".messages").inner_text()
