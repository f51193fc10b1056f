"""M4: something that should never have been here is cleared away by two persons, through Chromium; the trail is proved afterwards."""

import re
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.system import RunningSystem, wait_for

pytestmark = pytest.mark.journey

SECRET = "鱻龘靐齾"
TEXT = f"""# title: 2026-17号地块{SECRET}成交结果公示
# entry: land.result
# date: 2026-10-09

宗地编号：2026-17号
位置：{SECRET}以东
面积：2.4公顷
用途：二类城镇住宅用地
出让年限：70年
成交价：18240万元
受让单位：临澄市澄湖置业有限公司
公示期：2026年10月9日至22日

{SECRET}十个工作日内签订出让合同。
"""


@pytest.fixture(scope="module")
def public_page(system: RunningSystem) -> str:
    """The address of a public page that holds the words."""
    folder = system.folder / "documents"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    system.call("import", "documents", str(folder), "--as", "何静")
    (folder / "a.txt").unlink()
    system.call("submit", "--as", "何静", "--pass-reason", "原件如此")
    system.call("review", "--everybody")

    def find() -> str | None:
        status, text = system.read("/open/sections/land-results/")
        home = text if status == 200 else system.read("/")[1]
        found = re.search(r'href="(/d/2026/\d+/)"', home)
        return found[1] if found else None

    address: str = wait_for("the page is public", find)
    return address


def open_settings(page: Page, system: RunningSystem) -> None:
    page.goto(f"{system.desk}/desk/purges/")


def test_the_secrecy_reviewer_asks_and_the_page_is_gone(system, desk_of, public_page):
    assert SECRET in system.read(public_page)[1]
    page = desk_of("林晓")
    page.goto(f"{system.desk}/desk/publishing/published/")
    page.get_by_role("link", name=re.compile(SECRET)).click()
    page.get_by_role("link", name="申请涉密清除").click()
    page.get_by_label("发现的情况").fill("网上巡查发现")
    page.get_by_label("审批单号").fill("保密清〔2026〕1号")
    page.get_by_role("button", name="申请清除").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("待另一人批准")
    status, text = system.read(public_page)
    assert status == 410
    assert SECRET not in text
    assert public_page not in system.read(f"/search/?q={quote(SECRET)}")[1]


def test_the_security_administrator_approves_and_the_worker_killed_meanwhile_ends_it(system, desk_of):
    page = desk_of("安若素")
    open_settings(page, system)
    expect(page.locator("main")).not_to_contain_text(SECRET)
    page.locator("tbody").get_by_role("link").first.click()
    page.get_by_role("button", name="批准清除", exact=True).click()
    system.kill_worker()

    def is_cleared() -> bool:
        page.reload()
        return bool(page.get_by_role("heading", level=1).inner_text() == "系统内已清除，待核备份")

    wait_for("the purge has cleared", is_cleared, seconds=150)


def test_the_system_administrator_confirms_each_backup(system, desk_of):
    page = desk_of("卫东来")
    open_settings(page, system)
    page.locator("tbody").get_by_role("link").first.click()
    while page.get_by_role("button", name=re.compile("确认已处理")).count():
        page.get_by_label("处理情况").first.fill("两份，已删除重做，经办卫东来")
        page.get_by_role("button", name=re.compile("确认已处理")).first.click()
        expect(page.get_by_text("已确认。")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("清除办结")


def test_nothing_is_left_in_files_and_tables_and_the_trail_is_whole(system, desk_of, public_page):
    rests = [
        str(path) for path in Path(system.environment["GONGKAI_DATA_DIR"]).rglob("*") if path.is_file() and has_words(path.read_bytes())
    ]
    if "DATABASE_URL" in system.environment:
        rests += list_tables_with_words(system.environment["DATABASE_URL"])
    assert rests == []
    assert SECRET not in system.log
    assert "审计链完整。" in system.call("audit", "verify")
    assert system.read(public_page)[0] == 410


def test_the_auditor_reads_who_asked_and_who_approved(system, desk_of):
    page = desk_of("申衡之")
    page.goto(f"{system.desk}/desk/audit/")
    rows = page.locator("tbody")
    expect(rows).to_contain_text("批准涉密清除")
    expect(rows).to_contain_text("安若素")
    expect(page.locator("main")).not_to_contain_text(SECRET)
    page.get_by_role("button", name="现在核验").click()

    def is_checked() -> bool:
        page.reload()
        return "完整" in page.locator("aside").inner_text()

    wait_for("the check has ended", is_checked)


def has_words(data: bytes) -> bool:
    return any(SECRET.encode(code) in data for code in ("utf-8", "gb18030", "utf-16-le"))


def list_tables_with_words(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return [
            name
            for (name,) in names
            for row in connection.execute(f'SELECT t::text FROM "{name}" t'.encode()).fetchall()
            if SECRET in row[0]
        ]
