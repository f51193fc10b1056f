from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from django.db import connection

from gongkai.foundation.workdays.kinds import CalendarAct, CalendarChange, CalendarPlan, EditionRow, YearRow
from gongkai.foundation.workdays.models import CalendarDay, CalendarEdition, CalendarVersion, DemoClock, HolidayNotice
from gongkai.foundation.workdays.rules import DayRow, NoticeRow, build_calendar, name_notice, run_on
from gongkai.foundation.workdays.rules.changes import Years, draft_years, name_code, tidy_notice, weigh_change
from gongkai.lib.errors import ActNotPossible, NotFound
from gongkai.lib.workcalendar import SATURDAY, DayFact, WorkCalendar

NO_VERSION = ""
READ_DIGEST = f"SELECT digest FROM {CalendarVersion._meta.db_table} WHERE id = 1"  # noqa: S608 - a name of ours
DAY_COLUMNS = ("day", "name", "is_workday", "is_statutory", "notice__code")


def get_calendar() -> WorkCalendar:
    """The calendar of all years that are loaded (工作日历). Years without calendar raise CalendarMissing when they are looked at.

    Costs one query of one row; the calendar itself is built once in a process and again when another process has changed the rows.
    """
    return _calendar_of(_read_digest(""))


def hold_calendar() -> WorkCalendar:
    """As `get_calendar`, and nobody changes the calendar before this transaction ends (日历不变). For whoever keeps a date computed by it.

    Many may hold it at once; who changes it waits for them. SQLite has one writer at a time anyway.
    """
    return _calendar_of(_read_digest(" FOR SHARE" if connection.vendor == "postgresql" else ""))


def list_days(*, first: date, last: date) -> list[DayFact]:
    """What is known of every day from `first` to `last`, both included (日期事实). Raises: CalendarMissing."""
    return get_calendar().list_facts(first, last)


def _read_digest(lock: str) -> str:
    """The version of the stored rows. In plain SQL: it is asked all the time, and putting a query together costs ten times more."""
    with connection.cursor() as cursor:
        cursor.execute(READ_DIGEST + lock)
        row = cursor.fetchone()
    return str(row[0]) if row else NO_VERSION


@lru_cache(maxsize=1)
def _calendar_of(_digest: str) -> WorkCalendar:
    """The calendar of the stored rows. Only the newest is kept: rows that change just now are read again at the next call."""
    return build_calendar(list_notice_rows(), list_day_rows(), years=list_current_ids().keys())


def list_notice_rows() -> list[NoticeRow]:
    """All stored notices of holidays (放假安排通知)."""
    columns = ("code", "year", "agency", "title", "number", "issued_on")
    return [NoticeRow(*row) for row in HolidayNotice.objects.order_by("id").values_list(*columns)]


def list_current_ids() -> dict[int, int]:
    """The edition that holds in every year (现行版次), by the year: the newest that was not withdrawn."""
    rows = CalendarEdition.objects.filter(withdrawn_at__isnull=True).order_by("year", "version").values_list("year", "id")
    return dict(rows)


def list_day_rows() -> list[DayRow]:
    """The special days that hold (特殊日), in their order."""
    return _read_days(list(list_current_ids().values()))


def _read_days(edition_ids: Sequence[int]) -> list[DayRow]:
    rows = CalendarDay.objects.filter(edition_id__in=edition_ids).order_by("day", "id")
    return [DayRow(*row) for row in rows.values_list(*DAY_COLUMNS)]


def read_years() -> Years:
    """The special days of every year that has a calendar (现行日历), by the year."""
    current = list_current_ids()
    years: dict[int, list[DayRow]] = {year: [] for year in current}
    for row in _read_days(list(current.values())):
        years[row.day.year].append(row)
    return {year: tuple(rows) for year, rows in years.items()}


def name_editions(years: Sequence[int]) -> str:
    """Which editions hold in these years, in words (日历版次): 2026 年第 2 版. For what is kept beside a date that was computed."""
    rows = (
        CalendarEdition.objects.filter(withdrawn_at__isnull=True, year__in=years).order_by("year", "version").values_list("year", "version")
    )
    versions = dict(rows)
    return "、".join(f"{year} 年第 {versions[year]} 版" if year in versions else f"{year} 年没有日历" for year in sorted(set(years)))


def list_years() -> list[YearRow]:
    """All years that have or had a calendar with their editions (历年日历), newest first. Three queries."""
    current = list_current_ids()
    editions: dict[int, list[EditionRow]] = {}
    for stored in CalendarEdition.objects.select_related("notice").order_by("-year", "-version"):
        editions.setdefault(stored.year, []).append(_edition_row(stored, is_current=current.get(stored.year) == stored.pk))
    days: dict[int, list[DayRow]] = {}
    for row in _read_days(list(current.values())):
        days.setdefault(row.day.year, []).append(row)
    return [_year_row(year, rows, days.get(year, [])) for year, rows in editions.items()]


def get_year(year: int) -> YearRow:
    """One year with its editions (一年的日历). Raises: NotFound."""
    found = next((row for row in list_years() if row.year == year), None)
    if found is None:
        raise NotFound(f"还没有 {year} 年的日历，请从工作日历的列表里选一年。")
    return found


def _edition_row(stored: CalendarEdition, *, is_current: bool) -> EditionRow:
    notice = stored.notice
    return EditionRow(
        year=stored.year,
        version=stored.version,
        notice=name_notice(NoticeRow(notice.code, notice.year, notice.agency, notice.title, notice.number)),
        issued_on=notice.issued_on,
        act=CalendarAct(stored.act),
        loaded_at=stored.loaded_at,
        loaded_by=stored.loaded_by,
        withdrawn_at=stored.withdrawn_at,
        withdrawn_by=stored.withdrawn_by,
        withdraw_reason=stored.withdraw_reason,
        is_current=is_current,
    )


def _year_row(year: int, editions: Sequence[EditionRow], days: Sequence[DayRow]) -> YearRow:
    off = sum(not row.is_workday for row in days)
    made_up = sum(row.is_workday and row.day.weekday() >= SATURDAY for row in days)
    return YearRow(year, tuple(editions), off, made_up, sum(row.is_statutory for row in days))


def plan_change(change: CalendarChange) -> CalendarPlan:
    """What a change of the calendar would do (换日历预览); nothing is stored.

    Raises: ActNotPossible, in words, when it cannot be done as the calendar stands; BadInput; NotFound.
    """
    return weigh(change)[0]


def weigh(change: CalendarChange) -> tuple[CalendarPlan, Years, str]:
    """As `plan_change`, with the years after the change and the code of its notice: for the action that does it."""
    now, notices = read_years(), list_notice_rows()
    if change.act is CalendarAct.WITHDRAW:
        after = draft_years(change, now, "", _days_before(change))
        return weigh_change(now, after, notices, notices), after, ""
    notice = tidy_notice(change.notice)
    code = name_code(notice, change.year, notices)
    after = draft_years(change, now, code, None)
    named = NoticeRow(code, change.year, notice.agency, notice.title, notice.number)
    known = notices if any(row.code == code for row in notices) else [*notices, named]
    return weigh_change(now, after, notices, known), after, code


def _days_before(change: CalendarChange) -> tuple[DayRow, ...] | None:
    """The days of the edition that holds again when the newest is withdrawn; None when there is none."""
    held = list(CalendarEdition.objects.filter(year=change.year, withdrawn_at__isnull=True).order_by("-version")[:2])
    if not held:
        raise NotFound(f"{change.year} 年现在没有日历，没有什么可以撤回。")
    if change.version != held[0].version:
        raise ActNotPossible(f"只能撤回最新一版。{change.year} 年现在是第 {held[0].version} 版，请刷新后再看。")
    return tuple(_read_days([held[1].pk])) if len(held) > 1 else None


def find_demo_time(*, system_now: datetime) -> datetime | None:
    """Business time by the demo clock (演示时间); None when it was never set."""
    clock = DemoClock.objects.filter(pk=1).values_list("at", "system_at").first()
    if clock is None:
        return None
    at, system_at = clock
    return run_on(at=at, system_at=system_at, system_now=system_now)
