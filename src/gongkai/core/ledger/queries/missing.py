"""What is due and not made public (应公开未公开), by entry of the catalogue."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db.models import Count

from gongkai.core.ledger.kinds import ENFORCEABLE, LedgerFilter, LedgerPart, MissingEntry, UnpublishedCause
from gongkai.core.ledger.models import Obligation
from gongkai.core.ledger.queries.strands import list_strands, narrow
from gongkai.core.ledger.registry import CAUSE_SOURCES

MISSING = LedgerFilter(part=LedgerPart.OVERDUE, bindings=ENFORCEABLE)


def list_missing(*, unit_ids: Collection[int] | None, now: datetime, filters: LedgerFilter = MISSING) -> list[MissingEntry]:
    """The entries under which something is due and not public (应公开未公开), whatever the day: overdue duties, and causes without a duty.

    `filters` narrows it to a unit or some entries. One query of the ledger, and those of the apps that know causes.
    """
    kept = narrow(filters, unit_ids, is_small=False)
    overdue: Counter[str] = Counter()
    for strand in list_strands(MISSING, now):
        rows = Obligation.objects.filter(strand & kept).order_by().values_list("entry")
        overdue.update(dict(rows.annotate(count=Count("pk"))))
    causes: dict[str, list[UnpublishedCause]] = {}
    for cause in list_unpublished(unit_ids=unit_ids, now=now, filters=filters):
        causes.setdefault(cause.entry, []).append(cause)
    entries = sorted(overdue.keys() | causes.keys())
    return [MissingEntry(entry, overdue[entry], tuple(causes.get(entry, ()))) for entry in entries]


def list_unpublished(*, unit_ids: Collection[int] | None, now: datetime, filters: LedgerFilter) -> list[UnpublishedCause]:
    """The causes that are known, have no limit in the ledger and no publication (有事由、没有公开), oldest first."""
    units = None if unit_ids is None else frozenset(unit_ids)
    if filters.unit_id is not None:
        units = frozenset({filters.unit_id}) if units is None else units & {filters.unit_id}
    found = [cause for source in CAUSE_SOURCES.values() for cause in source(units, now)]
    wanted = [cause for cause in found if filters.entries is None or cause.entry in filters.entries]
    return sorted(wanted, key=lambda cause: (cause.caused_on, cause.title, str(cause.subject)))
