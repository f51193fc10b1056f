from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from gongkai.foundation.accounts.carrying import carry, read_person, seal
from gongkai.foundation.accounts.forms import SignInForm

UNAUTHORISED = 401


def ask_to_sign_in(request: HttpRequest, *, is_its_form: bool = True) -> HttpResponse:
    """The login page in answer to a form that was sent after the session had ended (登录已过期), with what was typed in a hidden field.

    `is_its_form`: the token fits, so that whoever signed in last with this browser has typed it.
    """
    carried = carry(request, read_person(request) if is_its_form else None)
    kept = seal(carried) if carried else ""
    context = {
        "form": SignInForm(request),
        "onward": find_onward(request),
        "is_expired": True,
        "kept": kept,
        "carried": carried,
        "is_too_long": bool(carried) and not kept,
    }
    answer = render(request, "accounts/sign_in.html", context, status=UNAUTHORISED)
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
