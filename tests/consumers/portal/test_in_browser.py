import threading
from datetime import timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import sync_playwright

from gongkai.consumers.portal import actions, queries, rules
from gongkai.consumers.portal.kinds import PageHead
from gongkai.consumers.portal.rendering import render_template, stamp
from gongkai.consumers.portal.searching import search_view
from gongkai.consumers.portal.serving import serve_files
from tests.factories.attachments import TEXT, an_attachment
from tests.factories.portal import a_public_text, make_findable, public_texts

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
TABLE = "<table><thead><tr><th>区片</th><th>标准（元/亩）</th></tr></thead><tbody><tr><td>一级</td><td>78,900</td></tr></tbody></table>"
BODY = "".join(f"<h2>第{number}章 总则</h2><p>为提高工业用地配置效率，{'规范管理，' * 20}制定本办法。</p>" for number in "一二三四") + TABLE
ADDRESSES = [
    "/",
    "/open/",
    "/open/sections/expropriation/",
    "/open/sections/expropriation/1/",
    "/open/2026-10/",
    "/d/2026/00001/",
    "/search/",
    "/nope",
]
MODES = [{"width": 1440, "scheme": "light"}, {"width": 390, "scheme": "light"}, {"width": 1440, "scheme": "dark"}]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def address(bureau, portal_root, sealed_root, friday, clerk):
    """Where a portal with something in it answers; the page of results as it was at the start."""
    file = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday, name="说明.txt", data=TEXT)
    long = a_public_text(
        at=friday,
        title="临澄市工业用地弹性出让管理办法",
        body=BODY,
        elements={"适用范围": "全市"},
        attachments=[file.uuid],
        document_number="临澄自然资规〔2026〕3号",
    )
    make_findable(long)
    public_texts(45, first_at=friday - timedelta(days=3))
    actions.build_pages(at_system=timezone.now())
    head = PageHead(title="搜索", address="/search/", description="搜索", column="搜索", column_type="搜索", current="search")
    view = search_view(rules.read_search({"q": "工业用地"}))
    results = stamp(render_template("search", queries.make_frame(friday), head, {"view": view}).encode(), friday)

    def dynamic(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [results]

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


def test_axe_finds_nothing_on_any_page_and_nobody_else_is_asked(address, chromium):
    asked = set()
    for mode in MODES:
        context = chromium.new_context(viewport={"width": mode["width"], "height": 900}, color_scheme=mode["scheme"])
        page = context.new_page()
        page.on("request", lambda request: asked.add(request.url.partition("//")[2].partition("/")[0]))
        for path in ADDRESSES:
            page.goto(address + path)
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
            assert found.violations_count == 0, (mode, path, found.generate_report())
        context.close()
    assert asked == {address.partition("//")[2]}


def test_no_page_scrolls_sideways_on_a_small_screen(address, chromium):
    page = chromium.new_context(viewport={"width": 320, "height": 700}).new_page()
    for path in ADDRESSES:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_without_script_and_by_keyboard_the_skip_link_comes_first(address, chromium):
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/d/2026/00001/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "跳到正文"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_on_paper_an_article_is_text_and_header_without_navigation(address, chromium):
    page = chromium.new_context().new_page()
    page.goto(f"{address}/d/2026/00001/")
    page.emulate_media(media="print")
    assert page.locator(".body").is_visible()
    assert page.locator(".facts dl").is_visible()
    assert page.locator(".colophon").is_visible()
    for hidden in (".bar", ".masthead", ".foot", ".beside", ".contents"):
        assert not page.locator(hidden).is_visible()
