from collections.abc import Collection
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import PublishedRow
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.moments import end_of, start_of
from gongkai.lib.paging import Cursor, Page
from gongkai.producers.disclosure.kinds import CauseOrigin, CoverageRow, UncoveredRow
from gongkai.producers.disclosure.models import Cause

PAGE_SIZE = 30

WAS_FIRST = Q(origin__in=[CauseOrigin.REGISTERED.value, CauseOrigin.SHEET.value], began_at__gte=F("registered_at"))
"""What counts as registered first (先登记): somebody registered the thing, by hand or by a sheet, not later than its text was first saved.

An import of a finished document writes cause and text at one moment: it was not registered first, whatever its day. A text begun without a
cause was not either. When the thing happened plays no part: a late registration before the text counts and shows its lateness elsewhere.
"""


def list_coverage(*, unit_ids: Collection[int], since: date, until: date) -> list[CoverageRow]:
    """Of what each unit made public between two days, how much had been registered first (登记覆盖率); the first row is all together.

    Units that made nothing public are left out. Three queries. See WAS_FIRST for what counts.
    """
    whole = publishing.count_published_by_unit(since=since, until=until)
    if not whole:
        return [CoverageRow(None, "合计", 0, 0)]
    first = dict(_first(since, until).order_by().values_list("publication__unit_id").annotate(number=Count("pk")))
    units = [unit for unit in organisations.list_units() if unit.id in unit_ids and whole.get(unit.id)]
    rows = [CoverageRow(unit.id, unit.name, first.get(unit.id, 0), whole[unit.id]) for unit in units]
    return [CoverageRow(None, "合计", sum(row.first for row in rows), sum(row.whole for row in rows)), *rows]


def list_uncovered(
    *, unit_ids: Collection[int], since: date, until: date, after: Cursor | None = None, size: int = PAGE_SIZE
) -> Page[UncoveredRow]:
    """Publications of some units whose item was not registered first (没有先登记的信息), newest first, each with why. Two queries."""
    first = _first(since, until).values_list("publication__uuid", flat=True)
    page = publishing.list_published(unit_ids=unit_ids, since=since, until=until, leaving_out=first, after=after, size=size)
    causes = {cause.publication_id: cause for cause in Cause.objects.filter(publication_id__in=[row.uuid for row in page.rows])}
    return Page(tuple(_row(row, causes.get(row.uuid)) for row in page.rows), page.after)


def _first(since: date, until: date) -> QuerySet[Cause]:
    return Cause.objects.filter(
        WAS_FIRST,
        publication__state="PUBLIC",
        publication__published_at__gte=start_of(since),
        publication__published_at__lt=end_of(until),
    )


def _row(row: PublishedRow, cause: Cause | None) -> UncoveredRow:
    if cause is None:
        why = "没有登记过"
    elif cause.origin == CauseOrigin.IMPORTED.value:
        why = "历史原件，导入时才登记"
    else:
        why = "起草以后才登记"
    return UncoveredRow(row.id, row.uuid, row.title, row.entry_name, row.unit_name, row.published_at, why)
