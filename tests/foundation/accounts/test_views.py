from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import SYSTEM, Role
from gongkai.foundation.accounts.models import User
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.models import AuditRecord
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import SHANGHAI
from tests.factories.accounts import PASSWORD, a_person
from tests.factories.organisations import a_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.foundation.accounts.addresses")]
FRIDAY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/"
WRONG = "姓名或密码不对"
NEW = "dongting-qiushui-9"


@pytest.fixture(autouse=True)
def clock(settings):
    """The business clock; call it with an instant to move it."""
    settings.BUSINESS_CLOCK = "demo"

    def move(at):
        workdays.anchor_demo_clock(at=at, system_now=timezone.now())

    move(FRIDAY)
    return move


@pytest.fixture
def root():
    return a_bureau()


@pytest.fixture
def zhou(root):
    return a_person("周岚", root)


def sign_in(client, name="周岚", password=PASSWORD, onward=""):
    return client.post(LOGIN, {"username": name, "password": password, "next": onward})


def acts(user):
    return [row.act for row in audit.list_rows(subject=user.officer.uuid)]


def test_the_first_visit_leads_to_the_login_and_back_to_the_page_asked_for(client, zhou):
    asked = client.get("/desk/manage/?of=3")
    assert (asked.status_code, asked["Location"]) == (302, "/accounts/login/?next=/desk/manage/%3Fof%3D3")

    page = client.get(asked["Location"])
    assert page.status_code == 200
    assert 'name="next" value="/desk/manage/?of=3"' in page.content.decode()
    assert sign_in(client, onward="/desk/manage/?of=3")["Location"] == "/desk/manage/?of=3"


def test_the_login_page_has_labels_and_no_inline_script_or_style(client, root):
    page = client.get(LOGIN)
    text = page.content.decode()

    assert '<label for="id_username">姓名' in text
    assert '<label for="id_password">密码' in text
    assert 'autocomplete="username"' in text
    assert 'autocomplete="current-password"' in text
    assert "style=" not in text
    assert "本系统不得存储、处理涉密信息" in text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("typed", ["周岚", " 周岚 ", "周　岚"])
def test_a_chinese_name_signs_in_however_it_is_typed(client, zhou, typed):
    assert sign_in(client, typed)["Location"] == "/desk/"
    assert client.get("/desk/").content.decode() == "周岚 1"
    assert acts(zhou) == ["accounts.sign_in"]


def test_a_name_of_a_minority_signs_in_with_any_dot(client, root):
    a_person("阿依古丽·买买提", root)

    assert sign_in(client, "阿依古丽•买买提").status_code == 302


def test_wrong_name_wrong_password_and_shut_account_get_one_answer(client, zhou, root):
    shut = a_person("陈默", root, is_suspended=True)
    left = a_person("林晓", root)
    left.officer.is_active = False
    left.officer.save()

    def answer(name, password):
        page = sign_in(client, name, password)
        assert page.status_code == 422
        assert f'value="{name}"' in page.content.decode()
        assert password not in page.content.decode()
        return page.content.decode().split('class="errors"')[1].split("</div>")[0]

    answers = {answer("周岚", "wrong-password"), answer("高远", PASSWORD), answer(shut.username, PASSWORD), answer(left.username, PASSWORD)}
    assert len(answers) == 1
    assert all('<a href="#id_password">' in words for words in answers)
    assert WRONG in answers.pop()
    assert acts(zhou) == acts(shut) == acts(left) == ["accounts.sign_in_failed"]
    assert AuditRecord.objects.filter(act="accounts.sign_in_failed", subject=None).count() == 1
    assert not any("高远" in str((row.actor_name, row.about)) for row in AuditRecord.objects.all())


def test_empty_and_hostile_input_is_answered_with_a_page(client, zhou):
    for name, password in (("", ""), ("周岚", ""), ("周" * 500, "x"), ("<script>alert(1)</script>", "x"), ("周\0岚", "x"), ("周岚", "\0")):
        page = sign_in(client, name, password)
        assert page.status_code == 422
        assert "<script>alert" not in page.content.decode()
    assert client.post(LOGIN, b"\xff\xfe", content_type="application/x-www-form-urlencoded").status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        " https://evil.example",
        "/accounts/logout/",
        "/nowhere/",
        "desk/",
    ],
)
def test_no_address_of_another_host_is_followed(client, zhou, address):
    assert sign_in(client, onward=address)["Location"] == "/desk/"
    assert client.get(LOGIN, {"next": address})["Location"] == "/desk/"


def test_a_form_without_its_token_is_refused(zhou):
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_signing_in_gives_a_new_session(client, zhou):
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key

    sign_in(client)

    assert client.session.session_key != before


def test_signing_out_ends_the_session_and_is_no_mistake_twice(client, zhou):
    sign_in(client)

    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert client.get("/desk/").status_code == 302
    assert acts(zhou) == ["accounts.sign_in", "accounts.sign_out"]


def test_a_one_time_password_opens_only_the_page_where_it_is_changed(client, root):
    user = a_person("周岚", root, must_change_password=True)
    sign_in(client)

    assert client.get("/desk/manage/?of=3")["Location"] == "/accounts/password/?next=/desk/manage/%3Fof%3D3"
    assert client.post("/desk/manage/")["Location"] == CHANGE
    page = client.get("/accounts/password/?next=/desk/manage/%3Fof%3D3").content.decode()
    assert "先换掉一次性密码" in page
    assert "现在的密码" not in page

    done = client.post(CHANGE, {"new_password1": NEW, "new_password2": NEW, "next": "/desk/manage/?of=3"})
    assert done["Location"] == "/desk/manage/?of=3"
    assert client.get("/desk/").content.decode() == "周岚 1"
    assert sign_in(Client(), password=NEW).status_code == 302
    assert sign_in(Client(), password=PASSWORD).status_code == 422
    assert acts(user)[:2] == ["accounts.sign_in", "accounts.change_password"]


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (NEW, NEW + "x", "两次填的新密码不一样"),
        (PASSWORD, PASSWORD, "新密码和现在的一样"),
        ("short", "short", "新密码太短：5 个字，至少要 10 个字"),
        ("1234567890123", "1234567890123", "新密码全是数字"),
        ("password123", "password123", "新密码太常见"),
        ("abcdefghij-zhoulan", "abcdefghij-zhoulan", "新密码太像您的姓名"),
        ("", "", "必填"),
    ],
)
def test_a_bad_new_password_is_refused_in_words_and_changes_nothing(client, root, first, second, words):
    name = "zhoulan-abcdefghij" if "姓名" in words else "周岚"
    user = a_person(name, root, must_change_password=True)
    sign_in(client, name)

    page = client.post(CHANGE, {"new_password1": first, "new_password2": second})

    assert page.status_code == 422
    assert words in page.content.decode()
    assert "This password" not in page.content.decode()
    summary = page.content.decode().split("data-errors")[1].split("</div>")[0]
    field = "id_new_password2" if "不一样" in words else "id_new_password1"
    assert f'<a href="#{field}">' in summary
    assert User.objects.get(pk=user.pk).must_change_password


def test_later_the_present_password_is_asked_for(client, zhou):
    sign_in(client)
    wrong = client.post(CHANGE, {"present": "not-the-present", "new_password1": NEW, "new_password2": NEW})

    assert wrong.status_code == 422
    assert "现在的密码不对" in wrong.content.decode()
    assert client.post(CHANGE, {"present": PASSWORD, "new_password1": NEW, "new_password2": NEW}).status_code == 302


def test_changing_the_password_ends_the_other_sessions(client, zhou):
    other = Client()
    sign_in(client)
    sign_in(other)

    client.post(CHANGE, {"present": PASSWORD, "new_password1": NEW, "new_password2": NEW})

    assert client.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 302


def test_a_suspended_account_is_out_with_its_next_request(client, zhou):
    sign_in(client)
    accounts.suspend_account(name="周岚", actor=SYSTEM, now=FRIDAY)

    assert client.get("/desk/")["Location"].startswith(LOGIN)
    accounts.resume_account(name="周岚", actor=SYSTEM, now=FRIDAY)


def test_an_officer_who_left_is_out_with_his_next_request(client, zhou):
    sign_in(client)
    zhou.officer.is_active = False
    zhou.officer.save()

    assert client.get("/desk/")["Location"].startswith(LOGIN)


def test_a_renewed_password_ends_the_session(client, zhou):
    sign_in(client)
    accounts.renew_password(name="周岚", actor=SYSTEM, now=FRIDAY)

    assert client.get("/desk/")["Location"].startswith(LOGIN)


def test_a_session_that_is_open_loses_the_rights_on_the_day_after_the_last(client, root, clock):
    a_person("周岚", root, to_date=date(2026, 10, 9))
    sign_in(client)
    assert client.get("/desk/").content.decode() == "周岚 1"

    clock(FRIDAY + timedelta(days=1))
    assert client.get("/desk/").content.decode() == "周岚 0"


def test_a_page_without_the_right_says_which_who_has_it_and_who_grants_it_and_is_audited(client, zhou, root):
    a_person("安若素", root, Role.SECURITY_ADMIN)
    sign_in(client)

    page = client.get("/desk/manage/?of=3")

    assert page.status_code == 403
    assert "要有“管理账号”权限" in page.content.decode()
    assert "现在能用的是安若素（" in page.content.decode()
    assert "安全管理员（安若素）" in page.content.decode()
    (refused,) = AuditRecord.objects.filter(act="accounts.refused")
    assert (refused.officer_id, refused.about) == (zhou.officer_id, {"page": "supervision:manage", "address": "/desk/manage/"})


def test_a_page_with_the_right_opens(client, root):
    a_person("安若素", root, Role.SECURITY_ADMIN)
    sign_in(client, "安若素")

    assert client.get("/desk/manage/").content.decode() == "账号"


def test_a_request_costs_five_queries_before_the_page_itself(client, zhou, django_assert_num_queries, settings):
    sign_in(client)
    settings.BUSINESS_CLOCK = "system"  # the demo clock is one more

    with django_assert_num_queries(5) as seen:
        client.get("/desk/")
    tables = [query["sql"].split("FROM")[1].split()[0].strip('"') for query in seen.captured_queries]
    assert tables == [
        "accounts_desksession", "accounts_user", "organisations_postholding", "accounts_postrole", "organisations_unit",
    ]  # fmt: skip


def test_an_address_of_ours_has_a_name():
    assert [reverse(f"accounts:{name}") for name in ("login", "logout", "password")] == [LOGIN, "/accounts/logout/", CHANGE]
