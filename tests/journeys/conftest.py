import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.system import RunningSystem, fresh_database

NEW_PASSWORD = "临澄公开-2026-wanshi"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """A system of its own for each journey, with the demo bureau and no documents."""
    with fresh_database() as database:
        running = RunningSystem(tmp_path_factory.mktemp("system"), database)
        try:
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        # Inside a container its own sandbox cannot start as root.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A citizen's browser."""
    context = chromium.new_context(locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def desk_of(system: RunningSystem, chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """Gives the desk of a person by name: signed in with the one-time password, which is changed at once, as the first day goes."""
    pages: dict[str, Page] = {}

    def sign_in(name: str) -> Page:
        if name not in pages:
            context = chromium.new_context(locale="zh-CN")
            context.set_default_timeout(15_000)
            pages[name] = context.new_page()
            first_day(pages[name], system, name)
        return pages[name]

    yield sign_in
    for opened in pages.values():
        opened.context.close()


def first_day(page: Page, system: RunningSystem, name: str) -> None:
    """The one-time password opens nothing but the page that asks for one's own."""
    page.goto(system.desk)
    page.get_by_label("姓名").fill(name)
    page.get_by_label("密码", exact=True).fill(system.passwords[name])
    page.get_by_role("button", name="登录").click()
    page.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("再填一次新密码").fill(NEW_PASSWORD)
    page.get_by_role("button", name="换成新密码").click()
    page.wait_for_url("**/desk/")
