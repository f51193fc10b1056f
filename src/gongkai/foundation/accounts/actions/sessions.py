from datetime import datetime, timedelta

from django.db import transaction

from gongkai.foundation.accounts.actions.signing import sign_as
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.accounts.models import DeskSession, User
from gongkai.foundation.accounts.rules import mark_session
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import NotFound

SEEN_EVERY = timedelta(minutes=5)
"""How exactly one can tell when somebody was last seen: a session is not written at every request."""


@transaction.atomic
def end_session(*, user: User, mark: str, now: datetime) -> None:
    """End one of a person's own sessions (结束会话): it is out with its next request.

    Raises: NotFound when it is somebody else's, or has ended.
    """
    for row in DeskSession.objects.filter(user=user):
        if mark_session(row.session_key) == mark:
            row.delete()
            audit.record(actor=sign_as(user), act="accounts.end_session", subject=user.officer.uuid, at=now)
            return
    raise NotFound("没有这个登录，可能已经退出。请刷新后再看。")


@transaction.atomic
def end_sessions(*, user: User, actor: Actor, now: datetime, keeps: str | None = None) -> int:
    """End a person's sessions (结束全部会话), but for the one with the key `keeps`. Returns how many there were."""
    ended = remove_sessions(user, keeps=keeps)
    if ended:
        audit.record(actor=actor, act="accounts.end_sessions", subject=user.officer.uuid, at=now, about={"count": ended})
    return ended


def remove_sessions(user: User, *, keeps: str | None = None) -> int:
    """Take a person's sessions away, as part of an act that says why."""
    return DeskSession.objects.filter(user=user).exclude(session_key=keeps or "").delete()[0]


def remove_expired_sessions(*, at_system: datetime) -> None:
    """Take away what has run out (过期会话), at every sign-in: nobody else does."""
    DeskSession.objects.filter(expire_date__lt=at_system).delete()
