from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings

from gongkai.consumers.portal import rules
from gongkai.consumers.portal.kinds import Frame, ListInfo, ListKind, ListRow, PageKey, SectionSummary
from gongkai.consumers.portal.models import ListItem, MonthCount, PortalFile, PortalList
from gongkai.core.catalogue import api as catalogue

MOST_ON_A_PAGE = 500


def make_frame(now: datetime) -> Frame:
    """What stands on every page (页面框架). `now` is business time: the moment printed on the page."""
    return Frame(
        name=settings.ORGANISATION_NAME,
        address=settings.PORTAL_ADDRESS,
        telephone=settings.CONTACT_PHONE,
        office=settings.CONTACT_ADDRESS,
        site_code=settings.SITE_CODE,
        record_number=settings.RECORD_NUMBER,
        now=now,
        is_demo=settings.BUSINESS_CLOCK == "demo",
    )


def find_list(kind: ListKind, reference: str) -> ListInfo | None:
    """One list of the portal (清单), None where nothing has been put into it yet or nothing is left."""
    row = PortalList.objects.filter(kind=kind.value, reference=reference, item_count__gt=0).first()
    return _list_info(row) if row else None


def list_lists() -> list[ListInfo]:
    """All lists with items (全部清单)."""
    return [_list_info(row) for row in PortalList.objects.filter(item_count__gt=0).order_by("kind", "reference")]


def list_list_keys() -> list[PageKey]:
    """Heads and archive pages of all lists (全部清单页)."""
    lists = list_lists()
    return [PageKey(rules.PAGE_KINDS[found.kind], found.reference, number) for found in lists for number in range(found.page_count + 1)]


def list_numbers(found: ListInfo) -> list[int]:
    """Numbers of the archive pages of a list that hold something (旧页号)."""
    items = ListItem.objects.filter(list_id=found.id, page__isnull=False)
    return sorted(number for number in items.values_list("page", flat=True).distinct() if number is not None)


def list_rows(found: ListInfo, number: int = 0) -> tuple[ListRow, ...]:
    """Items of the head (0) or of an archive page of a list (清单条目), newest first."""
    items = ListItem.objects.filter(list_id=found.id, page=number or None).order_by("-published_at", "-number")
    return tuple(
        ListRow(item.publication, item.number, item.title, item.document_number, item.path, item.entry_name, item.published_at)
        for item in items[:MOST_ON_A_PAGE]
    )


def list_sections(*, month: str) -> list[SectionSummary]:
    """Sections that have publications (有内容的栏目), in the catalogue's order, with their counts in all and in a month (`2026-10`)."""
    lists = {row.reference: row for row in PortalList.objects.filter(kind=ListKind.SECTION.value, item_count__gt=0)}
    counts = dict(MonthCount.objects.filter(month=month).values_list("list_id", "item_count"))
    return [
        SectionSummary(section, row.item_count, counts.get(row.pk, 0), row.newest_at, rules.list_address(ListKind.SECTION, section.slug))
        for section in catalogue.list_sections()
        if (row := lists.get(section.slug)) is not None and row.newest_at is not None
    ]


def list_months() -> list[str]:
    """Months in which something became public (有公开的月份), newest first: `2026-10`."""
    rows = PortalList.objects.filter(kind=ListKind.MONTH.value, item_count__gt=0).order_by("-reference")
    return list(rows.values_list("reference", flat=True))


def find_made_at(path: str) -> datetime | None:
    """The moment printed on a page as it is on disk, None where it has not been written yet."""
    return PortalFile.objects.filter(path=path).values_list("made_at", flat=True).first()


def list_files(keys: Iterable[PageKey]) -> Mapping[str, PortalFile]:
    """The manifest's rows of some pages (页面清单), by path."""
    owners = [rules.write_key(key) for key in keys]
    return {row.path: row for row in PortalFile.objects.filter(owner__in=owners)}


def _list_info(row: PortalList) -> ListInfo:
    return ListInfo(row.pk, ListKind(row.kind), row.reference, row.item_count, row.page_count, row.newest_at)
