from datetime import datetime

from django.db.models import F, QuerySet

from gongkai.core.ledger.kinds import UnpublishedCause
from gongkai.lib.moments import day_of
from gongkai.producers.disclosure.models import Cause


def list_unpublished(unit_ids: frozenset[int] | None, now: datetime) -> list[UnpublishedCause]:
    """The causes that have happened, have no limit in the ledger and no text (有事由、没有公开): what the ledger alone cannot know.

    `unit_ids` None: of all units. One query.
    """
    return [
        UnpublishedCause(
            entry=cause.entry.code,
            title=cause.title,
            caused_on=cause.happened_on,
            unit_id=cause.unit_id,
            unit_name=cause.unit.name,
            subject=cause.uuid,
            page="disclosure:cause",
        )
        for cause in select_unpublished(unit_ids, now)
    ]


def select_unpublished(unit_ids: frozenset[int] | None, now: datetime) -> QuerySet[Cause]:
    """Their rows, oldest first, along an index that holds no others: their number counts, not that of all causes."""
    causes = Cause.objects.select_related("entry", "unit").filter(stands_alone=True, happened_on__lte=day_of(now))
    if unit_ids is not None:
        # Plus nothing, so that SQLite does not follow the index of units, which holds every cause.
        causes = causes.alias(of_unit=F("unit_id") + 0).filter(of_unit__in=sorted(unit_ids))
    return causes.order_by("happened_on", "id")
