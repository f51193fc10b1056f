"""The second step of signing in: authenticators, recovery codes, what is asked for where it is required."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from gongkai.foundation.accounts import actions
from gongkai.foundation.accounts.models import Authenticator, RecoveryCode, User
from gongkai.foundation.accounts.rules import find_step, make_recovery_codes, make_secret, tidy_code
from gongkai.foundation.audit import api as audit
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, BadInput
from gongkai.lib.keyring import make_key_line, read_keyring
from gongkai.lib.moments import SHANGHAI
from tests.factories.accounts import PASSWORD, a_person, a_user, code_of
from tests.factories.organisations import a_bureau, an_officer

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.foundation.accounts.addresses")]
FRIDAY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
LOGIN, STEP, SET_UP, OWN = "/accounts/login/", "/accounts/second-step/", "/accounts/authenticator/", "/accounts/own/"
AT = datetime(2026, 11, 25, 8, 0, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def clock(settings):
    settings.BUSINESS_CLOCK = "demo"
    workdays.anchor_demo_clock(at=FRIDAY, system_now=timezone.now())


@pytest.fixture
def zhou(db):
    return a_person("周岚", a_bureau())


@pytest.fixture
def secret(zhou):
    """The secret of an authenticator that was taken into use long ago."""
    made = actions.prepare_authenticator(user=zhou, at_system=AT).secret
    actions.confirm_authenticator(user=zhou, code=code_of(made, AT), now=FRIDAY, at_system=AT)
    Authenticator.objects.update(last_step=1)
    return made


def codes_of(user):
    return actions.renew_recovery_codes(user=user, now=FRIDAY)


def sign_in(client, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": "周岚", "password": password} | more)


def is_in(client):
    return client.get("/desk/").status_code == 200


def acts(user):
    return [row.act for row in audit.list_rows(subject=user.officer.uuid)]


# Codes, as rules


def test_a_code_is_right_within_one_step_before_and_after():
    secret = make_secret()
    now = int(AT.timestamp()) // 30

    for steps in (-1, 0, 1):
        assert find_step(secret, code_of(secret, AT + timedelta(seconds=30 * steps)), at_system=AT, after=None) == now + steps
    for steps in (-3, -2, 2, 3):
        assert find_step(secret, code_of(secret, AT + timedelta(seconds=30 * steps)), at_system=AT, after=None) is None


def test_the_codes_are_those_of_the_standard():
    # RFC 6238, appendix B, the last six of eight figures for SHA-1.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert find_step(secret, code, at_system=datetime.fromtimestamp(seconds, SHANGHAI), after=None) == seconds // 30


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "12 345"])
def test_what_is_no_code_is_never_right(code):
    assert find_step(make_secret(), code, at_system=AT, after=None) is None


def test_codes_may_be_typed_with_spaces_and_in_full_width():
    assert tidy_code(" １２３　456\n") == "123456"
    assert tidy_code("AB2C-de3f—gh4k") == "ab2cde3fgh4k"
    assert len(set(make_recovery_codes())) == 10


# Signing in


def test_the_password_alone_lets_nobody_in(client, zhou, secret):
    answer = sign_in(client, next="/desk/manage/")

    assert answer["Location"] == "/accounts/second-step/?next=/desk/manage/"
    assert not is_in(client)
    page = client.get(answer["Location"]).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'name="next" value="/desk/manage/"' in page
    assert "style=" not in page
    assert acts(zhou)[-1] != "accounts.sign_in"

    assert client.post(STEP, {"code": code_of(secret), "next": "/desk/manage/"})["Location"] == "/desk/manage/"
    assert is_in(client)
    row = audit.list_rows(subject=zhou.officer.uuid)[-1]
    assert (row.act, row.about) == ("accounts.sign_in", {"way": "CODE"})


def test_one_code_opens_once(client, zhou, secret):
    code = code_of(secret)
    sign_in(client)
    client.post(STEP, {"code": code})
    other = Client()
    sign_in(other)

    answer = other.post(STEP, {"code": code})

    assert answer.status_code == 422
    assert "已经用过" in answer.content.decode()
    assert not is_in(other)


def test_of_two_who_send_one_code_together_one_is_too_late(zhou, secret, monkeypatch):
    code, at = code_of(secret, AT), AT

    def look_then_other_is_faster(*args, **kwargs):
        monkeypatch.undo()
        assert actions.use_code(user=zhou, code=code, at_system=at)
        return find_step(*args, **kwargs)

    monkeypatch.setattr("gongkai.foundation.accounts.actions.factors.find_step", look_then_other_is_faster)
    assert not actions.use_code(user=zhou, code=code, at_system=at)


def test_the_second_step_without_the_first_leads_to_the_login(client, zhou, secret):
    answer = client.post(STEP, {"code": code_of(secret)})

    assert answer.status_code == 401
    assert "登录已过期" in answer.content.decode()
    assert not is_in(client)


def test_the_first_step_is_good_for_ten_minutes_and_one_password(client, zhou, secret):
    sign_in(client)
    session = client.session
    session["half_signed_in"] = session["half_signed_in"] | {"at": timezone.now().timestamp() - 601}
    session.save()
    assert client.post(STEP, {"code": code_of(secret)}).status_code == 401

    sign_in(client)
    zhou.set_password("another-password-7")
    zhou.save()
    assert client.post(STEP, {"code": code_of(secret)}).status_code == 401
    assert not is_in(client)


def test_a_suspended_account_does_not_pass_the_second_step(client, zhou, secret):
    sign_in(client)
    User.objects.update(is_suspended=True)

    assert client.post(STEP, {"code": code_of(secret)}).status_code == 401


def test_a_recovery_code_opens_once(client, zhou, secret):
    code, *others = codes_of(zhou)
    sign_in(client)
    page = client.post(STEP, {"switch": "1", "by": "recovery"}).content.decode()
    assert "恢复码" in page

    assert client.post(STEP, {"by": "recovery", "code": f" {code.upper()} "}).status_code == 302
    assert is_in(client)
    assert "accounts.use_recovery_code" in acts(zhou)
    again = Client()
    sign_in(again)
    assert "已经用过" in again.post(STEP, {"by": "recovery", "code": code}).content.decode()
    assert again.post(STEP, {"by": "recovery", "code": others[0]}).status_code == 302


def test_recovery_codes_are_kept_only_as_digests_and_a_new_set_ends_the_old(client, zhou, secret):
    old = codes_of(zhou)
    new = codes_of(zhou)
    kept = "".join(RecoveryCode.objects.values_list("digest", flat=True))

    assert not any(tidy_code(code) in kept for code in old + new)
    assert not actions.use_recovery_code(user=zhou, code=old[0], now=FRIDAY, at_system=AT)
    assert actions.use_recovery_code(user=zhou, code=new[0], now=FRIDAY, at_system=AT)


def test_what_was_typed_comes_through_the_second_step(client, zhou, secret):
    sign_in(client)
    client.post(STEP, {"code": code_of(secret)})
    del client.cookies["sessionid"]
    page = client.post("/desk/", {"title": "没保存的标题"}).content.decode()
    kept = unescape(re.findall(r'name="kept" value="([^"]*)"', page)[0])
    Authenticator.objects.update(last_step=1)

    page = sign_in(client, kept=kept).content.decode()
    assert "登录后接着保存" in page
    page = client.post(STEP, {"switch": "1", "by": "recovery", "kept": kept}).content.decode()
    assert 'name="kept"' in page
    page = client.post(STEP, {"code": code_of(secret), "kept": kept}).content.decode()

    assert "继续保存" in page
    assert "没保存的标题" in page


# Setting it up


def test_it_is_set_up_on_ones_own_page_and_asked_for_from_then_on(client, zhou):
    sign_in(client)
    assert "没有启用" in client.get(OWN).content.decode()
    page = client.get(SET_UP)
    text = page.content.decode()
    secret = re.findall(r'<p class="secret"><code>([A-Z2-7 ]+)</code>', text)[0].replace(" ", "")
    assert "no-store" in page["Cache-Control"]
    assert 'href="otpauth://totp/' in text
    assert f"secret={secret}" in text
    assert "<svg" in text.split("square-frame")[1]
    assert not re.search(r"style=|<style|<script(?![^>]*src=)", text)
    assert secret not in Authenticator.objects.get().secret

    wrong = client.post(SET_UP, {"code": "000000", "present": PASSWORD})
    assert (wrong.status_code, "验证码不对" in wrong.content.decode(), secret[:4] in wrong.content.decode()) == (422, True, True)
    assert client.post(SET_UP, {"code": code_of(secret), "present": "x"}).status_code == 422
    done = client.post(SET_UP, {"code": code_of(secret), "present": PASSWORD})
    shown = re.findall(r"<li><code>([\w-]+)</code></li>", done.content.decode())
    assert len(shown) == 10
    assert "no-store" in done["Cache-Control"]

    own = client.get(OWN).content.decode()
    assert "已启用手机验证器" in own
    assert "恢复码还有 10 个" in own
    assert not any(code in own for code in shown)
    assert sign_in(Client())["Location"].startswith(STEP)
    assert acts(zhou)[-1] == "accounts.confirm_authenticator"


def test_the_code_that_set_it_up_does_not_sign_in(zhou):
    secret = actions.prepare_authenticator(user=zhou, at_system=AT).secret
    actions.confirm_authenticator(user=zhou, code=code_of(secret, AT), now=FRIDAY, at_system=AT)

    assert not actions.use_code(user=zhou, code=code_of(secret, AT), at_system=AT)
    later = AT + timedelta(seconds=30)
    assert actions.use_code(user=zhou, code=code_of(secret, later), at_system=later)


def test_a_new_telephone_ends_the_old_one_only_when_it_has_shown_its_code(zhou, secret):
    new = actions.prepare_authenticator(user=zhou, at_system=AT).secret
    with pytest.raises(BadInput, match="验证码不对"):
        actions.confirm_authenticator(user=zhou, code=code_of(secret, AT), now=FRIDAY, at_system=AT)
    assert actions.use_code(user=zhou, code=code_of(secret, AT), at_system=AT)

    actions.confirm_authenticator(user=zhou, code=code_of(new, AT), now=FRIDAY, at_system=AT)
    later = AT + timedelta(minutes=5)
    assert not actions.use_code(user=zhou, code=code_of(secret, later), at_system=later)
    assert actions.use_code(user=zhou, code=code_of(new, later), at_system=later)
    with pytest.raises(ActNotPossible, match="没有等着启用"):
        actions.confirm_authenticator(user=zhou, code=code_of(new, later), now=FRIDAY, at_system=later)


def test_the_secret_stays_until_it_is_confirmed_or_changed(client, zhou):
    sign_in(client)
    first = actions.prepare_authenticator(user=zhou, at_system=AT).secret
    assert actions.prepare_authenticator(user=zhou, at_system=AT).secret == first

    client.post(SET_UP, {"renew": "1"})

    assert actions.prepare_authenticator(user=zhou, at_system=AT).secret != first
    assert Authenticator.objects.count() == 1


def test_where_it_is_required_nothing_opens_before_it(client, zhou, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client)

    assert client.get("/desk/manage/?of=3")["Location"] == "/accounts/authenticator/?next=/desk/manage/%3Fof%3D3"
    assert client.get(OWN)["Location"].startswith(SET_UP)
    page = client.get(SET_UP).content.decode()
    assert "先登记手机验证器" in page
    assert "现在的密码" not in page
    secret = actions.prepare_authenticator(user=zhou, at_system=AT).secret
    done = client.post(SET_UP, {"code": code_of(secret), "next": "/desk/"}).content.decode()
    assert "恢复码已存好，继续" in done
    assert is_in(client)
    with pytest.raises(ActNotPossible, match="人人都要有"):
        actions.drop_second_factor(user=zhou, now=FRIDAY)


def test_on_the_first_day_come_the_password_the_telephone_and_then_what_was_typed(client, zhou, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    page = client.post("/desk/", {"title": "没保存的标题"}).content.decode()
    kept = unescape(re.findall(r'name="kept" value="([^"]*)"', page)[0])
    User.objects.update(must_change_password=True)

    page = sign_in(client, kept=kept).content.decode()
    assert "先换掉一次性密码" in page
    page = client.post("/accounts/password/", {"new_password1": "donghu-meihua-3", "new_password2": "donghu-meihua-3", "kept": kept})
    assert "先登记手机验证器" in page.content.decode()
    assert 'name="kept"' in page.content.decode()
    secret = actions.prepare_authenticator(user=zhou, at_system=AT).secret
    page = client.post(SET_UP, {"code": code_of(secret), "kept": kept}).content.decode()
    assert "恢复码已存好，继续保存" in page
    assert "没保存的标题" in page


def test_where_it_is_free_it_can_be_given_up_with_the_password(client, zhou, secret):
    sign_in(client)
    client.post(STEP, {"code": code_of(secret)})

    assert client.post("/accounts/authenticator/drop/", {"present": "wrong"}).status_code == 422
    assert client.post("/accounts/authenticator/drop/", {"present": PASSWORD})["Location"] == OWN
    assert (Authenticator.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert sign_in(Client())["Location"] == "/desk/"


def test_new_recovery_codes_need_the_password_and_an_authenticator(client, zhou, secret):
    sign_in(client)
    client.post(STEP, {"code": code_of(secret)})
    before = set(RecoveryCode.objects.values_list("digest", flat=True))

    assert client.post("/accounts/recovery-codes/", {"present": "wrong"}).status_code == 422
    assert set(RecoveryCode.objects.values_list("digest", flat=True)) == before
    assert "只显示这一次" in client.post("/accounts/recovery-codes/", {"present": PASSWORD}).content.decode()
    assert before.isdisjoint(RecoveryCode.objects.values_list("digest", flat=True))
    actions.drop_second_factor(user=zhou, now=FRIDAY)
    with pytest.raises(ActNotPossible, match="不用恢复码"):
        actions.renew_recovery_codes(user=zhou, now=FRIDAY)


# Keys


def test_a_secret_in_another_accounts_row_does_not_open(zhou, secret):
    thief = a_user(an_officer("陈默"))
    Authenticator.objects.update(user=thief)

    with pytest.raises(ActNotPossible, match="读不出来"):
        actions.use_code(user=thief, code=code_of(secret, AT), at_system=AT)


def test_a_key_that_is_missing_is_said_in_words_and_recovery_codes_go_with_it(client, zhou, secret, settings):
    codes = codes_of(zhou)
    sign_in(client)
    old = django_settings.KEY_RING
    settings.KEY_RING = read_keyring(make_key_line("k2"))

    answer = client.post(STEP, {"code": code_of(secret)})

    assert answer.status_code == 422
    assert "请系统管理员检查密钥文件" in answer.content.decode()
    settings.KEY_RING = old
    assert client.post(STEP, {"by": "recovery", "code": codes[0]}).status_code == 302


def test_a_new_key_reseals_every_secret(zhou, secret, settings):
    both = f"test MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n{make_key_line('k2')}"
    settings.KEY_RING = read_keyring(both)

    assert actions.reseal_authenticators() == 1
    assert actions.reseal_authenticators() == 0
    settings.KEY_RING = read_keyring(both.partition("\n")[2])
    assert actions.use_code(user=zhou, code=code_of(secret, AT), at_system=AT)
