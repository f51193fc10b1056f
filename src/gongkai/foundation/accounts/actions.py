from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from gongkai.foundation.accounts.kinds import NOBODY, SYSTEM, Actor, NewAccount
from gongkai.foundation.accounts.models import PostRole, User
from gongkai.foundation.accounts.passwords import hash_one_time_password, make_one_time_password
from gongkai.foundation.accounts.rules import ROLES, RoleLine, check_apart, read_roles
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import OfficerRow
from gongkai.lib.errors import ActNotPossible, NotFound
from gongkai.lib.moments import day_of
from gongkai.lib.sheets import read_sheets, refuse


@transaction.atomic
def load_accounts(*, source: Path, now: datetime, dry_run: bool = False) -> list[NewAccount]:
    """Give posts their roles and every officer in service an account (账号), from the folder or workbook of the organisation.

    Returns only the accounts made now, with their one-time passwords, which are kept nowhere. An account that exists is not touched.
    The table of roles is the whole truth: a role that left it is taken away. With `dry_run` nothing stays.

    Raises: BadInput with every complaint, named by table, row, column and value.
    """
    posts = organisations.list_posts(on=day_of(now))
    unit_ids = {unit.code: unit.id for unit in organisations.list_units()}
    problems: list[str] = []
    lines = read_roles(read_sheets(source, [ROLES])[ROLES.title], posts, unit_ids, problems)
    refuse(problems + check_apart(lines))
    _keep_roles(lines, now=now)
    known = set(User.objects.values_list("officer_id", flat=True))
    new = [_make_account(officer, now=now) for officer in organisations.list_officers() if officer.id not in known]
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


def _make_account(officer: OfficerRow, *, now: datetime) -> NewAccount:
    password = make_one_time_password()
    User.objects.create(officer_id=officer.id, username=officer.name, password=hash_one_time_password(password))
    audit.record(actor=SYSTEM, act="accounts.create", subject=officer.uuid, at=now)
    return NewAccount(officer.name, password)


@transaction.atomic
def renew_password(*, name: str, actor: Actor, now: datetime) -> NewAccount:
    """Give an account a new one-time password (重发一次性密码). The old one stops at once, and with it every session that used it.

    Raises: NotFound.
    """
    user = _get_user(name)
    password = make_one_time_password()
    user.password = hash_one_time_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    audit.record(actor=actor, act="accounts.renew_password", subject=user.officer.uuid, at=now)
    return NewAccount(user.username, password)


@transaction.atomic
def suspend_account(*, name: str, actor: Actor, now: datetime) -> None:
    """Shut an account (停用账号): nobody signs in with it, and whoever is signed in is out with his next request.

    Raises: NotFound; ActNotPossible when it is shut already.
    """
    user = _get_user(name)
    if User.objects.filter(pk=user.pk, is_suspended=False).update(is_suspended=True) != 1:
        raise ActNotPossible(f"{user.username}的账号已经停用，不用再停。")
    audit.record(actor=actor, act="accounts.suspend", subject=user.officer.uuid, at=now)


@transaction.atomic
def resume_account(*, name: str, actor: Actor, now: datetime) -> None:
    """Open a suspended account again (恢复账号), with the password it had.

    Raises: NotFound; ActNotPossible when it is not suspended.
    """
    user = _get_user(name)
    if User.objects.filter(pk=user.pk, is_suspended=True).update(is_suspended=False) != 1:
        raise ActNotPossible(f"{user.username}的账号没有停用，不用恢复。")
    audit.record(actor=actor, act="accounts.resume", subject=user.officer.uuid, at=now)


@transaction.atomic
def change_password(*, user: User, password: str, now: datetime) -> None:
    """Take the password a person chose (改密码), which the form has checked. His sessions elsewhere end."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record(actor=sign_as(user), act="accounts.change_password", subject=user.officer.uuid, at=now)


def note_sign_in(*, user: User, now: datetime) -> None:
    """Write down that somebody signed in (登录)."""
    audit.record(actor=sign_as(user), act="accounts.sign_in", subject=user.officer.uuid, at=now)


def note_failed_sign_in(*, name: str, now: datetime) -> None:
    """Write down that a sign-in failed (登录失败). What was typed is not kept: it may be a password in the wrong field."""
    officer = organisations.find_officer(name=name)
    audit.record(actor=NOBODY, act="accounts.sign_in_failed", subject=officer.uuid if officer else None, at=now)


def note_sign_out(*, user: User, now: datetime) -> None:
    """Write down that somebody signed out (退出)."""
    audit.record(actor=sign_as(user), act="accounts.sign_out", subject=user.officer.uuid, at=now)


def note_refusal(*, actor: Actor, page: str, address: str, now: datetime) -> None:
    """Write down that somebody was refused (拒绝): which page, by which address, without its query."""
    audit.record(actor=actor, act="accounts.refused", subject=None, at=now, about={"page": page, "address": address})


def sign_as(user: User) -> Actor:
    """The person of an account, as he signs in the audit trail. Without rights: only name and officer."""
    return Actor(officer_id=user.officer_id, name=user.username)


def _get_user(name: str) -> User:
    user = User.objects.filter(username=organisations.clean_name(name)).first()
    if user is None:
        raise NotFound(f"没有“{name}”的账号。请写人员表里的姓名。")
    return user
