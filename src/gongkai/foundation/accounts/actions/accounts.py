from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from gongkai.foundation.accounts.actions.factors import prepare_authenticator
from gongkai.foundation.accounts.actions.notices import notify
from gongkai.foundation.accounts.actions.sessions import remove_sessions
from gongkai.foundation.accounts.actions.signing import get_user, sign_as
from gongkai.foundation.accounts.kinds import SYSTEM, AccountNoticeKind, Actor, DemoAccounts, NewAccount
from gongkai.foundation.accounts.models import PostRole, User
from gongkai.foundation.accounts.passwords import hash_one_time_password, make_one_time_password
from gongkai.foundation.accounts.rules import ROLES, RoleLine, check_apart, read_roles
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import OfficerRow
from gongkai.lib.errors import ActNotPossible
from gongkai.lib.moments import day_of
from gongkai.lib.sheets import read_sheets, refuse


@transaction.atomic
def load_accounts(
    *, source: Path, now: datetime, dry_run: bool = False, demo: DemoAccounts | None = None, keeps_roles: bool = False
) -> list[NewAccount]:
    """Give posts their roles and every officer in service an account (账号), from the folder or workbook of the organisation.

    Returns only the accounts made now, with their one-time passwords, which are kept nowhere. An account that exists is not touched.
    The table of roles is the whole truth: a role that left it is taken away. With `dry_run` nothing stays. `keeps_roles`: once there are
    roles the table is not looked at, because they are managed on the desk. `demo` gives the accounts of a demo an authenticator too.

    Raises: BadInput with every complaint, named by table, row, column and value.
    """
    posts = organisations.list_posts(on=day_of(now))
    unit_ids = {unit.code: unit.id for unit in organisations.list_units()}
    problems: list[str] = []
    lines = read_roles(read_sheets(source, [ROLES])[ROLES.title], posts, unit_ids, problems)
    refuse(problems + check_apart(lines))
    if not (keeps_roles and PostRole.objects.exists()):
        _keep_roles(lines, now=now)
    known = set(User.objects.values_list("officer_id", flat=True))
    new = [make_account(officer, actor=SYSTEM, now=now, demo=demo) for officer in organisations.list_officers() if officer.id not in known]
    transaction.set_rollback(dry_run)
    return new


def _keep_roles(lines: Sequence[RoleLine], *, now: datetime) -> None:
    """Make the stored roles those of the table; each one given or taken is in the audit trail."""
    wanted = {(line.post.id, line.role.value, line.scope_id) for line in lines}
    stored = {(row.post_id, row.role, row.scope_id): row for row in PostRole.objects.order_by("pk")}
    for key, row in stored.items():
        if key not in wanted:
            row.delete()
            _audit_role("accounts.take_role", key, now=now)
    for key in dict.fromkeys((line.post.id, line.role.value, line.scope_id) for line in lines):
        if key not in stored:
            PostRole.objects.create(post_id=key[0], role=key[1], scope_id=key[2])
            _audit_role("accounts.give_role", key, now=now)


def _audit_role(act: str, key: tuple[int, str, int], *, now: datetime) -> None:
    post_id, role, scope_id = key
    audit.record(actor=SYSTEM, act=act, subject=None, at=now, about={"post": post_id, "role": role, "scope": scope_id})


def make_account(officer: OfficerRow, *, actor: Actor, now: datetime, demo: DemoAccounts | None = None) -> NewAccount:
    """Give an officer his account (建立账号), with a one-time password that is told once."""
    password = make_one_time_password()
    user = User.objects.create(officer_id=officer.id, username=officer.name, password=hash_one_time_password(password))
    audit.record(actor=actor, act="accounts.create", subject=officer.uuid, at=now)
    if demo is None:
        return NewAccount(officer.name, password)
    if demo.are_kept:
        User.objects.filter(pk=user.pk).update(must_change_password=False)
    return NewAccount(officer.name, password, prepare_authenticator(user=user, at_system=demo.at_system).secret)


@transaction.atomic
def renew_password(*, name: str, actor: Actor, now: datetime) -> NewAccount:
    """Give an account a new one-time password (重发一次性密码). The old one stops at once, and with it every session that used it.

    Raises: NotFound.
    """
    user = get_user(name)
    password = make_one_time_password()
    user.password = hash_one_time_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    remove_sessions(user)
    notify(user=user, kind=AccountNoticeKind.PASSWORD_RENEWED, actor=actor, now=now)
    audit.record(actor=actor, act="accounts.renew_password", subject=user.officer.uuid, at=now)
    return NewAccount(user.username, password)


@transaction.atomic
def suspend_account(*, name: str, actor: Actor, now: datetime) -> None:
    """Shut an account (停用账号): nobody signs in with it, and whoever is signed in is out with his next request.

    Raises: NotFound; ActNotPossible when it is shut already.
    """
    user = get_user(name)
    if User.objects.filter(pk=user.pk, is_suspended=False).update(is_suspended=True) != 1:
        raise ActNotPossible(f"{user.username}的账号已经停用，不用再停。")
    remove_sessions(user)
    audit.record(actor=actor, act="accounts.suspend", subject=user.officer.uuid, at=now)


@transaction.atomic
def resume_account(*, name: str, actor: Actor, now: datetime) -> None:
    """Open a suspended account again (恢复账号), with the password it had.

    Raises: NotFound; ActNotPossible when it is not suspended.
    """
    user = get_user(name)
    if User.objects.filter(pk=user.pk, is_suspended=True).update(is_suspended=False) != 1:
        raise ActNotPossible(f"{user.username}的账号没有停用，不用恢复。")
    notify(user=user, kind=AccountNoticeKind.RESUMED, actor=actor, now=now)
    audit.record(actor=actor, act="accounts.resume", subject=user.officer.uuid, at=now)


@transaction.atomic
def change_password(*, user: User, password: str, now: datetime, keeps: str | None = None) -> None:
    """Take the password a person chose (改密码), which the form has checked. His sessions end, but for the one with the key `keeps`."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    remove_sessions(user, keeps=keeps)
    audit.record(actor=sign_as(user), act="accounts.change_password", subject=user.officer.uuid, at=now)
