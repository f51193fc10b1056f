from collections.abc import Callable
from uuid import UUID

_guards: list[Callable[[UUID], None]] = []


def register_guard(check: Callable[[UUID], None]) -> None:
    """Name a function that is asked before an original is handed out on the desk (登记查看前的检查). It raises a refusal.

    Whether a text may be opened is the knowledge of the app that owns texts.
    """
    _guards.append(check)


def check_handed_out(uuid: UUID) -> None:
    """Ask every guard about a file (查看前的检查). Raises: whatever one of them refuses with."""
    for check in _guards:
        check(uuid)
