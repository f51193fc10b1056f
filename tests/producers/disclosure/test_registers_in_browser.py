"""The pages of a sheet in Chromium: no rule of axe is broken, nothing scrolls sideways, the policy lets everything through."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Browser, sync_playwright

from tests.factories.registers import a_row, an_upload, import_all

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's loop runs in this thread: Django would refuse the database because of it, and has other connections inside than outside.
    connections.close_all()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_a_sheet_break_no_rule_of_axe_and_never_scroll_sideways(chromium, live_server, sign_in, clerk, friday, width):
    cookie = sign_in("周岚").cookies[django_settings.SESSION_COOKIE_NAME].value
    import_all(an_upload(a_row(1), a_row(2), actor=clerk, now=friday), actor=clerk, now=friday)
    rows = [a_row(2, title="2026-2号地块（一期）"), a_row(3), a_row(4, day="下周"), a_row(5, unit="火星分局"), ["合计", "", "", "4", ""]]
    upload = an_upload(*rows, actor=clerk, now=friday)
    places = [
        reverse("disclosure:list"),
        reverse("disclosure:registers"),
        reverse("disclosure:register", args=["land_market"]),
        reverse("disclosure:columns", args=[upload]),
        reverse("disclosure:upload", args=[upload]),
        reverse("disclosure:upload", args=[upload]) + "?show=CHANGED",
        reverse("disclosure:coverage"),
    ]
    context = chromium.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for place in places:
        page.goto(live_server.url + place)
        assert [(violation["id"], place) for violation in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), place
    assert complaints == []
    context.close()
