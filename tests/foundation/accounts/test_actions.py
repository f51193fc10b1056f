import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import CommandError, call_command
from django.test import override_settings

import gongkai
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import SYSTEM, Right
from gongkai.foundation.accounts.models import PostRole, User
from gongkai.foundation.accounts.passwords import ITERATIONS, hash_one_time_password, make_one_time_password
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound
from gongkai.lib.moments import SHANGHAI
from tests.factories.accounts import PASSWORD, a_user
from tests.factories.organisations import an_officer

pytestmark = pytest.mark.django_db
DEMO = Path(gongkai.__file__).parent / "foundation/organisations/data/demo"
FRIDAY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)


@pytest.fixture
def demo(tmp_path):
    """A copy of the demo bureau's tables, already loaded as an organisation."""
    folder = tmp_path / "demo"
    shutil.copytree(DEMO, folder)
    organisations.load_organisation(source=folder)
    return folder


def acts(name):
    officer = organisations.find_officer(name=name)
    assert officer is not None
    return [row.act for row in audit.list_rows(subject=officer.uuid)]


def test_every_officer_gets_an_account_once(demo):
    new = accounts.load_accounts(source=demo, now=FRIDAY)

    assert [account.username for account in new][:5] == ["周岚", "陈默", "林晓", "顾长青", "何静"]
    assert len(new) == len({account.password for account in new}) == len(organisations.list_officers())
    assert all(authenticate(username=account.username, password=account.password) for account in new)
    assert User.objects.filter(must_change_password=False).count() == 0
    assert acts("周岚") == ["accounts.create"]

    hashes = dict(User.objects.values_list("pk", "password"))
    assert accounts.load_accounts(source=demo, now=FRIDAY) == []
    assert dict(User.objects.values_list("pk", "password")) == hashes


def test_the_demo_people_may_do_what_their_posts_say(demo):
    accounts.load_accounts(source=demo, now=FRIDAY)
    units = {unit.short_name: unit.id for unit in organisations.list_units()}
    everything = frozenset(units.values())

    def rights(name):
        return accounts.find_actor(name=name, on=FRIDAY.date()).rights

    own = frozenset({units["开发利用科"]})
    assert rights("周岚") == {Right.WRITE: own, Right.SEE_LEDGER: own}
    assert rights("陈默") == {Right.REVIEW_UNIT: own, Right.SEE_LEDGER: own, Right.REASSIGN: own}
    assert rights("林晓")[Right.REVIEW_SECRECY] == rights("顾长青")[Right.SIGN] == rights("何静")[Right.WRITE] == everything
    assert rights("何静")[Right.REVIEW_UNIT] < everything
    assert [set(rights(name)) for name in ("卫东来", "安若素", "申衡之")] == [
        {Right.MANAGE_JOBS, Right.MANAGE_CALENDAR},
        {Right.MANAGE_ACCOUNTS, Right.APPROVE_PURGE},
        {Right.SEE_AUDIT},
    ]


def test_every_unit_has_somebody_who_writes_and_somebody_else_for_each_step(demo):
    accounts.load_accounts(source=demo, now=FRIDAY)
    people = [accounts.get_actor(officer_id=officer.id, on=FRIDAY.date()) for officer in organisations.list_officers()]

    for unit in organisations.list_units():
        for right in (Right.REVIEW_UNIT, Right.REVIEW_SECRECY, Right.SIGN):
            for writer in [person for person in people if person.may(Right.WRITE, unit.id)]:
                assert any(other.may(right, unit.id) for other in people if other != writer), (unit.name, right, writer.name)


def test_a_role_that_left_the_table_is_taken_away(demo):
    accounts.load_accounts(source=demo, now=FRIDAY)
    table = (demo / "roles.csv").read_text(encoding="utf-8")
    (demo / "roles.csv").write_text(table.replace("LC05-1,公开专员,LC05\n", ""), encoding="utf-8")

    accounts.load_accounts(source=demo, now=FRIDAY)

    assert accounts.find_actor(name="周岚", on=FRIDAY.date()).rights == {}


def test_a_wrong_role_and_nothing_is_loaded(demo):
    with (demo / "roles.csv").open("a", encoding="utf-8") as file:
        file.write("LC14-3,签发人,LC00\n")

    with pytest.raises(BadInput, match="卫东来同时有系统管理员、签发人"):
        accounts.load_accounts(source=demo, now=FRIDAY)
    assert not PostRole.objects.exists()
    assert not User.objects.exists()


def test_a_dry_run_leaves_nothing(demo):
    assert len(accounts.load_accounts(source=demo, now=FRIDAY, dry_run=True)) > 30
    assert not User.objects.exists()
    assert not PostRole.objects.exists()


def test_a_renewed_password_replaces_the_old_one(db):
    a_user(an_officer("周岚"))

    new = accounts.renew_password(name="周岚", actor=SYSTEM, now=FRIDAY)

    assert authenticate(username="周岚", password=PASSWORD) is None
    user = authenticate(username="周岚", password=new.password)
    assert isinstance(user, User)
    assert user.must_change_password
    assert acts("周岚") == ["accounts.renew_password"]


def test_an_account_is_suspended_and_resumed_once_each(db):
    a_user(an_officer("周岚"))

    accounts.suspend_account(name="周岚", actor=SYSTEM, now=FRIDAY)
    assert authenticate(username="周岚", password=PASSWORD) is None
    with pytest.raises(ActNotPossible, match="已经停用"):
        accounts.suspend_account(name="周岚", actor=SYSTEM, now=FRIDAY)

    accounts.resume_account(name="周岚", actor=SYSTEM, now=FRIDAY)
    assert authenticate(username="周岚", password=PASSWORD) is not None
    with pytest.raises(ActNotPossible, match="没有停用"):
        accounts.resume_account(name="周岚", actor=SYSTEM, now=FRIDAY)
    with pytest.raises(NotFound, match="没有“陈默”的账号"):
        accounts.suspend_account(name="陈默", actor=SYSTEM, now=FRIDAY)
    assert acts("周岚") == ["accounts.suspend", "accounts.resume"]


def test_one_time_passwords_are_long_random_and_readable():
    made = {make_one_time_password() for _ in range(50)}

    assert len(made) == 50
    assert all(re.fullmatch(r"[2-9a-km-z]{4}(-[2-9a-km-z]{4}){3}", password) for password in made)


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"])
def test_a_one_time_password_is_hashed_cheaply_and_in_full_at_its_first_use(db):
    user = a_user(an_officer("周岚"), must_change_password=True)
    User.objects.filter(pk=user.pk).update(password=hash_one_time_password("k7mf-3xqp-9dhw-2stz"))
    user.refresh_from_db()
    assert user.password.startswith(f"pbkdf2_sha256${ITERATIONS}$")

    assert authenticate(username="周岚", password="k7mf-3xqp-9dhw-2stz") == user

    user.refresh_from_db()
    assert user.password.startswith(f"pbkdf2_sha256${PBKDF2PasswordHasher.iterations}$")


def test_accounts_by_command_print_passwords_once(demo, capsys):
    call_command("load_accounts", str(demo), "--dry-run")
    assert re.fullmatch(r"将新建账号 \d+ 个（只检查，没有写入）。\n", capsys.readouterr().out)

    call_command("load_accounts", str(demo))
    printed = dict(line.split("\t") for line in capsys.readouterr().out.splitlines()[1:])
    assert authenticate(username="周岚", password=printed["周岚"]) is not None

    call_command("load_accounts", str(demo))
    assert capsys.readouterr().out == "新建账号 0 个。\n"
    with pytest.raises(CommandError, match="找不到"):
        call_command("load_accounts", str(demo / "nowhere"))


def test_one_account_by_command(db, capsys):
    a_user(an_officer("周岚"))

    call_command("account", "周岚", "--renew")
    name, password = capsys.readouterr().out.strip().split("\t")
    assert authenticate(username=name, password=password) is not None
    call_command("account", "周岚", "--suspend")
    call_command("account", "周岚", "--resume")
    assert capsys.readouterr().out == "已停用周岚的账号。\n已恢复周岚的账号。\n"
    with pytest.raises(CommandError, match="没有“陈默”的账号"):
        call_command("account", "陈默", "--suspend")
