"""What a person who has signed in has to do before anything else opens."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from gongkai.foundation.accounts.actions import SEEN_EVERY
from gongkai.foundation.accounts.kinds import SignInWay
from gongkai.foundation.accounts.models import User
from gongkai.foundation.accounts.models.sessions import SIGN_IN


def read_way(request: HttpRequest) -> SignInWay:
    """How the person of this session signed in (登录方式). A password alone where nothing tells more."""
    told = request.session.get(SIGN_IN, {}).get("way")
    return SignInWay(told) if told in SignInWay.values() else SignInWay.PASSWORD


def note_way(request: HttpRequest, way: SignInWay) -> None:
    """The person of this session has proved more than before."""
    request.session[SIGN_IN] = request.session.get(SIGN_IN, {}) | {"way": way.value}


def note_seen(request: HttpRequest, at_system: datetime) -> None:
    """The person of this session is there (最近使用). Written every few minutes; the session is good for a while from then on."""
    facts = request.session.get(SIGN_IN, {})
    if not facts.get("seen") or datetime.fromisoformat(facts["seen"]) <= at_system - SEEN_EVERY:
        request.session[SIGN_IN] = facts | {"seen": at_system.isoformat()}


def find_due(request: HttpRequest, user: User) -> str:
    """The page where it is done: a password of one's own, then a second step where everybody has to have one. Empty: nothing is due.

    Whoever comes from the identity provider has proved there who he is.
    """
    way = read_way(request)
    if user.must_change_password and way is not SignInWay.PROVIDER:
        return "accounts:password"
    if settings.SECOND_FACTOR_REQUIRED and way is SignInWay.PASSWORD:
        return "accounts:authenticator"
    return ""
