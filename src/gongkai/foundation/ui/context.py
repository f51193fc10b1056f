"""What every page of the desk shows around its content."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.ui import rules
from gongkai.foundation.ui.kinds import Navigation
from gongkai.foundation.ui.preferences import read_preferences
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import day_of

GO_KEYS = {"today": "t", "ledger": "l", "publish": "p", "foi": "f"}
"""Which letter after G leads where (ui.md 4.21), by the icon of the entry."""

SECRECY_LINE = "本系统不得存储、处理涉密信息"
"""Stands on every page of the desk; nothing can switch it off (ui.md 5.3)."""


def desk_frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of the desk (工作台框架). Costs nothing on a page that does not show it, and never fails for somebody not signed in."""
    if settings.SITE == "portal":
        return {}
    actor: Actor | None = getattr(request, "actor", None)
    now = getattr(request, "now", None)
    is_signed_in = actor is not None and actor.officer_id is not None
    return {
        "organisation_name": settings.ORGANISATION_NAME,
        "secrecy_line": SECRECY_LINE,
        "preferences": read_preferences(request),
        "frame": "ui/desk.html" if is_signed_in else "ui/bare.html",
        "frame_now": now,
        "make_up_note": SimpleLazyObject(lambda: rules.say_next_make_up_day(day_of(now), workdays.get_calendar()) if now else ""),
        "navigation": list_navigation(request, actor) if is_signed_in else [],
        "frame_posts": SimpleLazyObject(lambda: _list_posts(actor, now)),
        "search_address": find_address(getattr(settings, "DESK_SEARCH", "")),
    }


def list_navigation(request: HttpRequest, actor: Actor | None) -> list[Navigation]:
    """Entries this person may use (导航). One he may not use, or whose page does not exist, is absent, not grey."""
    match = getattr(request, "resolver_match", None)
    here = match.namespace if match else ""
    entries = []
    for entry in cast(list[dict[str, Any]], settings.DESK_NAVIGATION):
        address = find_address(entry["url"])
        if not address or not _may_use(actor, entry["right"]):
            continue
        homes = {entry["url"].partition(":")[0], *entry.get("also", ())}
        key = GO_KEYS.get(entry["icon"], "")
        entries.append(Navigation(label=entry["label"], icon=entry["icon"], href=address, is_current=here in homes, key=key))
    return entries


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
