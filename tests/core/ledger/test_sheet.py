from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from gongkai.core.ledger.kinds import Binding, CellMark, LimitUnit, MovementDraft, MovementKind, MovementRow, PublicDisplay
from gongkai.core.ledger.rules import compute_due, lay_receipt, may_be_shown
from tests.factories.ledger import at, some_terms
from tests.factories.workdays import the_calendar

CALENDAR = the_calendar()
FRIDAY = date(2026, 10, 9)


def a_receipt(limit: str = "P20WD", caused_on: date = date(2026, 9, 9), *movements: MovementDraft, caused_at=None, **changed):
    return compute_due(some_terms(limit, **changed), caused_on, CALENDAR, movements, caused_at=caused_at)


def a_stop(first: date, last: date | None, **more) -> MovementDraft:
    return MovementDraft(kind=MovementKind.STOP, first_day=first, last_day=last, latest_day=last or date(2026, 10, 26), **more)


OPINION = a_stop(
    date(2026, 9, 22), date(2026, 10, 8), reason="征求邻户意见（个人隐私）", article="《条例》第三十二条", document="征求意见书"
)


def cells_of(sheet):
    return {cell.day: cell for grid in sheet.grids for week in grid.weeks for cell in week.cells if cell}


def steps_of(sheet):
    return {step.title: step for step in sheet.steps}


def test_the_receipt_of_the_picture_says_what_the_picture_says():
    sheet = lay_receipt(a_receipt("P20WD", date(2026, 9, 9), OPINION), FRIDAY)
    cells = cells_of(sheet)

    assert sheet.headline == "为什么是 2026年10月22日（周四）"
    assert sheet.sum == "计入 20 + 停 7 + 休息日 16 = 43 天；事由日到最后一天相隔 43 天，相符。"
    assert cells[date(2026, 10, 10)].spoken == "10月10日 周六 国庆节调休上班 第11个工作日"
    assert cells[date(2026, 9, 26)].words == "中秋节"
    assert cells[date(2026, 9, 9)].mark is CellMark.CAUSE
    assert cells[date(2026, 9, 24)].mark is CellMark.STOPPED
    assert cells[date(2026, 10, 22)].mark is CellMark.LAST
    assert [day for day, cell in cells.items() if cell.is_today] == [FRIDAY]
    assert [week.number for week in sheet.grids[0].weeks] == [37, 38, 39, 40, 41, 42, 43]
    assert {item.mark for item in sheet.legend} == {cell.mark for cell in cells.values()}
    assert {"起算", "期限", "停", "调休", "延长"} <= set(steps_of(sheet))
    assert steps_of(sheet)["停"].words == "2026年9月22日至 2026年10月8日，7 个工作日"
    assert steps_of(sheet)["停"].notes == ("《条例》第三十二条", "征求邻户意见（个人隐私）", "征求意见书")
    assert steps_of(sheet)["延长"].words == "没有"


def test_a_page_that_is_kept_marks_no_day_as_today():
    assert not any(cell.is_today for cell in cells_of(lay_receipt(a_receipt())).values())


def test_a_limit_that_stands_still_prints_no_last_day_in_title_or_grid():
    sheet = lay_receipt(a_receipt("P20WD", date(2026, 9, 9), a_stop(date(2026, 9, 22), None)), FRIDAY)

    assert sheet.headline == "为什么现在没有最后一天"
    assert sheet.answer == "暂停计算，最迟 2026年10月26日（周一）恢复"
    assert max(cells_of(sheet)) == date(2026, 10, 25)
    assert not any(cell.mark is CellMark.LAST for cell in cells_of(sheet).values())
    assert max(cell.number or 0 for cell in cells_of(sheet).values()) == 9
    assert sheet.sum == ""


def test_a_restarted_limit_has_two_calendars_with_names():
    restart = MovementDraft(kind=MovementKind.RESTART, first_day=date(2026, 9, 28), reason="申请人补正", article="《条例》第三十条")
    sheet = lay_receipt(a_receipt("P20WD", date(2026, 9, 9), restart), FRIDAY)

    assert [grid.caption for grid in sheet.grids] == ["第 1 次计算，2026年9月9日起，已作废", "重新起算，2026年9月28日起"]
    assert all(grid.is_named for grid in sheet.grids)
    assert "重算" in steps_of(sheet)


def test_hours_are_rows_whose_hours_make_the_limit():
    sheet = lay_receipt(a_receipt("PT48H", date(2026, 9, 30), caused_at=at("2026-09-30", "15:40")), FRIDAY)

    assert sheet.headline == "为什么是 2026年10月2日（周五）15:40"
    assert sheet.grids == ()
    assert [(row.name, row.words) for row in sheet.rows] == [
        ("8 小时 20 分", "15:40 至 24:00"),
        ("24 小时", "00:00 至 24:00"),
        ("15 小时 40 分", "00:00 至 15:40"),
    ]


def test_hours_that_end_at_midnight_end_on_the_day_before():
    sheet = lay_receipt(a_receipt("PT24H", date(2026, 10, 8), caused_at=at("2026-10-08", "00:00")), FRIDAY)
    assert [(row.name, row.words, row.is_last) for row in sheet.rows] == [("24 小时", "00:00 至 24:00", True)]


def test_months_are_rows_of_the_corresponding_days():
    sheet = lay_receipt(a_receipt("P3M", date(2026, 1, 31)), FRIDAY)
    assert [row.name for row in sheet.rows] == ["事由", "满 1 个月", "满 2 个月", "满 3 个月"]
    assert sheet.rows[1].day == "2026年2月28日（周六）"


def test_what_is_counted_back_asks_for_the_latest_day_and_knows_no_extension():
    sheet = lay_receipt(a_receipt("min:P10WD", date(2026, 10, 20), clock_start="听证举行之日倒算"), FRIDAY)

    assert sheet.headline == "为什么最迟是 2026年9月30日（周三）"
    assert "延长" not in steps_of(sheet)
    assert [item.words for item in sheet.legend if item.mark is CellMark.CAUSE] == ["开始之日，不计"]


def test_a_shortest_time_is_no_last_day():
    sheet = lay_receipt(a_receipt("min:P30D"), FRIDAY)
    assert sheet.headline.startswith("为什么至少到 ")
    assert sheet.notes == ("这是最短时间，不是最后办理日。",)


def test_a_year_without_calendar_is_said():
    sheet = lay_receipt(a_receipt("P20WD", date(2026, 12, 20)), FRIDAY)
    assert sheet.headline.startswith("为什么暂定 2027年1月")
    assert "2027年的工作日历还没有发布" in sheet.notes[0]


def test_a_cadence_shows_its_period():
    sheet = lay_receipt(a_receipt("cadence:1Q", FRIDAY), FRIDAY)
    assert sheet.sentence == "每个季度一次，这一期从 2026年10月1日开始，最后一天是 2026年12月31日（周四）。"
    assert [row.words for row in sheet.rows] == ["这一期的第一天", "这一期的最后一天"]


@pytest.mark.parametrize(("limit", "density"), [("P20WD", ""), ("P45WD", "dense"), ("P120WD", "tight"), ("P250WD", "tiny")])
def test_the_more_weeks_the_closer_they_stand_on_the_one_page(limit, density):
    assert lay_receipt(a_receipt(limit, date(2025, 1, 6))).grids[0].density == density


@pytest.mark.parametrize("limit", ["P1WD", "P20WD", "P60WD", "P30D", "P90D"])
@pytest.mark.parametrize("days", [0, 17, 100, 260])
def test_every_day_of_the_count_has_one_cell_and_the_numbers_have_no_gap(limit, days):
    receipt = a_receipt(limit, date(2025, 1, 6) + timedelta(days=days))
    cells = cells_of(lay_receipt(receipt))

    assert sorted(cells) == [
        receipt.caused_on + timedelta(days=number) for number in range((receipt.last_day - receipt.caused_on).days + 1)
    ]
    assert sorted(cell.number for cell in cells.values() if cell.number) == list(range(1, receipt.counted + 1))
    assert lay_receipt(receipt).sum.endswith("相符。")


@pytest.mark.parametrize(
    ("changed", "is_shown"),
    [
        ({}, True),
        ({"public_display": PublicDisplay.NO}, False),
        ({"public_display": PublicDisplay.REVIEW}, False),
        ({"is_verified": False}, False),
        ({"binding": Binding.INTERNAL}, False),
        ({"binding": Binding.SUPERIOR}, True),
    ],
)
def test_only_verified_public_dates_of_more_than_the_house_are_shown(changed, is_shown):
    assert may_be_shown(a_receipt(**changed)) is is_shown


def test_people_are_named_only_where_their_rows_are_given():
    row = MovementRow(
        **OPINION.__dict__,
        id=1,
        uuid=uuid4(),
        proposed_by="周岚",
        approved_by="何静",
        approved_at=at("2026-09-21"),
        noted_at=at("2026-09-21"),
    )
    receipt = a_receipt("P20WD", date(2026, 9, 9), OPINION)

    assert "周岚" not in str(lay_receipt(receipt))
    assert "周岚记，何静同意" in steps_of(lay_receipt(replace(receipt, stops=(row,))))["停"].notes


def test_an_extension_is_told_with_its_amount():
    added = MovementDraft(kind=MovementKind.EXTEND, first_day=date(2026, 9, 28), amount=20, unit=LimitUnit.WORKDAY, article="第三十三条")
    assert steps_of(lay_receipt(a_receipt("P20WD", date(2026, 9, 9), added)))["延长"].words == "2026年9月28日决定，延长 20 个工作日"
