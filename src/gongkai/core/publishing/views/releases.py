from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds.releases import ReleaseRow
from gongkai.core.publishing.rules.releases import say_moment
from gongkai.core.publishing.views.editor import STATUS
from gongkai.core.publishing.views.lists import make_tabs
from gongkai.core.publishing.views.release_forms import MomentForm, PlanForm
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound, Refusal, SomebodyWasFaster


@require_safe
def list_waiting(request: DeskRequest) -> HttpResponse:
    """What is to become public (待公开): releases that are set, and signed texts that wait for one."""
    texts = publishing.list_releasable(unit_ids=request.actor.seen_units)
    context = {
        "releases": publishing.list_open_releases(unit_ids=request.actor.seen_units),
        "texts": [text for text in texts if text.is_signed],
        "may_plan": bool(request.actor.units(Right.SIGN)),
        "tabs": make_tabs(request, "releases"),
    }
    return render(request, "publishing/release_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: DeskRequest) -> HttpResponse:
    """Set when one or several texts become public (安排公开)."""
    texts = publishing.list_releasable(unit_ids=request.actor.units(Right.SIGN))
    if request.method != "POST":
        return show_plan(request, PlanForm(texts, initial={"texts": request.GET.getlist("text")}))
    form = PlanForm(texts, request.POST)
    refusal: Refusal | None = None
    if form.is_valid():
        try:
            uuid = publishing.plan_release(publications=form.chosen, due_at=form.due_at, actor=request.actor, now=request.now)
        except BadInput as fault:
            form.refuse(fault)
        except (ActNotPossible, SomebodyWasFaster) as fault:
            refusal = fault
        else:
            messages.success(request, f"已安排：{say_moment(form.due_at)} 公开。" if form.due_at else "已安排一起公开，等您按“现在公开”。")
            return redirect("publishing:release", uuid=uuid)
    return show_plan(request, form, refusal)


def show_plan(request: DeskRequest, form: PlanForm, refusal: Refusal | None = None) -> HttpResponse:
    """The page on which a release is set, with what was ticked when it was refused."""
    status = STATUS[type(refusal)] if refusal else 422 if form.errors else 200
    return render(request, "publishing/release_plan.html", {"form": form, "refusal": refusal}, status=status)


@require_safe
def release_page(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One release (公开安排): its texts, its moment, what can still be done."""
    release = visible(request, uuid)
    return show_release(request, release, MomentForm(due_at=release.due_at))


@require_POST
def change(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Set another moment (改时间)."""
    release = visible(request, uuid)
    form = MomentForm(request.POST, due_at=release.due_at)
    if form.is_valid():
        try:
            publishing.change_release(release=uuid, due_at=form.due_at, actor=request.actor, now=request.now)
        except BadInput as fault:
            form.refuse(fault)
        except (ActNotPossible, SomebodyWasFaster) as fault:
            return show_release(request, visible(request, uuid), form, fault)
        else:
            messages.success(request, f"已改为 {say_moment(form.due_at)} 公开。" if form.due_at else "已改为不定时，等您按“现在公开”。")
            return redirect("publishing:release", uuid=uuid)
    return show_release(request, release, form)


@require_POST
def release_now(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Make all its texts public now, or none (现在公开)."""
    return act_on(request, uuid, lambda: publishing.release_together(release=uuid, actor=request.actor, now=request.now), "已公开。")


@require_POST
def cancel(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Take the release back (取消安排)."""
    done = "已取消安排。签发过的还在“待公开”里。"
    return act_on(request, uuid, lambda: publishing.cancel_release(release=uuid, actor=request.actor, now=request.now), done)


def act_on(request: DeskRequest, uuid: UUID, act: Callable[[], None], done: str) -> HttpResponse:
    """One act on a release; a refusal stands on its page."""
    release = visible(request, uuid)
    try:
        act()
    except (ActNotPossible, SomebodyWasFaster) as fault:
        return show_release(request, visible(request, uuid), MomentForm(due_at=release.due_at), fault)
    messages.success(request, done)
    return redirect("publishing:release", uuid=uuid)


def visible(request: DeskRequest, uuid: UUID) -> ReleaseRow:
    """A release all of whose texts this person may read. Raises: NotFound."""
    release = publishing.get_release(uuid)
    if not all(request.actor.may_see(text.unit_id) for text in release.texts):
        raise NotFound("没有这个公开安排，或者其中有别的单位的文稿。请从“待公开”里打开。")
    return release


def show_release(request: DeskRequest, release: ReleaseRow, form: MomentForm, refusal: Refusal | None = None) -> HttpResponse:
    """The page of a release, with what was typed when a change was refused."""
    context = {
        "release": release,
        "form": form,
        "refusal": refusal,
        "may_change": release.state.is_open and all(request.actor.may(Right.SIGN, text.unit_id) for text in release.texts),
    }
    status = STATUS[type(refusal)] if refusal else 422 if form.errors else 200
    return render(request, "publishing/release.html", context, status=status)
