"""What was typed is not lost when the session ended or the token is old."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts.carrying import LARGEST, Carried, carry, label_typed, seal, unseal
from gongkai.foundation.accounts.models import User
from tests.factories.publishing import a_draft

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
PASSWORD = "dongting-qiushui-9"
BODY = "<p>辛苦写的正文</p>\n<p>第二段</p>"


@pytest.fixture
def people(bureau, demo_clock):
    """周岚 and 陈默 with passwords of their own."""
    for name in ("周岚", "陈默"):
        user = User.objects.get(username=name)
        user.must_change_password = False
        user.set_password(PASSWORD)
        user.save()


@pytest.fixture
def browser(people):
    return Client(headers={"host": "127.0.0.1"})


def sign_in(browser, name="周岚", **more):
    return browser.post(LOGIN, {"username": name, "password": PASSWORD, **more})


def end_session(browser):
    """What happens when a session runs out: its cookie goes, the others stay."""
    del browser.cookies["sessionid"]


def fields_of(page):
    """The hidden fields of a page, without the token."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_what_was_typed_comes_through_the_login_and_is_saved_by_one_press(browser, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    address = publishing_address(uuid)
    sign_in(browser)
    end_session(browser)

    answer = browser.post(address, typed(uuid, uploads=SimpleUploadedFile("附图.txt", b"1")))
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "登录已过期，请重新登录" in page
    assert "您刚才写的内容还在，登录后接着保存" in page
    assert "选好的文件带不过去" in page

    wrong = browser.post(LOGIN, {"username": "周岚", "password": "wrong", **fields_of(page)})
    assert wrong.status_code == 422
    page = sign_in(browser, **fields_of(wrong.content.decode())).content.decode()
    assert "继续保存" in page
    assert "没保存的标题" in page
    assert "附图.txt" in page
    assert f'action="{address}"' in page
    assert publishing.get_draft(uuid).content.title != "没保存的标题"

    assert browser.post(address, fields_of(page)).status_code == 302
    content = publishing.get_draft(uuid).content
    assert (content.title, content.body_html) == ("没保存的标题", "<p>辛苦写的正文</p>\n<p>第二段</p>\n")


def publishing_address(uuid):
    return f"/desk/publishing/{uuid}/"


def typed(uuid, **more):
    return {"seen_hash": publishing.get_draft(uuid).content_hash, "title": "没保存的标题", "body": BODY, "formed_date": ""} | more


def test_another_person_does_not_get_it(browser, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    sign_in(browser)
    end_session(browser)
    page = browser.post(publishing_address(uuid), typed(uuid)).content.decode()

    page = sign_in(browser, "陈默", **fields_of(page)).content.decode()

    assert "没保存的标题" not in page
    assert "不是陈默写的" in page


def test_a_new_one_time_password_is_changed_first_and_what_was_typed_waits(browser, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    sign_in(browser)
    User.objects.filter(username="周岚").update(must_change_password=True)
    end_session(browser)
    page = browser.post(publishing_address(uuid), typed(uuid)).content.decode()

    page = sign_in(browser, **fields_of(page)).content.decode()
    assert "先换掉一次性密码" in page
    new = {"new_password1": "poyang-chunshui-7", "new_password2": "poyang-chunshui-7"}
    page = browser.post("/accounts/password/", new | fields_of(page)).content.decode()

    assert "继续保存" in page
    assert "没保存的标题" in page


def test_a_press_without_anything_typed_only_leads_to_the_login(browser, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    answer = browser.post(
        publishing_address(uuid), {"seen_hash": "0" * 64}, headers={"Referer": f"http://127.0.0.1{publishing_address(uuid)}"}
    )
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "您刚才写的内容还在" not in page
    assert fields_of(page) == {"next": publishing_address(uuid)}


def test_the_login_says_why_it_appears_only_when_somebody_was_signed_in(browser):
    assert "登录已过期" not in browser.get("/desk/", follow=True).content.decode()
    sign_in(browser)
    end_session(browser)
    assert "登录已过期，请重新登录" in browser.get("/desk/", follow=True).content.decode()


def test_an_old_token_shows_what_was_typed_with_a_button_that_sends_it_again(people, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    browser = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    browser.force_login(User.objects.get(username="周岚"))
    origin = {"Origin": "http://127.0.0.1"}

    answer = browser.post(publishing_address(uuid), typed(uuid, csrfmiddlewaretoken="x" * 64), headers=origin)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "<title>这一页已经失效" in page
    assert "没保存的标题" in page
    assert "现在登录的是周岚" in page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token

    again = browser.post(publishing_address(uuid), fields_of(page) | {"csrfmiddlewaretoken": token[1]}, headers=origin)
    assert again.status_code == 302
    assert publishing.get_draft(uuid).content.title == "没保存的标题"


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Referer": "http://evil.example/"}])
def test_what_another_site_sends_is_not_offered_for_sending(people, clerk, friday, headers):
    uuid = a_draft(actor=clerk, now=friday)
    browser = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    browser.force_login(User.objects.get(username="周岚"))
    page = browser.post(publishing_address(uuid), typed(uuid), headers=headers).content.decode()
    assert "没保存的标题" not in page
    assert "再送一次" not in page


def test_with_an_old_token_and_no_session_the_login_carries_what_was_typed(people, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    browser = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
    answer = browser.post(publishing_address(uuid), typed(uuid), headers={"Origin": "http://127.0.0.1"})
    assert answer.status_code == 401
    assert "您刚才写的内容还在" in answer.content.decode()


def test_passwords_are_never_carried():
    assert carry(RequestFactory().post("/accounts/password/", {"present": "geheim", "new_password1": "x"}), 1) is None
    carried = carry(RequestFactory().post("/desk/", {"title": "题", "password": "geheim", "api_token": "geheim"}), 1)
    assert carried
    assert carried.fields == (("title", "题"),)


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/accounts/password/"])
def test_nothing_is_sent_to_another_place(address):
    assert unseal(seal(Carried(address, (("title", "题"),), (), None)), "127.0.0.1") is None


def test_a_changed_or_foreign_seal_is_worth_nothing():
    sealed = seal(Carried("/desk/", (("title", "题"),), (), 1))
    assert unseal(sealed, "127.0.0.1") == Carried("/desk/", (("title", "题"),), (), 1)
    for text in ("", "x", sealed[:-1], "x" + sealed, "a" * (LARGEST + 1)):
        assert unseal(text, "127.0.0.1") is None


def test_what_is_too_long_to_be_carried_is_told():
    long = "".join(chr(0x4E00 + (number * 7919) % 20000) for number in range(1_400_000))
    assert seal(Carried("/desk/", (("body", long),), (), 1)) == ""


def test_only_what_a_person_typed_is_shown_with_its_name():
    fields = [
        ("seen_hash", "a" * 64), ("csrfmiddlewaretoken", "abc"), ("attachments", "8d7d5f10-0000-4000-8000-000000000000"), ("x", "ab" * 16),
        ("key", "k"), ("title", "题"), ("body", "<p>一</p>\n<p>二</p>"), ("element_0", "范围"), ("strange", "话"),
    ]  # fmt: skip
    assert label_typed(fields) == [("标题", "题"), ("正文", "一\n二"), ("要素", "范围"), ("第 4 栏", "话")]
