from datetime import datetime

from gongkai.core.ledger import api as ledger
from gongkai.core.publishing.kinds import StepKind, StepState, UnlookedRow
from gongkai.core.publishing.models import ReviewStep
from gongkai.foundation.accounts.kinds import Actor

SHOWN = 20


def list_unlooked(*, actor: Actor, now: datetime) -> list[UnlookedRow]:
    """Texts released before their review that wait for the second look (待补审), of the units a person may see; the oldest twenty.

    One query where there are none, else two.
    """
    steps = ReviewStep.objects.filter(kind=StepKind.SECOND_LOOK.value, state=StepState.WAITING.value, unit_id__in=actor.seen_units)
    rows = list(steps.select_related("edition__publication", "edition__urgent__officer", "unit").order_by("opened_at", "id")[:SHOWN])
    duties = ledger.list_open(subjects=[row.uuid for row in rows], now=now) if rows else {}
    return [
        UnlookedRow(
            step=row.uuid,
            publication=row.edition.publication.uuid,
            title=row.edition.title,
            unit_name=row.unit.name,
            officer_name=row.edition.urgent.officer.name,
            released_at=row.edition.urgent.at,
            due_at=duties[row.uuid].due_at if row.uuid in duties else None,
        )
        for row in rows
    ]
