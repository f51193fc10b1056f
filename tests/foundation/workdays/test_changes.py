"""A new or an amended year as a table, and what it does to the calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.foundation.workdays.kinds import CalendarAct, CalendarChange, DayLine, NoticeText
from gongkai.foundation.workdays.rules import DayRow, NoticeRow
from gongkai.foundation.workdays.rules.changes import DAYS, draft_years, find_year, name_code, read_lines, say_new_years, weigh_change
from gongkai.foundation.workdays.rules.months import DayMark, lay_months
from gongkai.foundation.workdays.tables import read_editions, read_notices
from gongkai.lib.errors import ActNotPossible, BadInput
from gongkai.lib.sheets import read_table
from tests.factories.workdays import the_calendar

HEADER = "日期,放假/上班,名称,法定\n"
NOW = {year: editions[-1][1] for year, editions in read_editions().items()}
NOTICE = NoticeText("国务院办公厅", "关于调整的通知")
SATURDAY = date(2026, 10, 10)


def table(*lines: str):
    return read_lines(read_table("日历.csv", (HEADER + "\n".join(lines)).encode(), DAYS))


def change(*lines: DayLine, act=CalendarAct.AMEND, year=2026) -> CalendarChange:
    return CalendarChange(act=act, year=year, notice=NOTICE, lines=lines)


def weigh(wanted: CalendarChange, now=NOW, earlier=None):
    notices = [*read_notices(), NoticeRow("new", wanted.year, NOTICE.agency, NOTICE.title, "")]
    return weigh_change(now, draft_years(wanted, now, "new", earlier), notices, notices)


def test_a_table_is_read_in_the_order_of_its_days():
    lines = table("2027年1月2日,放假,元旦,否", "2027-01-01,休,元旦,是", "2027/1/10,上班,元旦,")

    assert lines == (
        DayLine(date(2027, 1, 1), is_workday=False, name="元旦", is_statutory=True),
        DayLine(date(2027, 1, 2), is_workday=False, name="元旦"),
        DayLine(date(2027, 1, 10), is_workday=True, name="元旦"),
    )
    assert find_year(lines) == 2027


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2027-02-30,放假,元旦,否", "日历.csv 第 2 行，“日期”写的是“2027-02-30”：不是一个日子"),
        (",放假,元旦,否", "“日期”没有填：不是一个日子"),
        ("2027-01-01,半天,元旦,否", "“放假/上班”写的是“半天”：只能写“放假”或“上班”"),
        ("2027-01-01,放假,,否", "“名称”没有填：请写是哪个节日"),
        (f"2027-01-01,放假,{'长' * 31},否", "“名称”写的是“.*”：最长 30 字"),
        ("2027-01-01,放假,元旦,也许", "“法定”写的是“也许”：只能写“是”或“否”"),
        ("2027-01-01,上班,元旦,是", "法定节日当天不能是上班日"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_by_row_column_and_value(line, words):
    with pytest.raises(BadInput, match=words):
        table(line)


def test_all_errors_of_a_table_come_together():
    with pytest.raises(BadInput) as refusal:
        table("昨天,放假,元旦,否", "2027-01-01,放假,元旦,是", "2027-01-01,上班,元旦,否", "2027-01-02,?,,?")

    words = str(refusal.value)
    assert "有 5 处要改，一行也没有装入" in words
    assert "日历.csv 第 4 行，“日期”写的是“2027-01-01”：和日历.csv 第 3 行是同一天" in words


def test_a_table_without_days_is_refused():
    with pytest.raises(BadInput, match="一天也没有"):
        table()


def test_a_table_is_for_one_year_to_which_december_before_may_belong():
    assert find_year(table("2027-12-31,放假,元旦,", "2028-01-01,放假,元旦,是")) == 2028
    with pytest.raises(BadInput, match="一张表只装一年"):
        find_year(table("2027-11-30,放假,元旦,", "2028-01-01,放假,元旦,是"))
    with pytest.raises(BadInput, match="核对年份"):
        find_year(table("0207-01-01,放假,元旦,是"))


def test_amending_a_day_keeps_the_others_with_their_notices():
    plan = weigh(change(DayLine(SATURDAY, is_workday=False, name="国庆节")))

    assert plan.years == (2026,)
    assert [changed.day for changed in plan.changed] == [SATURDAY]
    assert plan.changed[0].moves_clocks
    assert not plan.after.is_workday(SATURDAY)
    assert plan.after.fact(SATURDAY).notice == "国务院办公厅《关于调整的通知》"
    assert plan.after.fact(date(2026, 10, 1)) == plan.before.fact(date(2026, 10, 1))


def test_replacing_a_year_drops_the_days_that_are_not_in_the_table():
    lines = [DayLine(row.day, row.is_workday, row.name, row.is_statutory) for row in NOW[2026] if row.day != SATURDAY]
    plan = weigh(change(*lines, act=CalendarAct.REPLACE))

    assert [(changed.day, changed.after.name) for changed in plan.changed if changed.after] == [(SATURDAY, "")]
    assert not plan.after.is_workday(SATURDAY)
    assert plan.after.fact(date(2026, 10, 1)).notice == plan.before.fact(date(2026, 10, 1)).notice


def test_a_table_that_says_what_holds_changes_nothing():
    lines = [DayLine(row.day, row.is_workday, row.name, row.is_statutory) for row in NOW[2026]]

    assert weigh(change(*lines)).is_empty
    assert weigh(change(*lines, act=CalendarAct.REPLACE)).is_empty


def test_a_new_year_is_gained_and_lost_again_when_withdrawn():
    new = change(DayLine(date(2027, 1, 1), is_workday=False, name="元旦", is_statutory=True), act=CalendarAct.REPLACE, year=2027)
    plan = weigh(new)

    assert (plan.gained, plan.lost, plan.changed) == ((2027,), (), ())
    assert not plan.after.is_workday(date(2027, 1, 1))
    with_it = draft_years(new, NOW, "new", None)
    assert weigh(CalendarChange(act=CalendarAct.WITHDRAW, year=2027), now=with_it).lost == (2027,)


def test_a_new_year_says_what_it_holds_and_doubts_too_few_statutory_days():
    few = change(DayLine(date(2027, 1, 1), is_workday=False, name="元旦", is_statutory=True), act=CalendarAct.REPLACE, year=2027)
    days = [DayLine(date(2027, 5, day), is_workday=False, name="节日", is_statutory=True) for day in range(1, 13)]

    assert say_new_years(weigh(few)) == (
        "2027 年：放假 1 天，其中法定 1 天；周末调休上班 0 天。放假办法规定法定节日 13 天，请核对表里“法定”一列。",
    )
    assert "请核对" not in say_new_years(weigh(change(*few.lines, *days, act=CalendarAct.REPLACE, year=2027)))[0]


def test_new_year_may_arrange_december_of_the_year_before():
    lines = (
        DayLine(date(2026, 12, 31), is_workday=False, name="元旦"),
        DayLine(date(2027, 1, 1), is_workday=False, name="元旦", is_statutory=True),
    )
    plan = weigh(change(*lines, act=CalendarAct.REPLACE, year=2027))

    assert plan.years == (2026, 2027)
    assert not plan.after.is_workday(date(2026, 12, 31))
    assert plan.after.is_workday(SATURDAY)


def test_a_year_without_calendar_cannot_be_amended():
    with pytest.raises(ActNotPossible, match="还没有 2027 年的日历，不能只改几天"):
        weigh(change(DayLine(date(2027, 5, 4), is_workday=False, name="补假"), year=2027))


def test_the_spring_festival_of_2020_is_amended_by_three_days():
    first, second = (rows for _, rows in read_editions()[2020])
    lines = [DayLine(date(2020, month, day), is_workday=False, name="春节") for month, day in ((1, 31), (2, 1), (2, 2))]
    lines.append(DayLine(date(2020, 2, 3), is_workday=True, name="春节"))
    plan = weigh(change(*lines, year=2020), now={**NOW, 2020: first})

    held = {row.day: row.is_workday for row in second}
    assert {row.day: plan.after.is_workday(row.day) for row in second} == held
    assert [changed.day for changed in plan.changed if changed.moves_clocks] == [date(2020, 1, 31), date(2020, 2, 1)]


def test_a_notice_keeps_its_code_and_a_new_one_gets_the_next():
    notices = list(read_notices())
    known = notices[0]

    assert name_code(NoticeText(known.agency, known.title, known.number), 2020, notices) == "2020"
    assert name_code(NOTICE, 2020, notices) == "2020-3"
    assert name_code(NOTICE, 2027, notices) == "2027"
    assert name_code(NOTICE, 2026, notices) == "2026-2"


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), unique=True, min_size=1, max_size=12), st.booleans())
def test_a_change_and_its_withdrawal_leave_the_calendar_as_it_was(days, is_workday):
    after = draft_years(change(*(DayLine(day, is_workday, "试") for day in days)), NOW, "new", None)
    back = draft_years(CalendarChange(act=CalendarAct.WITHDRAW, year=2026), after, "", NOW[2026])

    assert back == NOW
    assert all(isinstance(row, DayRow) for row in after[2026])
    assert [row.day for row in after[2026]] == sorted({row.day for row in after[2026]})


def test_a_year_is_laid_out_in_months_whose_days_are_told_by_a_word():
    months = lay_months(the_calendar(), 2026)
    october = {cell.day.day: cell for week in months[9].weeks for cell in week if cell}

    assert [view.month for view in months] == list(range(1, 13))
    assert sum(view.workdays for view in months) == the_calendar().count_workdays(date(2026, 1, 1), date(2026, 12, 31))
    assert (october[1].mark, october[1].note) == (DayMark.STATUTORY, "法定")
    assert (october[5].mark, october[5].note) == (DayMark.OFF, "休")
    assert (october[10].mark, october[10].note, october[10].spoken) == (DayMark.MADE_UP, "上班", "10月10日 周六 调休上班 国庆节")
    assert (october[11].mark, october[11].note) == (DayMark.WEEKEND, "")
    assert (october[12].mark, october[12].note) == (DayMark.PLAIN, "")
    assert all(len(week) == 7 for view in months for week in view.weeks)
