"""What a person who has signed in has to do before anything else opens."""

from django.conf import settings
from django.http import HttpRequest

from gongkai.foundation.accounts.kinds import SignInWay
from gongkai.foundation.accounts.models import User

WAY = "sign_in_way"
"""In the session: how this person signed in."""


def read_way(request: HttpRequest) -> SignInWay:
    """How the person of this session signed in (登录方式). A password alone where nothing tells more."""
    told = request.session.get(WAY)
    return SignInWay(told) if told in SignInWay.values() else SignInWay.PASSWORD


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
