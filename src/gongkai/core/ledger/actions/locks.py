"""What every act on an obligation begins with: hold the row, refuse what is closed, tidy what was typed.

One order for everybody, so that of two who hold something one waits and none for ever: the calendar, columns, obligations by
their uuid.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from gongkai.core.ledger.kinds import ObligationState
from gongkai.core.ledger.models import Obligation
from gongkai.core.ledger.rules import say_day
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound, SomebodyWasFaster
from gongkai.lib.moments import day_of
from gongkai.lib.workcalendar import WorkCalendar

BATCH = 500


def lock(uuid: UUID, *, seen: int | None = None) -> Obligation:
    """The row, held until the transaction ends (锁住事项): a sweep passes it by, a second one who acts waits and then sees what was done.

    `seen`: how often its clock had been moved when somebody looked. Raises: NotFound; SomebodyWasFaster when it was moved since.
    """
    return hold(uuid, seen=seen)[0]


def hold(uuid: UUID, *, seen: int | None = None) -> tuple[Obligation, WorkCalendar]:
    """As `lock`, with the calendar, which nobody changes before the transaction ends (锁住事项和日历)."""
    calendar = workdays.hold_calendar()
    stored = Obligation.objects.select_for_update().filter(uuid=uuid).first()
    if stored is None:
        raise NotFound("台账里没有这件事项，请从台账列表里打开。")
    if seen is not None and stored.moves != seen:
        raise SomebodyWasFaster("这件事项的期限刚被别人改过，您看到的日子已经不对。请刷新后再看。")
    return stored, calendar


def lock_many(uuids: Collection[UUID], rows: QuerySet[Obligation] | None = None) -> list[Obligation]:
    """Those of many rows that are among `rows`, held until the transaction ends, in the one order of everybody (成批锁住事项).

    Who computes dates of them holds the calendar before he calls this.
    """
    wanted = (Obligation.objects.all() if rows is None else rows).select_for_update(of=("self",)).order_by("uuid")
    ordered = sorted(uuids)
    parts = (ordered[first : first + BATCH] for first in range(0, len(ordered), BATCH))
    return [row for part in parts for row in wanted.filter(uuid__in=part)]


def hold_obligations(uuids: Collection[UUID]) -> None:
    """Hold several obligations before acting on one after the other (先锁住几件事项), so that nobody who holds many waits for ever."""
    workdays.hold_calendar()
    lock_many(uuids)


def refuse_closed(stored: Obligation) -> None:
    """Whether it is still owed (在办). Raises: ActNotPossible, in words."""
    if stored.state == ObligationState.CANCELLED.value:
        raise ActNotPossible(f"“{stored.label}”已经撤销，不能再办。要办请重新登记。")
    if stored.state == ObligationState.FULFILLED.value and stored.fulfilled_at is not None:
        raise ActNotPossible(f"“{stored.label}”已于 {say_day(day_of(stored.fulfilled_at))}办结，不用再办。")


def tidy(what: str, text: str, length: int, *, field: str, is_needed: bool = True) -> str:
    """The text without spaces around it (整理文字). Raises: BadInput when nothing is left though it is needed, or it is too long."""
    words = " ".join(text.replace("\x00", "").split())
    if not words and is_needed:
        raise BadInput(f"{what}不能空着，请写上。", field=field)
    if len(words) > length:
        raise BadInput(f"{what}最长 {length} 字，现在 {len(words)} 字，请缩短。", field=field)
    return words
