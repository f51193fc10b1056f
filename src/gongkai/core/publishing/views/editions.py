from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import rules
from gongkai.core.publishing.views.editor import show_text, visible
from gongkai.foundation.accounts.api import DeskRequest


@require_POST
def start_next(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Begin the next edition (起草下一版) and open it in the editor."""
    visible(request, uuid)
    number = publishing.start_next_edition(publication=uuid, actor=request.actor, now=request.now)
    messages.success(request, f"第 {number} 版已经开始，内容从上一版抄来。它公开以前，公众看到的还是现在的版本。")
    return redirect("publishing:draft", uuid=uuid)


@require_safe
def show_edition(request: DeskRequest, uuid: UUID, number: int) -> HttpResponse:
    """One edition as it was (旧版本), to read."""
    detail = publishing.get_draft(uuid, number=number)
    rules.check_may_see(request.actor, detail.unit_id)
    return show_text(request, detail)


@require_POST
def publish(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Make a signed text public that waits without a moment (公开)."""
    detail = visible(request, uuid)
    publishing.release(publication=uuid, actor=request.actor, now=request.now)
    messages.success(request, f"已公开：{detail.content.title}")
    return redirect("publishing:draft", uuid=uuid)
