"""The public receipt and the calculator in Chromium: axe, small screens, no script, one page of A4."""

import re
import threading
from datetime import date
from urllib.parse import parse_qsl
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import sync_playwright

from gongkai.consumers.portal import actions, queries
from gongkai.consumers.portal.calculating import UNITS, calculator_view
from gongkai.consumers.portal.rendering import render_calculator, stamp
from gongkai.consumers.portal.serving import serve_files
from gongkai.core.ledger import api as ledger
from gongkai.foundation.accounts.kinds import SYSTEM
from tests.factories.ledger import PUBLISH
from tests.factories.portal import a_public_text

pytestmark = [pytest.mark.django_db, pytest.mark.journey]

LIMIT = "/d/2026/00001/limit/"
QUESTIONS = [
    "",
    "start=2026-09-09&amount=20&unit=workday&stop_from=2026-09-22&stop_to=2026-10-08",
    "start=2026-13-09&amount=abc&unit=hour&stop_from=x",
    "start=2026-10-09&amount=48&unit=hour&time=15:40",
    "start=2026-09-18&duty=expro.notice",
    *(f"start=2026-01-09&amount={most}&unit={unit}&time=08:00" for unit, (_, _, most) in UNITS.items()),
    "start=2026-01-09&amount=200&unit=workday&stop_from=2026-02-01&stop_to=2026-05-03",
    "start=2026-01-09&amount=365&unit=day&stop_from=2026-02-01&stop_to=2026-05-03",
]
MODES = [{"width": 1440, "scheme": "light"}, {"width": 390, "scheme": "light"}, {"width": 1440, "scheme": "dark"}]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def address(bureau, portal_root, friday, clerk, demo_clock):
    """Where a portal answers that has one text with a public limit; the calculator's answers are those of the start."""
    duty = ledger.open_obligation(
        duty=PUBLISH,
        entry="expro.notice",
        subject=uuid4(),
        label="征收土地公告",
        unit_id=clerk.unit_id,
        caused_on=date(2026, 9, 18),
        actor=SYSTEM,
        now=friday,
    )
    a_public_text(at=friday, entry_code="expro.notice", title="征收土地公告", obligation_id=duty.uuid)
    actions.build_pages(at_system=timezone.now())
    frame = queries.make_frame(friday)
    answers = {
        question: stamp(render_calculator(calculator_view(dict(parse_qsl(question)), friday), frame).encode(), friday)
        for question in QUESTIONS
    }

    def dynamic(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [answers[environ["QUERY_STRING"]]]

    server = make_server("127.0.0.1", 0, serve_files(root=portal_root, dynamic=dynamic), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def chromium(address):
    """A browser. While it runs nobody asks the database: everything is on disk before, see the order of the fixtures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


def list_addresses(address: str) -> list[str]:
    return [address + LIMIT, *(f"{address}/calculator/{f'?{question}' if question else ''}" for question in QUESTIONS)]


def test_axe_finds_nothing_and_nobody_else_is_asked(address, chromium):
    asked = set()
    for mode in MODES:
        context = chromium.new_context(
            viewport={"width": mode["width"], "height": 900}, color_scheme=mode["scheme"], java_script_enabled=True
        )
        page = context.new_page()
        page.on("request", lambda request: asked.add(request.url.partition("//")[2].partition("/")[0]))
        for path in list_addresses(address)[:7]:
            page.goto(path)
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
            assert found.violations_count == 0, (mode, path, found.generate_report())
        context.close()
    assert asked == {address.partition("//")[2]}


def test_no_page_scrolls_sideways_on_a_small_screen(address, chromium):
    page = chromium.new_context(viewport={"width": 320, "height": 700}).new_page()
    for path in list_addresses(address):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_the_receipt_and_whatever_is_computed_is_one_page_of_a4(address, chromium, tmp_path):
    page = chromium.new_context().new_page()
    for path in list_addresses(address):
        page.goto(path)
        page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page[^s]", (tmp_path / "page.pdf").read_bytes())) == 1, path


def test_from_the_article_one_click_leads_to_the_receipt_and_back_without_script(address, chromium):
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/d/2026/00001/")
    page.get_by_role("link", name="怎么算").click()
    assert page.locator("h1").inner_text() == "为什么是 2026年10月15日（周四）"
    page.get_by_role("link", name="征收土地公告").click()
    assert page.url == f"{address}/d/2026/00001/"


def test_a_question_is_asked_by_form_without_script(address, chromium):
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/calculator/")
    page.get_by_label("事情发生的那天").fill("2026-09-09")
    assert page.locator("form.calculator").get_attribute("method") == "get"
    page.goto(f"{address}/calculator/?{QUESTIONS[2]}")
    assert page.get_by_label("事情发生的那天").input_value() == "2026-13-09"
    page.get_by_role("link", name="“abc”不是整数，请只写数字，例如 20。").click()
    assert page.url.endswith("#amount")
