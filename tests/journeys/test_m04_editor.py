"""M4: a clerk writes a text in Chromium: it saves itself, is checked again, holds a picture, survives a cut connection."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.attachments import a_picture

pytestmark = pytest.mark.journey

TITLE = "2026-17号地块挂牌出让成交结果公示"
# Ten seconds until it saves by itself, and a little.
SOON = 20_000
SAVED = re.compile("已自动保存")
LEAVE = "window.dispatchEvent(new Event('blur'))"


def test_a_text_saves_itself_and_is_checked_again(desk_of, system):
    page = desk_of("周岚")
    page.goto(f"{system.desk}/desk/causes/new/?entry=land.result")
    page.get_by_label("名称").fill(TITLE)
    page.get_by_label("事由日").fill("2026-10-08")
    page.get_by_role("button", name="登记这件事项").click()
    # The first press showed the last day of the day that was typed; the second is for that.
    page.get_by_role("button", name="登记这件事项").click()
    page.get_by_role("button", name="起草").click()

    page.locator(".ProseMirror").click()
    page.keyboard.insert_text("根据临澄自然资告字[2026]6号公告，2026-17号地块挂牌成交。")
    expect(page.locator("#gate-state")).to_contain_text("重新检查中")
    expect(page.locator("#save-state")).to_have_text(SAVED, timeout=SOON)
    expect(page.locator(".gate-mark")).to_have_text("临澄自然资告字[2026]6号")

    page.keyboard.press("F8")
    page.keyboard.press("Shift+F8")
    page.get_by_role("button", name=re.compile("^改为")).click()
    expect(page.locator(".gate")).not_to_contain_text("[2026]", timeout=SOON)
    page.reload()
    expect(page.locator(".ProseMirror")).to_contain_text("临澄自然资告字〔2026〕6号")


def test_a_picture_comes_into_the_text_with_its_words(desk_of, tmp_path):
    page = desk_of("周岚")
    picture = tmp_path / "位置图.png"
    picture.write_bytes(a_picture("PNG"))
    page.locator(".ProseMirror > p").last.click()
    page.get_by_role("button", name="插图").click()
    page.get_by_label("图片", exact=True).set_input_files(picture)
    page.get_by_role("button", name="放进正文").click()
    expect(page.locator("#picture-problem")).to_contain_text("请写明图上有什么")
    page.get_by_label("图上有什么").fill("2026-17号地块位置示意图：柳溪路以东")
    page.get_by_role("button", name="放进正文").click()

    shown = page.locator(".ProseMirror img[draggable]")
    expect(shown).to_have_attribute("alt", "2026-17号地块位置示意图：柳溪路以东")
    page.evaluate(LEAVE)
    expect(page.locator("#draft-files")).to_contain_text("在正文里")
    page.reload()
    assert page.evaluate("document.querySelector('.ProseMirror img[draggable]').naturalWidth") == 16


def test_a_cut_connection_costs_nothing(desk_of):
    page = desk_of("周岚")
    page.context.set_offline(True)
    page.locator(".ProseMirror > p").first.click()
    page.keyboard.press("End")
    page.keyboard.insert_text("断线时写的。")
    page.evaluate(LEAVE)
    expect(page.locator("#keep-notice")).to_contain_text("连接断了")
    page.context.set_offline(False)
    expect(page.locator("#save-state")).to_have_text(SAVED, timeout=SOON)
    page.reload()
    expect(page.locator(".ProseMirror")).to_contain_text("断线时写的。")


def test_a_colleague_sees_who_writes_and_since_when(desk_of):
    page, colleague = desk_of("周岚"), desk_of("何静")
    colleague.goto(page.url)
    expect(colleague.locator("main")).to_contain_text(re.compile("周岚从.*起在改这份稿"))
    expect(colleague.locator(".ProseMirror")).to_have_count(0)


def test_without_script_the_same_text_is_a_plain_form(desk_of, chromium):
    page = desk_of("周岚")
    context = chromium.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(page.url)
    text = plain.get_by_label("正文").input_value()
    assert "断线时写的。" in text
    plain.get_by_label("正文").fill(f"{text}<p>没有脚本也能写。</p>")
    plain.get_by_role("button", name="保存草稿").first.click()
    expect(plain.get_by_label("正文")).to_have_value(re.compile("没有脚本也能写"))
    context.close()
