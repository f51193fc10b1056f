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
from gongkai.foundation.accounts.forms import ChoosePasswordForm, SignInForm
from gongkai.foundation.accounts.middleware import find_user
from gongkai.foundation.accounts.requests import DeskRequest

UNPROCESSABLE = 422


@sensitive_post_parameters("password")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: DeskRequest) -> HttpResponse:
    """Sign in (登录), and go on to the page that was asked for."""
    onward = read_onward(request)
    if request.method != "POST":
        if find_user(request):
            return redirect(onward)
        return render(request, "accounts/sign_in.html", {"form": SignInForm(request), "onward": onward})
    form = SignInForm(request, data=request.POST)
    if not form.is_valid():
        actions.note_failed_sign_in(name=request.POST.get("username", ""), now=request.now)
        return render(request, "accounts/sign_in.html", {"form": form, "onward": onward}, status=UNPROCESSABLE)
    user = form.get_user()
    login(request, user)
    actions.note_sign_in(user=user, now=request.now)
    return redirect(onward)


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
    form = ChoosePasswordForm(request.user, request.POST or None)
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        context = {"form": form, "onward": onward, "is_first_use": request.user.must_change_password, "name": request.user.username}
        return render(request, "accounts/change_password.html", context, status=status)
    actions.change_password(user=request.user, password=form.cleaned_data["new_password1"], now=request.now)
    update_session_auth_hash(request, request.user)
    return redirect(onward)


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
