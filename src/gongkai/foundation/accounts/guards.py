from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http.response import HttpResponseBase

from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.accounts.queries import list_granters, list_holders
from gongkai.foundation.accounts.requests import DeskRequest
from gongkai.lib.errors import NotAllowed
from gongkai.lib.moments import day_of

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
MOST_NAMED = 3


def needs(right: Right) -> Callable[[Callable[Concatenate[DeskRequest, P], R]], Callable[Concatenate[DeskRequest, P], R]]:
    """Let a view be used only by those who hold a right for at least one unit (权限). For which units is the view's question.

    The view raises NotAllowed, in words that say which right is missing, who holds it, and who grants it.
    """

    def guard(view: Callable[Concatenate[DeskRequest, P], R]) -> Callable[Concatenate[DeskRequest, P], R]:
        @wraps(view)
        def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not request.actor.units(right):
                granters = list_granters(on=day_of(request.now))
                who = f"安全管理员（{'、'.join(granters)}）" if granters else "安全管理员"
                holding = list_holders(right=right, on=day_of(request.now))
                holders = "、".join(holding[:MOST_NAMED]) + ("等" if len(holding) > MOST_NAMED else "")
                now_open = f"现在能用的是{holders}。" if holders else ""
                raise NotAllowed(f"这一页要有“{right.label}”权限，您现在的岗位没有。{now_open}权限随岗位走，要用请找{who}授予。")
            return view(request, *args, **kwargs)

        return guarded

    return guard
