"""Business time. The one place below views, tasks and commands that reads a clock; everything else is handed `now`."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from gongkai.foundation.workdays.queries import find_demo_time
from gongkai.lib.moments import SHANGHAI


def business_now() -> datetime:
    """The moment that duties, releases and printed dates go by (业务时间), in the bureau's time zone.

    System time, or in a demo the demo clock; a demo clock that nobody has set yet shows system time. Called at the edges only (middleware,
    commands, tasks): below them the moment is a parameter.
    """
    system_now = timezone.now()
    demo_time = find_demo_time(system_now=system_now) if settings.BUSINESS_CLOCK == "demo" else None
    return (demo_time or system_now).astimezone(SHANGHAI)
