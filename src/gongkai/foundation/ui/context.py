"""What every page of the desk shows around its content."""

from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.foundation.ui import rules
from gongkai.foundation.ui.kinds import Navigation, OpenItems, TabView
from gongkai.foundation.ui.preferences import read_preferences
from gongkai.foundation.ui.registry import COUNTERS
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import day_of

GO_KEYS = {"today": "t", "ledger": "l", "publish": "p", "foi": "f"}
"""Which letter after G leads where (ui.md 4.21), by the icon of the entry."""


def desk_frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of the desk (工作台框架). Costs nothing on a page that does not show it, and never fails for somebody not signed in."""
    if settings.SITE == "portal":
        return {}
    actor: Actor | None = getattr(request, "actor", None)
    now = getattr(request, "now", None)
    is_signed_in = actor is not None and actor.officer_id is not None
    posts = getattr(request, "desk_posts", None) or SimpleLazyObject(lambda: _list_posts(actor, now))
    return {
        "organisation_name": settings.ORGANISATION_NAME,
        "preferences": read_preferences(request),
        "frame": "ui/desk.html" if is_signed_in else "ui/bare.html",
        "frame_now": now,
        "make_up_note": SimpleLazyObject(lambda: rules.say_next_make_up_day(day_of(now), workdays.get_calendar()) if now else ""),
        "navigation": SimpleLazyObject(lambda: list_navigation(request, actor, posts)) if is_signed_in else [],
        "frame_tabs": SimpleLazyObject(lambda: list_tabs(request, actor)) if is_signed_in else [],
        "frame_posts": posts,
        "search_address": find_address(getattr(settings, "DESK_SEARCH", "")),
    }


def list_navigation(request: HttpRequest, actor: Actor | None, posts: Iterable[PostRow] = ()) -> list[Navigation]:
    """Entries this person may use (导航), with what waits there for him. One he may not use, or whose page does not exist, is absent, not
    grey. Only the entry that the settings allow to press is ever red.
    """
    match = getattr(request, "resolver_match", None)
    here = match.namespace if match else ""
    entries = []
    for entry in cast(list[dict[str, Any]], settings.DESK_NAVIGATION):
        pages = _list_pages(entry, actor)
        if not pages:
            continue
        homes = {*(page["url"].partition(":")[0] for page in pages), *entry.get("also", ())}
        items = _count_items(request, entry["url"], actor, posts)
        entries.append(
            Navigation(
                label=entry["label"],
                icon=entry["icon"],
                href=pages[0]["href"],
                is_current=here in homes,
                key=GO_KEYS.get(entry["icon"], ""),
                count=items.count,
                is_pressing=bool(items.late and entry.get("presses")),
            )
        )
    return entries


def list_tabs(request: HttpRequest, actor: Actor | None) -> list[TabView]:
    """The pages of the sidebar's entry on which one is, when it has several that this person may use (设置的分页)."""
    match = getattr(request, "resolver_match", None)
    here = match.namespace if match else ""
    for entry in cast(list[dict[str, Any]], settings.DESK_NAVIGATION):
        pages = _list_pages(entry, actor) if "parts" in entry else []
        spaces = [page["url"].partition(":")[0] for page in pages]
        if len(pages) > 1 and here in spaces:
            return [TabView(page["label"], page["href"], space == here) for page, space in zip(pages, spaces, strict=True)]
    return []


def _list_pages(entry: dict[str, Any], actor: Actor | None) -> list[dict[str, Any]]:
    """The pages of an entry that exist and that this person may use, each with its address."""
    pages = [{**page, "href": find_address(page["url"])} for page in entry.get("parts", [entry])]
    return [page for page in pages if page["href"] and _may_use(actor, page["right"])]


def _count_items(request: HttpRequest, entry: str, actor: Actor | None, posts: Iterable[PostRow]) -> OpenItems:
    count, now = COUNTERS.get(entry), getattr(request, "now", None)
    return count(actor, list(posts), now) if count and actor is not None and now is not None else OpenItems(0)


def find_address(name: str) -> str:
    """Address of a named page, empty when there is none."""
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""


def _may_use(actor: Actor | None, right: str | None) -> bool:
    return right is None or (actor is not None and bool(actor.units(Right(right))))


def _list_posts(actor: Actor | None, now: Any) -> list[Any]:
    if actor is None or actor.officer_id is None or now is None:
        return []
    return organisations.list_posts_of(officer_id=actor.officer_id, on=day_of(now))
