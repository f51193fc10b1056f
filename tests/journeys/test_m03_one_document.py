"""M3, M4, M12: one document all the way, through Chromium: cause, last day, text, gate, three reviews, page, ledger."""

import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

import gongkai
from tests.journeys.system import wait_for

pytestmark = pytest.mark.journey

DEMO_BUREAU = Path(gongkai.__file__).parent / "foundation/organisations/data/demo"
ENTRY = "招拍挂成交结果公示"
TITLE = "2026-17号地块挂牌出让成交结果公示"
PHRASE = "竞得人须在成交确认书签订之日起"
PARAGRAPHS = (
    "根据临澄自然资告字[2026]6号公告，2026-17号地块于2026年10月8日挂牌成交，现将结果公示如下。",
    f"{PHRASE}十个工作日内签订出让合同，逾期视为放弃。",
    "对结果有异议的，可以在公示期内书面提出。",
)
ELEMENTS = {
    "宗地编号": "2026-17号",
    "位置": "澄北区柳溪路以东",
    "面积": "2.4 公顷",
    "用途": "二类城镇住宅用地",
    "出让年限": "70 年",
    "成交价": "18,240 万元",
    "受让单位": "临澄市澄湖置业有限公司",
}
MISSING = ("公示期", "2026年10月9日至22日")
# 2026-10-08 a sale; ten working days from the 9th on, Saturday the 10th is worked.
LAST_DAY = "10月21日"


def test_a_clerk_registers_a_cause_and_sees_its_last_day(desk_of):
    page = desk_of("周岚")
    page.get_by_role("link", name="登记应公开事项").first.click()
    page.get_by_label("找事项").fill("成交结果")
    page.get_by_role("button", name="找公开事项").click()
    page.get_by_role("link", name=ENTRY).click()

    page.get_by_label("名称").fill(TITLE)
    page.get_by_label("事由日").fill("2026-10-08")
    page.get_by_role("button", name="按事由日重算最后一天").click()

    expect(page.locator("#limit")).to_contain_text(LAST_DAY)
    why = page.context.new_page()
    why.goto(urljoin(page.url, page.locator("#limit").get_by_role("link", name="怎么算").get_attribute("href")))
    expect(why.locator("main")).to_contain_text("10月10日 周六 国庆节调休上班 第2个工作日")
    why.close()

    page.get_by_role("button", name="登记这件事项").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator("main")).to_contain_text(LAST_DAY)


def test_the_duty_stands_in_the_ledger_before_any_text_exists(desk_of, system):
    page = desk_of("周岚")
    cause = page.url
    page.goto(f"{system.desk}/desk/ledger/")

    row = page.get_by_role("row").filter(has_text=TITLE)
    expect(row).to_contain_text("还剩 9 个工作日")
    page.goto(cause)


def write_text(page: Page) -> None:
    body = page.locator(".ProseMirror")
    body.click()
    for paragraph in PARAGRAPHS:
        page.keyboard.insert_text(paragraph)
        page.keyboard.press("Enter")


def test_the_gate_stops_a_missing_element_and_a_wrong_bracket(desk_of):
    page = desk_of("周岚")
    page.get_by_role("button", name="起草").click()
    expect(page.get_by_label("标题")).to_have_value(TITLE)
    write_text(page)
    for name, value in ELEMENTS.items():
        page.get_by_label(name, exact=False).first.fill(value)
    page.get_by_role("button", name="保存草稿").first.click()

    gate = page.locator(".gate")
    expect(gate).to_contain_text(f"缺要素“{MISSING[0]}”")
    expect(gate).to_contain_text("〔2026〕6号")
    expect(page.get_by_role("button", name="送科室审核")).to_be_disabled()


def test_the_gate_does_not_stand_in_the_button_only(desk_of):
    page = desk_of("周岚")
    publication = page.url

    answer = post(page, f"{publication}submit/", {})

    assert answer.status == 409
    page.goto(publication)
    expect(page.get_by_role("button", name="送科室审核")).to_be_disabled()


def test_repaired_and_completed_it_goes_to_review(desk_of):
    page = desk_of("周岚")
    page.get_by_role("button", name=re.compile("^改为")).click()
    expect(page.locator(".gate")).not_to_contain_text("〔2026〕6号")
    page.get_by_label(MISSING[0], exact=False).first.fill(MISSING[1])
    page.get_by_role("button", name="保存草稿").first.click()
    page.get_by_role("button", name="送科室审核").click()

    expect(page.locator("main")).to_contain_text("这是您起草的稿，要由别人审")


def post(page: Page, address: str, fields: dict[str, str]):
    """Send a form without the page, as somebody would who does not care for buttons."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    return page.request.post(address, form={"csrfmiddlewaretoken": token, **fields}, headers={"Referer": address}, max_redirects=0)


def test_the_author_cannot_pass_his_own_text_by_any_address(desk_of, system, tmp_path):
    """He is given every right there is, so that nothing refuses him but that the text is his own."""
    folder = shutil.copytree(DEMO_BUREAU, tmp_path / "bureau")
    with (folder / "roles.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"LC05-1,{role},LC05\n" for role in ("科室审核人", "保密审查人", "签发人"))
    system.call("import", "accounts", str(folder))
    page = desk_of("周岚")
    publication = page.url
    page.get_by_role("link", name="打开审核页").click()
    step = page.url
    expect(page.locator("main")).to_contain_text("自己起草")
    expect(page.get_by_role("button", name=re.compile("通过|签发"))).to_have_count(0)
    reviewer = desk_of("陈默")
    reviewer.goto(step)
    seen_hash = reviewer.locator("[name=seen_hash]").first.input_value()

    answer = post(page, f"{step}pass/", {"seen_hash": seen_hash, "opinion": "同意"})
    assert (answer.status, "自己" in answer.text()) == (403, True)
    other = publication.rstrip("/").rpartition("/")[2]
    addresses = {
        f"{step}return/": {"seen_hash": seen_hash, "reason": "要重写一遍"},
        f"{system.desk}/desk/publishing/review/{other}/pass/": {"seen_hash": seen_hash},
        f"{publication}submit/": {},
        f"{publication}submit/?act=release": {"act": "release"},
        f"{publication}pass-finding/": {"key": "x", "reason": "就这样吧"},
        f"{publication}repair/": {"key": "x"},
        publication: {"title": "另一个标题", "body": "<p>另一份稿。</p>", "seen_hash": seen_hash},
    }
    answers = {address: post(page, address, fields).status for address, fields in addresses.items()}
    assert set(answers.values()) <= {403, 404, 409, 422}, answers
    system.call("import", "accounts", str(DEMO_BUREAU))

    page.goto(publication)
    expect(page.locator("main")).to_contain_text("已送科室审核")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert TITLE not in system.read(f"/search/?q={PHRASE}")[1]


@pytest.mark.parametrize(("name", "button"), [("陈默", "通过科室审核"), ("林晓", "通过保密审查"), ("顾长青", "签发并公开")])
def test_each_of_three_passes_it(desk_of, system, name, button):
    page = desk_of(name)
    page.goto(f"{system.desk}/desk/")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("main")).to_contain_text(PHRASE)

    page.get_by_role("button", name=button).click()

    expect(page.get_by_role("status").first).to_contain_text(TITLE)


def test_a_citizen_finds_the_page_by_a_phrase_in_its_middle(page, system):
    page.goto(system.portal)
    page.get_by_role("searchbox").first.fill(PHRASE)
    page.get_by_role("button", name="搜索").first.click()
    hit = page.locator(".hits").get_by_role("link").first
    expect(hit).to_contain_text(TITLE)
    path = hit.get_attribute("href")
    wait_for("the page is written", lambda: system.read(path)[0] == 200, seconds=20)

    hit.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator("article")).to_contain_text(PHRASE)
    expect(page.locator("article")).to_contain_text("临澄自然资告字〔2026〕6号")
    assert "逾期" not in page.content().replace("逾期视为放弃", "")


def test_the_ledger_shows_it_done_in_time(desk_of, system):
    page = desk_of("周岚")
    page.goto(f"{system.desk}/desk/ledger/")

    row = page.get_by_role("row").filter(has_text=TITLE)
    expect(row).to_contain_text("按时，早 12 天")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("main")).to_contain_text("已办")
    expect(page.get_by_role("region", name="办结凭据")).to_contain_text(TITLE)


def test_no_page_of_the_way_held_a_script_or_style_inside(desk_of):
    page = desk_of("周岚")

    assert page.locator("script:not([src]):not([type=importmap]), style, [style], [onclick]").count() == 0


def test_it_all_goes_without_script(system, chromium, desk_of):
    """The desk answers the same questions to a browser that runs no script."""
    signed_in = desk_of("周岚").context.storage_state()
    context = chromium.new_context(java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    page.goto(f"{system.desk}/desk/causes/new/?entry=land.result")
    page.get_by_label("名称").fill("2026-18号地块挂牌出让成交结果公示")
    page.get_by_label("事由日").fill("2026-10-08")
    page.get_by_role("button", name="登记这件事项").click()
    # The first press showed the last day of the day that was typed; the second is for that.
    page.get_by_role("button", name="登记这件事项").click()
    page.get_by_role("button", name="起草").click()
    page.get_by_label("正文").fill("<p>没有脚本也能写。</p>")
    page.get_by_role("button", name="保存草稿").first.click()

    expect(page.get_by_label("正文")).to_have_value(re.compile("没有脚本也能写"))
    context.close()
