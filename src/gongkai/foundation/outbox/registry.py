"""What this process can run. Filled in `AppConfig.ready` of the apps that own the work."""

from collections.abc import Callable
from datetime import datetime

from gongkai.foundation.outbox.kinds import Cadence, Drain, Handler, Job, Periodic, Step

HANDLERS: dict[str, Handler] = {}
DRAINS: dict[str, Drain] = {}
PERIODIC: dict[str, Periodic] = {}


def register_handler(kind: str, run: Callable[[Job, datetime], Step], label: str, effective: str = "") -> None:
    """Name the function that runs the intents of a kind (登记任务). It does one short step a call and is safe to repeat.

    `effective` says on the jobs page what of work under way holds already: 已导入的 {done} 行已经生效。
    Raises: ValueError.
    """
    if kind in HANDLERS:
        raise ValueError(f"Handler {kind} is registered twice.")
    HANDLERS[kind] = Handler(kind=kind, run=run, label=label, effective=effective)


def register_drain(code: str, run: Callable[[datetime], int], label: str, waiting: Callable[[], int] | None = None) -> None:
    """Name a function that empties an app's own waiting rows, a batch a call (登记队列).

    Several workers may call it at the same moment: it claims what it handles (row locks, a conditional update, or a lease).
    Raises: ValueError.
    """
    if code in DRAINS:
        raise ValueError(f"Drain {code} is registered twice.")
    DRAINS[code] = Drain(code=code, run=run, label=label, waiting=waiting)


def register_periodic(code: str, cadence: Cadence, run: Callable[[Job, datetime], Step], label: str) -> None:
    """Name work that comes round by itself (登记周期任务): each period once, whatever number of machines there is.

    A period that passed while no worker ran is left out, but for the last one. Raises: ValueError.
    """
    register_handler(code, run, label)
    PERIODIC[code] = Periodic(code, cadence)
