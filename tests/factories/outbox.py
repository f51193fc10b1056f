from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from gongkai.foundation.outbox import registry, rules
from gongkai.foundation.outbox.api import write_intent
from gongkai.foundation.outbox.kinds import Drain, Handler, Job, Step
from gongkai.foundation.outbox.models import Intent

NOON = datetime(2026, 10, 9, 4, 0, tzinfo=UTC)
"""System time at which the tests' workers run: noon in Shanghai."""


def later(**span: float) -> datetime:
    """So long after noon."""
    return NOON + timedelta(**span)


def an_intent(*, kind: str = "test.work", key: str = "one", payload: dict[str, Any] | None = None, at_system: datetime = NOON) -> Intent:
    """An intent that waits."""
    return Intent.objects.get(pk=write_intent(kind=kind, key=key, payload=payload or {}, at_system=at_system))


def a_stopped_intent(*, key: str = "one", error: str = "磁盘满了") -> Intent:
    """An intent that failed too often and waits for a person."""
    intent = an_intent(key=key)
    Intent.objects.filter(pk=intent.pk).update(state="FAILED", failures=rules.MAX_ATTEMPTS, last_error=error, finished_at=NOON)
    intent.refresh_from_db()
    return intent


@contextmanager
def handling(run: Callable[[Job, datetime], Step], *, kind: str = "test.work", label: str = "试做") -> Iterator[None]:
    """A handler for the time of a test; the handlers of the product are kept away meanwhile."""
    kept = dict(registry.HANDLERS)
    registry.HANDLERS.clear()
    registry.HANDLERS[kind] = Handler(kind=kind, run=run, label=label)
    try:
        yield
    finally:
        registry.HANDLERS.clear()
        registry.HANDLERS.update(kept)


@contextmanager
def draining(*drains: Drain) -> Iterator[None]:
    """Only these drains for the time of a test."""
    kept = dict(registry.DRAINS)
    registry.DRAINS.clear()
    registry.DRAINS.update({drain.code: drain for drain in drains})
    try:
        yield
    finally:
        registry.DRAINS.clear()
        registry.DRAINS.update(kept)
