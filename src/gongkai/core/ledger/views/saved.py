from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from gongkai.core.ledger import actions, queries
from gongkai.core.ledger.forms import read_choice
from gongkai.core.ledger.registry import list_entry_groups
from gongkai.core.ledger.views.frames import BUILT_IN
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.lib.moments import day_of


@require_safe
def show_views(request: HttpRequest) -> HttpResponse:
    """The filters that this person keeps (我的视图), to rename and remove."""
    desk = cast("DeskRequest", request)
    officer_id = desk.actor.officer_id
    views = queries.list_views(officer_id=officer_id) if officer_id else []
    return render(request, "ledger/views.html", {"views": views, "built_in": [label for label, _, _ in BUILT_IN]})


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filter of the list under a name (存为视图)."""
    desk = cast("DeskRequest", request)
    # Written anew from what was read, so that nothing is kept that no filter understands.
    choice = read_choice(QueryDict(request.POST.get("query", "")), day_of(desk.now), list_entry_groups())
    query = choice.address().removeprefix("?")
    view = actions.save_view(name=request.POST.get("name", ""), query=query, actor=desk.actor, now=desk.now)
    messages.success(request, f"已存为视图“{view.name}”，只有您看得到。")
    return redirect(f"{reverse('ledger:list')}?{query}" if query else reverse("ledger:list"))


@require_POST
def rename_view(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give a view another name (视图改名)."""
    desk = cast("DeskRequest", request)
    actions.rename_view(uuid=uuid, name=request.POST.get("name", ""), actor=desk.actor)
    messages.success(request, "名称已改。")
    return redirect("ledger:views")


@require_POST
def remove_view(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Remove a view (删去视图)."""
    desk = cast("DeskRequest", request)
    actions.remove_view(uuid=uuid, actor=desk.actor)
    messages.success(request, "视图已删去，台账里的事项没有动。")
    return redirect("ledger:views")
