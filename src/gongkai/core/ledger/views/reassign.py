from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.views.reassign_form import ReassignForm
from gongkai.foundation.accounts.api import DeskRequest, needs
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.lib.errors import BadInput
from gongkai.lib.moments import day_of


@require_http_methods(["GET", "POST"])
@needs(Right.REASSIGN)
def reassign(request: DeskRequest) -> HttpResponse:
    """Give chosen duties, or all of a post, to another post (改派): choose, look at what would move, confirm."""
    rows, from_post = _read_rows(request)
    posts = ledger.list_target_posts(actor=request.actor, on=day_of(request.now))
    form = ReassignForm(request.POST if "to_post" in request.POST else None, posts=posts, from_post=from_post)
    context: dict[str, Any] = {"form": form, "rows": rows if not from_post else [], "count": len(rows), "from_post": from_post}
    if from_post:
        context["from_words"] = _say_post(from_post, day_of(request.now))
    if not form.is_bound:
        return render(request, "ledger/reassign.html", context, status=200 if rows else 422)
    if not form.is_valid():
        return render(request, "ledger/reassign.html", context, status=422)
    return _confirm(request, form, rows, context) if "confirm" in request.POST else _show(request, form, rows, context)


def _show(request: DeskRequest, form: ReassignForm, rows: Sequence[UUID], context: dict[str, Any]) -> HttpResponse:
    typed = form.cleaned_data
    try:
        preview = ledger.preview_reassign(obligations=rows, to_post_id=typed["to_post"], actor=request.actor, now=request.now)
    except BadInput as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return render(request, "ledger/reassign.html", context, status=422)
    if not preview.count:
        form.add_error("to_post", "这些事项已经在这个岗位名下，没有要改派的。")
        return render(request, "ledger/reassign.html", context, status=422)
    return render(
        request,
        "ledger/reassign_confirm.html",
        context | {"preview": preview, "typed": typed, "hidden_count": preview.count - len(preview.rows)},
    )


def _confirm(request: DeskRequest, form: ReassignForm, rows: Sequence[UUID], context: dict[str, Any]) -> HttpResponse:
    typed = form.cleaned_data
    if context["from_post"] and not rows:
        messages.info(request, "这个岗位名下已经没有在办的事项，可能刚改派过。")
        return redirect("ledger:list")
    try:
        moved = ledger.reassign(
            obligations=rows,
            to_post_id=typed["to_post"],
            reason=typed["reason"],
            seen_digest=request.POST.get("seen", ""),
            actor=request.actor,
            now=request.now,
        )
    except BadInput as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return render(request, "ledger/reassign.html", context, status=422)
    words = _say_post(typed["to_post"], day_of(request.now))
    messages.success(request, f"已把 {moved:,} 件改派给{words}，原岗位和新岗位都会收到消息。" if moved else f"这些事项已经改派给{words}。")
    return redirect(f"{reverse('ledger:list')}?{urlencode({'due': 'ALL', 'posts': typed['to_post']})}")


def _read_rows(request: DeskRequest) -> tuple[list[UUID], int | None]:
    """The chosen rows, and the post whose rows they all are where a post was chosen instead of rows."""
    sent = request.POST if request.method == "POST" else request.GET
    post = sent.get("post", "")
    if post.isascii() and post.isdigit() and len(post) < 10:
        return ledger.list_held(post_id=int(post)), int(post)
    return list(dict.fromkeys(uuid for text in sent.getlist("row") if (uuid := _read_uuid(text)))), None


def _read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _say_post(post_id: int, on: date) -> str:
    """A post in words, whoever holds it; also one that is out of use."""
    post: PostRow | None = organisations.find_post(post_id=post_id, on=on)
    if post is None:
        return "这个岗位"
    return f"{post.unit_name}{post.title}（{post.holder.name if post.holder else '空缺'}）"
