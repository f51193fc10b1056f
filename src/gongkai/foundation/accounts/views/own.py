from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.foundation.accounts import actions
from gongkai.foundation.accounts.carrying import unseal
from gongkai.foundation.accounts.dues import find_due, note_way, read_way
from gongkai.foundation.accounts.forms import AuthenticatorForm, ChoosePasswordForm, PresentPasswordForm
from gongkai.foundation.accounts.kinds import SignInWay
from gongkai.foundation.accounts.queries import get_second_factor, list_sessions, list_told
from gongkai.foundation.accounts.requests import DeskRequest
from gongkai.foundation.accounts.views.onward import go_on, read_onward, show_authenticator, show_password
from gongkai.lib.errors import BadInput

UNPROCESSABLE = 422


@never_cache
@require_safe
def own_account(request: DeskRequest) -> HttpResponse:
    """One's own account (我的账号): second step, recovery codes, password, where one is signed in."""
    sessions = list_sessions(user_id=request.user.pk, key=request.session.session_key, at_system=timezone.now())
    told = list_told(user_id=request.user.pk)
    return render(request, "accounts/own.html", {"factor": get_second_factor(user_id=request.user.pk), "sessions": sessions, "told": told})


@require_POST
def end_session(request: DeskRequest) -> HttpResponse:
    """End one session of one's own (结束会话)."""
    actions.end_session(user=request.user, mark=request.POST.get("mark", ""), now=request.now)
    messages.success(request, "已结束，那里下一步就要重新登录。")
    return redirect("accounts:own")


@require_POST
def end_other_sessions(request: DeskRequest) -> HttpResponse:
    """End all sessions of one's own but this one (结束其他会话)."""
    ended = actions.end_sessions(user=request.user, actor=request.actor, now=request.now, keeps=request.session.session_key)
    messages.success(request, f"已结束 {ended} 处登录，只留这个浏览器。" if ended else "没有别处的登录。")
    return redirect("accounts:own")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: DeskRequest) -> HttpResponse:
    """Choose one's own password (改密码), at first use before anything else."""
    onward = read_onward(request)
    kept = request.POST.get("kept", "") if unseal(request.POST.get("kept", ""), request.get_host()) else ""
    form = ChoosePasswordForm(request.user, request.POST or None, now=request.now, at_system=timezone.now())
    if not form.is_valid():
        return show_password(request, form, request.user, kept, onward, status=UNPROCESSABLE if form.is_bound else 200)
    actions.change_password(
        user=request.user, password=form.cleaned_data["new_password1"], now=request.now, keeps=request.session.session_key
    )
    update_session_auth_hash(request, request.user)
    return go_on(request, request.user, kept, onward)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_authenticator(request: DeskRequest) -> HttpResponse:
    """Tell a telephone the secret and show that it took it (登记验证器); where it is required, before anything else."""
    user, at_system = request.user, timezone.now()
    onward = read_onward(request)
    kept = request.POST.get("kept", "") if unseal(request.POST.get("kept", ""), request.get_host()) else ""
    is_due = find_due(request, user) == "accounts:authenticator"
    is_sent = request.method == "POST" and "renew" not in request.POST
    if request.method == "POST" and not is_sent:
        actions.prepare_authenticator(user=user, at_system=at_system, is_new=True)
    typed = request.POST if is_sent else None
    form = AuthenticatorForm(user, typed, now=request.now, at_system=at_system, asks_password=not is_due)
    if not form.is_valid():
        return show_authenticator(request, form, user, kept, onward, status=UNPROCESSABLE if form.is_bound else 200)
    try:
        codes = actions.confirm_authenticator(
            user=user, code=form.cleaned_data["code"], now=request.now, at_system=at_system, keeps=request.session.session_key
        )
    except BadInput as refusal:
        form.add_error("code", str(refusal))
        return show_authenticator(request, form, user, kept, onward, status=UNPROCESSABLE)
    if read_way(request) is SignInWay.PASSWORD:
        note_way(request, SignInWay.CODE)
    return show_codes(request, codes, kept=kept, onward=onward)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renew_recovery_codes(request: DeskRequest) -> HttpResponse:
    """A new set of recovery codes (重新生成恢复码), after the present password."""
    form = PresentPasswordForm(request.user, request.POST or None, now=request.now, at_system=timezone.now())
    if not form.is_valid():
        context = {"form": form, "title": "重新生成恢复码", "words": "旧的恢复码全部作废，新的只显示一次。", "act": "生成新的恢复码"}
        return render(request, "accounts/confirm_own.html", context, status=UNPROCESSABLE if form.is_bound else 200)
    return show_codes(request, actions.renew_recovery_codes(user=request.user, now=request.now), kept="", onward=read_onward(request))


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def drop_second_factor(request: DeskRequest) -> HttpResponse:
    """Go without a second step again (停用验证器), where that is allowed, after the present password."""
    form = PresentPasswordForm(request.user, request.POST or None, now=request.now, at_system=timezone.now())
    if not form.is_valid():
        words = "停用以后，只凭密码就能登录您的账号，恢复码也作废。"
        context = {"form": form, "title": "停用验证器", "words": words, "act": "停用验证器"}
        return render(request, "accounts/confirm_own.html", context, status=UNPROCESSABLE if form.is_bound else 200)
    actions.drop_second_factor(user=request.user, now=request.now)
    messages.success(request, "验证器已停用，恢复码已作废。")
    return redirect("accounts:own")


def show_codes(request: DeskRequest, codes: list[str], *, kept: str, onward: str) -> HttpResponse:
    """The recovery codes, this one time."""
    carried = unseal(kept, request.get_host())
    is_his = carried is not None and carried.person in {None, request.user.pk}
    context = {"codes": codes, "onward": onward, "carried": carried if is_his else None, "name": request.user.username, "now": request.now}
    return render(request, "accounts/recovery_codes.html", context)
