"""Receipts in Chromium: no rule of axe is broken, nothing scrolls sideways, and on paper each is one page of A4."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.actions.terms import load_terms
from gongkai.foundation.organisations.models import Unit
from tests.factories.ledger import an_obligation, at, some_terms

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ARTICLE = "《条例》第三十二条、第三十三条第三款"
KINDS = {
    "test.long": "P90WD",
    "test.days": "P90D",
    "test.months": "P36M",
    "test.least": "min:P60D",
    "test.once": "P0D",
    "test.fixed": "fixed:01-31",
}
SEEN = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    connections.close_all()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def cookie(live_server, sign_in) -> str:
    return str(sign_in("周岚").cookies[settings.SESSION_COOKIE_NAME].value)


@pytest.fixture
def addresses(clerk, cookie) -> dict[str, str]:
    """Receipts of every shape, among them one that was stopped, one that stands still, one that began again."""
    unit = Unit.objects.get(pk=clerk.unit_id)
    load_terms([some_terms(limit, entry=entry, label=entry) for entry, limit in KINDS.items()])
    rows = {entry: an_obligation(unit, caused_on=date(2026, 3, 2), now=at("2026-10-09"), entry=entry) for entry in KINDS}
    words: dict[str, Any] = {"reason": "征求邻户意见（个人隐私）", "article": ARTICLE, "document": "征求意见书〔2026〕8号", "actor": clerk}
    for name in ("stopped", "resumed", "restarted"):
        rows[name] = an_obligation(unit, caused_on=date(2026, 9, 9), now=at("2026-09-10"), entry="foi.reply")
    for name in ("stopped", "resumed"):
        days: dict[str, Any] = {"first_day": date(2026, 9, 22), "latest_day": date(2026, 10, 26)}
        ledger.stop(obligation=rows[name].uuid, now=at("2026-09-21"), **days, **words)
    ledger.resume(obligation=rows["resumed"].uuid, last_day=date(2026, 10, 8), document="意见", actor=clerk, now=at("2026-10-09"))
    ledger.restart(obligation=rows["restarted"].uuid, new_cause=date(2026, 9, 28), now=at("2026-09-28"), **words)
    return {name: reverse("ledger:receipt", args=[row.uuid]) for name, row in rows.items()}


def open_page(chromium: Browser, live_server, cookie: str, **options) -> Page:
    context = chromium.new_context(base_url=live_server.url, **options)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return context.new_page()


def count_pages(page: Page, target: Path) -> int:
    page.pdf(path=target, prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page[^s]", target.read_bytes()))


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (320, "light")])
def test_no_receipt_breaks_a_rule_of_axe_or_scrolls_sideways(chromium, live_server, cookie, addresses, width, scheme):
    page = open_page(chromium, live_server, cookie, viewport={"width": width, "height": 900}, color_scheme=scheme)
    for name, address in addresses.items():
        page.goto(address)
        found = Axe().run(page, options={"runOnly": SEEN})
        assert found.violations_count == 0, (name, width, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (name, width)
    page.context.close()


def test_every_receipt_is_one_page_of_a4(chromium, live_server, cookie, addresses, tmp_path):
    page = open_page(chromium, live_server, cookie)
    page.emulate_media(media="print")
    for name, address in addresses.items():
        page.goto(address)
        assert count_pages(page, tmp_path / f"{name}.pdf") == 1, name
        for hidden in (".side", ".top", ".print-help"):
            assert not page.locator(hidden).first.is_visible(), (name, hidden)
    page.context.close()


def test_without_script_the_button_says_which_keys_to_press(chromium, live_server, cookie, addresses):
    page = open_page(chromium, live_server, cookie, java_script_enabled=False)
    page.goto(addresses["resumed"])
    page.get_by_text("打印回执").click()
    assert page.get_by_text("正好一页 A4").is_visible()
    page.context.close()


def test_with_script_the_button_prints(chromium, live_server, cookie, addresses):
    page = open_page(chromium, live_server, cookie)
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    page.goto(addresses["resumed"])
    page.get_by_text("打印回执").click()
    assert page.evaluate("window.printed") == 1
    page.context.close()


def test_a_cell_is_heard_whole(chromium, live_server, cookie, addresses):
    page = open_page(chromium, live_server, cookie)
    page.goto(addresses["resumed"])
    cells = page.get_by_role("cell", name="10月10日 周六 国庆节调休上班 第11个工作日")
    assert cells.count() == 1
    page.context.close()
