from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe

from gongkai.foundation.accounts import actions
from gongkai.foundation.accounts.carrying import Carried, unseal
from gongkai.foundation.accounts.dues import find_due
from gongkai.foundation.accounts.forms import AuthenticatorForm, ChoosePasswordForm
from gongkai.foundation.accounts.models import User
from gongkai.foundation.accounts.requests import DeskRequest


def go_on(request: DeskRequest, user: User, kept: str, onward: str) -> HttpResponse:
    """After signing in, and after each thing that was due (接着办): the next thing due; what was typed before, for the same
    person; the page that was asked for.
    """
    carried = unseal(kept, request.get_host())
    if carried is None:
        return redirect(onward)
    due = find_due(request, user)
    if due == "accounts:password":
        return show_password(request, ChoosePasswordForm(user, now=request.now, at_system=timezone.now()), user, kept, onward)
    if due == "accounts:authenticator":
        form = AuthenticatorForm(user, now=request.now, at_system=timezone.now(), asks_password=False)
        return show_authenticator(request, form, user, kept, onward)
    return show_carried(request, user, carried, onward)


def show_password(request: HttpRequest, form: ChoosePasswordForm, user: User, kept: str, onward: str, status: int = 200) -> HttpResponse:
    """The page where a password is chosen."""
    context = {"form": form, "onward": onward, "is_first_use": user.must_change_password, "name": user.username, "kept": kept}
    return render(request, "accounts/change_password.html", context, status=status)


def show_authenticator(
    request: HttpRequest, form: AuthenticatorForm, user: User, kept: str, onward: str, status: int = 200
) -> HttpResponse:
    """The page where an authenticator is told its secret and shows its first code."""
    enrolment = actions.prepare_authenticator(user=user, at_system=timezone.now())
    context = {
        "form": form,
        "enrolment": enrolment,
        "square": draw_square(enrolment.address),
        "is_due": find_due(request, user) == "accounts:authenticator",
        "onward": onward,
        "kept": kept,
    }
    return render(request, "accounts/authenticator.html", context, status=status)


def draw_square(address: str) -> SafeString:
    """An address as a square to be photographed (二维码), inside the page: it holds the secret, so it has no address of its own."""
    square = segno.make(address, error="m", micro=False)
    return mark_safe(square.svg_inline(omitsize=True, border=4, light="#fff", dark="#000", svgclass="square", lineclass=None))  # noqa: S308 - figures only


def show_carried(request: HttpRequest, user: User, carried: Carried, onward: str) -> HttpResponse:
    """What was typed, with a button that sends it to where it was going (继续保存). Somebody else's is not shown."""
    is_his = carried.person in {None, user.pk}
    return render(request, "accounts/carried.html", {"carried": carried if is_his else None, "onward": onward, "name": user.username})


def lead(page: str, onward: str) -> str:
    """Address of a page of this app that leads on to another one."""
    return f"{reverse(page)}?{urlencode({'next': onward}, safe='/')}"


def read_onward(request: HttpRequest) -> str:
    """Where to go on to: the page asked for when it is one of ours, else 我的今日. Never another host, never sign-out."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    home = resolve_url(settings.LOGIN_REDIRECT_URL)
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return home
    try:
        match = resolve(wanted.partition("?")[0])
    except Resolver404:
        return home
    return home if match.namespace == "accounts" and match.view_name != "accounts:own" else wanted
