"""Too many tries: counted before they are looked at, ended by themselves, and no way for a stranger to shut people out."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.foundation.accounts import actions
from gongkai.foundation.accounts.devices import find_address
from gongkai.foundation.accounts.kinds import TallyKind
from gongkai.foundation.accounts.models import TryTally
from gongkai.foundation.accounts.rules import LIMITS, name_network, say_locked
from gongkai.foundation.audit.models import AuditRecord
from gongkai.foundation.organisations.models import Unit
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import SHANGHAI
from tests.factories.accounts import PASSWORD, a_person, code_of
from tests.factories.organisations import a_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.foundation.accounts.addresses")]
FRIDAY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
AT = datetime(2026, 11, 25, 8, 0, 10, tzinfo=SHANGHAI)
LOGIN, STEP = "/accounts/login/", "/accounts/second-step/"
TRIES = LIMITS[TallyKind.NAME].tries


@pytest.fixture(autouse=True)
def clock(settings):
    settings.BUSINESS_CLOCK = "demo"
    workdays.anchor_demo_clock(at=FRIDAY, system_now=timezone.now())


@pytest.fixture
def zhou(db):
    return a_person("周岚", a_bureau())


def sign_in(client, name="周岚", password=PASSWORD, address="203.0.113.7"):
    return client.post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR=address)


def words_of(answer):
    return re.findall(r'id="id_password_error">.*?<span>(.*?)</span>', answer.content.decode(), re.DOTALL)[0]


def fail(client, times=TRIES, name="周岚", **more):
    return [sign_in(client, name, "wrong-password", **more).status_code for _ in range(times)]


def take(name="周岚", address="203.0.113.7", devices=(), at=AT):
    return actions.take_sign_in(name=name, address=address, devices=dict(devices), now=FRIDAY, at_system=at)


def test_after_five_wrong_tries_even_the_right_password_waits_and_is_told_until_when(client, zhou):
    assert fail(client) == [422] * TRIES

    answer = sign_in(client)

    assert answer.status_code == 422
    assert re.search(r"请过 15 分钟再试（\d\d:\d\d 解除）", words_of(answer))
    assert "安全管理员" in words_of(answer)


def test_a_name_that_nobody_has_gets_the_same_answers(client, zhou):
    known = [words_of(sign_in(client, "周岚", "wrong-password")) for _ in range(TRIES + 2)]
    unknown = [words_of(sign_in(client, "高远", "wrong-password")) for _ in range(TRIES + 2)]

    assert known == unknown
    assert "高远" not in str(list(TryTally.objects.values()))


def test_a_wait_ends_by_itself_and_tries_during_it_do_not_make_it_longer(zhou):
    taken = [take(at=AT) for _ in range(TRIES + 1)]
    assert [bool(one.refused) for one in taken] == [False] * TRIES + [True]

    for minute in range(1, 15):
        assert take(at=AT + timedelta(minutes=minute)).refused
    assert not take(at=AT + timedelta(minutes=15)).refused


def test_slow_mistakes_are_never_too_many(zhou):
    assert not any(take(at=AT + timedelta(minutes=4 * number)).refused for number in range(40))


def test_being_right_forgets_the_mistakes(client, zhou):
    for _ in range(4):
        assert fail(Client(), TRIES - 1) == [422] * (TRIES - 1)
        assert sign_in(Client()).status_code == 302


def test_a_stranger_who_tries_a_name_does_not_shut_out_the_person_at_his_own_computer(client, zhou):
    assert sign_in(client).status_code == 302
    client.post("/accounts/logout/")
    stranger = Client()
    fail(stranger, address="198.51.100.9")
    assert "试错太多" in words_of(sign_in(stranger, address="198.51.100.9"))
    assert "试错太多" in words_of(sign_in(Client()))

    assert sign_in(client).status_code == 302


def test_a_known_browser_has_a_count_of_its_own_and_knows_only_its_people(client, zhou):
    a_person("陈默", Unit.objects.get())
    sign_in(client)
    client.post("/accounts/logout/")

    assert fail(client, LIMITS[TallyKind.DEVICE].tries) == [422] * 10
    assert "试错太多" in words_of(sign_in(client))
    assert sign_in(Client()).status_code == 302
    fail(client, TRIES, "陈默")
    assert "试错太多" in words_of(sign_in(client, "陈默"))


def test_a_forged_cookie_makes_no_browser_known(client, zhou):
    client.cookies["gongkai_device"] = "forged"
    fail(client)

    assert "试错太多" in words_of(sign_in(client))


def test_an_address_that_tries_many_names_has_to_wait(client, zhou):
    most = LIMITS[TallyKind.ADDRESS].tries
    assert not any(take(f"某人{number}").refused for number in range(most))

    assert "这个网络地址试错太多" in take("周岚").refused
    assert not take("周岚", "203.0.113.8").refused
    assert not take("周岚", devices={zhou.pk: "mark"}).refused


def test_a_right_sign_in_gives_the_address_its_try_back(zhou):
    for number in range(LIMITS[TallyKind.ADDRESS].tries * 2):
        taken = take()
        assert not taken.refused, number
        actions.forgive(done=taken)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_of_an_address_the_part_counts_that_somebody_owns(address, network):
    assert name_network(address) == network


@pytest.mark.parametrize(
    ("remote", "told", "found"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "10.9.9.9", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "10.9.9.9, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_only_our_own_servers_are_believed_about_an_address(rf, settings, remote, told, found):
    settings.PROXIES = ["127.0.0.1", "10.0.0.2"]
    more = {"HTTP_X_FORWARDED_FOR": told} if told else {}

    assert find_address(rf.get("/", REMOTE_ADDR=remote, **more)) == found


def test_codes_are_guessed_five_times(client, zhou):
    secret = actions.prepare_authenticator(user=zhou, at_system=AT).secret
    actions.confirm_authenticator(user=zhou, code=code_of(secret, AT), now=FRIDAY, at_system=AT)
    sign_in(client)

    tries = [client.post(STEP, {"code": "000000"}).content.decode() for _ in range(LIMITS[TallyKind.CODE].tries)]
    assert all("验证码不对" in page for page in tries)
    page = client.post(STEP, {"code": code_of(secret)})

    assert page.status_code == 422
    assert "验证码试错太多" in page.content.decode()
    assert client.get("/desk/").status_code == 302


def test_the_present_password_is_guessed_five_times(client, zhou):
    sign_in(client)
    for _ in range(TRIES):
        assert "现在的密码不对" in client.post("/accounts/recovery-codes/", {"present": "wrong"}).content.decode()

    assert "试错太多" in client.post("/accounts/recovery-codes/", {"present": PASSWORD}).content.decode()


def test_the_beginning_of_a_lock_is_in_the_trail_once(client, zhou):
    fail(client, TRIES + 20)

    (row,) = AuditRecord.objects.filter(act="accounts.locked")
    assert (row.subject, row.about) == (zhou.officer.uuid, {"kind": "NAME", "address": ""})
    assert AuditRecord.objects.filter(act="accounts.sign_in_failed").count() == TRIES


def test_counts_older_than_a_day_go(zhou):
    take("某人", at=AT)
    take("周岚", at=AT + timedelta(hours=25))

    assert not TryTally.objects.filter(first_at=AT).exists()


def test_the_words_name_the_end():
    assert say_locked(TallyKind.NAME, AT + timedelta(seconds=61), AT).startswith(
        "这个姓名试错太多，暂时不能登录。请过 2 分钟再试（08:01 解除）"
    )
