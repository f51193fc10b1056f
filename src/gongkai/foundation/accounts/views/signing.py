from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.foundation.accounts import actions
from gongkai.foundation.accounts.actions.factors import WRONG_CODE
from gongkai.foundation.accounts.asking import ask_to_sign_in, show_sign_in
from gongkai.foundation.accounts.carrying import PERSON_COOKIE, SALT, came_from_here, carry, read_person, seal, unseal
from gongkai.foundation.accounts.devices import find_address, read_devices, remember_device
from gongkai.foundation.accounts.forms import CodeForm, RecoveryForm, SignInForm
from gongkai.foundation.accounts.kinds import SignInWay
from gongkai.foundation.accounts.middleware import find_user
from gongkai.foundation.accounts.models import User
from gongkai.foundation.accounts.models.sessions import SIGN_IN
from gongkai.foundation.accounts.queries import has_second_factor
from gongkai.foundation.accounts.requests import DeskRequest
from gongkai.foundation.accounts.rules import say_browser
from gongkai.foundation.accounts.views.onward import go_on, lead, read_onward
from gongkai.lib.errors import ActNotPossible

UNAUTHORISED = 401
FORBIDDEN = 403
UNPROCESSABLE = 422
HALF = "half_signed_in"
"""In the session: who has given the right password and not yet his code."""
HALF_SECONDS = 10 * 60
BACKEND = "django.contrib.auth.backends.ModelBackend"
WRONG_RECOVERY_CODE = "恢复码不对，或者已经用过。请填一个没有用过的；都用完了，请找安全管理员重设第二步验证。"


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
        return show_sign_in(request, onward, is_expired=is_expired)
    at_system = timezone.now()
    form = SignInForm(request, data=request.POST, now=request.now, at_system=at_system)
    kept = request.POST.get("kept", "")
    if not form.is_valid():
        if not form.has_error("password", "locked"):
            actions.note_failed_sign_in(name=request.POST.get("username", ""), now=request.now)
        return show_sign_in(request, onward, form=form, kept=kept, status=UNPROCESSABLE)
    user = form.get_user()
    if not has_second_factor(user_id=user.pk):
        return let_in(request, user, SignInWay.PASSWORD, kept, onward)
    request.session[HALF] = {"user": user.pk, "hash": user.get_session_auth_hash(), "at": at_system.timestamp()}
    if unseal(kept, request.get_host()) is None:
        return redirect(lead("accounts:second_step", onward))
    return show_second_step(request, CodeForm(), kept, onward)


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: DeskRequest) -> HttpResponse:
    """The second step of signing in (第二步验证): a code of the authenticator, or one from paper."""
    at_system = timezone.now()
    onward, kept = read_onward(request), request.POST.get("kept", "")
    user = find_half(request, at_system)
    if user is None:
        return redirect(onward) if find_user(request) else show_sign_in(request, onward, kept=kept, status=UNAUTHORISED, is_expired=True)
    is_paper = request.POST.get("by") == "recovery" or request.GET.get("by") == "recovery"
    kind = RecoveryForm if is_paper else CodeForm
    if request.method != "POST" or "switch" in request.POST:
        return show_second_step(request, kind(), kept, onward, status=200)
    form = kind(request.POST)
    if form.is_valid() and is_right(request, user, form, at_system=at_system):
        way = SignInWay.RECOVERY_CODE if is_paper else SignInWay.CODE
        return let_in(request, user, way, kept, onward)
    return show_second_step(request, form, kept, onward, status=UNPROCESSABLE)


def is_right(request: DeskRequest, user: User, form: CodeForm | RecoveryForm, *, at_system: datetime) -> bool:
    """Whether the code is right; where it is not, the form says why. Each try is counted before it is looked at."""
    taken = actions.take_second_step(user=user, devices=read_devices(request), now=request.now, at_system=at_system)
    if taken.refused:
        form.add_error("code", taken.refused)
        return False
    code = form.cleaned_data["code"]
    try:
        if isinstance(form, RecoveryForm):
            is_good = actions.use_recovery_code(user=user, code=code, now=request.now, at_system=at_system)
        else:
            is_good = actions.use_code(user=user, code=code, at_system=at_system)
    except ActNotPossible as refusal:
        form.add_error("code", str(refusal))
        return False
    if is_good:
        actions.forgive(done=taken)
        return True
    actions.note_failed_sign_in(name=user.username, now=request.now)
    form.add_error("code", WRONG_RECOVERY_CODE if isinstance(form, RecoveryForm) else WRONG_CODE)
    return False


def show_second_step(request: HttpRequest, form: CodeForm | RecoveryForm, kept: str, onward: str, status: int = 200) -> HttpResponse:
    """The page that asks for the code."""
    is_kept = unseal(kept, request.get_host()) is not None
    context = {"form": form, "is_paper": isinstance(form, RecoveryForm), "onward": onward, "kept": kept if is_kept else ""}
    return render(request, "accounts/second_step.html", context, status=status)


def find_half(request: HttpRequest, at_system: datetime) -> User | None:
    """Who has done the first step a moment ago (第一步已过). None: nobody, too long ago, or the account changed since."""
    half = request.session.get(HALF)
    if not isinstance(half, dict) or not 0 <= at_system.timestamp() - half["at"] <= HALF_SECONDS:
        return None
    user = User.objects.filter(pk=half["user"]).first()
    is_same = user is not None and user.is_active and constant_time_compare(user.get_session_auth_hash(), half["hash"])
    return user if is_same else None


def let_in(request: DeskRequest, user: User, way: SignInWay, kept: str, onward: str) -> HttpResponse:
    """Sign him in (登录), with a new session, and go on."""
    request.session.pop(HALF, None)
    login(request, user, backend=BACKEND)
    at_system = timezone.now()
    request.session[SIGN_IN] = {
        "way": way.value,
        "address": find_address(request)[:50],
        "browser": say_browser(request.headers.get("User-Agent", "")),
        "started": at_system.isoformat(),
        "seen": at_system.isoformat(),
    }
    actions.remove_expired_sessions(at_system=at_system)
    actions.note_sign_in(user=user, way=way, now=request.now)
    for words in actions.take_untold(user=user, at_system=at_system):
        messages.warning(request, words)
    answer = go_on(request, user, kept, onward)
    answer.set_signed_cookie(
        PERSON_COOKIE, str(user.pk), salt=SALT, httponly=True, secure=request.is_secure(), samesite="Lax", path=settings.SESSION_COOKIE_PATH
    )
    remember_device(request, answer, user)
    return answer


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
