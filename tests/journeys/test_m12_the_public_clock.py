"""M10, M12: a citizen reads why a limit ends on a day and computes one of his own, without script; a shell the same without database."""

import json
import re
import subprocess
import sys
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.system import ROOT, RunningSystem, wait_for

pytestmark = pytest.mark.journey

TITLE = "双桥村征收土地公告"
TEXT = f"""# title: {TITLE}
# entry: expro.notice
# date: 2026-09-18

白浦县双桥村集体土地征收事项已经批准，现予公告。
"""
# The approval came on 09-18; fifteen working days, 09-20 and 10-10 among them.
LAST_DAY = "2026年10月15日（周四）"


@pytest.fixture(scope="module")
def reader(chromium: Browser):
    """A citizen whose browser runs no script."""
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def article(system: RunningSystem) -> str:
    """The address of a published text with a limit that citizens may see."""
    folder = system.folder / "papers"
    folder.mkdir()
    (folder / "notice.txt").write_text(TEXT, encoding="utf-8")
    system.call("import", "documents", str(folder), "--as", "何静")
    system.call("submit", "--as", "何静", "--pass-reason", "样例，要素以原件为准")
    system.call("review", "--everybody")
    return system.portal + wait_for("the text is public", lambda: find_path(system), seconds=30)


def find_path(system: RunningSystem) -> str | None:
    found = re.search(rf'href="(/d/2026/\d+/)"[^>]*>(?:<[^>]+>|\s)*{TITLE}', system.read("/")[1])
    return found[1] if found and system.read(found[1])[0] == 200 else None


def counted(page: Page) -> list[int]:
    return [int(text) for text in page.locator(".calendar-count").all_inner_texts()]


def test_the_public_receipt_counts_every_day_and_names_nobody(reader: Page, article: str):
    reader.goto(article)
    reader.get_by_role("link", name="怎么算").click()

    expect(reader.get_by_role("heading", level=1)).to_have_text(f"为什么是 {LAST_DAY}")
    assert counted(reader) == list(range(1, 16))
    for spoken in ("9月20日 周日 国庆节调休上班 第1个工作日", "10月10日 周六 国庆节调休上班 第11个工作日"):
        expect(reader.get_by_role("cell", name=spoken)).to_be_visible()
    for skipped in ("9月25日 周五 中秋节", "10月7日 周三 国庆节"):
        expect(reader.get_by_role("cell", name=skipped, exact=True)).to_be_visible()
    words = reader.locator("main").inner_text()
    assert re.search(r"计入 15 \+ 不计 12 = 27 天", words), words
    for hidden in ("何静", "逾期", "迟", "校验"):
        assert hidden not in words
    assert not re.search(r"[0-9a-f]{16}", words)
    reader.get_by_role("link", name=TITLE).click()
    assert reader.url == article


def test_the_calculator_gives_the_same_day_by_the_same_form_without_script(reader: Page, system: RunningSystem, article: str):
    reader.goto(f"{article}limit/")
    reader.get_by_role("link", name="用期限计算器自己算一遍").click()
    expect(reader.get_by_role("heading", level=2, name=f"为什么是 {LAST_DAY}")).to_be_visible()
    assert counted(reader) == list(range(1, 16))

    reader.get_by_role("link", name="清空重填").click()
    reader.get_by_label("事情发生的那天").fill("2026-09-09")
    reader.get_by_label("多少", exact=True).fill("20")
    reader.get_by_label("从哪天起不计").fill("2026-09-22")
    reader.get_by_label("到哪天为止不计").fill("2026-10-08")
    reader.get_by_role("button", name="算出最后一天").click()

    expect(reader.get_by_role("heading", level=2, name="为什么是 2026年10月22日（周四）")).to_be_visible()
    assert counted(reader) == list(range(1, 21))
    assert json.loads(system.call("tool", "workdays", "--start", "2026-09-18", "--add", "15"))["due_last_day"] == "2026-10-15"


def test_what_cannot_be_computed_is_said_beside_the_field_and_nothing_typed_is_lost(reader: Page, system: RunningSystem):
    reader.goto(f"{system.portal}/calculator/")
    reader.get_by_label("事情发生的那天").fill("2026-02-30")
    reader.get_by_label("多少", exact=True).fill("二十")
    reader.get_by_role("button", name="算出最后一天").click()

    expect(reader.get_by_role("alert")).to_contain_text("还不能算，有 2 处要改")
    expect(reader.get_by_label("事情发生的那天")).to_have_value("2026-02-30")
    expect(reader.get_by_label("多少", exact=True)).to_have_value("二十")
    assert reader.locator("[aria-invalid=true]").count() == 2


def test_the_receipt_is_a_file_that_opens_with_the_application_down(system: RunningSystem, article: str):
    """No database is asked for it: the page on disk is the page that was sent."""
    (file,) = (system.folder / "var").rglob(f"{article.removeprefix(system.portal).strip('/')}/limit/index.html")

    assert LAST_DAY in file.read_text(encoding="utf-8")


def run_tool(*arguments: str, folder) -> tuple[float, subprocess.CompletedProcess[str]]:
    """The tool in an empty folder, with no setting and no database it could ask."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "gongkai.config.cli", "tool", "workdays", *arguments],
        env=environment, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return time.perf_counter() - begin, done


def test_the_tool_answers_within_half_a_second_without_database(tmp_path):
    took = []
    for _ in range(5):
        seconds, done = run_tool("--start", "2025-02-22", "--add", "20", folder=tmp_path)
        assert json.loads(done.stdout) == {"due_last_day": "2025-03-21", "due_at": "2025-03-22T00:00:00+08:00"}, done.stderr
        took.append(seconds)
    # The quickest of five: another process on the machine is not the tool's time.
    assert min(took) < 0.5, took
    assert list(tmp_path.iterdir()) == []


def test_the_tool_counts_a_period_and_refuses_a_year_without_calendar(tmp_path):
    _, done = run_tool("--from", "2025-02-22", "--to", "2025-03-08", folder=tmp_path)
    assert json.loads(done.stdout) == {"workdays_inclusive": 10, "workdays_excluding_first_day": 10}
    _, refused = run_tool("--start", "2040-01-05", "--add", "5", folder=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "2040" in refused.stderr
