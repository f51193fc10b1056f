from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from gongkai.consumers.supervision import rules
from gongkai.consumers.supervision.kinds import NoticeRow
from gongkai.consumers.supervision.models import Notice
from gongkai.core.ledger.kinds import EventKind
from gongkai.lib.paging import Cursor, Page

SHOWN_BESIDE = 8
PAGE_SIZE = 50


def list_notices(*, unit_ids: Collection[int], post_ids: Collection[int], now: datetime, size: int = SHOWN_BESIDE) -> list[NoticeRow]:
    """What happened last to the duties of some posts, and of their units where no post holds them (刚刚发生), newest first."""
    return [_row(notice, now) for notice in _received(unit_ids, post_ids, now)[:size]]


def list_notice_page(
    *, unit_ids: Collection[int], post_ids: Collection[int], after: Cursor | None, now: datetime, size: int = PAGE_SIZE
) -> Page[NoticeRow]:
    """One page of everything that some posts and their units were told (消息), newest first. `after` is the cursor of the page before."""
    notices = _received(unit_ids, post_ids, now)
    if after is not None:
        notices = notices.filter(at__lte=after.at).exclude(at=after.at, id__gte=after.id)
    found = list(notices[: size + 1])
    more = Cursor(found[size - 1].at, found[size - 1].pk) if len(found) > size else None
    return Page(tuple(_row(notice, now) for notice in found[:size]), more)


def _received(unit_ids: Collection[int], post_ids: Collection[int], now: datetime) -> QuerySet[Notice]:
    mine = Q(post_id__in=sorted(post_ids)) | Q(post=None)
    return Notice.objects.filter(mine, unit_id__in=sorted(unit_ids), at__lte=now).order_by("-at", "-id")


def _row(notice: Notice, now: datetime) -> NoticeRow:
    return NoticeRow(notice.pk, EventKind(notice.kind), notice.words, notice.at, notice.obligation_id, rules.is_today(notice.at, now))
