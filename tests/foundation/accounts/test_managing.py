"""What a security administrator does to the accounts of others, and that the three administrators stay apart."""

import re
from datetime import datetime

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.foundation.accounts import actions
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import SYSTEM, Role
from gongkai.foundation.accounts.models import AccountNotice, Authenticator, DeskSession, PostRole, ProviderIdentity, TryTally, User
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.models import AuditRecord
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.models import Officer
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed
from gongkai.lib.keyring import make_key_line, read_keyring
from gongkai.lib.moments import SHANGHAI
from tests.factories.accounts import code_of

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
PASSWORD = "jiangnan-yuhua-7"


@pytest.fixture
def zhou(bureau):
    user = User.objects.get(username="周岚")
    user.set_password(PASSWORD)
    user.must_change_password = False
    user.save()
    return user


@pytest.fixture
def security(bureau):
    return accounts.find_actor(name="安若素", on=FRIDAY.date())


@pytest.fixture
def desk(sign_in):
    """The desk of the security administrator."""
    return sign_in("安若素")


def at(name, user, **more):
    return reverse(f"people:{name}", kwargs={"uuid": user.officer.uuid} | more)


def text(answer):
    return answer.content.decode()


def acts(user):
    return [row.act for row in audit.list_rows(subject=user.officer.uuid)]


def the_post(code):
    return next(post for post in organisations.list_posts(on=FRIDAY.date()) if post.code == code)


def protect(user):
    secret = actions.prepare_authenticator(user=user, at_system=FRIDAY).secret
    actions.confirm_authenticator(user=user, code=code_of(secret, FRIDAY), now=FRIDAY, at_system=FRIDAY)
    return secret


# The list and one account


def test_the_list_says_how_every_account_stands(desk, zhou, django_assert_max_num_queries):
    protect(zhou)
    User.objects.filter(username="陈默").update(is_suspended=True)

    with django_assert_max_num_queries(32):
        page = text(desk.get(reverse("people:list")))

    row = page.split(">周岚</a>")[1].split("</tr>")[0]
    assert "自然资源开发利用科公开专员" in row
    assert "公开专员" in row
    assert "正常" in row
    assert "已启用" in row
    assert "已停用" in page.split(">陈默</a>")[1].split("</tr>")[0]
    assert "等首次登录" in page.split(">林晓</a>")[1].split("</tr>")[0]


def test_the_list_is_searched_by_name_and_state(desk, zhou):
    page = text(desk.get(reverse("people:list"), {"q": " 周 岚 "}))
    assert (">周岚</a>" in page, ">陈默</a>" in page) == (True, False)
    page = text(desk.get(reverse("people:list"), {"state": "ACTIVE"}))
    assert (">周岚</a>" in page, ">陈默</a>" in page) == (True, False)
    assert "没有这样的账号" in text(desk.get(reverse("people:list"), {"q": "无此人"}))
    assert desk.get(reverse("people:list"), {"state": "x", "after": "9" * 99}).status_code == 200


def test_a_long_list_is_paged(desk, bureau):
    officers = Officer.objects.bulk_create(Officer(name=f"测试人员{number:03}") for number in range(60))
    User.objects.bulk_create(User(officer=officer, username=officer.name, password="!") for officer in officers)

    page = text(desk.get(reverse("people:list"), {"q": "测试人员"}))
    after = re.findall(r"after=(\d+)", page)[0]
    rest = text(desk.get(reverse("people:list"), {"q": "测试人员", "after": after}))

    assert page.count("data-key-row") == 50
    assert rest.count("data-key-row") == 10
    assert "下一页" not in rest


def test_the_page_of_an_account_offers_only_what_can_be_done(desk, zhou):
    page = text(desk.get(at("account", zhou)))
    assert AuditRecord.objects.filter(subject=zhou.officer.uuid, actor_name="安若素").count() == 1
    assert "停用账号" in page
    assert not any(words in page for words in ("恢复账号", "重设第二步验证", "解除锁定", "结束全部登录"))

    own = text(desk.get(at("account", User.objects.get(username="安若素"))))
    assert "这是您自己的账号" in own
    assert "停用账号" not in own


# Acts


def test_a_lost_telephone_the_person_is_told_and_sets_up_another(desk, zhou):
    protect(zhou)
    his = Client(headers={"host": "127.0.0.1"})
    his.force_login(zhou)
    assert "请先当面或打电话核实是本人" in text(desk.get(at("act", zhou, act="reset-second-step")))
    assert Authenticator.objects.count() == 1

    done = desk.post(at("act", zhou, act="reset-second-step"), follow=True)

    assert "已重设周岚的第二步验证" in text(done)
    assert Authenticator.objects.count() == 0
    assert his.get("/desk/").status_code == 302
    assert "accounts.reset_second_factor" in acts(zhou)
    page = his.post("/accounts/login/", {"username": "周岚", "password": PASSWORD}, follow=True)
    assert "安若素重设了您的第二步验证。不是您要求的" in text(page)
    his.post("/accounts/logout/")
    again = his.post("/accounts/login/", {"username": "周岚", "password": PASSWORD}, follow=True)
    assert "重设了您的第二步验证" not in text(again)
    assert "重设了您的第二步验证" in text(his.get("/accounts/own/"))


def test_a_renewed_password_is_shown_once_and_the_person_is_told(desk, zhou):
    assert "旧密码立刻作废" in text(desk.get(at("renew_password", zhou)))
    assert authenticate(username="周岚", password=PASSWORD)

    shown = desk.post(at("renew_password", zhou))

    password = re.findall(r"<code>([\w-]{19})</code>", text(shown))[0]
    assert "no-store" in shown["Cache-Control"]
    assert authenticate(username="周岚", password=password)
    assert not authenticate(username="周岚", password=PASSWORD)
    assert password not in text(desk.get(at("account", zhou)))
    assert AccountNotice.objects.get(user=zhou).kind == "PASSWORD_RENEWED"
    (row,) = AuditRecord.objects.filter(act="accounts.renew_password")
    assert row.actor_name == "安若素"


def test_suspending_resuming_and_ending_sessions(desk, zhou):
    his = Client(headers={"host": "127.0.0.1"})
    his.force_login(zhou)
    desk.post(at("act", zhou, act="end-sessions"))
    assert his.get("/desk/").status_code == 302

    desk.post(at("act", zhou, act="suspend"))
    assert not authenticate(username="周岚", password=PASSWORD)
    assert desk.post(at("act", zhou, act="suspend")).status_code == 409
    desk.post(at("act", zhou, act="resume"))
    assert authenticate(username="周岚", password=PASSWORD)
    assert list(AccountNotice.objects.order_by("pk").values_list("kind", flat=True)) == ["SESSIONS_ENDED", "RESUMED"]
    assert DeskSession.objects.filter(user=zhou).count() == 0


def test_a_lock_is_seen_and_lifted(desk, zhou):
    at_system = timezone.now()
    for _ in range(6):
        actions.take_sign_in(name="周岚", address="203.0.113.7", devices={}, now=FRIDAY, at_system=at_system)
    assert "试错太多" in text(desk.get(reverse("people:list")))

    assert "已解除周岚的锁定" in text(desk.post(at("act", zhou, act="lift-locks"), follow=True))

    assert not actions.take_sign_in(name="周岚", address="203.0.113.7", devices={}, now=FRIDAY, at_system=at_system).refused
    assert "accounts.lift_locks" in acts(zhou)


def test_a_locked_address_is_seen_and_lifted(desk, zhou):
    at_system = timezone.now()
    for number in range(31):
        actions.take_sign_in(name=f"某人{number}", address="203.0.113.7", devices={}, now=FRIDAY, at_system=at_system)
    page = text(desk.get(reverse("people:list")))
    address = re.findall(r'action="(/desk/accounts/addresses/\d+/lift/)"', page)[0]

    assert "已解除网络地址 203.0.113.7 的锁定" in text(desk.post(address, follow=True))
    assert desk.post(address).status_code == 404
    assert not TryTally.objects.filter(address="203.0.113.7").exists()


def test_a_binding_to_the_provider_is_released(desk, zhou):
    ProviderIdentity.objects.create(user=zhou, issuer="http://127.0.0.1", subject="u-1", bound_at=FRIDAY)

    desk.post(at("act", zhou, act="release-identity"))

    assert not ProviderIdentity.objects.exists()
    assert "accounts.release_identity" in acts(zhou)
    assert desk.post(at("act", zhou, act="release-identity")).status_code == 409
    assert desk.get(at("act", zhou, act="no-such-act")).status_code == 404


def test_an_officer_without_account_gets_one(desk, bureau):
    officer = Officer.objects.create(name="新来的人")
    page = text(desk.get(reverse("people:list")))
    assert "新来的人" in page.split("还没有账号")[1]

    shown = text(desk.post(reverse("people:open"), {"officer": officer.pk}))

    password = re.findall(r"<code>([\w-]{19})</code>", shown)[0]
    assert authenticate(username="新来的人", password=password)
    assert desk.post(reverse("people:open"), {"officer": officer.pk}).status_code == 409
    assert desk.post(reverse("people:open"), {"officer": "x"}).status_code == 422
    assert desk.post(reverse("people:open"), {"officer": "999999"}).status_code == 404


def test_nobody_manages_himself(security, desk):
    user = User.objects.get(username="安若素")
    protect(user)
    desk.force_login(user)

    for act in ("suspend", "reset-second-step", "end-sessions", "lift-locks"):
        assert desk.post(at("act", user, act=act)).status_code == 403, act
    assert desk.post(at("renew_password", user)).status_code == 403
    post = the_post("LC02-5")
    for attempt in (
        lambda: actions.give_role(post=post, role=Role.CLERK, scope_id=post.unit_id, actor=security, now=FRIDAY),
        lambda: actions.take_role(post=post, role_id=PostRole.objects.get(post_id=post.id).pk, actor=security, now=FRIDAY),
    ):
        with pytest.raises(NotAllowed, match="不能管自己"):
            attempt()


@pytest.mark.parametrize("name", ["周岚", "何静", "顾长青", "卫东来", "申衡之"])
def test_whoever_lacks_the_right_is_refused_by_the_action_itself(bureau, zhou, name):
    actor = accounts.find_actor(name=name, on=FRIDAY.date())
    other = User.objects.get(username="陈默")
    post = the_post("LC05-2")

    for attempt in (
        lambda: actions.reset_second_factor(user=other, actor=actor, now=FRIDAY),
        lambda: actions.lift_locks(user=other, actor=actor, now=FRIDAY),
        lambda: actions.end_all_sessions(user=other, actor=actor, now=FRIDAY),
        lambda: actions.release_identity(user=other, actor=actor, now=FRIDAY),
        lambda: actions.lift_address(tally_id=1, actor=actor, now=FRIDAY),
        lambda: actions.give_role(post=post, role=Role.SIGNER, scope_id=post.unit_id, actor=actor, now=FRIDAY),
        lambda: actions.take_role(post=post, role_id=PostRole.objects.filter(post_id=post.id)[0].pk, actor=actor, now=FRIDAY),
    ):
        with pytest.raises(NotAllowed):
            attempt()


# Roles


def test_a_role_is_given_and_taken_at_once(desk, sign_in, zhou):
    post, bureau = the_post("LC05-1"), organisations.get_bureau()
    his = sign_in("周岚")
    assert his.get(reverse("ledger:terms_add", args=["land.result"])).status_code == 403

    done = desk.post(reverse("people:roles"), {"post": post.id, "role": "LEGAL_OFFICE", "scope": bureau.id}, follow=True)
    assert "已授予自然资源开发利用科公开专员“法规科”" in text(done)
    assert his.get(reverse("ledger:terms_add", args=["land.result"])).status_code == 200
    assert desk.post(reverse("people:roles"), {"post": post.id, "role": "LEGAL_OFFICE", "scope": bureau.id}).status_code == 422

    row = PostRole.objects.get(post_id=post.id, role="LEGAL_OFFICE")
    desk.post(reverse("people:take_role", args=[row.pk]))
    assert his.get(reverse("ledger:terms_add", args=["land.result"])).status_code == 403
    assert desk.post(reverse("people:take_role", args=[row.pk])).status_code == 404
    given = list(
        AuditRecord.objects.filter(act__in=["accounts.give_role", "accounts.take_role"], actor_name="安若素").values_list("act", flat=True)
    )
    assert given == ["accounts.give_role", "accounts.take_role"]


@pytest.mark.parametrize(
    ("code", "role"),
    [("LC14-3", Role.SIGNER), ("LC05-1", Role.AUDIT_ADMIN), ("LC11-3", Role.SYSTEM_ADMIN), ("LC00-1", Role.SECURITY_ADMIN)],
)
def test_the_three_administrators_stay_apart(security, code, role):
    post = the_post(code)

    with pytest.raises(BadInput, match="三员要分开"):
        actions.give_role(post=post, role=role, scope_id=post.unit_id, actor=security, now=FRIDAY)
    assert not PostRole.objects.filter(post_id=post.id, role=role.value).exists()


def test_a_person_with_two_posts_is_one_person(security, bureau):
    spare = the_post("LC00-9")
    assert spare.holder is not None
    assert spare.holder.name == "江一帆"

    with pytest.raises(BadInput, match="江一帆会同时有"):
        actions.give_role(post=spare, role=Role.AUDIT_ADMIN, scope_id=spare.unit_id, actor=security, now=FRIDAY)


def test_the_last_security_administrator_stays(bureau):
    post = the_post("LC02-5")
    row = PostRole.objects.get(post_id=post.id)

    with pytest.raises(ActNotPossible, match="最后一个安全管理员"):
        actions.take_role(post=post, role_id=row.pk, actor=SYSTEM, now=FRIDAY)


# By command


def test_a_telephone_is_reset_by_command(zhou, capsys):
    protect(zhou)

    call_command("account", "周岚", "--reset-second-step")
    assert capsys.readouterr().out == "已重设周岚的第二步验证。\n"
    assert not Authenticator.objects.exists()
    with pytest.raises(CommandError, match="没有启用验证器"):
        call_command("account", "周岚", "--reset-second-step")


def test_secrets_are_sealed_anew_by_command(zhou, settings, capsys):
    protect(zhou)
    old = "test MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n"
    settings.KEY_RING = read_keyring(old + make_key_line("k2"))

    call_command("reseal")
    call_command("reseal")

    assert capsys.readouterr().out == "改用新密钥 1 个。\n改用新密钥 0 个。\n"
    settings.KEY_RING = read_keyring(make_key_line("k3"))
    with pytest.raises(CommandError, match="没有编号为 k2 的密钥。什么都没有改"):
        call_command("reseal")
