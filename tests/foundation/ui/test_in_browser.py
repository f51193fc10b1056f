"""The desk in Chromium: no rule of axe is broken, the policy lets everything through, the keys do what the table says."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django would refuse the database because of it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


Scheme = Literal["light", "dark"]


def open_page(chromium: Browser, live_server, cookie: str, address: str, *, width: int = 1440, scheme: Scheme = "light") -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + address)
    return page


@pytest.fixture
def cookie(live_server, sign_in) -> str:
    return str(sign_in("周岚").cookies[django_settings.SESSION_COOKIE_NAME].value)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (320, "dark")])
def test_the_component_page_breaks_no_rule_of_axe_and_never_scrolls_sideways(chromium, live_server, cookie, width, scheme) -> None:
    complaints: list[str] = []
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(live_server.url + reverse("ui:components"))
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert complaints == []
    context.close()


def test_j_and_k_walk_the_rows_and_the_row_is_marked(chromium, live_server, cookie) -> None:
    page = open_page(chromium, live_server, cookie, reverse("ui:components"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "省厅政务公开测评清单" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    assert "双公示" in page.evaluate("document.activeElement.textContent")
    assert page.locator(".is-chosen").count() == 1


def test_f8_walks_the_findings_round(chromium, live_server, cookie) -> None:
    page = open_page(chromium, live_server, cookie, reverse("ui:components"))
    texts = []
    for _ in range(3):
        page.keyboard.press("F8")
        texts.append(page.evaluate("document.activeElement.textContent")[:8])
    assert texts[0] == texts[2] != texts[1]


def test_no_single_key_works_inside_a_field(chromium, live_server, cookie) -> None:
    page = open_page(chromium, live_server, cookie, reverse("ui:components"))
    page.locator("#id_title").press_sequentially("j?gk")
    assert page.locator("#id_title").input_value() == "j?gk"
    assert not page.locator("#keys").is_visible()


def test_the_question_mark_opens_the_table_of_keys_and_escape_closes_it(chromium, live_server, cookie) -> None:
    page = open_page(chromium, live_server, cookie, reverse("ui:components"))
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_single_keys_can_be_switched_off(chromium, live_server, cookie) -> None:
    page = open_page(chromium, live_server, cookie, reverse("ui:preferences"))
    page.get_by_role("group", name="单键快捷键").get_by_label("关").check()
    page.get_by_role("button", name="保存显示设置").click()
    page.goto(live_server.url + reverse("ui:components"))
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()


def test_everything_works_without_script(chromium, live_server, cookie) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("ui:components"))
    page.get_by_role("link", name="? 快捷键和显示").click()
    assert page.url.endswith(reverse("ui:preferences"))
    page.get_by_label("深色").check()
    page.get_by_role("button", name="保存显示设置").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    context.close()
