from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.workdays.kinds import CalendarAct, CalendarChange, CalendarPlan, NoticeText
from gongkai.foundation.workdays.models import CalendarDay, CalendarEdition, CalendarVersion, DemoClock, HolidayNotice
from gongkai.foundation.workdays.queries import list_notice_rows, read_years, weigh
from gongkai.foundation.workdays.rules import DayRow
from gongkai.foundation.workdays.rules.changes import digest_calendar, tidy_change, weigh_change
from gongkai.foundation.workdays.tables import read_editions, read_notices
from gongkai.lib.errors import SomebodyWasFaster
from gongkai.lib.loading import LoadCount


def load_calendars() -> LoadCount:
    """Load the packaged calendars (工作日历): the notices of holidays and the editions that they make. Again changes nothing.

    A packaged year that differs from its file gets another edition; nothing is edited. A year whose newest edition somebody of the bureau
    loaded or withdrew stays as it is, and so do years of others. It moves no clock: `ledger.load_packaged_calendars` does both.
    """
    return load_and_weigh()[0]


@transaction.atomic
def load_and_weigh() -> tuple[LoadCount, CalendarPlan]:
    """As `load_calendars`, with what it changed (随产品的日历和变化)."""
    lock_calendar()
    years, notices = read_years(), list_notice_rows()
    count = _load_notices() + _load_editions()
    note_digest()
    return count, weigh_change(years, read_years(), notices, list_notice_rows())


@transaction.atomic
def lock_calendar() -> None:
    """Hold the calendar until the transaction ends (锁住日历): who changes it waits for others who do, and for those who keep a date."""
    CalendarVersion.objects.get_or_create(pk=1, defaults={"digest": ""})
    CalendarVersion.objects.select_for_update().get(pk=1)


def note_digest() -> None:
    """Let every process see at its next use that the calendar is another one (日历摘要)."""
    digest = digest_calendar(read_years(), list_notice_rows())
    if not CalendarVersion.objects.filter(pk=1, digest=digest).exists():
        CalendarVersion.objects.filter(pk=1).update(digest=digest)


def _load_notices() -> LoadCount:
    known = {row.code: row for row in list_notice_rows()}
    count = LoadCount()
    for row in read_notices():
        if known.get(row.code) == row:
            count += LoadCount(unchanged=1)
            continue
        values = {"year": row.year, "agency": row.agency, "title": row.title, "number": row.number, "issued_on": row.issued_on}
        HolidayNotice.objects.update_or_create(code=row.code, defaults=values)
        count += LoadCount(changed=1) if row.code in known else LoadCount(created=1)
    return count


def _load_editions() -> LoadCount:
    newest = {edition.year: edition for edition in CalendarEdition.objects.order_by("year", "version")}
    held = read_years()
    notice_ids = dict(HolidayNotice.objects.values_list("code", "id"))
    count = LoadCount()
    for year, packaged in sorted(read_editions().items()):
        there, rows = newest.get(year), held.get(year, ())
        wanted = packaged[-1][1]
        if there is not None and (there.loaded_at is not None or there.withdrawn_at is not None):
            count += LoadCount(unchanged=len(wanted))
            continue
        for code, days in _list_missing(packaged, rows if there else None):
            act = CalendarAct.AMEND if there or days is not packaged[0][1] else CalendarAct.REPLACE
            _write_edition(year, days, act, notice_ids[code], notice_ids)
        count += _compare(rows, wanted)
    return count


def _list_missing(packaged: list[tuple[str, tuple[DayRow, ...]]], rows: tuple[DayRow, ...] | None) -> list[tuple[str, tuple[DayRow, ...]]]:
    """Editions to add: all where the year has none, those after the one that holds, or the last where what holds is none of them."""
    if rows is None:
        return packaged
    at = next((number for number, (_, days) in enumerate(packaged, 1) if days == rows), None)
    return packaged[-1:] if at is None else packaged[at:]


def _compare(rows: tuple[DayRow, ...], wanted: tuple[DayRow, ...]) -> LoadCount:
    known = {row.day: row for row in rows}
    created = sum(row.day not in known for row in wanted)
    unchanged = sum(known.get(row.day) == row for row in wanted)
    surplus = len(known.keys() - {row.day for row in wanted})
    return LoadCount(created=created, changed=len(wanted) - created - unchanged + surplus, unchanged=unchanged)


def _write_edition(
    year: int,
    days: Iterable[DayRow],
    act: CalendarAct,
    notice_id: int,
    notice_ids: Mapping[str, int],
    *,
    loaded_at: datetime | None = None,
    loaded_by: str = "",
) -> None:
    """Append the next edition of a year. The lock of the calendar is held; the constraint is what keeps two apart where it is not."""
    version = 1 + max(CalendarEdition.objects.filter(year=year).values_list("version", flat=True), default=0)
    edition = CalendarEdition.objects.create(
        year=year, version=version, act=act.value, notice_id=notice_id, loaded_at=loaded_at, loaded_by=loaded_by
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(
            edition=edition,
            day=row.day,
            name=row.name,
            is_workday=row.is_workday,
            is_statutory=row.is_statutory,
            notice_id=notice_ids[row.notice],
        )
        for row in days
    )


@transaction.atomic
def change_calendar(*, change: CalendarChange, actor: Signatory, now: datetime) -> CalendarPlan:
    """Do a change of the calendar (换日历): the next edition of each year it concerns, or the newest one withdrawn. Again changes nothing.

    It moves no clock: only `ledger.apply_calendar` calls it, which moves them in the same transaction.

    Raises: ActNotPossible, in words, when it cannot be done as the calendar stands; BadInput; NotFound.
    """
    lock_calendar()
    change = tidy_change(change)
    plan, after, code = weigh(change)
    if plan.is_empty:
        return plan
    if change.act is CalendarAct.WITHDRAW:
        _withdraw(change, actor, now)
    elif change.notice is not None:
        _keep_notice(code, change.year, change.notice)
        notice_ids = dict(HolidayNotice.objects.values_list("code", "id"))
        for year in plan.years:
            act = change.act if year == change.year else CalendarAct.AMEND
            _write_edition(year, after[year], act, notice_ids[code], notice_ids, loaded_at=now, loaded_by=actor.name)
    note_digest()
    about: dict[str, str | int | bool | None] = {"act": change.act.value, "years": "、".join(map(str, plan.years)), "reason": change.reason}
    audit.record(actor=actor, act="workdays.change", subject=None, at=now, about=about)
    return plan


def _keep_notice(code: str, year: int, notice: NoticeText) -> None:
    values = {"year": year, "agency": notice.agency, "title": notice.title, "number": notice.number, "issued_on": notice.issued_on}
    HolidayNotice.objects.get_or_create(code=code, defaults=values)


def _withdraw(change: CalendarChange, actor: Signatory, now: datetime) -> None:
    newest = CalendarEdition.objects.filter(year=change.year, version=change.version or 0, withdrawn_at__isnull=True)
    if newest.update(withdrawn_at=now, withdrawn_by=actor.name, withdraw_reason=change.reason) != 1:
        raise SomebodyWasFaster("这一版日历刚被别人撤回，请刷新后再看。")


def anchor_demo_clock(*, at: datetime, system_now: datetime) -> None:
    """Set the demo's business time (拨演示时钟): it is `at` now and runs on as fast as system time."""
    DemoClock.objects.update_or_create(pk=1, defaults={"at": at, "system_at": system_now})
