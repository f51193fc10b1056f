"""M1, M3, M10: one clock stopped, begun again and extended by the right person; a calendar amended; a leaver whose duties go on."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import gongkai
from tests.journeys.acts import open_until, open_until_row, register
from tests.journeys.system import RunningSystem, wait_for

pytestmark = pytest.mark.journey

DEMO_BUREAU = Path(gongkai.__file__).parent / "foundation/organisations/data/demo"
REQUEST = "答复 临澄公开申〔2026〕37号"
ARTICLE = "《条例》第三十二条、第三十三条第三款"
CLARIFIED = "答复 临澄公开申〔2026〕38号"
LETTER = "征求意见书〔2026〕8号"
SALE, PERMIT = "2026-21号地块成交结果公示", "采矿许可决定公示"
NOTICE = "关于调整2026年国庆节调休安排的通知"
HOLDER = "自然资源开发利用科公开专员"

# A request received on 2026-09-09: 20 working days are 10-13; seven of them stood still: 10-22; ten were added: 11-05.
BEFORE, RESUMED, EXTENDED = "2026年10月13日", "2026年10月22日", "2026年11月5日"


def open_clock(page: Page, system: RunningSystem, label: str) -> None:
    """The row of a duty, by its name in the ledger."""
    page.goto(f"{system.desk}/desk/ledger/?due=ALL&binding=ALL")
    page.get_by_role("row").filter(has_text=label).get_by_role("link", name=label, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(label)


def open_receipt(page: Page) -> None:
    """The receipt of the duty whose row is open."""
    page.get_by_role("link", name=re.compile("^(怎么算|为什么是)")).first.click()
    page.wait_for_url("**/receipt/")


def fill(page: Page, **typed: str) -> None:
    for label, text in typed.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_role("button", name="看改动后的日子").click()


def test_a_stop_shows_both_days_before_it_is_done_and_then_no_last_day(desk_of: Callable[[str], Page], system: RunningSystem):
    page = desk_of("周岚")
    row = register(page, system, entry="foi.reply", title=REQUEST, day="2026-09-09")
    expect(page.locator("main")).to_contain_text(BEFORE)

    page.get_by_role("link", name="中止").click()
    fill(
        page,
        征求意见书发出的日子="2026-09-21",
        最迟恢复的日子="2026-10-26",
        理由="征求邻户意见（个人隐私：图上姓名、面积）",
        条款=ARTICLE,
        文书=LETTER,
    )
    preview = page.get_by_role("region", name="改动前后")
    expect(preview).to_contain_text(BEFORE)
    expect(preview).to_contain_text("暂停计算，最迟 2026年10月26日恢复")
    # Looking changed nothing: whoever goes back finds the clock running.
    page.goto(row)
    expect(page.locator("main")).not_to_contain_text("暂停")
    page.go_back()
    page.get_by_role("button", name="从 2026年9月22日起暂停计算").click()

    expect(page.get_by_role("status").first).to_contain_text("最迟 2026年10月26日恢复")
    open_receipt(page)
    expect(page.locator("main")).not_to_contain_text(BEFORE + "（周二）")
    for words in (ARTICLE, LETTER, "周岚"):
        expect(page.get_by_role("region", name="怎么算出来的")).to_contain_text(words)


def test_resumed_the_receipt_counts_twenty_and_its_sum_is_right(desk_of, system):
    page = desk_of("周岚")
    open_clock(page, system, REQUEST)
    page.get_by_role("link", name="恢复计算").click()
    fill(page, 收到意见的日子="2026-10-08", 文书="意见2份")
    expect(page.get_by_role("region", name="改动前后")).to_contain_text(RESUMED)
    page.get_by_role("button", name="停到 2026年10月8日，恢复计算").click()

    expect(page.get_by_role("status").first).to_contain_text(RESUMED)
    open_receipt(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("为什么是 2026年10月22日（周四）")
    expect(page.get_by_role("cell", name="10月10日 周六 国庆节调休上班 第11个工作日")).to_be_visible()
    numbers = [int(text) for text in page.locator(".calendar-count").all_inner_texts()]
    assert numbers == list(range(1, 21))
    expect(page.get_by_text("计入 20 + 停 7 + 休息日 16 = 43 天；事由日到最后一天相隔 43 天，相符。")).to_be_visible()
    stopped = [day for day in page.locator("td .unseen").all_text_contents() if " 停" in day]
    assert len(stopped) == 7, stopped


def test_only_the_right_person_extends_and_not_beyond_the_law(desk_of, system):
    clerk = desk_of("周岚")
    open_clock(clerk, system, REQUEST)
    address = clerk.url
    expect(clerk.get_by_role("link", name="延长", exact=True)).to_have_count(0)
    refused = clerk.goto(f"{address}move/extend/")
    assert refused is not None
    assert refused.status == 403
    expect(clerk.locator("main")).to_contain_text("批准延长期限")

    clerk.goto(address)
    clerk.get_by_role("link", name="提出延长").click()
    fill(clerk, 延长多少="21", 理由="材料在三个单位", 条款="《条例》第三十三条", 文书="延长告知书〔2026〕3号")
    expect(clerk.get_by_role("alert")).to_contain_text("一次最多延长 20 个工作日")
    fill(clerk, 延长多少="10")
    preview = clerk.get_by_role("region", name="改动前后")
    expect(preview).to_contain_text(RESUMED)
    expect(preview).to_contain_text(EXTENDED)
    preview.get_by_role("button").click()
    expect(clerk.get_by_role("status").first).to_contain_text("期限现在没有变")
    expect(clerk.locator("main")).to_contain_text(RESUMED)
    expect(clerk.get_by_role("link", name="看两个日子，决定")).to_have_count(0)

    head = desk_of("何静")
    head.goto(address)
    head.get_by_role("link", name="看两个日子，决定").click()
    for words in (RESUMED, EXTENDED, "材料在三个单位", "周岚"):
        expect(head.get_by_role("region", name="申请")).to_contain_text(words)
    head.get_by_role("button", name="批准延长 10 个工作日").click()

    expect(head.get_by_role("status").first).to_contain_text("已批准延长")
    expect(head.locator("main")).to_contain_text(EXTENDED)


def test_the_receipt_tells_every_movement_the_history_and_who_was_told(desk_of, system):
    page = desk_of("周岚")
    open_clock(page, system, REQUEST)
    open_receipt(page)
    wait_for("each change was told", lambda: page.reload() and page.get_by_text("没有告知记录").count() == 0)

    expect(page.get_by_role("heading", level=1)).to_have_text("为什么是 2026年11月5日（周四）")
    steps = page.get_by_role("region", name="怎么算出来的")
    for words in ("停", LETTER, "延长", "10 个工作日", "延长告知书〔2026〕3号", "何静", "周岚"):
        expect(steps).to_contain_text(words)
    changes = page.get_by_role("region", name="这个日期变过 3 次")
    expect(changes.get_by_role("listitem")).to_contain_text(
        [
            re.compile(f"2026-10-22 → 2026-11-05.*延长 10 个工作日.*已告知 {HOLDER}", re.DOTALL),
            re.compile(f"2026-10-13 → 2026-10-22.*恢复计算.*已告知 {HOLDER}", re.DOTALL),
            re.compile(f"2026-10-13 → 暂停计算.*9月22日起暂停.*已告知 {HOLDER}", re.DOTALL),
        ]
    )


def test_a_clarified_request_is_counted_anew_and_the_receipt_shows_both_counts(desk_of, system):
    page = desk_of("周岚")
    register(page, system, entry="foi.reply", title=CLARIFIED, day="2026-09-09")
    page.get_by_role("link", name="重新起算").click()
    fill(page, 收到补正的日子="2026-09-28", 理由="申请人补正", 条款="《条例》第三十条", 文书="补正告知书〔2026〕5号")
    expect(page.get_by_role("region", name="改动前后")).to_contain_text("2026年10月30日（周五）")
    page.get_by_role("button", name="从 2026年9月28日重新起算").click()
    open_receipt(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("为什么是 2026年10月30日（周五）")
    assert page.locator(".receipt-part table").count() == 2
    expect(page.get_by_role("region", name="怎么算出来的")).to_contain_text("补正告知书〔2026〕5号")


def test_an_amended_calendar_lists_every_date_that_moves_before_it_moves(desk_of, system):
    """Saturday 2026-10-10 was to be worked; a notice in the middle of the holiday takes it back."""
    clerk = desk_of("周岚")
    register(clerk, system, entry="land.result", title=SALE, day="2026-10-08")
    # Its twenty days are over before the Saturday: it must not be on the list.
    register(clerk, system, entry="land.contract_result", title="9月1日签订的合同", day="2026-09-01")
    other = desk_of("金小山")
    register(other, system, entry="license.dual", title=PERMIT, day="2026-09-30")
    head = desk_of("何静")
    head.goto(f"{system.desk}/desk/calendars/")
    head.get_by_role("link", name="装入一年或一次调整").click()
    head.get_by_label(re.compile("^表里的日子")).fill("2026-10-10,放假,国庆节,否")
    head.get_by_label("只改表里的日子").check()
    head.get_by_label("通知标题").fill(NOTICE)
    head.get_by_role("button", name="看会改动哪些期限").click()

    expect(head.get_by_role("heading", level=1)).to_contain_text("会改动 4 件期限")
    rows = head.get_by_role("table", name="期限会改动的事项").get_by_role("row")
    for label, old, new in (
        (SALE, "2026-10-21", "2026-10-22"),
        (PERMIT, "2026-10-15", "2026-10-16"),
        (REQUEST, "2026-11-05", "2026-11-06"),
        (CLARIFIED, "2026-10-30", "2026-11-02"),
    ):
        row = rows.filter(has_text=label)
        expect(row).to_contain_text(old)
        expect(row.locator("strong")).to_contain_text(new)
    clerk.goto(f"{system.desk}/desk/ledger/?due=ALL")
    expect(clerk.get_by_role("row").filter(has_text=SALE)).to_contain_text("10-21 周三")

    head.get_by_role("button", name="确认更换并改动 4 件期限").click()
    expect(head.get_by_role("status").first).to_contain_text("改动 4 件期限")
    clerk.reload()
    for label, new in ((SALE, "10-22 周四"), (REQUEST, "11-06 周五"), (CLARIFIED, "11-02 周一"), ("9月1日签订的合同", "09-29 周二")):
        expect(clerk.get_by_role("row").filter(has_text=label)).to_contain_text(new)


def test_each_holder_finds_the_moved_date_in_his_inbox_and_its_history_in_the_receipt(desk_of, system):
    for name, label, words in (("周岚", SALE, "现在是 10-22 周四"), ("金小山", PERMIT, "现在是 10-16 周五")):
        page = desk_of(name)
        open_until_row(page, f"{system.desk}/desk/notices/", words, label).get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(label)
        open_receipt(page)
        changes = page.get_by_role("region", name="这个日期变过 1 次")
        expect(changes).to_contain_text("公开专员")
        expect(page.locator("td", has=page.get_by_text("10月10日 周六 国庆节"))).not_to_have_class(re.compile("is-counted"))


def test_the_holidays_of_2020_were_amended_in_the_middle_and_the_receipt_counts_by_the_second_notice(desk_of, system):
    page = desk_of("周岚")
    page.goto(f"{system.desk}/desk/ledger/why/?entry=land.result&on=2020-01-20")

    # 21, 22, 23 January; the holiday was lengthened to 2 February; 3 to 7 and 10, 11 February.
    expect(page.get_by_role("heading", level=1)).to_have_text("为什么是 2020年2月11日（周二）")
    expect(page.get_by_role("cell", name=re.compile("^2月1日 周六 春节"))).not_to_have_class(re.compile("is-counted"))


def leave(name: str, system: RunningSystem, folder: Path) -> None:
    """He left yesterday: the tables of the bureau say so and are loaded again."""
    bureau = shutil.copytree(DEMO_BUREAU, folder / "bureau")
    holdings = (bureau / "holdings.csv").read_text(encoding="utf-8")
    gone = re.sub(rf"(,{name},[\d-]+),$", r"\1,2026-10-08", holdings, flags=re.MULTILINE)
    assert gone != holdings
    (bureau / "holdings.csv").write_text(gone, encoding="utf-8")
    system.call("import", "organisation", str(bureau))


def test_what_a_leaver_owed_is_seen_and_given_away_in_one_act_after_a_preview(desk_of, system, tmp_path):
    leave("周岚", system, tmp_path)
    page = desk_of("何静")
    page.goto(f"{system.desk}/desk/")
    vacancies = page.get_by_role("region", name="岗位空缺")
    expect(vacancies).to_contain_text("公开专员")
    vacancies.get_by_role("link", name=re.compile("^改派.*开发利用科")).click()

    page.get_by_label("改派给").select_option(label="政务公开办公室 · 公开专员（江一帆）")
    page.get_by_label("理由").fill("周岚调离，暂由政务公开办接手")
    page.get_by_role("button", name="核对这 4 件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("把这 4 件改派给政务公开办公室公开专员（江一帆）")
    for label in (REQUEST, SALE):
        expect(page.get_by_role("row").filter(has_text=label)).to_be_visible()
    page.get_by_role("button", name="改派这 4 件").click()

    expect(page.get_by_role("status").first).to_contain_text("已把 4 件改派给")
    taker = desk_of("江一帆")
    open_until(taker, f"{system.desk}/desk/notices/", "周岚调离，暂由政务公开办接手")
    taker.goto(f"{system.desk}/desk/")
    for label, day in ((REQUEST, "11-06 周五"), (CLARIFIED, "11-02 周一"), (SALE, "10-22 周四")):
        # The limit went on as it was.
        expect(taker.get_by_role("listitem").filter(has_text=label).first).to_contain_text(day)
    page.goto(f"{system.desk}/desk/")
    expect(page.get_by_role("region", name="岗位空缺")).to_have_count(0)
