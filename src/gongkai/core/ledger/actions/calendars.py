"""Another calendar, and every open clock moved with it: together or not at all."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from gongkai.core.ledger.actions.clockwork import CLOCK_FIELDS, set_clock
from gongkai.core.ledger.actions.events import write_events
from gongkai.core.ledger.actions.locks import lock_many
from gongkai.core.ledger.actions.sweep import note_passed
from gongkai.core.ledger.kinds import CalendarPreview, ChangeCause, EventKind
from gongkai.core.ledger.models import REASON_LENGTH, DateChange, Event, Obligation
from gongkai.core.ledger.queries.calendars import Shift, build_preview, find_shifts, weigh_rows
from gongkai.core.ledger.queries.rows import IS_OPEN
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.kinds import CalendarChange, CalendarPlan
from gongkai.lib.errors import SomebodyWasFaster
from gongkai.lib.loading import LoadCount

BATCH = 500
VERSION_LENGTH = 80
FASTER = "日历或者台账在您看过以后有变化，会改动的期限和刚才看到的不一样。什么也没有动，请按下面现在的情形重新核对。"


@transaction.atomic
def apply_calendar(*, change: CalendarChange, seen_digest: str, actor: Signatory, now: datetime) -> int:
    """Change the calendar and move every open clock with it (换日历并改动期限), as it was previewed. Returns how many clocks moved.

    One transaction: the edition, the dates, a change of date, an event and its pending notices for each, or nothing. Closed cases keep the
    date they had. Done again it changes nothing and returns 0.

    Raises: SomebodyWasFaster when what would move is not what was seen; ActNotPossible; BadInput; NotFound.
    """
    workdays.lock_calendar()
    plan = workdays.plan_change(change)
    if plan.is_empty:
        return 0
    shifts = _lock_and_weigh(plan)
    if build_preview(plan, shifts, now).digest != seen_digest:
        raise SomebodyWasFaster(FASTER)
    workdays.change_calendar(change=change, actor=actor, now=now)
    return _move(shifts, plan, actor, now)


@transaction.atomic
def load_packaged_calendars(*, actor: Signatory, now: datetime, is_trial: bool = False) -> tuple[LoadCount, CalendarPreview]:
    """Load the years that come with the product (装入随产品的日历) and move the open clocks they move. Again changes nothing.

    Returns what was loaded and what moved. `is_trial`: nothing is kept.
    """
    count, plan = workdays.load_and_weigh()
    shifts = [] if plan.is_empty else _lock_and_weigh(plan)
    preview = build_preview(plan, shifts, now)
    if is_trial:
        transaction.set_rollback(True)
    else:
        _move(shifts, plan, actor, now)
    return count, preview


def _lock_and_weigh(plan: CalendarPlan) -> list[Shift]:
    """What moves, with its rows held; weighed as they are then, not as they were."""
    rows = Obligation.objects.filter(IS_OPEN).select_related("terms", "unit")
    held = lock_many([shift.stored.uuid for shift in find_shifts(plan)], rows)
    held.sort(key=lambda row: (row.terms_id, row.caused_on, row.pk))
    return [shift for first in range(0, len(held), BATCH) for shift in weigh_rows(held[first : first + BATCH], plan)]


def _move(shifts: Sequence[Shift], plan: CalendarPlan, actor: Signatory, now: datetime) -> int:
    editions = workdays.name_editions(plan.years)[:VERSION_LENGTH]
    for first in range(0, len(shifts), BATCH):
        batch = shifts[first : first + BATCH]
        # Before the date goes, what it had come to is told, if no sweep came by.
        for shift in batch:
            note_passed(shift.stored, now)
        DateChange.objects.bulk_create([_date_change(shift, editions, now) for shift in batch])
        write_events([_event(shift, now) for shift in batch])
    _save_clocks(shifts, now)
    if shifts:
        about: dict[str, str | int | bool | None] = {"moved": len(shifts), "editions": editions}
        audit.record(actor=actor, act="ledger.apply_calendar", subject=None, at=now, about=about)
    return len(shifts)


def _date_change(shift: Shift, editions: str, now: datetime) -> DateChange:
    """A stopped clock shows no date, neither before nor after: only why it will come to another one."""
    stored, after = shift.stored, shift.after
    is_stopped, is_settled = stored.stopped_since is not None, stored.is_provisional and not after.is_provisional
    return DateChange(
        obligation=stored,
        cause=(ChangeCause.SETTLED if is_settled else ChangeCause.CALENDAR).value,
        why=_cut(f"暂停中，恢复后按新的日历算：{shift.why}" if is_stopped else shift.why),
        from_day=None if is_stopped else stored.last_day,
        to_day=None if is_stopped else after.last_day,
        from_due_at=None if is_stopped else stored.due_at,
        to_due_at=None if is_stopped else after.due_at,
        calendar_version=editions,
        at=now,
    )


def _event(shift: Shift, now: datetime) -> Event:
    stored, after = shift.stored, shift.after
    is_settled = stored.is_provisional and not after.is_provisional
    kind = EventKind.SETTLED if is_settled else EventKind.MOVED
    return Event(obligation=stored, kind=kind.value, at=now, recorded_at=now, note=_cut(_say(shift)))


def _say(shift: Shift) -> str:
    stored, after = shift.stored, shift.after
    if stored.stopped_since is not None:
        return f"暂停中，恢复后按新的日历算：{shift.why}"
    words = f"{stored.last_day} → {after.last_day}" if stored.last_day != after.last_day else f"{after.last_day} 不变"
    if stored.is_provisional != after.is_provisional:
        words += "，暂定" if after.is_provisional else "，不再是暂定"
    return f"{words}。{shift.why}"


def _cut(words: str) -> str:
    return words if len(words) <= REASON_LENGTH else f"{words[: REASON_LENGTH - 1]}…"


def _save_clocks(shifts: Sequence[Shift], now: datetime) -> None:
    """The new dates, all rows of one date in one statement: ten thousand rows have a few hundred dates."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for shift in shifts:
        set_clock(shift.stored, shift.after, now)
        alike.setdefault(tuple(getattr(shift.stored, name) for name in CLOCK_FIELDS), []).append(shift.stored.pk)
    for values, pks in alike.items():
        for first in range(0, len(pks), BATCH):
            rows = Obligation.objects.filter(pk__in=pks[first : first + BATCH])
            rows.update(**dict(zip(CLOCK_FIELDS, values, strict=True)), moves=F("moves") + 1)
