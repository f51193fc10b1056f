"""What a person does on the pages of the desk again and again."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.system import RunningSystem, wait_for


def register(page: Page, system: RunningSystem, *, entry: str, title: str, day: str) -> str:
    """Register something that happened, as a clerk does. Gives the address of its row in the ledger, where the page then is."""
    page.goto(f"{system.desk}/desk/causes/new/?entry={entry}")
    page.get_by_label("名称").fill(title)
    page.get_by_label("事由日").fill(day)
    page.get_by_role("button", name="按事由日重算最后一天").click()
    page.get_by_role("button", name="登记这件事项").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="看台账这一行").click()
    page.wait_for_url("**/desk/ledger/**")
    return page.url


def open_until(page: Page, address: str, words: str, *, seconds: float = 30) -> None:
    """Open a page again and again until it says something that the worker has to write first."""

    def look() -> bool:
        page.goto(address)
        return words in page.locator("main").inner_text()

    wait_for(f"{address} says {words}", look, seconds=seconds)


def open_until_row(page: Page, address: str, *words: str, seconds: float = 30) -> Locator:
    """Open a page again and again until one of its rows says all of it; gives that row."""

    def look() -> Locator | None:
        page.goto(address)
        row = page.get_by_role("row")
        for part in words:
            row = row.filter(has_text=part)
        return row if row.count() else None

    return wait_for(f"a row of {address} says {words}", look, seconds=seconds)
