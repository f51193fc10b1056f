"""Browsers that an account knows, and where a request comes from: what tells a person's own computer from a stranger's."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from gongkai.foundation.accounts.models import User
from gongkai.foundation.accounts.rules import DEVICE_DAYS

DEVICE_COOKIE = "gongkai_device"
SALT = "gongkai.accounts.device"
MOST_PEOPLE = 5
"""Who share a computer of an office; the one whose sign-in lies longest back is forgotten first."""
MARK_BYTES = 12


def read_devices(request: HttpRequest) -> dict[int, str]:
    """The accounts that signed in with this browser lately, each with the mark that the browser got then (常用浏览器)."""
    try:
        marks = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=SALT, max_age=DEVICE_DAYS * 24 * 60 * 60)
        return {int(person): str(mark) for person, mark in marks}
    except (signing.BadSignature, ValueError, TypeError):
        return {}


def remember_device(request: HttpRequest, answer: HttpResponse, user: User) -> None:
    """Let the browser be known to an account that has just signed in with it."""
    marks = read_devices(request)
    mark = marks.pop(user.pk, "") or secrets.token_urlsafe(MARK_BYTES)
    kept = [*marks.items(), (user.pk, mark)][-MOST_PEOPLE:]
    answer.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=DEVICE_DAYS * 24 * 60 * 60,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
        path=settings.SESSION_COOKIE_PATH,
    )


def find_address(request: HttpRequest) -> str:
    """The network address a request comes from (网络地址). Behind servers of ours (`PROXIES`): what the outermost saw."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    # From the right: what stands further left was written by whoever asked.
    while address in settings.PROXIES and told:
        address = told.pop()
    return address
