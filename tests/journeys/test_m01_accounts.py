"""M1: accounts through Chromium: a telephone's second step at 390 px, its loss, sessions, a lock, and three administrators apart."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.factories.accounts import code_of
from tests.journeys.conftest import NEW_PASSWORD

pytestmark = pytest.mark.journey
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture(scope="module")
def phone(chromium: Browser) -> Iterator[Page]:
    """A telephone, without script: the second step has to go there."""
    context = chromium.new_context(locale="zh-CN", viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def give_name(page: Page, system, name: str, password: str = NEW_PASSWORD) -> None:
    page.goto(f"{system.desk}/accounts/login/")
    page.get_by_label("姓名").fill(name)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


def is_narrow_enough(page: Page) -> bool:
    return bool(page.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth"))


def test_a_telephone_is_registered_with_the_secret_that_was_printed(desk_of, system):
    page = desk_of("陈默")
    page.get_by_role("link", name="我的账号").click()
    page.get_by_role("link", name="登记手机验证器").click()
    expect(page.locator(".secret")).to_contain_text(system.secrets["陈默"][:4])
    expect(page.locator("svg.square")).to_be_visible()

    page.get_by_label("验证码").fill(code_of(system.secrets["陈默"]))
    page.get_by_label("现在的密码").fill(NEW_PASSWORD)
    page.get_by_role("button", name="启用这个验证器").click()

    expect(page.locator(".codes li")).to_have_count(10)
    system.recovery = page.locator(".codes li code").all_text_contents()
    page.get_by_role("link", name="恢复码已存好，继续").click()
    assert page.locator("style, [style], script:not([src])").count() == 0


def test_on_a_telephone_a_link_asks_for_password_and_code_first(phone, system):
    phone.goto(f"{system.desk}/desk/publishing/queue/")
    assert is_narrow_enough(phone)
    phone.get_by_label("姓名").fill("陈默")
    phone.get_by_label("密码", exact=True).fill(NEW_PASSWORD)
    phone.get_by_role("button", name="登录").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("再填一个验证码")
    assert is_narrow_enough(phone)
    phone.goto(f"{system.desk}/desk/publishing/queue/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("登录工作台")

    give_name(phone, system, "陈默")
    phone.get_by_label("验证码").fill("000000")
    phone.get_by_role("button", name="核对后登录").click()
    expect(phone.locator("[role=alert]")).to_contain_text("验证码不对")
    # The code that registered the telephone is used up: the next one.
    phone.get_by_label("验证码").fill(code_of(system.secrets["陈默"], timezone.now() + timedelta(seconds=30)))
    phone.get_by_role("button", name="核对后登录").click()

    phone.wait_for_url("**/desk/")
    assert is_narrow_enough(phone)


def test_the_other_browser_is_seen_and_ended(desk_of, phone, system):
    page = desk_of("陈默")
    page.goto(f"{system.desk}/accounts/own/")
    expect(page.locator("main")).to_contain_text("2 处")
    expect(page.locator("main")).to_contain_text("密码和验证码")

    page.locator("table").get_by_role("button").first.click()

    expect(page.get_by_role("status")).to_contain_text("已结束")
    phone.goto(f"{system.desk}/desk/ledger/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("登录工作台")


def test_without_the_telephone_a_recovery_code_opens_once(phone, system):
    for words in ("核对后登录", "已经用过"):
        give_name(phone, system, "陈默")
        phone.get_by_role("button", name="手机不在身边，用恢复码").click()
        phone.get_by_label("恢复码").fill(system.recovery[0])
        phone.get_by_role("button", name="核对后登录").click()
        if words == "核对后登录":
            phone.wait_for_url("**/desk/")
            phone.context.clear_cookies(name="sessionid")
    expect(phone.locator("[role=alert]")).to_contain_text("已经用过")


def test_the_security_administrator_resets_a_lost_telephone_and_the_person_is_told(desk_of, phone, system):
    page = desk_of("安若素")
    page.get_by_role("link", name="设置").click()
    page.get_by_role("link", name="陈默").click()
    page.get_by_role("link", name="重设第二步验证").click()
    page.get_by_role("button", name="重设第二步验证", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已重设陈默的第二步验证")

    give_name(phone, system, "陈默")

    expect(phone.get_by_role("status")).to_contain_text("安若素重设了您的第二步验证")
    assert is_narrow_enough(phone)


def test_a_stranger_who_guesses_waits_and_the_person_does_not(chromium, phone, system):
    phone.context.clear_cookies(name="sessionid")
    stranger = chromium.new_context(locale="zh-CN").new_page()
    for _ in range(6):
        give_name(stranger, system, "陈默", "guessed-password")
    expect(stranger.locator("[role=alert]")).to_contain_text("分钟再试")
    stranger.context.close()

    give_name(phone, system, "陈默")

    phone.wait_for_url("**/desk/")


@pytest.mark.parametrize(("name", "page_of_his", "others"), [
    ("卫东来", "jobs/", ("accounts/", "audit/")),
    ("安若素", "accounts/", ("jobs/", "audit/")),
    ("申衡之", "audit/", ("jobs/", "accounts/")),
])  # fmt: skip
def test_the_three_administrators_are_apart(desk_of, system, name, page_of_his, others):
    page = desk_of(name)

    assert page.goto(f"{system.desk}/desk/{page_of_his}").status == 200
    for other in others:
        assert page.goto(f"{system.desk}/desk/{other}").status == 403
    page.goto(f"{system.desk}/desk/")
    expect(page.get_by_role("link", name="登记应公开事项")).to_have_count(0)
