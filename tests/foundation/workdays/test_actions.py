from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.middleware import BusinessTimeMiddleware
from gongkai.foundation.workdays.models import CalendarDay, CalendarEdition, CalendarVersion, DemoClock, HolidayNotice
from gongkai.foundation.workdays.tables import read_days, read_notices
from gongkai.lib.loading import LoadCount
from gongkai.lib.moments import SHANGHAI
from gongkai.lib.workcalendar import CalendarMissing
from tests.factories.workdays import the_calendar

pytestmark = pytest.mark.django_db

TEN_TWENTY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
ALL_ROWS = len(read_days()) + len(read_notices())


def add_a_year(year: int) -> None:
    """A year that another process entered, without the doors of the app."""
    notice = HolidayNotice.objects.create(code=str(year), year=year, agency="国务院办公厅", title="通知", number="")
    edition = CalendarEdition.objects.create(year=year, version=1, act="REPLACE", notice=notice, loaded_at=TEN_TWENTY, loaded_by="何静")
    CalendarDay.objects.create(edition=edition, day=date(year, 1, 1), name="元旦", is_workday=False, is_statutory=True, notice=notice)
    CalendarVersion.objects.update_or_create(pk=1, defaults={"digest": f"with {year}"})


# Loading


def test_loading_brings_in_every_packaged_row():
    assert workdays.load_calendars() == LoadCount(created=ALL_ROWS)
    assert workdays.get_calendar().years == set(range(2020, 2027))


def test_loading_again_changes_nothing_and_writes_nothing():
    workdays.load_calendars()
    with CaptureQueriesContext(connection) as queries:
        assert workdays.load_calendars() == LoadCount(unchanged=ALL_ROWS)

    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_loading_puts_back_what_was_changed_and_takes_away_what_is_not_in_the_file():
    workdays.load_calendars()
    CalendarDay.objects.filter(day=date(2026, 10, 10)).update(is_workday=False)
    CalendarDay.objects.filter(day=date(2026, 10, 1)).delete()
    CalendarDay.objects.create(
        edition=CalendarEdition.objects.get(year=2026),
        day=date(2026, 7, 1),
        name="多出的一天",
        is_workday=False,
        is_statutory=False,
        notice=HolidayNotice.objects.get(code="2026"),
    )
    HolidayNotice.objects.filter(code="2025").update(number="")

    assert workdays.load_calendars() == LoadCount(created=1, changed=3, unchanged=ALL_ROWS - 3)
    assert workdays.get_calendar().is_workday(date(2026, 10, 10))
    assert workdays.get_calendar().is_workday(date(2026, 7, 1))
    assert [edition.version for edition in workdays.get_year(2026).editions] == [2, 1]


def test_loading_leaves_a_year_that_others_entered():
    workdays.load_calendars()
    add_a_year(2027)

    assert workdays.load_calendars() == LoadCount(unchanged=ALL_ROWS)
    assert not workdays.get_calendar().is_workday(date(2027, 1, 1))


def test_the_stored_calendar_says_the_same_as_the_packaged_one():
    workdays.load_calendars()
    first, last = date(2020, 1, 1), date(2026, 12, 31)

    assert workdays.list_days(first=first, last=last) == the_calendar().list_facts(first, last)


def test_the_command_tells_what_it_loaded():
    said = StringIO()
    call_command("load_calendars", stdout=said)

    assert said.getvalue() == f"工作日历 2020—2026 年：新增 {ALL_ROWS} 行，改动 0 行，不变 0 行。\n"


# The calendar in a process


def test_without_loaded_years_every_day_is_unknown():
    with pytest.raises(CalendarMissing):
        workdays.get_calendar().is_workday(date(2026, 10, 9))


def test_the_second_use_costs_one_small_query_and_gives_the_same_calendar(django_assert_num_queries):
    workdays.load_calendars()
    first = workdays.get_calendar()
    with django_assert_num_queries(1):
        again = workdays.get_calendar()

    assert again is first


def test_a_change_by_another_process_is_seen_at_the_next_use():
    workdays.load_calendars()
    before = workdays.get_calendar()
    add_a_year(2027)

    assert workdays.get_calendar() is not before
    assert workdays.get_calendar().is_workday(date(2027, 1, 4))


def test_a_load_that_is_rolled_back_is_not_remembered():
    with transaction.atomic():
        workdays.load_calendars()
        assert workdays.get_calendar().years
        transaction.set_rollback(True)

    assert not workdays.get_calendar().years


def test_reading_a_day_and_a_clock_writes_nothing(settings):
    settings.BUSINESS_CLOCK = "demo"
    workdays.load_calendars()
    workdays.anchor_demo_clock(at=TEN_TWENTY, system_now=TEN_TWENTY)
    with CaptureQueriesContext(connection) as queries:
        workdays.get_calendar()
        workdays.list_days(first=date(2026, 10, 1), last=date(2026, 10, 31))
        workdays.business_now()

    assert all(query["sql"].startswith("SELECT") for query in queries)


# What the database refuses


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"is_workday": True, "is_statutory": True, "name": "元旦"}, "calendar_day_statutory_is_off"),
        ({"is_workday": True, "is_statutory": False, "name": ""}, "calendar_day_named"),
    ],
)
def test_the_database_refuses_a_day_that_cannot_be(values, constraint):
    notice = HolidayNotice.objects.create(code="2026", year=2026, agency="国务院办公厅", title="通知")
    edition = CalendarEdition.objects.create(year=2026, version=1, act="REPLACE", notice=notice)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CalendarDay.objects.create(edition=edition, day=date(2026, 1, 1), notice=notice, **values)


def test_there_is_one_version_and_one_demo_clock():
    with pytest.raises(IntegrityError, match="calendar_version_single"), transaction.atomic():
        CalendarVersion.objects.create(pk=2, digest="x")
    with pytest.raises(IntegrityError, match="demo_clock_single"), transaction.atomic():
        DemoClock.objects.create(pk=2, at=TEN_TWENTY, system_at=TEN_TWENTY)


# Business time


def test_business_time_is_system_time_where_there_is_no_demo():
    before = datetime.now(UTC)
    now = workdays.business_now()

    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is SHANGHAI


def test_in_a_demo_business_time_runs_on_from_where_it_was_set(settings):
    settings.BUSINESS_CLOCK = "demo"
    set_at = datetime.now(UTC) - timedelta(hours=2)
    workdays.anchor_demo_clock(at=TEN_TWENTY, system_now=set_at)
    now = workdays.business_now()

    assert timedelta(hours=2) <= now - TEN_TWENTY < timedelta(hours=2, minutes=1)
    assert now.tzinfo is SHANGHAI


def test_a_demo_clock_can_be_set_again(settings):
    settings.BUSINESS_CLOCK = "demo"
    for day in (9, 12):
        workdays.anchor_demo_clock(at=TEN_TWENTY.replace(day=day), system_now=datetime.now(UTC))

    assert workdays.business_now().date() == date(2026, 10, 12)
    assert DemoClock.objects.count() == 1


def test_a_demo_clock_that_nobody_set_shows_system_time(settings):
    settings.BUSINESS_CLOCK = "demo"

    assert abs(workdays.business_now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_clock_is_not_asked_of_the_database_where_there_is_no_demo(django_assert_num_queries):
    with django_assert_num_queries(0):
        workdays.business_now()


def test_every_request_carries_one_business_moment(settings):
    settings.BUSINESS_CLOCK = "demo"
    workdays.anchor_demo_clock(at=TEN_TWENTY, system_now=datetime.now(UTC))
    answer = BusinessTimeMiddleware(lambda request: HttpResponse(request.now.isoformat()))(RequestFactory().get("/"))  # type: ignore[attr-defined]

    assert answer.content.decode().startswith("2026-10-09T10:20")
