from django.db.models import F

from gongkai.core.publishing.models import IndexCounter, PathCounter


def take_path_number(year: int) -> int:
    """The next path number of a year (路径流水号). A draft that is given up leaves a hole, which is allowed."""
    PathCounter.objects.bulk_create([PathCounter(year=year)], ignore_conflicts=True)
    # The update locks the row: two drafts at once wait for one another instead of reading the same number.
    PathCounter.objects.filter(year=year).update(last=F("last") + 1)
    return PathCounter.objects.values_list("last", flat=True).get(year=year)


def take_index_number(agency: str, month: str) -> int:
    """The next index number of an agency's month (索引号流水号), in the transaction that releases.

    The row stays locked until that transaction ends; when it is rolled back the number goes back too, so there are no holes.
    """
    IndexCounter.objects.bulk_create([IndexCounter(agency=agency, month=month)], ignore_conflicts=True)
    IndexCounter.objects.filter(agency=agency, month=month).update(last=F("last") + 1)
    return IndexCounter.objects.values_list("last", flat=True).get(agency=agency, month=month)
