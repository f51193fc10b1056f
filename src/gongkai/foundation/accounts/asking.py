from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from gongkai.foundation.accounts.carrying import carry, read_person, seal, unseal
from gongkai.foundation.accounts.forms import SignInForm

UNAUTHORISED = 401


def ask_to_sign_in(request: HttpRequest, *, is_its_form: bool = True) -> HttpResponse:
    """The login page in answer to a form that was sent after the session had ended (登录已过期), with what was typed in a hidden field.

    `is_its_form`: the token fits, so that whoever signed in last with this browser has typed it.
    """
    carried = carry(request, read_person(request) if is_its_form else None)
    kept = seal(carried) if carried else ""
    return show_sign_in(
        request, find_onward(request), kept=kept, status=UNAUTHORISED, is_expired=True, is_too_long=bool(carried) and not kept
    )


def show_sign_in(
    request: HttpRequest, onward: str, *, form: SignInForm | None = None, kept: str = "", status: int = 200, **more: str | bool
) -> HttpResponse:
    """The login page (登录页). `kept`: what was typed, sealed. `more`: `is_expired`, `is_too_long`, or `refused` with words."""
    carried = unseal(kept, request.get_host())
    context = {
        "form": form or SignInForm(request),
        "onward": onward,
        "onward_query": urlencode({"next": onward}),
        "kept": kept if carried else "",
        "carried": carried,
        "provider": settings.PROVIDER,
        **more,
    }
    answer = render(request, "accounts/sign_in.html", context, status=status)
    add_never_cache_headers(answer)
    return answer


def find_onward(request: HttpRequest) -> str:
    """The page of ours whose form it was; empty when the browser does not tell."""
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referrer, allowed_hosts={request.get_host()}):
        return ""
    path = referrer.partition(request.get_host())[2]
    try:
        resolve(path.partition("?")[0])
    except Resolver404:
        return ""
    return path if path != reverse("accounts:login") else ""
