from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.foundation.accounts import actions
from gongkai.foundation.accounts.asking import ask_to_sign_in
from gongkai.foundation.accounts.carrying import PERSON_COOKIE, SALT, Carried, came_from_here, carry, read_person, seal, unseal
from gongkai.foundation.accounts.forms import ChoosePasswordForm, SignInForm
from gongkai.foundation.accounts.middleware import find_user
from gongkai.foundation.accounts.models import User
from gongkai.foundation.accounts.requests import DeskRequest

UNPROCESSABLE = 422
FORBIDDEN = 403


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: DeskRequest) -> HttpResponse:
    """Sign in (登录), and go on to the page that was asked for, or to what was typed when the session ended."""
    onward = read_onward(request)
    if request.method != "POST":
        if find_user(request):
            return redirect(onward)
        is_expired = "next" in request.GET and read_person(request) is not None
        return render(request, "accounts/sign_in.html", {"form": SignInForm(request), "onward": onward, "is_expired": is_expired})
    form = SignInForm(request, data=request.POST)
    kept = request.POST.get("kept", "")
    carried = unseal(kept, request.get_host())
    if not form.is_valid():
        actions.note_failed_sign_in(name=request.POST.get("username", ""), now=request.now)
        context = {"form": form, "onward": onward, "kept": kept if carried else "", "carried": carried}
        return render(request, "accounts/sign_in.html", context, status=UNPROCESSABLE)
    user = form.get_user()
    login(request, user)
    actions.note_sign_in(user=user, now=request.now)
    answer = go_on(request, user, carried, kept, onward)
    answer.set_signed_cookie(
        PERSON_COOKIE, str(user.pk), salt=SALT, httponly=True, secure=request.is_secure(), samesite="Lax", path=settings.SESSION_COOKIE_PATH
    )
    return answer


def go_on(request: HttpRequest, user: User, carried: Carried | None, kept: str, onward: str) -> HttpResponse:
    """After signing in: the page asked for; what was typed before, for the same person; first a password of his own, where one is due."""
    if carried is None:
        return redirect(onward)
    if user.must_change_password:
        context = {"form": ChoosePasswordForm(user), "onward": onward, "is_first_use": True, "name": user.username, "kept": kept}
        return render(request, "accounts/change_password.html", context)
    return show_carried(request, user, carried, onward)


def show_carried(request: HttpRequest, user: User, carried: Carried, onward: str) -> HttpResponse:
    """What was typed, with a button that sends it to where it was going (继续保存). Somebody else's is not shown."""
    is_his = carried.person in {None, user.pk}
    return render(request, "accounts/carried.html", {"carried": carried if is_his else None, "onward": onward, "name": user.username})


def refuse_old_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 — Django's signature
    """A form whose token does not fit any more (页面失效): signed out and in again elsewhere, or open for too long. Nothing typed is lost.

    Only what a page of ours sent can be sent again from here: another site must not put words into anybody's mouth.
    """
    user = find_user(request)
    is_ours = came_from_here(request)
    if is_ours and user is None and carry(request, None):
        return ask_to_sign_in(request, is_its_form=False)
    carried = carry(request, None) if is_ours else None
    if carried is not None and not seal(carried):
        carried = None
    context = {"carried": carried, "name": user.username if user else ""}
    return render(request, "403_csrf.html", context, status=FORBIDDEN)


@login_not_required
@require_POST
def sign_out(request: DeskRequest) -> HttpResponse:
    """Sign out (退出). Again, or after the session has ended, is no mistake."""
    user = find_user(request)
    if user:
        actions.note_sign_out(user=user, now=request.now)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: DeskRequest) -> HttpResponse:
    """Choose one's own password (改密码), at first use before anything else."""
    onward = read_onward(request)
    kept = request.POST.get("kept", "")
    carried = unseal(kept, request.get_host())
    form = ChoosePasswordForm(request.user, request.POST or None)
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        context = {
            "form": form,
            "onward": onward,
            "is_first_use": request.user.must_change_password,
            "name": request.user.username,
            "kept": kept if carried else "",
        }
        return render(request, "accounts/change_password.html", context, status=status)
    actions.change_password(user=request.user, password=form.cleaned_data["new_password1"], now=request.now)
    update_session_auth_hash(request, request.user)
    return show_carried(request, request.user, carried, onward) if carried else redirect(onward)


def read_onward(request: HttpRequest) -> str:
    """Where to go on to: the page asked for when it is one of ours, else 我的今日. Never another host, never sign-out."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    home = resolve_url(settings.LOGIN_REDIRECT_URL)
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return home
    try:
        namespace = resolve(wanted.partition("?")[0]).namespace
    except Resolver404:
        return home
    return home if namespace == "accounts" else wanted
