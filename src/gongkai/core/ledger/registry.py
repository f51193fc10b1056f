"""What this process knows of duties and of those who listen. Filled in `AppConfig.ready` and the apps' `duties.py`."""

from collections.abc import Callable

from gongkai.core.ledger.kinds import Duty, EventRow

DUTIES: dict[str, Duty] = {}
SUBSCRIBERS: dict[str, Callable[[EventRow], None]] = {}


def register_duty(*, code: str, label: str, page: str, entry: str | None = None) -> Duty:
    """Name a kind of obligation (登记职责). `entry` None: named each time one is opened. Raises: ValueError when the code is taken."""
    if code in DUTIES:
        raise ValueError(f"Duty {code} is registered twice.")
    DUTIES[code] = Duty(code=code, label=label, page=page, entry=entry)
    return DUTIES[code]


def register_subscriber(code: str, handle: Callable[[EventRow], None]) -> None:
    """Name a function that gets every event once (订阅事件), in a transaction of its own; it may be called again after a crash.

    Raises: ValueError when the code is taken.
    """
    if code in SUBSCRIBERS:
        raise ValueError(f"Subscriber {code} is registered twice.")
    SUBSCRIBERS[code] = handle
