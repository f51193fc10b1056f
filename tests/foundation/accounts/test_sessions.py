"""Where somebody is signed in, and that an ended session is out with its next request."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.foundation.accounts import actions
from gongkai.foundation.accounts.models import DeskSession
from gongkai.foundation.accounts.rules import mark_session, say_browser
from gongkai.foundation.audit import api as audit
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import SHANGHAI
from tests.factories.accounts import PASSWORD, a_person, code_of
from tests.factories.organisations import a_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.foundation.accounts.addresses")]
FRIDAY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
LOGIN, OWN = "/accounts/login/", "/accounts/own/"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36 wxwork/4.1 MicroMessenger/7.0"
)


@pytest.fixture(autouse=True)
def clock(settings):
    settings.BUSINESS_CLOCK = "demo"
    workdays.anchor_demo_clock(at=FRIDAY, system_now=timezone.now())


@pytest.fixture
def root(db):
    return a_bureau()


@pytest.fixture
def zhou(root):
    return a_person("周岚", root)


def browser(name="周岚", agent=EDGE, address="203.0.113.7"):
    opened = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    assert opened.post(LOGIN, {"username": name, "password": PASSWORD}).status_code == 302
    return opened


def is_in(opened):
    return opened.get("/desk/").status_code == 200


def marks(page):
    return re.findall(r'name="mark" value="(\w+)"', page)


def test_the_page_says_where_since_when_and_how(zhou):
    at_office, on_the_way = browser(), browser(agent=PHONE, address="198.51.100.9")

    page = at_office.get(OWN).content.decode()

    assert "Windows 上的 Edge" in page
    assert "安卓 上的 政务微信" in page
    assert "198.51.100.9" in page
    assert page.index("这个浏览器") < page.index("安卓 上的 政务微信")
    assert "2 处；不认识的，结束它并改密码" in page
    assert len(marks(page)) == 1
    assert on_the_way.session.session_key not in page
    assert at_office.session.session_key not in page


def test_an_ended_session_is_out_with_its_next_request(zhou):
    at_office, on_the_way = browser(), browser(agent=PHONE)
    (mark,) = marks(at_office.get(OWN).content.decode())
    assert is_in(on_the_way)

    assert at_office.post("/accounts/own/sessions/end/", {"mark": mark})["Location"] == OWN

    assert not is_in(on_the_way)
    assert is_in(at_office)
    assert audit.list_rows(subject=zhou.officer.uuid)[-1].act == "accounts.end_session"
    assert at_office.post("/accounts/own/sessions/end/", {"mark": mark}).status_code == 404


def test_all_others_end_together(zhou):
    kept, others = browser(), [browser() for _ in range(3)]

    kept.post("/accounts/own/sessions/end-others/")

    assert is_in(kept)
    assert not any(map(is_in, others))
    assert "没有别处的登录" in kept.post("/accounts/own/sessions/end-others/", follow=True).content.decode()


def test_nobody_ends_the_session_of_another(root, zhou):
    a_person("陈默", root)
    his, mine = browser(), browser("陈默")

    assert mine.post("/accounts/own/sessions/end/", {"mark": mark_session(his.session.session_key)}).status_code == 404
    assert is_in(his)
    with pytest.raises(NotFound, match="可能已经退出"):
        actions.end_session(user=zhou, mark="x", now=FRIDAY)
    mine.post("/accounts/own/sessions/end-others/")
    assert is_in(his)


def test_a_new_password_and_a_new_telephone_end_the_others_at_once(zhou):
    kept, other = browser(), browser()
    new = {"present": PASSWORD, "new_password1": "dongting-qiushui-9", "new_password2": "dongting-qiushui-9"}
    kept.post("/accounts/password/", new)
    assert (is_in(kept), is_in(other), DeskSession.objects.filter(user=zhou).count()) == (True, False, 1)

    zhou.set_password(PASSWORD)
    zhou.save()
    kept, other = browser(), browser()
    secret = actions.prepare_authenticator(user=zhou, at_system=timezone.now()).secret
    kept.post("/accounts/authenticator/", {"code": code_of(secret), "present": PASSWORD})
    assert (is_in(kept), is_in(other)) == (True, False)


def test_last_seen_is_noted_every_five_minutes_and_keeps_the_session(zhou, settings):
    opened = browser()
    row = DeskSession.objects.get(user=zhou)
    is_in(opened)
    assert DeskSession.objects.get(user=zhou).seen_at == row.seen_at

    session = opened.session
    long_ago = timezone.now() - timedelta(minutes=6)
    session["sign_in"] = session["sign_in"] | {"seen": long_ago.isoformat()}
    session.save()
    is_in(opened)

    after = DeskSession.objects.get(user=zhou)
    assert after.seen_at is not None
    assert after.seen_at > long_ago
    assert after.started_at == row.started_at
    assert after.expire_date > row.expire_date


def test_a_session_that_has_run_out_is_not_shown_and_goes_with_the_next_sign_in(zhou):
    browser()
    DeskSession.objects.update(expire_date=timezone.now() - timedelta(minutes=1))

    opened = browser()

    assert DeskSession.objects.filter(user=zhou).count() == 1
    assert "1 处" in opened.get(OWN).content.decode()


def test_half_signed_in_is_nobodys_session(client, zhou):
    made = actions.prepare_authenticator(user=zhou, at_system=FRIDAY).secret
    actions.confirm_authenticator(user=zhou, code=code_of(made, FRIDAY), now=FRIDAY, at_system=FRIDAY)
    client.post(LOGIN, {"username": "周岚", "password": PASSWORD})

    row = DeskSession.objects.get()
    assert (row.user_id, row.way) == (None, "")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (EDGE, "Windows 上的 Edge"),
        (PHONE, "安卓 上的 政务微信"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "麒麟或 Linux 上的 火狐"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1", "iPhone 上的 Safari"),
        ("curl/8", "不认识的浏览器"),
        ("", "不认识的浏览器"),
        ("<script>" * 1000, "不认识的浏览器"),
    ],
)
def test_a_browser_is_named_in_words(told, words):
    assert say_browser(told) == words
