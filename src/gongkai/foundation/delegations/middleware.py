from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject

from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import StandIn
from gongkai.foundation.delegations.queries import list_stand_ins
from gongkai.lib.moments import day_of


class StandInMiddleware:
    """Tells of the person of a request in whose place he acts today (代理). Asked of the database only by pages that want to know."""

    def __init__(self, get_response: Callable[[DeskRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: DeskRequest) -> HttpResponse:
        """See Django."""
        actor = request.actor
        if actor.officer_id is not None:
            stand_ins = SimpleLazyObject(partial(list_stand_ins, actor=actor, on=day_of(request.now)))
            request.actor = replace(actor, stands_in_for=cast("Sequence[StandIn]", stand_ins))
        return self.get_response(request)
