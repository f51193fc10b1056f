from collections import Counter
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.foundation.workdays.rules import DayRow, NoticeRow, build_calendar, digest_rows, name_notice, run_on
from gongkai.foundation.workdays.tables import read_days, read_editions, read_notices
from gongkai.lib.moments import SHANGHAI
from gongkai.lib.workcalendar import CalendarMissing
from tests.factories.workdays import the_calendar

DATA = files("gongkai.foundation.workdays") / "data"
TEN_TWENTY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)

# The regulation's days by the lunar calendar; those by the other calendar are in the test itself.
SPRING_FESTIVAL = {2020: (1, 25), 2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17)}
QINGMING = {2020: 4, 2021: 4, 2022: 5, 2023: 5, 2024: 4, 2025: 4, 2026: 5}
DRAGON_BOAT = {2020: (6, 25), 2021: (6, 14), 2022: (6, 3), 2023: (6, 22), 2024: (6, 10), 2025: (5, 31), 2026: (6, 19)}
MID_AUTUMN = {2020: (10, 1), 2021: (9, 21), 2022: (9, 10), 2023: (9, 29), 2024: (9, 17), 2025: (10, 6), 2026: (9, 25)}


def by_the_regulation(year: int) -> list[date]:
    """The statutory days of a year, a day that two holidays share twice."""
    new_year = date(year, *SPRING_FESTIVAL[year])
    eve = [new_year - timedelta(days=1)] if year >= 2025 else []
    labour = [date(year, 5, 1), date(year, 5, 2)] if year >= 2025 else [date(year, 5, 1)]
    return [
        date(year, 1, 1),
        *eve,
        *(new_year + timedelta(days=n) for n in range(3)),
        date(year, 4, QINGMING[year]),
        *labour,
        date(year, *DRAGON_BOAT[year]),
        date(year, *MID_AUTUMN[year]),
        *(date(year, 10, n) for n in (1, 2, 3)),
    ]


@pytest.mark.parametrize("year", range(2020, 2027))
def test_the_statutory_days_are_those_of_the_regulation_of_that_year(year):
    owed = by_the_regulation(year)
    marked = [row.day for row in read_days() if row.is_statutory and row.day.year == year]

    assert len(owed) == (11 if year <= 2024 else 13)
    assert marked == sorted(set(owed))


def test_in_2020_the_moon_festival_and_national_day_shared_a_day():
    shared = Counter(by_the_regulation(2020))[date(2020, 10, 1)]

    assert shared == 2
    assert the_calendar().fact(date(2020, 10, 1)).name == "国庆节、中秋节"


def test_every_statutory_day_is_off():
    assert all(not row.is_workday for row in read_days() if row.is_statutory)


def test_every_day_is_named_and_has_a_notice_and_stands_once_and_in_order():
    days = [row.day for row in read_days()]

    assert days == sorted(set(days))
    assert all(row.name for row in read_days())
    assert {row.notice for row in read_days()} == {notice.code for notice in read_notices()}


def test_a_day_is_listed_only_where_it_differs_from_the_plain_week_or_belongs_to_a_holiday():
    worked = [row.day for row in read_days() if row.is_workday]

    assert [day for day in worked if day.weekday() < 5] == [date(2020, 2, 3)]


def test_notices_are_named_by_agency_title_and_number_and_never_by_an_address():
    for name in ("calendars.csv", "notices.csv", "README.md"):
        text = (DATA / name).read_text(encoding="utf-8")
        assert "http" not in text
        assert "www" not in text
    assert all(notice.number.startswith("国办发明电〔") for notice in read_notices())
    assert {notice.year for notice in read_notices()} == set(range(2020, 2027))


def test_a_title_that_begins_with_the_agency_is_cited_without_doubling_it():
    notice = NoticeRow("2026", 2026, "国务院办公厅", "国务院办公厅关于放假的通知", "国办发明电〔2025〕7号")

    assert name_notice(notice) == "国务院办公厅关于放假的通知（国办发明电〔2025〕7号）"


def test_a_notice_without_number_is_cited_without_brackets():
    assert name_notice(NoticeRow("2027-1", 2027, "临澄市人民政府", "关于放假的通知", "")) == "临澄市人民政府《关于放假的通知》"


def test_a_year_has_a_calendar_as_soon_as_a_notice_was_issued_for_it():
    notice = NoticeRow("2027", 2027, "某厅", "通知", "")
    calendar = build_calendar([notice], [])

    assert calendar.years == {2027}
    assert calendar.is_workday(date(2027, 1, 4))
    with pytest.raises(CalendarMissing):
        calendar.is_workday(date(2028, 1, 3))


def test_a_day_of_a_year_whose_own_notice_is_missing_stays_unknown():
    row = DayRow(date(2026, 12, 31), "元旦", is_workday=False, is_statutory=False, notice="2027")

    with pytest.raises(CalendarMissing, match="2026"):
        build_calendar([NoticeRow("2027", 2027, "某厅", "通知", "")], [row]).fact(row.day)


def test_a_made_up_day_is_a_worked_day_of_a_weekend():
    notice = NoticeRow("2026", 2026, "某厅", "通知", "")
    saturday = DayRow(date(2026, 10, 10), "国庆节", is_workday=True, is_statutory=False, notice="2026")
    monday = DayRow(date(2026, 10, 12), "国庆节", is_workday=True, is_statutory=False, notice="2026")
    calendar = build_calendar([notice], [saturday, monday])

    assert calendar.fact(saturday.day).is_made_up
    assert not calendar.fact(monday.day).is_made_up


def test_2020_holds_both_notices_the_first_edition_and_the_one_that_made_the_spring_festival_longer():
    (first, before), (second, after) = read_editions()[2020]
    days = [{row.day: row.is_workday for row in rows} for rows in (before, after)]
    saturday, friday = date(2020, 2, 1), date(2020, 1, 31)

    assert (first, second) == ("2020", "2020-2")
    assert [held.get(saturday) for held in days] == [True, False]
    assert [held.get(friday) for held in days] == [None, False]
    assert not the_calendar().is_workday(saturday)
    assert "延长2020年春节假期" in the_calendar().fact(saturday).notice


def test_a_notice_that_reaches_into_the_year_before_makes_another_edition_of_it():
    assert [code for code, _ in read_editions()[2022]] == ["2022", "2023"]
    assert {year for year, editions in read_editions().items() if len(editions) > 1} == {2020, 2022}


def test_the_digest_tells_every_change_and_no_order():
    notices, days = read_notices(), read_days()
    changed = DayRow(days[0].day, days[0].name, not days[0].is_workday, days[0].is_statutory, days[0].notice)

    assert digest_rows(notices, days) == digest_rows(notices[::-1], days[::-1])
    assert digest_rows(notices, [changed, *days[1:]]) != digest_rows(notices, days)
    assert digest_rows(notices[1:], days) != digest_rows(notices, days)


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_the_demo_clock_runs_on_as_fast_as_system_time(passed):
    set_at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    assert run_on(at=TEN_TWENTY, system_at=set_at, system_now=set_at + passed) == TEN_TWENTY + passed


def test_a_system_clock_that_is_set_back_does_not_turn_business_time_back():
    set_at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    assert run_on(at=TEN_TWENTY, system_at=set_at, system_now=set_at - timedelta(hours=3)) == TEN_TWENTY
