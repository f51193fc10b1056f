from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.ui.kinds import TabView
from gongkai.lib.paging import read_cursor


@require_safe
def list_drafts(request: DeskRequest) -> HttpResponse:
    """Texts on their way in the units a person may see (在办文稿)."""
    page = publishing.list_drafts(unit_ids=request.actor.seen_units, after=read_cursor(request.GET.get("after", "")))
    return show_list(request, "list", "publishing/draft_list.html", page)


@require_safe
def list_queue(request: DeskRequest) -> HttpResponse:
    """Steps that wait for this person's decision (待审)."""
    page = publishing.list_review_page(actor=request.actor, after=read_cursor(request.GET.get("after", "")))
    return show_list(request, "queue", "publishing/review_queue.html", page)


@require_safe
def list_published(request: DeskRequest) -> HttpResponse:
    """What is public (已公开), newest first."""
    page = publishing.list_published(after=read_cursor(request.GET.get("after", "")))
    return show_list(request, "published", "publishing/published_list.html", page, down_units=request.actor.units(Right.TAKE_DOWN))


def show_list(request: DeskRequest, name: str, template: str, page: object, **more: object) -> HttpResponse:
    """One of the lists, below the texts that came out before their review and wait for the second look."""
    unlooked = publishing.list_unlooked(actor=request.actor, now=request.now)
    return render(request, template, {"page": page, "unlooked": unlooked, "tabs": make_tabs(request, name), **more})


def make_tabs(request: DeskRequest, current: str) -> list[TabView]:
    """The lists of this entry of the desk. Only the own queue is counted: it is an index of what waits."""
    waiting = publishing.count_review_queue(actor=request.actor)
    return [
        TabView(label="在办文稿", href=reverse("publishing:list"), is_current=current == "list"),
        TabView(label="待我审核", href=reverse("publishing:queue"), is_current=current == "queue", count=waiting),
        TabView(label="待公开", href=reverse("publishing:releases"), is_current=current == "releases"),
        TabView(label="已公开", href=reverse("publishing:published"), is_current=current == "published"),
        TabView(label="已撤下", href=reverse("publishing:withdrawals"), is_current=current == "withdrawn"),
        TabView(label="审核代理", href=reverse("delegations:list")),
    ]
