from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import showing
from gongkai.core.publishing.views.editor import read_window, visible
from gongkai.foundation.accounts.api import DeskRequest

HELD, NOT_HELD = 204, 409


@require_POST
def hold(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """A page with script tells that it is still open (续占). Answers 204, or 409 with a sentence when another page holds the text."""
    visible(request, uuid)
    holder = publishing.hold_editor(publication=uuid, window=read_window(request), actor=request.actor, now=request.now)
    if holder.is_here:
        return HttpResponse(status=HELD)
    return HttpResponse(
        showing.words_of_holder(holder, request.actor.officer_id), status=NOT_HELD, content_type="text/plain; charset=utf-8"
    )


@require_POST
def leave(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """A page is closed (关闭编辑): the text is free for the next one."""
    visible(request, uuid)
    publishing.close_editor(publication=uuid, token=read_window(request).token, actor=request.actor)
    return HttpResponse(status=HELD)


@require_POST
def take_over(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Go on writing in another's place (接手修改), from the page where one could only read. The editor that opens then holds it."""
    visible(request, uuid)
    publishing.take_over(publication=uuid, window=read_window(request), actor=request.actor, now=request.now)
    return redirect("publishing:draft", uuid=uuid)
