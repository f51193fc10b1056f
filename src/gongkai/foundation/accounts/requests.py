from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.accounts.models import User


class DeskRequest(HttpRequest):
    """A request of the desk as views see it, after the middleware: for type checkers, never made by hand."""

    actor: Actor
    now: datetime
    htmx: HtmxDetails
    user: User
