from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.accounts.models import User
from gongkai.foundation.organisations.kinds import PostRow


class DeskRequest(HttpRequest):
    """A request of the desk as views see it, after the middleware: for type checkers, never made by hand.

    `desk_posts`: the posts that the person holds today.
    """

    actor: Actor
    now: datetime
    htmx: HtmxDetails
    desk_posts: list[PostRow]
    user: User
