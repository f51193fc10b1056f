"""M4: the steps of a text through Chromium: three desks, a return that points at a place, a delegate, 先发后审 with its second look."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.system import wait_for

pytestmark = pytest.mark.journey

ENTRY = "招拍挂成交结果公示"
TITLE = "2026-31号地块挂牌出让成交结果公示"
FIRST, SECOND = "2026-31号地块于2026年10月8日挂牌成交，现公示如下。", "对结果有异议的，可以在公示期内书面提出。"
ELEMENTS = {
    "宗地编号": "2026-31号", "位置": "澄北区柳溪路以东", "面积": "2.4 公顷", "用途": "二类城镇住宅用地", "出让年限": "70 年",
    "成交价": "18,240 万元", "受让单位": "临澄市澄湖置业有限公司", "公示期": "2026年10月9日至22日",
}  # fmt: skip
WARNING = "地质灾害气象风险黄色预警"
WARNED = {"预警等级": "黄色", "区域": "白浦县北部山区", "时段": "10月9日13时至10日8时", "防范建议": "远离陡坡，夜间不留宿。"}
PHONE = {"width": 390, "height": 844}


def draft(page: Page, desk: str, *, entry: str, title: str, paragraphs: tuple[str, ...], elements: dict[str, str]) -> str:
    """Register a cause, write its text and save it; gives the text's address."""
    page.goto(f"{desk}/desk/causes/new/")
    page.get_by_label("找事项").fill(entry)
    page.get_by_role("button", name="找公开事项").click()
    page.get_by_role("link", name=entry, exact=True).first.click()
    page.get_by_label("名称").fill(title)
    page.get_by_label("事由日").fill("2026-10-09")
    page.get_by_role("button", name="登记这件事项").click()
    if page.get_by_role("button", name="登记这件事项").count():
        page.get_by_role("button", name="登记这件事项").click()
    page.get_by_role("button", name="起草").click()
    page.locator(".ProseMirror").click()
    for paragraph in paragraphs:
        page.keyboard.insert_text(paragraph)
        page.keyboard.press("Enter")
    for name, value in elements.items():
        page.get_by_label(name, exact=False).first.fill(value)
    page.get_by_role("button", name="保存草稿").first.click()
    expect(page.locator(".gate")).to_contain_text("可以送审")
    return page.url


def open_review(page: Page, desk: str, title: str) -> None:
    """From the first screen to the review: one press."""
    page.goto(f"{desk}/desk/")
    page.get_by_role("link", name=re.compile(title)).first.click()


def path_of(page: Page) -> str:
    """The address on the portal, as the desk tells it."""
    found = re.search(r"门户地址 (/d/[0-9]+/[0-9]+/)", page.locator("main").inner_text())
    assert found
    return found[1]


def decide(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status").first).to_contain_text("地块")


def test_a_clerk_sends_a_text_to_review_and_the_desk_says_who_has_it(desk_of, system):
    page = desk_of("周岚")
    draft(page, system.desk, entry=ENTRY, title=TITLE, paragraphs=(FIRST, SECOND), elements=ELEMENTS)
    page.get_by_role("button", name="送科室审核").click()

    expect(page.locator("main")).to_contain_text("已送科室审核（陈默、苏明远），限 1 个工作日")


def test_the_head_returns_it_from_his_phone_and_points_at_a_paragraph(desk_of, system):
    page = desk_of("陈默")
    page.set_viewport_size(PHONE)
    open_review(page, system.desk, TITLE)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.get_by_role("button", name="通过科室审核")).to_be_in_viewport()
    page.locator("[data-place]").nth(1).click()
    expect(page.locator("#pointed")).to_contain_text("第 2 段")
    expect(page.get_by_label("指在哪里")).to_have_value("PARAGRAPH:p2")
    page.get_by_label("退回的理由").fill("写明向谁提出、电话多少")

    page.get_by_role("button", name="退回这份稿").click()

    expect(page.get_by_role("status").first).to_contain_text("已退回起草人")


def test_the_author_finds_the_place_and_sends_it_again(desk_of, system):
    page = desk_of("周岚")
    page.goto(f"{system.desk}/desk/")
    page.get_by_role("link", name=re.compile("去改文稿|打开文稿")).first.click()
    expect(page.locator(".remarks")).to_contain_text("第 2 段：对结果有异议的")
    expect(page.locator(".remarks")).to_contain_text("写明向谁提出、电话多少")
    expect(page.locator(".gate-mark.returned")).to_have_text(SECOND)
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("电话 0000-8866135。")
    page.get_by_role("button", name="保存草稿").first.click()

    page.get_by_role("button", name="送科室审核").click()

    expect(page.locator(".stepper")).to_contain_text("退回 1 次")


def test_an_absent_head_lets_somebody_act_and_he_signs_with_his_own_name(desk_of, system):
    head = desk_of("陈默")
    head.goto(f"{system.desk}/desk/delegations/")
    option = head.get_by_label("由谁代").locator("option", has_text="罗安琪").get_attribute("value")
    head.get_by_label("由谁代").select_option(option)
    head.get_by_label("科室审核").check()
    head.get_by_label("到哪一天").fill("2026-10-16")
    head.get_by_label("理由", exact=True).fill("参加培训五天")
    head.get_by_role("button", name="安排这项代理").click()
    expect(head.locator("main")).to_contain_text("罗安琪代陈默")

    page = desk_of("罗安琪")
    page.goto(f"{system.desk}/desk/")
    expect(page.locator(".duties")).to_contain_text("代陈默审")
    open_review(page, system.desk, TITLE)
    decide(page, "通过科室审核")

    author = desk_of("周岚")
    author.reload()
    expect(author.locator(".stepper")).to_contain_text("罗安琪（代陈默）")


def test_the_absent_head_himself_has_passed_it_and_passes_nothing_more(desk_of, system):
    page = desk_of("罗安琪")
    page.goto(f"{system.desk}/desk/publishing/queue/")
    expect(page.locator("main")).to_contain_text("没有等您审的稿")


@pytest.mark.parametrize(("name", "button"), [("林晓", "通过保密审查"), ("顾长青", "签发并公开")])
def test_two_more_people_at_two_more_desks_make_it_public(desk_of, system, name, button):
    page = desk_of(name)
    open_review(page, system.desk, TITLE)
    decide(page, button)


def test_a_citizen_reads_it(desk_of, system):
    page = desk_of("周岚")
    page.reload()
    path = path_of(page)
    wait_for("the page is written", lambda: system.read(path)[0] == 200, seconds=30)
    assert "0000-8866135" in system.read(path)[1]


def test_a_warning_is_released_first_and_the_desk_is_red(desk_of, system):
    page = desk_of("何静")
    draft(page, system.desk, entry="地质灾害气象风险预警", title=WARNING, paragraphs=("请白浦县北部山区注意防范。",), elements=WARNED)
    page.get_by_role("link", name="等不及审核：先发后审").click()
    page.get_by_label("为什么等不及审核").fill("13时起有大到暴雨，须立即提醒")
    page.get_by_label("我已查过").check()
    page.get_by_role("button", name="先发这一份").click()

    expect(page.locator(".notice.must").first).to_contain_text("先发后审，等补审")
    signer = desk_of("顾长青")
    signer.goto(f"{system.desk}/desk/")
    expect(signer.locator(".notice.must").first).to_contain_text(WARNING)
    path = path_of(page)
    wait_for("the page is written", lambda: system.read(path)[0] == 200, seconds=30)


def test_a_second_look_that_fails_takes_it_down_at_once(desk_of, system):
    author = desk_of("何静")
    path = path_of(author)
    page = desk_of("顾长青")
    page.locator(".notice.must").first.get_by_role("link", name=WARNING).click()
    page.get_by_label("退回的理由").fill("等级写错了，应为橙色")
    page.get_by_role("button", name="没有通过，立即下线").click()

    expect(page.get_by_role("status").first).to_contain_text("补审没有通过，已紧急下线")
    assert system.read(path)[0] == 410
    page.goto(f"{system.desk}/desk/")
    expect(page.locator("main")).not_to_contain_text("先发后审，等补审")
