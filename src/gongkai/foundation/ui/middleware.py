"""Refusals become pages: what is, why, what to do; and what was typed is still there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from gongkai.foundation.accounts.api import list_typed
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, Refusal, SomebodyWasFaster

ANSWERS: tuple[tuple[type[Refusal], int, str], ...] = (
    (NotAllowed, 403, "您没有这项权限"),
    (NotFound, 404, "没有这一页"),
    (SomebodyWasFaster, 409, "刚刚被改过"),
    (ActNotPossible, 409, "现在不能这样办"),
    (BadInput, 422, "填的内容要改"),
)


class RefusalMiddleware:
    """Turn a refusal that a view let through into a page with the right status (拒绝页)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; see process_exception."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page in words for a refusal, nothing for any other fault."""
        if not isinstance(exception, Refusal):
            return None
        status, title = next(((status, title) for kind, status, title in ANSWERS if isinstance(exception, kind)), (409, "现在不能这样办"))
        context = {"title": title, "words": str(exception), "status": status, "back": find_way_back(request), "typed": list_typed(request)}
        return render(request, "ui/refusal.html", context, status=status)


def find_way_back(request: HttpRequest) -> str:
    """The page of ours from which the person came; empty when unknown or when it is this one, asked for by GET."""
    referrer = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(referrer, allowed_hosts={request.get_host()}, require_https=False)
    is_this = request.method == "GET" and referrer == request.build_absolute_uri()
    return referrer if is_ours and not is_this else ""
