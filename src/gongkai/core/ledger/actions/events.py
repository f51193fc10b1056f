"""Events: written in the transaction of what happened, one pending row for each subscriber, delivered by whoever claims the row."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from gongkai.core.ledger.kinds import EventKind, EventRow
from gongkai.core.ledger.models import Event, Obligation, PendingEvent
from gongkai.core.ledger.queries.rows import as_row
from gongkai.core.ledger.registry import SUBSCRIBERS, wants

logger = logging.getLogger(__name__)

BATCH = 100
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
ERROR_LENGTH = 500


def write_event(*, obligation: Obligation, kind: EventKind, at: datetime, now: datetime, note: str = "") -> None:
    """Write one event (记事件) with a pending row for each subscriber. Call it in the transaction of what happened."""
    write_events([Event(obligation=obligation, kind=kind.value, at=at, recorded_at=now, note=note)])


def write_events(events: Iterable[Event]) -> None:
    """As `write_event`, for many."""
    written = Event.objects.bulk_create(list(events))
    PendingEvent.objects.bulk_create(
        [PendingEvent(event=event, subscriber=code) for event in written for code in SUBSCRIBERS if wants(code, event.kind)]
    )


def deliver_events(at_system: datetime) -> int:
    """Hand waiting events to their subscribers (送达事件), a batch a call. Returns how many were handled.

    Each in a transaction of its own: what the subscriber wrote and the deletion of the row come together or not at all. A subscriber that
    fails keeps its row with the error and is asked again later; nobody else waits for it.
    """
    asked: set[int] = set()
    handled = 0
    while len(asked) < BATCH:
        outcome = _deliver_next(at_system, asked)
        if outcome is None:
            break
        handled += outcome
    return handled


def count_pending() -> int:
    """How many events wait to be delivered (待送达数)."""
    return PendingEvent.objects.count()


def _ready(at_system: datetime, asked: set[int]) -> QuerySet[PendingEvent]:
    is_time = Q(retry_at__isnull=True) | Q(retry_at__lte=at_system)
    return PendingEvent.objects.filter(is_time, subscriber__in=list(SUBSCRIBERS)).exclude(pk__in=asked)


def _deliver_next(at_system: datetime, asked: set[int]) -> bool | None:
    """One row: True handled, False failed, None when nothing is left."""
    if not _ready(at_system, asked).exists():
        # Looked at without a lock first: an idle drain takes no write lock on SQLite.
        return None
    with transaction.atomic():
        pending = (
            _ready(at_system, asked)
            .select_related("event__obligation__terms", "event__obligation__unit")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("id")
            .first()
        )
        if pending is None:
            return None
        asked.add(pending.pk)
        try:
            with transaction.atomic():
                SUBSCRIBERS[pending.subscriber](_event_row(pending.event))
                pending.delete()
        except Exception as error:
            logger.exception("事件 %s 没有送达 %s", pending.event_id, pending.subscriber)
            _keep_failure(pending.event_id, pending.subscriber, error, at_system)
            return False
    return True


def _keep_failure(event_id: int, subscriber: str, error: Exception, at_system: datetime) -> None:
    rows = PendingEvent.objects.filter(event_id=event_id, subscriber=subscriber)
    failures = min(1 + sum(rows.values_list("failures", flat=True)), 1000)
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    words = f"{type(error).__name__}：{error}"[:ERROR_LENGTH]
    rows.update(failures=failures, retry_at=at_system + pause, last_error=words)


def _event_row(event: Event) -> EventRow:
    """The event with its obligation as it stands now; overdue as of the event."""
    return EventRow(event.pk, EventKind(event.kind), event.at, as_row(event.obligation, now=event.at), event.note)
