from datetime import datetime

from django.db import transaction

from gongkai.foundation.workdays.models import CalendarDay, CalendarVersion, DemoClock, HolidayNotice
from gongkai.foundation.workdays.queries import list_day_rows, list_notice_rows
from gongkai.foundation.workdays.rules import digest_rows
from gongkai.foundation.workdays.tables import read_days, read_notices
from gongkai.lib.loading import LoadCount


@transaction.atomic
def load_calendars() -> LoadCount:
    """Load the packaged calendars (工作日历): the notices of holidays and the days they arrange. Again changes nothing.

    A packaged year is made to be as its file; days and years that others have added under notices of their own stay.
    """
    count = _load_notices() + _load_days()
    digest = digest_rows(list_notice_rows(), list_day_rows())
    if not CalendarVersion.objects.filter(pk=1, digest=digest).exists():
        CalendarVersion.objects.update_or_create(pk=1, defaults={"digest": digest})
    return count


def _load_notices() -> LoadCount:
    known = {row.code: row for row in list_notice_rows()}
    count = LoadCount()
    for row in read_notices():
        if known.get(row.code) == row:
            count += LoadCount(unchanged=1)
            continue
        values = {"year": row.year, "agency": row.agency, "title": row.title, "number": row.number}
        HolidayNotice.objects.update_or_create(code=row.code, defaults=values)
        count += LoadCount(changed=1) if row.code in known else LoadCount(created=1)
    return count


def _load_days() -> LoadCount:
    rows = read_days()
    known = {row.day: row for row in list_day_rows()}
    wanted = {row.day for row in rows}
    codes = {row.notice for row in rows}
    notices = dict(HolidayNotice.objects.filter(code__in=codes).values_list("code", "id"))
    surplus = [row.day for row in known.values() if row.notice in codes and row.day not in wanted]
    different = [row for row in rows if known.get(row.day) != row]
    CalendarDay.objects.filter(day__in=[*surplus, *(row.day for row in different)]).delete()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(day=row.day, name=row.name, is_workday=row.is_workday, is_statutory=row.is_statutory, notice_id=notices[row.notice])
            for row in different
        ]
    )
    created = sum(row.day not in known for row in different)
    return LoadCount(created=created, changed=len(different) - created + len(surplus), unchanged=len(rows) - len(different))


def anchor_demo_clock(*, at: datetime, system_now: datetime) -> None:
    """Set the demo's business time (拨演示时钟): it is `at` now and runs on as fast as system time."""
    DemoClock.objects.update_or_create(pk=1, defaults={"at": at, "system_at": system_now})
