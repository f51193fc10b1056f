"""The days of the first release become editions, forward and back, on a database with data."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.models import CalendarDay, CalendarEdition
from gongkai.foundation.workdays.queries import _calendar_of, read_years
from gongkai.foundation.workdays.tables import read_days, read_editions, read_notices
from gongkai.lib.loading import LoadCount

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, EDITIONS = [("workdays", "0001_initial")], [("workdays", "0002_calendar_editions")]


def migrate(target):
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


@pytest.fixture
def the_first_release():
    """The tables as the first release left them: the days that hold, each once, without the Saturday that was taken back."""
    apps = migrate(FIRST)
    notices = {}
    for row in read_notices():
        values = {"code": row.code, "year": row.year, "agency": row.agency, "title": row.title, "number": row.number}
        notices[row.code] = apps.get_model("workdays", "HolidayNotice").objects.create(**values)
    apps.get_model("workdays", "CalendarDay").objects.bulk_create(
        apps.get_model("workdays", "CalendarDay")(
            day=row.day, name=row.name, is_workday=row.is_workday, is_statutory=row.is_statutory, notice_id=notices[row.notice].pk
        )
        for row in read_days()
    )
    yield
    migrate(EDITIONS)
    _calendar_of.cache_clear()


def test_the_days_become_the_editions_that_loading_the_package_makes(the_first_release):
    migrate(EDITIONS)
    made = {
        year: [edition.notice.code for edition in CalendarEdition.objects.filter(year=year).order_by("version").select_related("notice")]
        for year in read_years()
    }

    assert made == {year: [code for code, _ in editions] for year, editions in read_editions().items()}
    assert read_years() == {year: editions[-1][1] for year, editions in read_editions().items()}
    first = CalendarDay.objects.filter(edition__year=2020, edition__version=1)
    assert first.get(day=date(2020, 2, 1)).is_workday
    assert first.count() == len(read_editions()[2020][0][1])


def test_after_it_loading_the_package_adds_nothing_but_the_days_of_the_notices(the_first_release):
    migrate(EDITIONS)
    dated = sum(row.issued_on is not None for row in read_notices())

    assert workdays.load_calendars() == LoadCount(changed=dated, unchanged=len(read_days()) + len(read_notices()) - dated)
    assert workdays.load_calendars() == LoadCount(unchanged=len(read_days()) + len(read_notices()))


def test_back_again_the_days_that_hold_are_left(the_first_release):
    migrate(EDITIONS)
    days = migrate(FIRST).get_model("workdays", "CalendarDay").objects

    assert days.count() == len(read_days())
    assert not days.get(day=date(2020, 2, 1)).is_workday
