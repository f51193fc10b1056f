"""M2, M3: a sheet of another system becomes rows with the right day, once; the ledger's totals, filters, views and files agree."""

import json
import re
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.journeys.acts import open_until, register
from tests.journeys.system import RunningSystem

pytestmark = pytest.mark.journey

HEAD = "监管编码,宗地,签约日,供地方式,承办单位"
SIGNED = {"2026-31号地块": "2026-09-07", "2026-32号地块": "2026-09-15", "2026-33号地块": "2026-10-08", "2026-34号地块": "2026-08-03"}
WRONG, MENDED = "2026-35号地块", "2026-09-28"
ROWS = [
    *(f"9901002026B{number:05},{name},{day},挂牌出让,开发利用科" for number, (name, day) in enumerate(SIGNED.items(), 31)),
    f"9901002026B00035,{WRONG},2026-13-28,挂牌出让,开发利用科",
]
REASON = "样例，要素以原件为准"
SENTENCE = "现将供应结果公开如下。"


def write_sheet(folder: Path, rows: list[str] = ROWS, name: str = "供地.csv") -> Path:
    file = folder / name
    file.write_bytes("\r\n".join(["供地结果导出表", HEAD, *rows, "合计,,,,"]).encode("gb18030"))
    return file


def upload(page: Page, system: RunningSystem, sheet: Path) -> None:
    page.goto(f"{system.desk}/desk/causes/")
    page.get_by_role("link", name="登记表导入").click()
    page.get_by_role("link", name="土地市场动态监测监管系统").first.click()
    page.get_by_label("导出的表").set_input_files(sheet)
    page.get_by_role("button", name="上传这张表").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("哪一列写的是什么")


def last_day(system: RunningSystem, day: str) -> str:
    """Twenty working days, by the command: another way to the same answer."""
    return str(json.loads(system.call("tool", "workdays", "--start", day, "--add", "20"))["due_last_day"])


def open_link(page: Page, link: Locator) -> None:
    page.goto(str(link.evaluate("link => link.href")))


def read_rows(page: Page) -> list[str]:
    """The names of the rows that the list shows, on all its pages."""
    names = page.locator(".ledger-table tbody th a").all_inner_texts() if page.locator(".ledger-table").count() else []
    following = page.get_by_role("link", name="下一页")
    if following.count():
        open_link(page, following)
        names += read_rows(page)
    return names


def test_the_columns_are_said_once_and_every_row_is_checked(desk_of, system, tmp_path):
    page = desk_of("周岚")
    upload(page, system, write_sheet(tmp_path))
    expect(page.get_by_label(re.compile("^事由日")).locator("option:checked")).to_have_text("没有这一列")
    page.get_by_role("button", name="按这样核对每一行").click()
    expect(page.locator(".error").first).to_be_visible()

    page.get_by_label(re.compile("^编号")).select_option(label="监管编码")
    page.get_by_label(re.compile("^名称")).select_option(label="宗地")
    page.get_by_label(re.compile("^事由日")).select_option(label="签约日")
    page.get_by_role("button", name="按这样核对每一行").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("4 行可以导入，1 行要改")
    row = page.get_by_role("row").filter(has_text="第 7 行")
    expect(row).to_contain_text(WRONG)
    expect(row.locator(".error")).to_contain_text("认不出是哪一天")


def test_a_wrong_row_is_mended_in_place_and_all_are_imported(desk_of, system):
    page = desk_of("周岚")
    page.get_by_label("第 7 行 事由日").fill(MENDED)
    page.get_by_role("button", name="保存改动，重新核对这几行").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("5 行可以导入")
    page.get_by_role("button", name="导入 5 行").click()

    open_until(page, page.url, "已登记 5 行，没有剩下的")


def test_the_rows_stand_in_the_ledger_with_the_right_day(desk_of, system):
    page = desk_of("周岚")
    page.goto(f"{system.desk}/desk/ledger/?due=ALL")
    for name, day in {**SIGNED, WRONG: MENDED}.items():
        row = page.get_by_role("row").filter(has_text=name)
        expect(row).to_have_count(1)
        expect(row).to_contain_text(last_day(system, day)[5:])
    expect(page.get_by_role("row").filter(has_text="2026-31号地块")).to_contain_text("10-10 周六")


def test_why_this_day_opens_from_the_row_and_its_sum_is_right(desk_of, system):
    page = desk_of("周岚")
    page.get_by_role("link", name=re.compile("^为什么是周六.*2026-31号地块")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("为什么是 2026年10月10日（周六）")
    counted = [int(text) for text in page.locator(".calendar-count").all_inner_texts()]
    assert counted == list(range(1, 21))
    words = page.get_by_text(re.compile("相符。$")).inner_text()
    ((parts, whole, apart),) = re.findall(r"^计入 (20 \+ .*) = (\d+) 天；事由日到最后一天相隔 (\d+) 天，相符。$", words)
    assert sum(int(number) for number in re.findall(r"\d+", parts)) == int(whole) == int(apart) == 33
    assert page.locator("td", has=page.get_by_text(re.compile("^9月7日.*不计$"))).count() == 1


def test_the_same_sheet_again_knows_its_columns_and_doubles_nothing(desk_of, system, tmp_path):
    page = desk_of("周岚")
    corrected = [row.replace("2026-13-28", MENDED) for row in ROWS]
    later = [
        corrected[0].replace("2026-09-07", "2026-09-08"),
        *corrected[1:],
        "9901002026B00036,2026-36号地块,2026-10-09,挂牌出让,开发利用科",
    ]
    upload(page, system, write_sheet(tmp_path, later, "下周.csv"))
    expect(page.get_by_label(re.compile("^事由日")).locator("option:checked")).to_have_text("签约日")
    page.get_by_role("button", name="按这样核对每一行").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("1 行可以导入，1 行有改动")
    page.get_by_role("link", name=re.compile("^1 .*改动")).click()
    expect(page.locator("del")).to_have_text("2026-09-07")
    expect(page.locator("ins")).to_have_text("2026-09-08")
    page.get_by_role("button", name="导入 1 行").click()
    open_until(page, page.url, "1 行有改动")
    page.goto(f"{system.desk}/desk/ledger/?due=ALL")
    assert sorted(read_rows(page)) == sorted([*SIGNED, WRONG, "2026-36号地块"])


def test_what_was_published_without_a_cause_first_is_counted_and_opens(desk_of, system, tmp_path):
    page = desk_of("周岚")
    page.goto(f"{system.desk}/desk/ledger/?due=ALL")
    page.get_by_role("link", name=re.compile("^打开事由.*2026-31号地块")).click()
    page.get_by_role("button", name="起草").click()
    page.locator(".ProseMirror").click()
    page.keyboard.insert_text(SENTENCE)
    page.get_by_role("button", name="保存草稿").first.click()
    # The editor may have saved by itself when it was left; either way the page says so.
    expect(page.get_by_text(re.compile(r"\d\d:\d\d 已(自动)?保存")).first).to_be_visible()
    page.wait_for_load_state("networkidle")
    (tmp_path / "旧稿.txt").write_text(
        f"# title: 2026-40号地块供应结果公开\n# entry: land.contract_result\n# date: 2026-10-08\n\n{SENTENCE}\n"
    )
    system.call("import", "documents", str(tmp_path), "--as", "周岚")
    assert "送审 2 份" in system.call("submit", "--as", "周岚", "--pass-reason", REASON)
    system.call("review", "--everybody")
    page.goto(f"{system.desk}/desk/causes/")
    expect(page.locator("main")).to_contain_text("（1／2）")
    page.get_by_role("link", name="1 条没有先登记").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("没有先登记的 1 条")
    expect(page.get_by_role("row").nth(1)).to_contain_text("2026-40号地块供应结果公开")
    page.get_by_role("link", name="登记覆盖率").click()
    row = page.get_by_role("row").filter(has_text="自然资源开发利用科")
    expect(row.get_by_role("cell")).to_contain_text(["1", "2", "50", "1 条"])


def test_the_totals_add_up_on_the_screen_and_each_part_opens_exactly_its_rows(desk_of, system):
    page = desk_of("周岚")
    register(page, system, entry="land.negotiated_result", title="逾期的协议出让", day="2026-08-10")
    register(page, system, entry="supervise.rectify", title="整改：两处错链", day="2026-09-17")
    page.goto(f"{system.desk}/desk/ledger/")
    whole, parts, links = read_strip(page)
    assert whole == sum(parts.values()) > 3, parts
    expect(page.locator(".figure-sum")).to_contain_text(f"{whole} = " + "+".join(str(count) for count in parts.values()))
    assert all(parts[label] for label in ("按时办结", "逾期未办", "未到期")), parts
    seen: list[str] = []
    for label, count in parts.items():
        page.goto(links[label])
        rows = read_rows(page)
        assert len(rows) == count, (label, rows)
        seen += rows
    page.goto(links["全部应办"])
    assert sorted(read_rows(page)) == sorted(seen)


def read_strip(page: Page) -> tuple[int, dict[str, int], dict[str, str]]:
    """The strip of totals: the whole, its parts by name, the address behind each."""
    counts, links = {}, {}
    for figure in page.locator(".figure a").all():
        label = figure.locator(".figure-label").inner_text().strip()
        counts[label] = int(figure.locator(".figure-value").inner_text())
        links[label] = figure.evaluate("link => link.href")
    return counts.pop("全部应办"), counts, links


def test_what_is_counted_apart_opens_its_rows_too(desk_of, system):
    page = desk_of("周岚")
    page.goto(f"{system.desk}/desk/ledger/")
    link = page.get_by_role("link", name=re.compile(r"^内部要求 \d+ 项"))
    promised = int(re.findall(r"\d+", link.inner_text())[0])
    open_link(page, link)
    rows = read_rows(page)

    assert len(rows) == promised
    assert "整改：两处错链" in rows
    assert page.locator("tr.is-late").count() == 0


def test_a_set_of_filters_is_kept_as_a_view_of_ones_own(desk_of, system):
    page = desk_of("周岚")
    page.goto(f"{system.desk}/desk/ledger/")
    page.get_by_label("应办日").select_option(label="全部")
    page.get_by_label("状态").select_option(label="逾期未办")
    page.get_by_role("button", name="筛选台账").click()
    page.wait_for_url("**part=OVERDUE**")
    rows = read_rows(page)
    assert "逾期的协议出让" in rows
    page.get_by_text("存为视图").click()
    page.get_by_label("名称").fill("我的逾期")
    page.get_by_role("button", name="存下这组筛选").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.goto(f"{system.desk}/desk/ledger/")
    open_link(page, page.get_by_role("link", name="我的逾期"))

    assert read_rows(page) == rows
    expect(page.get_by_label("状态").locator("option:checked")).to_have_text("逾期未办")
    other = desk_of("何静")
    other.goto(f"{system.desk}/desk/ledger/")
    expect(other.get_by_role("link", name="我的逾期")).to_have_count(0)


def test_the_workbook_holds_the_rows_of_the_list_in_its_order(desk_of, system, tmp_path):
    page = desk_of("周岚")
    page.goto(f"{system.desk}/desk/ledger/?due=ALL")
    button = page.get_by_role("link", name=re.compile(r"^导出 \d+ 行"))
    promised = int(re.findall(r"\d+", button.inner_text())[0])
    with page.expect_download() as download:
        button.click()
    download.value.save_as(tmp_path / "ledger.xlsx")
    head, *rows = openpyxl.load_workbook(tmp_path / "ledger.xlsx").worksheets[0].iter_rows(values_only=True)
    names = [row[head.index("事项")] for row in rows]

    assert names == read_rows(page)
    assert len(names) == promised


LEDGER_PAGES = """
/desk/ledger/ /desk/ledger/?due=ALL&part=OVERDUE /desk/ledger/?due=NEXT&part=STOPPED /desk/ledger/calendar/ /desk/ledger/catalogue/
/desk/ledger/catalogue/?missing=1 /desk/ledger/missing/ /desk/ledger/freshness/ /desk/ledger/terms/?words=答复 /desk/ledger/terms/foi.reply/
/desk/ledger/views/ /desk/ledger/why/?entry=foi.reply&on=2026-09-09
"""
CAUSE_PAGES = """
/desk/causes/ /desk/causes/new/?q=成交 /desk/causes/new/?entry=land.result /desk/causes/registers/ /desk/causes/registers/land_market/
/desk/causes/coverage/ /desk/causes/coverage/rest/ /desk/publishing/ /desk/ui/ /desk/ui/preferences/ /desk/ /desk/notices/
"""
OFFICE_PAGES = """
/desk/ /desk/ledger/ /desk/ledger/reassign/?post=1 /desk/calendars/ /desk/calendars/2026/ /desk/calendars/change/ /desk/calendars/day/
/desk/calendars/2026/withdraw/ /desk/causes/registers/oa/settings/
"""
LEGAL_PAGES = "/desk/ledger/terms/foi.reply/add/ /desk/ledger/terms/foi.reply/local/"
PUBLIC_PAGES = "/ /open/ /search/ /search/?q=供应结果 /calculator/ /calculator/?start=2026-09-09&amount=20&unit=workday /nowhere/"
GRAVE = {"serious", "critical"}


def test_no_page_of_desk_or_portal_shuts_anybody_out_at_either_width(desk_of, system, page):
    clerk = desk_of("周岚")
    own = [*LEDGER_PAGES.split(), *CAUSE_PAGES.split(), *list_own_pages(clerk, system)]
    faults = look_at(clerk, [system.desk + path for path in own])
    faults += look_at(desk_of("何静"), [system.desk + path for path in OFFICE_PAGES.split()])
    faults += look_at(desk_of("方正言"), [system.desk + path for path in LEGAL_PAGES.split()])
    public = re.findall(r'href="(/d/2026/\d+/)"', system.read("/")[1])
    assert public
    faults += look_at(page, [system.portal + path for path in [*PUBLIC_PAGES.split(), *public[:1], f"{public[0]}limit/"]])
    assert faults == []


def list_own_pages(desk: Page, system: RunningSystem) -> list[str]:
    """The pages of one row, one cause, one sheet, one text: their addresses stand in the lists."""
    desk.goto(f"{system.desk}/desk/ledger/?due=ALL&part=OVERDUE")
    row = str(desk.locator(".ledger-table tbody th a").first.get_attribute("href"))
    cause = str(desk.get_by_role("link", name=re.compile("^打开事由")).first.get_attribute("href"))
    desk.goto(f"{system.desk}/desk/causes/registers/land_market/")
    sheet = str(desk.get_by_role("link", name="下周.csv").get_attribute("href"))
    desk.goto(f"{system.desk}/desk/causes/")
    text = str(desk.get_by_role("link", name="打开文稿").first.get_attribute("href"))
    acts = [f"{row}move/stop/", f"{row}move/restart/", f"{row}move/fee/"]
    return [row, f"{row}receipt/", *acts, cause, sheet, f"{sheet}?show=CHANGED", text]


def look_at(page: Page, addresses: list[str]) -> list[tuple[str, int, str]]:
    """What axe calls serious or critical on some pages, and what is wider than the screen, at a desk's and a telephone's width."""
    faults = []
    for address in addresses:
        page.set_viewport_size({"width": 1440, "height": 1000})
        answer = page.goto(address)
        assert answer is not None
        assert answer.status < 500, address
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            faults += [(address, width, violation["id"]) for violation in found if violation["impact"] in GRAVE]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                faults.append((address, width, "scrolls sideways"))
    return faults
