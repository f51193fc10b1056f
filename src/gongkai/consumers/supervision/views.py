from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongkai.consumers.supervision import queries
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right


@require_GET
def my_today(request: DeskRequest) -> HttpResponse:
    """What this person owes, by when (我的今日): the first screen of the desk."""
    today = queries.get_my_today(actor=request.actor, now=request.now)
    return render(request, "supervision/my_today.html", {"today": today, "may_write": bool(request.actor.units(Right.WRITE))})
