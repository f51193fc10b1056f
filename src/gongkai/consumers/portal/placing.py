"""Puts public items at their places in the lists, and takes them out. One writer at a time: whoever calls this holds the lease.

A new item goes to the head. When the head holds twice a page, its oldest page's worth leaves it for good, under the next number: that is
the only time at which a new item touches an archive page.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from gongkai.consumers.portal import rules
from gongkai.consumers.portal.kinds import ListKind, PageKey
from gongkai.consumers.portal.models import ListItem, MonthCount, PortalList
from gongkai.core.publishing.kinds import PublishedDocument, PublishedRow
from gongkai.foundation.outbox import api as outbox

Public = PublishedRow | PublishedDocument

SHOWN = ["title", "document_number", "path", "entry_name", "published_at"]
"""What a list shows of an item."""

Reference = tuple[ListKind, str]


@transaction.atomic
def place(public: Sequence[Public]) -> None:
    """Put public items into their lists, or bring what the lists show of them up to date (排入清单).

    The pages that show them are touched in the same transaction: either both are known or none.
    """
    if not public:
        return
    wanted = {item.uuid: _lists_of(item) for item in public}
    lists = _ensure_lists(reference for references in wanted.values() for reference in references)
    existing = list(ListItem.objects.filter(publication__in=list(wanted)).select_related("list"))
    strays = [item for item in existing if _reference_of(item.list) not in wanted[item.publication]]
    _take_out(strays)
    placed = {(item.publication, item.list_id) for item in existing}
    rows = [_item_of(item, lists[reference]) for item in public for reference in wanted[item.uuid]]
    new = [row for row in rows if (row.publication, row.list_id) not in placed]
    _put_in(new, lists.values())
    _refresh(rows, existing)
    outbox.touch(_keys_showing(rows, [item for item in existing if item.page]))


@transaction.atomic
def remove(publications: Collection[UUID]) -> None:
    """Take items that are no longer public out of the lists (移出清单). On an archive page they leave a hole."""
    if not publications:
        return
    _take_out(list(ListItem.objects.filter(publication__in=list(publications)).select_related("list")))


def list_keys_showing(publications: Collection[UUID]) -> list[PageKey]:
    """The pages on which some items are listed (列出页): heads, archive pages, home, the index. None where they stand in no list."""
    items = list(ListItem.objects.filter(publication__in=list(publications)).select_related("list"))
    keys = _keys_showing(items, [item for item in items if item.page]) if items else []
    return [key for key in map(rules.read_key, keys) if key is not None]


def is_as_placed(item: ListItem, public: Public) -> bool:
    """Whether an item stands in a list that it belongs to, and is shown there as it is."""
    return _reference_of(item.list) in _lists_of(public) and _shown(item) == _shown(public)


def _shown(item: ListItem | Public) -> tuple[Any, ...]:
    number = item.number if isinstance(item, ListItem) else item.id
    return (*(getattr(item, name) for name in SHOWN), number)


def _lists_of(item: Public) -> tuple[Reference, ...]:
    return (ListKind.SECTION, item.section.slug), (ListKind.MONTH, rules.month_of(item.published_at))


def _reference_of(row: PortalList) -> Reference:
    return ListKind(row.kind), row.reference


def _ensure_lists(references: Iterable[Reference]) -> dict[Reference, PortalList]:
    wanted = set(references)
    found = {_reference_of(row): row for row in PortalList.objects.filter(reference__in=[reference for _, reference in wanted])}
    missing = sorted(wanted - set(found), key=lambda reference: reference[1])
    made = PortalList.objects.bulk_create([PortalList(kind=kind.value, reference=reference) for kind, reference in missing])
    return found | {_reference_of(row): row for row in made}


def _item_of(item: Public, row: PortalList) -> ListItem:
    return ListItem(
        list=row,
        publication=item.uuid,
        number=item.id,
        title=item.title,
        document_number=item.document_number,
        path=item.path,
        entry_name=item.entry_name,
        published_at=item.published_at,
    )


def _put_in(new: Sequence[ListItem], lists: Collection[PortalList]) -> None:
    ListItem.objects.bulk_create(new)
    counts = Counter(item.list_id for item in new)
    for row in lists:
        added = [item.published_at for item in new if item.list_id == row.pk]
        if added:
            newest = max(added) if row.newest_at is None else max(row.newest_at, *added)
            PortalList.objects.filter(pk=row.pk).update(item_count=F("item_count") + counts[row.pk], newest_at=newest)
            _count_months(row, added, 1)
            _file_oldest(row)


def _count_months(row: PortalList, instants: Iterable[datetime], sign: int) -> None:
    if row.kind != ListKind.SECTION.value:
        return
    for month, number in Counter(map(rules.month_of, instants)).items():
        if not MonthCount.objects.filter(list=row, month=month).update(item_count=F("item_count") + sign * number):
            MonthCount.objects.create(list=row, month=month, item_count=number)


def _file_oldest(row: PortalList) -> None:
    """Move full pages of the oldest items from the head to archive pages, each under the next number."""
    size = rules.PAGE_SIZES[ListKind(row.kind)]
    on_head = ListItem.objects.filter(list=row, page=None)
    pages = rules.count_filed(on_head.count(), size)
    if not pages:
        return
    oldest = list(on_head.order_by("published_at", "number").values_list("pk", flat=True)[: pages * size])
    first = int(PortalList.objects.values_list("page_count", flat=True).get(pk=row.pk)) + 1
    for place in range(pages):
        ListItem.objects.filter(pk__in=oldest[place * size : (place + 1) * size]).update(page=first + place)
    PortalList.objects.filter(pk=row.pk).update(page_count=first + pages - 1)
    # The page before the first new one learns that it has a newer neighbour.
    touched = range(max(1, first - 1), first + pages)
    outbox.touch(rules.write_key(_key_of(row, number)) for number in touched)


def _refresh(rows: Sequence[ListItem], existing: Sequence[ListItem]) -> None:
    """Copy again what the lists show of items that stand in them already."""
    shown = {(row.publication, row.list_id): row for row in rows}
    changed = []
    for item in existing:
        fresh = shown.get((item.publication, item.list_id))
        if fresh is not None and _shown(item) != _shown(fresh):
            for name in SHOWN:
                setattr(item, name, getattr(fresh, name))
            changed.append(item)
    if changed:
        ListItem.objects.bulk_update(changed, SHOWN)


def _take_out(items: Sequence[ListItem]) -> None:
    if not items:
        return
    ListItem.objects.filter(pk__in=[item.pk for item in items]).delete()
    for row in {item.list_id: item.list for item in items}.values():
        gone = [item.published_at for item in items if item.list_id == row.pk]
        newest = ListItem.objects.filter(list=row).aggregate(newest=Max("published_at"))["newest"]
        PortalList.objects.filter(pk=row.pk).update(item_count=F("item_count") - len(gone), newest_at=newest)
        _count_months(row, gone, -1)
    outbox.touch(_keys_showing(items, [item for item in items if item.page]))


def _key_of(row: PortalList, number: int = 0) -> PageKey:
    return PageKey(rules.PAGE_KINDS[ListKind(row.kind)], row.reference, number)


def _keys_showing(items: Iterable[ListItem], filed: Iterable[ListItem]) -> list[str]:
    """The pages that show these items: heads of their lists, archive pages of those that are filed, home and the index of sections."""
    heads = {_key_of(item.list) for item in items}
    pages = {_key_of(item.list, item.page) for item in filed if item.page}
    return [rules.write_key(key) for key in (*sorted(heads | pages, key=rules.write_key), rules.HOME, rules.OPEN)]
