"""Nothing typed is lost, in Chromium: automatic saves, no connection, a session that ends, two pages at once, an input method."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.models import EditLease
from gongkai.core.publishing.pictures import list_pictures
from tests.factories.attachments import a_picture
from tests.factories.publishing import a_content, a_draft

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BLUR = "window.dispatchEvent(new Event('blur'))"
SLOW = 15_000


@pytest.fixture
def text(clerk, friday):
    return a_draft(actor=clerk, now=friday, content=a_content(body_html="<p>开头</p>"))


@pytest.fixture
def opened(open_page, text):
    """The text in the editor, and what the console complained of."""
    page, complaints = open_page("周岚", reverse("publishing:draft", args=[text]))
    page.set_default_timeout(SLOW)
    return page, complaints


def write(page, words):
    page.locator(".ProseMirror > p").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(words)


def body_of(text):
    return publishing.get_draft(text).content.body_html


def expect_saved(page):
    expect(page.locator("#save-state")).to_contain_text("已自动保存", timeout=SLOW)


def kept_here(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('gongkai-draft')).length")


def test_it_saves_by_itself_and_checks_again_without_leaving_the_page(opened, text):
    page, complaints = opened
    write(page, "，根据国办函[2020]109号规定。")
    assert "重新检查中" in page.locator("#gate-state").inner_text()
    page.evaluate(BLUR)
    expect_saved(page)

    assert "国办函[2020]109号" in body_of(text)
    expect(page.locator(".gate")).to_contain_text("还不能送审")
    expect(page.locator(".gate-mark")).to_have_text("国办函[2020]109号")
    write(page, "再写一句。")
    page.evaluate(BLUR)
    expect(page.locator("#gate-state")).to_contain_text("最近保存")
    assert "再写一句" in body_of(text)
    assert complaints == []


def test_it_saves_every_ten_seconds_while_somebody_writes(opened, text):
    page, _ = opened
    write(page, "没有离开这一页。")
    expect_saved(page)
    assert "没有离开这一页" in body_of(text)


def test_pressing_save_while_a_save_is_on_its_way_meets_no_conflict(opened, text):
    page, _ = opened
    write(page, "一")
    page.evaluate(BLUR)
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    assert "一" in body_of(text)
    assert page.locator(".conflict").count() == 0


def test_without_connection_the_text_stays_and_is_sent_again(opened, text):
    page, _ = opened
    page.context.set_offline(True)
    write(page, "断线时写的。")
    page.evaluate(BLUR)
    expect(page.locator("#keep-notice")).to_contain_text("连接断了")
    assert kept_here(page) == 1
    write(page, "又写一句。")
    page.context.set_offline(False)
    expect_saved(page)
    expect(page.locator("#keep-notice")).to_be_empty()
    assert "断线时写的。又写一句。" in body_of(text)
    assert kept_here(page) == 0


def test_a_page_closed_without_connection_gives_its_text_back(opened, text):
    page, _ = opened
    page.context.set_offline(True)
    write(page, "断线时写的。")
    page.evaluate(BLUR)
    expect(page.locator("#keep-notice")).to_contain_text("连接断了")
    address, context = page.url, page.context
    page.close(run_before_unload=False)
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)
    again.get_by_role("button", name="放回编辑框").click()
    expect_saved(again)
    assert "断线时写的" in body_of(text)
    assert kept_here(again) == 0


def test_a_session_that_ends_costs_nothing(opened, text):
    page, _ = opened
    name = settings.SESSION_COOKIE_NAME
    session = next(one for one in page.context.cookies() if one["name"] == name)
    page.context.clear_cookies(name=name)
    write(page, "登录过期后写的。")
    page.evaluate(BLUR)
    expect(page.locator("#keep-notice")).to_contain_text("登录已过期")
    expect(page.get_by_role("link", name="在新窗口登录")).to_be_visible()
    assert "登录过期后写的" not in body_of(text)

    page.context.add_cookies([session])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_saved(page)
    assert "登录过期后写的" in body_of(text)


def test_two_tabs_of_one_person_lose_nothing(opened, text):
    first, _ = opened
    second = first.context.new_page()
    second.goto(first.url)
    write(second, "附件以纸质为准。")
    second.evaluate(BLUR)
    expect_saved(second)

    write(first, "联系电话见下。")
    first.evaluate(BLUR)
    conflict = first.locator(".conflict")
    expect(conflict).to_contain_text("另一个窗口改过")
    expect(conflict.locator("del")).to_contain_text("附件以纸质为准")
    expect(conflict.locator("ins")).to_contain_text("联系电话见下")
    assert "附件以纸质为准" in body_of(text)

    with first.expect_navigation():
        first.get_by_role("button", name="用我写的替换").click()
    assert "联系电话见下" in body_of(text)
    assert "附件以纸质为准" not in body_of(text)


def test_a_colleague_reads_only_and_what_he_takes_over_stays_on_both_pages(opened, open_page, text):
    first, _ = opened
    colleague, _ = open_page("何静", first.url)
    expect(colleague.locator("main")).to_contain_text("周岚从")
    assert colleague.locator("#draft").count() == 0
    with colleague.expect_navigation():
        colleague.get_by_role("button", name="接手修改").click()
    write(colleague, "何静写的。")
    colleague.evaluate(BLUR)
    expect_saved(colleague)

    write(first, "周岚写的。")
    first.evaluate(BLUR)
    expect(first.locator(".conflict")).to_contain_text("何静从")
    expect(first.locator(".conflict ins")).to_contain_text("周岚")
    assert "周岚写的" in first.locator(".ProseMirror").inner_text()
    assert "何静写的" in body_of(text)


def test_an_input_method_is_left_alone_until_it_has_ended(opened, text):
    page, complaints = opened
    address = page.url
    page.locator(".ProseMirror > p").last.click()
    page.keyboard.press("Control+End")
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "zheng", "selectionStart": 5, "selectionEnd": 5})
    for key in ("F8", "Control+s", "Control+Enter"):
        down, _, letter = key.rpartition("+")
        event = f"new KeyboardEvent('keydown', {{key: '{letter}', ctrlKey: {str(bool(down)).lower()}, isComposing: true, bubbles: true}})"
        page.evaluate(f"document.querySelector('.ProseMirror').dispatchEvent({event})")
    page.evaluate(BLUR)
    page.wait_for_timeout(300)
    assert page.url == address
    assert "zheng" in page.locator(".ProseMirror").inner_text()  # still composing: nothing ended it
    assert "zheng" not in body_of(text)

    keys.send("Input.insertText", {"text": "征"})
    page.evaluate(BLUR)
    expect_saved(page)
    assert body_of(text) == "<p>开头征</p>\n"
    assert complaints == []


def test_a_refused_field_is_said_and_what_was_typed_stays(opened, text):
    page, _ = opened
    page.fill("#id_title", "")
    write(page, "标题空着时写的。")
    page.evaluate(BLUR)
    expect(page.locator("#keep-notice")).to_contain_text("请填写标题")
    assert kept_here(page) == 1
    page.fill("#id_title", "有标题了")
    page.evaluate(BLUR)
    expect_saved(page)
    assert "标题空着时写的" in body_of(text)


def test_a_closed_page_gives_the_text_back(opened, text):
    page, _ = opened
    assert EditLease.objects.count() == 1
    page.goto("/desk/")
    page.wait_for_timeout(500)
    assert EditLease.objects.count() == 0


def test_a_picture_is_put_in_described_and_taken_out(opened, text, sealed_root, tmp_path):
    page, complaints = opened
    file = tmp_path / "图.png"
    file.write_bytes(a_picture("PNG"))
    write(page, "见图：")
    page.get_by_role("button", name="插图").click()
    page.set_input_files("#picture-file", file)
    page.get_by_role("button", name="放进正文").click()
    expect(page.locator("#picture-problem")).to_contain_text("请写明图上有什么")
    page.fill("#picture-words", "位置图：柳溪路以东")
    page.get_by_role("button", name="放进正文").click()
    expect(page.locator(".ProseMirror img[draggable]")).to_have_attribute("alt", "位置图：柳溪路以东")
    page.evaluate(BLUR)
    expect_saved(page)
    (picture,) = list_pictures(body_of(text))
    assert publishing.get_draft(text).content.attachments == (picture.uuid,)

    page.locator(".ProseMirror img[draggable]").click()
    page.get_by_role("button", name="改图片说明").click()
    page.fill("#picture-words", "位置图：沿河路以南")
    page.get_by_role("button", name="放进正文").click()
    page.wait_for_timeout(700)  # the next press is no double click
    page.locator(".ProseMirror img[draggable]").click()
    page.evaluate(BLUR)
    expect(page.locator("#gate-state")).to_contain_text("最近保存")
    assert list_pictures(body_of(text))[0].words == "位置图：沿河路以南"

    page.get_by_role("button", name="删除图片").click()
    page.evaluate(BLUR)
    expect(page.locator("#gate-state")).to_contain_text("最近保存")
    assert publishing.get_draft(text).content.attachments == ()
    assert complaints == []


def test_axe_finds_nothing_in_the_editor_and_in_a_conflict(opened, text):
    page, _ = opened
    assert Axe().run(page).response["violations"] == []
    second = page.context.new_page()
    second.goto(page.url)
    write(second, "附件以纸质为准。")
    second.evaluate(BLUR)
    expect_saved(second)
    write(page, "联系电话见下。")
    page.evaluate(BLUR)
    expect(page.locator(".conflict")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
