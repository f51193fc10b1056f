from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.foundation.accounts.api import DeskRequest, needs
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.outbox import actions, queries, rules
from gongkai.foundation.outbox.kinds import IntentState

DONE_SHOWN = 10


@require_GET
@needs(Right.MANAGE_JOBS)
def show_jobs(request: DeskRequest) -> HttpResponse:
    """What waits, runs and has stopped (后台任务). Seen anew by refreshing."""
    at_system = timezone.now()
    context = {
        "drains": queries.list_drains(),
        "counts": queries.count_jobs(),
        "stopped": queries.list_jobs(states=[IntentState.FAILED]),
        "active": queries.list_jobs(states=[IntentState.RUNNING, IntentState.READY], at_system=at_system),
        "done": queries.list_jobs(states=[IntentState.DONE], limit=DONE_SHOWN),
        "stalled_minutes": rules.stalled_minutes(queries.find_oldest_waiting(), at_system),
        "at_system": at_system,
    }
    return render(request, "outbox/jobs.html", context)


@require_POST
@needs(Right.MANAGE_JOBS)
def retry_job(request: DeskRequest, intent_id: int) -> HttpResponse:
    """Start a stopped intent again (重试)."""
    actions.retry(intent_id=intent_id, actor=request.actor, now=request.now, at_system=timezone.now())
    messages.success(request, "已重新排队，从停下的地方接着做。")
    return redirect("outbox:jobs")
