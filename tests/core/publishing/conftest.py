import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from tests.factories.publishing import Reviewers


@pytest.fixture
def reviewers(unit_head, secrecy_reviewer, signer) -> Reviewers:
    """陈默, 林晓 and 顾长青: one for each step."""
    return Reviewers(head=unit_head, secrecy=secrecy_reviewer, signer=signer)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Django keeps connections apart inside and outside a loop: one left open here could not be closed from within.
    connections.close_all()
    # Playwright keeps a loop running in this thread, which Django takes for a server's.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, sign_in, live_server):
    """Opens the desk as somebody; gives the page and what the console complained of."""
    contexts = []

    def opened(name: str, path: str, **options: object) -> tuple[Page, list[str]]:
        session = sign_in(name).cookies[settings.SESSION_COOKIE_NAME].value
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page, complaints = context.new_page(), []
        page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page, complaints

    yield opened
    for context in contexts:
        context.close()
    # A page that is closed gives its text back: that last request is answered while there is a database.
    time.sleep(0.5)
