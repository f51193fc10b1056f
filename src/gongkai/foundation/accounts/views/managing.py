"""Accounts and roles on the desk of the security administrator (安全管理员)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.foundation.accounts import actions, queries
from gongkai.foundation.accounts.forms import FindAccountForm, GiveRoleForm
from gongkai.foundation.accounts.guards import needs
from gongkai.foundation.accounts.kinds import AccountState, Actor, Right, Role
from gongkai.foundation.accounts.models import User
from gongkai.foundation.accounts.requests import DeskRequest
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.lib.errors import BadInput, NotFound
from gongkai.lib.moments import day_of

UNPROCESSABLE = 422


@dataclass(frozen=True)
class _Act:
    """One thing that can be done to an account: the button, what will happen, what has happened, and the action."""

    label: str
    words: str
    done: str
    do: Callable[..., object]
    is_grave: bool = False


def _suspend(*, user: User, actor: Actor, now: datetime) -> None:
    actions.refuse_strangers(user, actor, now=now)
    actions.suspend_account(name=user.username, actor=actor, now=now)


def _resume(*, user: User, actor: Actor, now: datetime) -> None:
    actions.refuse_strangers(user, actor, now=now)
    actions.resume_account(name=user.username, actor=actor, now=now)


ACTS = {
    "suspend": _Act(
        "停用账号", "停用以后，{name}不能登录，正在登录的下一步就退出。可以再恢复。", "已停用{name}的账号。", _suspend, is_grave=True
    ),
    "resume": _Act("恢复账号", "恢复以后，{name}用原来的密码登录，并会看到这条通知。", "已恢复{name}的账号。", _resume),
    "reset-second-step": _Act(
        "重设第二步验证",
        "{name}的验证器和恢复码立刻作废，各处登录都结束。请先当面或打电话核实是本人；下次登录时本人重新登记，并会看到这条通知。",
        "已重设{name}的第二步验证。",
        actions.reset_second_factor,
        is_grave=True,
    ),
    "end-sessions": _Act(
        "结束全部登录", "{name}在各处的登录都结束，下一步就要重新登录。", "已结束{name}的全部登录。", actions.end_all_sessions
    ),
    "lift-locks": _Act("解除锁定", "{name}可以马上再试登录，试错重新计数。", "已解除{name}的锁定。", actions.lift_locks),
    "release-identity": _Act(
        "解除统一身份绑定",
        "解除以后，统一身份认证里登记为这个姓名的人下次登录时重新绑定。",
        "已解除{name}的统一身份绑定。",
        actions.release_identity,
        is_grave=True,
    ),
}


@require_safe
@needs(Right.MANAGE_ACCOUNTS)
def list_accounts(request: DeskRequest) -> HttpResponse:
    """Accounts of one's units (账号): how they stand, who has to wait, who has no second step."""
    form = FindAccountForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    state = AccountState(asked["state"]) if asked.get("state") else None
    after = request.GET.get("after", "")
    on, at_system = day_of(request.now), timezone.now()
    rows, more = queries.list_accounts(
        actor=request.actor,
        on=on,
        at_system=at_system,
        words=organisations.clean_name(asked.get("q", "")),
        state=state,
        after=int(after) if after.isdecimal() and len(after) < 16 else 0,
    )
    audit.record_read(actor=request.actor, what="人员账号", count=len(rows), at=request.now)
    context = {"form": form, "rows": rows, "more": more, "without": queries.list_without_account(actor=request.actor, on=on)}
    return render(request, "accounts/list.html", {**context, "addresses": queries.list_locked_addresses(at_system=at_system)})


@require_safe
@needs(Right.MANAGE_ACCOUNTS)
def show_account(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One account (账号): how it stands, where it is signed in, and what can be done."""
    at_system = timezone.now()
    user, row = queries.get_account(uuid=uuid, actor=request.actor, on=day_of(request.now), at_system=at_system)
    sessions = queries.list_sessions(user_id=user.pk, key=None, at_system=at_system)
    audit.record_read(actor=request.actor, what="人员账号", count=1, at=request.now, subject=uuid)
    possible = {
        "suspend": row.state in {AccountState.ACTIVE, AccountState.FIRST_USE},
        "resume": row.state is AccountState.SUSPENDED,
        "reset-second-step": row.has_second_factor,
        "end-sessions": bool(sessions),
        "lift-locks": row.locked_until is not None,
        "release-identity": queries.is_bound(user_id=user.pk),
    }
    is_own = user.officer_id == request.actor.officer_id
    acts = [(code, act.label) for code, act in ACTS.items() if possible[code] and not is_own]
    context = {"row": row, "sessions": sessions, "acts": acts, "is_own": is_own, "told": queries.list_told(user_id=user.pk)}
    return render(request, "accounts/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_ACCOUNTS)
def do_act(request: DeskRequest, uuid: UUID, act: str) -> HttpResponse:
    """Suspend, resume, reset, end, lift or release one account (办一件), after a page that says what will happen."""
    chosen = ACTS.get(act)
    user, row = queries.get_account(uuid=uuid, actor=request.actor, on=day_of(request.now), at_system=timezone.now())
    if chosen is None:
        raise NotFound("没有这一页。")
    if request.method != "POST":
        context = {"row": row, "act": chosen, "words": chosen.words.format(name=row.name), "action": request.path}
        return render(request, "accounts/act.html", context)
    chosen.do(user=user, actor=request.actor, now=request.now)
    messages.success(request, chosen.done.format(name=row.name))
    return redirect("people:account", uuid=uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_ACCOUNTS)
def renew_password(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """A new one-time password (重发一次性密码), shown this one time."""
    user, row = queries.get_account(uuid=uuid, actor=request.actor, on=day_of(request.now), at_system=timezone.now())
    act = _Act("重发一次性密码", "", "", actions.renew_password, is_grave=True)
    if request.method != "POST":
        words = f"{row.name}的旧密码立刻作废，各处登录都结束。新的一次性密码只显示一次，请当面或打电话告诉本人；本人登录后会看到这条通知。"
        return render(request, "accounts/act.html", {"row": row, "act": act, "words": words, "action": request.path})
    actions.refuse_strangers(user, request.actor, now=request.now)
    new = actions.renew_password(name=user.username, actor=request.actor, now=request.now)
    return render(request, "accounts/new_password.html", {"new": new, "back": reverse("people:account", args=[uuid])})


@never_cache
@require_POST
@needs(Right.MANAGE_ACCOUNTS)
def open_account(request: DeskRequest) -> HttpResponse:
    """Make the account of an officer who has none (建立账号); its one-time password is shown this one time."""
    officer = request.POST.get("officer", "")
    if not officer.isdecimal() or len(officer) > 15:
        raise BadInput("请在“还没有账号”里选一个人。", field="officer")
    new = actions.open_account(officer_id=int(officer), actor=request.actor, now=request.now)
    return render(request, "accounts/new_password.html", {"new": new, "back": reverse("people:list")})


@require_POST
@needs(Right.MANAGE_ACCOUNTS)
def lift_address(request: DeskRequest, tally_id: int) -> HttpResponse:
    """Let a network address try again at once (解除地址锁定)."""
    address = actions.lift_address(tally_id=tally_id, actor=request.actor, now=request.now)
    messages.success(request, f"已解除网络地址 {address} 的锁定。")
    return redirect("people:list")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.MANAGE_ACCOUNTS)
def list_roles(request: DeskRequest) -> HttpResponse:
    """Which post has which role for which units (岗位角色), and giving one more."""
    rows = queries.list_post_roles(actor=request.actor, on=day_of(request.now))
    scope = request.actor.units(Right.MANAGE_ACCOUNTS)
    units = [unit for unit in organisations.list_units() if unit.id in scope]
    form = GiveRoleForm(request.POST or None, posts=[row.post for row in rows], units=units)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        post = next(row.post for row in rows if row.post.id == chosen["post"])
        role = Role(chosen["role"])
        try:
            actions.give_role(post=post, role=role, scope_id=chosen["scope"], actor=request.actor, now=request.now)
        except BadInput as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"已授予{post.unit_name}{post.title}“{role.label}”。")
            return redirect("people:roles")
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "accounts/roles.html", {"rows": rows, "form": form}, status=status)


@require_POST
@needs(Right.MANAGE_ACCOUNTS)
def take_role(request: DeskRequest, role_id: int) -> HttpResponse:
    """Take a role from a post (收回角色)."""
    post = _find_post_of(request, role_id)
    role = actions.take_role(post=post, role_id=role_id, actor=request.actor, now=request.now)
    messages.success(request, f"已收回{post.unit_name}{post.title}的“{role.label}”。")
    return redirect("people:roles")


def _find_post_of(request: DeskRequest, role_id: int) -> PostRow:
    for row in queries.list_post_roles(actor=request.actor, on=day_of(request.now)):
        if any(pk == role_id for pk, _, _ in row.roles):
            return row.post
    raise NotFound("没有这个岗位角色，可能刚被收回，或者它不归您管。")
