from collections.abc import Collection
from datetime import datetime, timedelta

from gongkai.core.ledger.kinds import ComingColumn, TermsRow
from gongkai.core.ledger.models import ColumnUpdate, Terms
from gongkai.core.ledger.queries.rows import as_terms_row
from gongkai.core.ledger.registry import list_columns
from gongkai.core.ledger.rules import choose_terms
from gongkai.core.ledger.rules.cadences import EACH_WORKDAY, rhythm_of, say_rhythm
from gongkai.lib.moments import day_of

AHEAD = timedelta(days=100)
"""How far one looks: a quarter. What comes once a year is not waited for in spring."""


def list_coming_columns(*, unit_ids: Collection[int], now: datetime) -> list[ComingColumn]:
    """Columns whose next period begins within a quarter (会来的栏目更新), the soonest first: two queries.

    What has to come every working day is not among them: it is there every day.
    """
    feeds = list(
        ColumnUpdate.objects.filter(unit_id__in=sorted(unit_ids), next_opens_at__gt=now, next_opens_at__lte=now + AHEAD)
        .exclude(entry="")
        .order_by("next_opens_at", "id")
    )
    if not feeds:
        return []
    columns, held = list_columns(), _read_terms({feed.entry for feed in feeds}, now)
    found = []
    for feed in feeds:
        terms = held.get(feed.entry)
        if terms is None or feed.next_opens_at is None or rhythm_of(terms) == EACH_WORKDAY:
            continue
        column = columns.get(feed.column)
        found.append(
            ComingColumn(
                title=column.title if column and column.cadence == feed.entry else terms.label,
                rhythm=say_rhythm(terms),
                binding=terms.binding,
                updated_on=day_of(feed.last_at),
                begins_on=day_of(feed.next_opens_at),
            )
        )
    return found


def _read_terms(entries: Collection[str], now: datetime) -> dict[str, TermsRow]:
    versions: dict[str, list[Terms]] = {}
    for stored in Terms.objects.filter(entry__in=sorted(entries), is_current=True):
        versions.setdefault(stored.entry, []).append(stored)
    chosen = {entry: choose_terms(rows, day_of(now)) for entry, rows in versions.items()}
    return {entry: as_terms_row(stored) for entry, stored in chosen.items() if stored is not None}
