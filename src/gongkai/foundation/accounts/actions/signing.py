from datetime import datetime

from gongkai.foundation.accounts.kinds import NOBODY, Actor, SignInWay
from gongkai.foundation.accounts.models import User
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import NotFound


def note_sign_in(*, user: User, way: SignInWay, now: datetime) -> None:
    """Write down that somebody signed in (登录), and how he proved who he is."""
    audit.record(actor=sign_as(user), act="accounts.sign_in", subject=user.officer.uuid, at=now, about={"way": way.value})


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


def get_user(name: str) -> User:
    """The account of a name, however it is typed. Raises: NotFound, in words."""
    user = User.objects.filter(username=organisations.clean_name(name)).first()
    if user is None:
        raise NotFound(f"没有“{name}”的账号。请写人员表里的姓名。")
    return user
