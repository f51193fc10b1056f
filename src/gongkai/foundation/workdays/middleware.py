from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from gongkai.foundation.workdays.clock import business_now


class BusinessTimeMiddleware:
    """Puts the business time into every request, as `request.now`: one moment for all that the request does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See Django."""
        request.now = business_now()  # type: ignore[attr-defined]  # typed in accounts.requests.DeskRequest
        return self.get_response(request)
