from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.consumers.supervision import queries
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right
from gongkai.lib.paging import read_cursor


@require_safe
def my_today(request: DeskRequest) -> HttpResponse:
    """What this person owes, by when (我的今日): the first screen of the desk."""
    today = queries.get_my_today(actor=request.actor, posts=request.desk_posts, now=request.now)
    return render(request, "supervision/my_today.html", {"today": today, "may_write": bool(request.actor.units(Right.WRITE))})


@require_safe
def list_notices(request: DeskRequest) -> HttpResponse:
    """Everything the posts of this person were told (消息), newest first."""
    posts = request.desk_posts
    page = queries.list_notice_page(
        unit_ids={post.unit_id for post in posts},
        post_ids={post.id for post in posts},
        after=read_cursor(request.GET.get("after", "")),
        now=request.now,
    )
    return render(request, "supervision/notices.html", {"page": page})
