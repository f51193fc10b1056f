from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from gongkai.foundation.accounts.actions import note_refusal
from gongkai.foundation.accounts.asking import ask_to_sign_in
from gongkai.foundation.accounts.dues import find_due, note_seen
from gongkai.foundation.accounts.kinds import NOBODY
from gongkai.foundation.accounts.models import User
from gongkai.foundation.accounts.queries import build_actor
from gongkai.foundation.accounts.requests import DeskRequest
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.moments import day_of

FORBIDDEN = 403
OPEN_PAGES = frozenset({"accounts:login", "accounts:logout"})
"""What somebody may open besides the page where he does what is due: to be another person, or nobody."""


class KeepingLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Leads whoever is not signed in to the login, as Django's does; what he had typed when the session ended comes along (登录已过期)."""

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        """The login: by redirect for a page that was asked for, at once for a form that was sent, which a redirect would lose."""
        answer = super().process_view(request, *view)
        return ask_to_sign_in(request) if answer is not None and request.method == "POST" else answer


class ActorMiddleware:
    """Puts the person with his rights of the day into every request, as `request.actor` (办事人).

    Five queries, whatever he holds: session, account, posts, roles, unit tree. Sends whoever still has a one-time password to change it,
    and whoever lacks a second step to set it up where it is required. Writes every refusal (403) into the audit trail, whoever raised it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: DeskRequest) -> HttpResponse:
        """See Django."""
        user = find_user(request)
        if user:
            note_seen(request, timezone.now())
        on = day_of(request.now)
        # Read once, for rights and for the frame of the page.
        request.desk_posts = organisations.list_posts_of(officer_id=user.officer_id, on=on) if user else []
        request.actor = build_actor(officer_id=user.officer_id, name=user.username, on=on, posts=request.desk_posts) if user else NOBODY
        response = self.get_response(request)
        if response.status_code == FORBIDDEN:
            page = request.resolver_match.view_name if request.resolver_match else ""
            note_refusal(actor=request.actor, page=page, address=request.path, now=request.now)
        return response

    def process_view(self, request: DeskRequest, *_view: Any) -> HttpResponse | None:
        """Send a person to the page where he does what is due first, and from there on to where he wanted."""
        user = find_user(request)
        due = find_due(request, user) if user else ""
        match = request.resolver_match
        if not due or (match and match.view_name in {due, *OPEN_PAGES}):
            return None
        query = QueryDict(mutable=True)
        if request.method == "GET":
            query["next"] = request.get_full_path()
        return redirect(f"{reverse(due)}?{query.urlencode(safe='/')}".rstrip("?"))


def find_user(request: HttpRequest) -> User | None:
    """The account that is signed in; None when nobody is, or when it has been shut meanwhile."""
    return request.user if isinstance(request.user, User) else None
