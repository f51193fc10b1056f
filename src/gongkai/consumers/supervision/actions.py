from gongkai.consumers.supervision.models import Notice
from gongkai.consumers.supervision.rules import say_event
from gongkai.core.ledger.kinds import EventRow


def take_notice(event: EventRow) -> None:
    """Put an event of the ledger into the inbox of whoever holds the duty (记消息). The same event again changes nothing."""
    row = event.obligation
    Notice.objects.get_or_create(
        event=event.id,
        defaults={
            "kind": event.kind.value,
            "unit_id": row.unit_id,
            "post_id": row.post_id,
            "obligation_id": row.uuid,
            "words": say_event(event),
            "at": event.at,
        },
    )
