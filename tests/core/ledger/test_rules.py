import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from gongkai.core.catalogue.rules import Sources, build_terms
from gongkai.core.catalogue.tables import read_table
from gongkai.core.ledger.kinds import CellMark, LimitUnit
from gongkai.core.ledger.rules import add_months, add_up, choose_terms, compute_due, explain, lay_out, parse_limit, say_limit
from gongkai.foundation.workdays.tables import packaged_calendar
from gongkai.lib.errors import ActNotPossible, BadInput
from gongkai.lib.moments import SHANGHAI
from tests.factories.ledger import at, some_terms

CALENDAR = packaged_calendar()
CASES = {
    case["id"]: case for case in json.loads((Path(__file__).parents[2] / "data/workday_cases.json").read_text(encoding="utf-8"))["cases"]
}
EXAMPLES = json.loads((Path(__file__).parents[2] / "data/workdays.json").read_text(encoding="utf-8"))
SOURCES = Sources(
    duties={row["code"]: row for row in read_table("duties")},
    deadlines={row["id"]: row for row in read_table("deadlines")},
    versions=read_table("duty_versions"),
    names={row["code"]: row["name"] for row in read_table("sources")},
)
LAW = build_terms(SOURCES)


def terms_of(entry: str, on: date):
    """The terms of the packaged law that held for an entry on a day."""
    terms = choose_terms([row for row in LAW if row.entry == entry], on)
    assert terms is not None
    return terms


def due(limit: str, caused_on: date, **changed):
    return compute_due(some_terms(limit, **changed), caused_on, CALENDAR)


def last_day(entry: str, caused_on: date) -> date:
    return compute_due(terms_of(entry, caused_on), caused_on, CALENDAR).last_day


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("P20WD", "20 个工作日"),
        ("P30D", "30 日"),
        ("P3M", "3 个月"),
        ("P3Y", "3 年"),
        ("PT48H", "48 小时"),
        ("P0D", "当天"),
        ("min:P30D", "不少于 30 日"),
        ("fixed:01-31", "每年 1月31日前"),
        ("cadence:workday", "每个工作日"),
        ("cadence:1Q", "每个季度一次"),
        ("cadence:2W", "每 2 周一次"),
        ("none", "没有写天数"),
    ],
)
def test_a_limit_is_read_and_said_in_words(text, words):
    assert say_limit(parse_limit(text)) == words


@pytest.mark.parametrize(
    "text", ["", "P20", "20WD", "PT20D", "P5H", "fixed:13-01", "fixed:02-30", "P99999D", "P101Y", "min:none", "p20wd", "P-1D"]
)
def test_a_limit_that_is_written_otherwise_is_refused(text):
    with pytest.raises(ValueError, match="不认识"):
        parse_limit(text)


def test_every_limit_of_the_duty_list_is_read():
    assert {parse_limit(row.limit_text).unit for row in LAW} == set(LimitUnit)


def test_every_limit_that_has_a_number_gives_a_day():
    cause = at("2026-03-10", "09:30")
    for row in LAW:
        if parse_limit(row.limit_text).unit not in {LimitUnit.NONE, LimitUnit.CADENCE}:
            receipt = compute_due(row, cause.date(), CALENDAR, caused_at=cause)
            assert [day.is_last for day in receipt.days].count(True) == 1, row.entry
            assert receipt.sentence.endswith("。"), row.entry


def test_a_limit_without_a_number_says_so():
    with pytest.raises(ActNotPossible, match=terms_of("plan.site", date(2026, 1, 1)).label):
        last_day("plan.site", date(2026, 1, 1))


def test_a_cadence_is_due_when_its_period_ends():
    assert last_day("summary.yearly", date(2026, 1, 1)) == date(2026, 12, 31)
    assert last_day("monitor.daily", date(2026, 1, 4)) == date(2026, 1, 4)  # a Sunday that is worked


def test_the_expropriation_notice_had_ten_working_days_until_september_2021_and_fifteen_since():
    assert terms_of("expro.notice", date(2021, 8, 31)).limit_text == "P10WD"
    assert terms_of("expro.notice", date(2021, 9, 1)).limit_text == "P15WD"
    assert last_day("expro.notice", date(2021, 8, 31)) == date(2021, 9, 14)
    assert last_day("expro.notice", date(2021, 9, 1)) == date(2021, 9, 23)  # the 18th is worked, the 19th to 21st are off


def test_the_expropriation_notice_of_the_demo_ends_on_the_fifteenth_of_october():
    receipt = compute_due(terms_of("expro.notice", date(2026, 9, 18)), date(2026, 9, 18), CALENDAR)

    assert receipt.last_day == date(2026, 10, 15)
    assert receipt.due_at == datetime(2026, 10, 16, tzinfo=SHANGHAI)
    assert [day.day.day for day in receipt.days if day.is_made_up] == [20, 10]


def test_a_lost_certificate_waited_fifteen_working_days_and_waits_no_longer():
    old = compute_due(terms_of("rer.lost", date(2024, 5, 20)), date(2024, 5, 20), CALENDAR)
    new = compute_due(terms_of("rer.lost", date(2024, 5, 21)), date(2024, 5, 21), CALENDAR)

    assert (old.last_day, old.is_minimum) == (date(2024, 6, 11), True)  # the 10th is the Dragon Boat Festival
    assert (new.last_day, new.is_minimum) == (date(2024, 5, 21), False)


def test_the_answer_in_review_changed_from_ten_days_to_ten_working_days():
    assert last_day("foi.review_response", date(2023, 12, 31)) == date(2024, 1, 10)
    assert last_day("foi.review_response", date(2024, 1, 1)) == date(2024, 1, 15)


@pytest.mark.parametrize(
    ("on", "limit"), [(date(2023, 4, 30), "P12M"), (date(2023, 5, 1), "P36M"), (date(2026, 3, 31), "P36M"), (date(2026, 4, 1), "P12M")]
)
def test_a_penalty_is_shown_for_the_period_of_its_own_time(on, limit):
    assert terms_of("credit.pub_general", on).limit_text == limit


def test_no_terms_hold_on_a_day_before_the_rule():
    assert choose_terms([row for row in LAW if row.entry == "expro.pre_notice"], date(2021, 8, 31)) is None


def test_of_two_versions_that_overlap_the_later_one_holds():
    old, new = some_terms("P10WD"), some_terms("P15WD", effective_from=date(2021, 9, 1))

    assert choose_terms([new, old], date(2022, 1, 1)) is new


@pytest.mark.parametrize(
    ("case", "start", "workdays", "expected"),
    [
        ("qianwei-gg", "approved", 15, "approval_plus_15_workdays"),
        ("gd-xian-gg-2026", "approved", 15, "approval_plus_15_workdays"),
        ("daying-2024-2", "applied", 20, "due_20_workdays_after_application_date"),
        ("daying-2024-2", "applied", 40, "max_extended_due_40_workdays"),
        ("yuanjiang", "received", 20, "due_20_workdays_after_receipt"),
        ("yuanjiang", "received", 40, "max_extended_due_40_workdays"),
    ],
)
def test_the_deadline_of_a_real_document_is_right(case, start, workdays, expected):
    given = CASES[case]

    assert due(f"P{workdays}WD", date.fromisoformat(given["input"][start])).last_day.isoformat() == given["expected"][expected]


def test_the_period_of_a_real_notice_is_filled():
    period = CASES["pingshan-pre"]["input"]

    assert due("min:P10WD", date.fromisoformat(period["start"])).last_day <= date.fromisoformat(period["end"])


@pytest.mark.parametrize("case", [case for case in EXAMPLES if "start" in case], ids=lambda case: case["id"])
def test_the_worked_examples_are_right(case):
    assert due(f"P{case['add']}WD", date.fromisoformat(case["start"])).last_day.isoformat() == case["expect"]["due_last_day"]


def test_a_last_calendar_day_that_is_off_moves_to_the_next_working_day():
    receipt = due("P20D", date(2026, 9, 11))  # the twentieth day is the first of October

    assert receipt.last_day == date(2026, 10, 8)
    assert "10月1日（国庆节），顺延" in receipt.sentence
    assert (receipt.counted, receipt.skipped) == (20, 7)
    assert [line.title for line in explain(receipt)] == ["起算", "期限", "不计", "顺延"]


def test_a_last_calendar_day_stays_where_the_terms_do_not_move_it():
    assert due("P20D", date(2026, 9, 11), rolls=False).last_day == date(2026, 10, 1)


def test_a_saturday_that_is_worked_is_a_last_day_and_says_why():
    receipt = due("P7WD", date(2026, 9, 23))

    assert receipt.last_day == date(2026, 10, 10)
    assert receipt.sentence.endswith("最后一天是 2026年10月10日（周六）。这天国庆节调休上班。")
    assert due("P10D", date(2026, 9, 30)).last_day == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_a_month_ends_on_the_corresponding_day_or_the_last_of_the_month(day, months, expected):
    assert add_months(day, months) == expected


def test_months_and_years_list_what_decides():
    receipt = due("P3M", date(2026, 7, 3))  # the third of October is in the National Day week

    assert [day.number for day in receipt.days[:4]] == [None, 1, 2, 3]
    assert receipt.last_day == date(2026, 10, 8)
    assert due("P3Y", date(2021, 3, 1)).last_day == date(2024, 3, 1)
    assert lay_out(receipt, date(2026, 7, 3))[1].is_after_gap


def test_hours_run_through_the_holidays():
    receipt = compute_due(some_terms("PT48H"), date(2026, 9, 30), CALENDAR, caused_at=at("2026-09-30", "17:30"))

    assert receipt.due_at == at("2026-10-02", "17:30")
    assert receipt.last_day == date(2026, 10, 2)
    assert "2026年10月2日 17:30 为止" in receipt.sentence


def test_hours_that_end_at_midnight_end_with_the_day_before():
    receipt = compute_due(some_terms("PT24H"), date(2026, 10, 9), CALENDAR, caused_at=at("2026-10-09", "00:00"))

    assert (receipt.last_day, receipt.due_at) == (date(2026, 10, 9), at("2026-10-10", "00:00"))


def test_hours_need_the_moment_and_the_moment_its_day():
    with pytest.raises(ActNotPossible, match="几点几分"):
        due("PT5H", date(2026, 10, 9))
    with pytest.raises(BadInput, match="同一天"):
        compute_due(some_terms("PT5H"), date(2026, 10, 9), CALENDAR, caused_at=at("2026-10-08"))


def test_a_date_in_the_year_never_moves_and_needs_no_calendar():
    receipt = due("fixed:01-31", date(2026, 12, 31))

    assert receipt.last_day == date(2027, 1, 31)  # a Sunday of a year without calendar
    assert not receipt.is_provisional
    assert due("fixed:01-31", date(2026, 1, 31)).last_day == date(2026, 1, 31)
    assert due("fixed:02-29", date(2026, 1, 1)).last_day == date(2026, 2, 28)


def test_the_first_ten_days_of_a_quarter_begin_with_its_first_day():
    receipt = compute_due(terms_of("land.housing_stock", date(2026, 10, 1)), date(2026, 10, 1), CALENDAR)

    assert (receipt.start, receipt.last_day, receipt.counted) == (date(2026, 10, 1), date(2026, 10, 10), 10)
    assert last_day("land.housing_stock", date(2026, 11, 20)) == date(2026, 10, 10)


def test_a_minimum_before_an_event_is_counted_back_and_is_a_latest_day():
    auction = compute_due(terms_of("land.auction_notice", date(2026, 10, 29)), date(2026, 10, 29), CALENDAR)
    hearing = compute_due(terms_of("expro.hearing_notice", date(2026, 10, 12)), date(2026, 10, 12), CALENDAR)

    assert (auction.last_day, auction.is_backward, auction.is_minimum) == (date(2026, 10, 9), True, False)
    assert hearing.last_day == date(2026, 9, 24)  # 10, 9, 8, 30, 29, 28 and before the festival the 24th
    assert hearing.sentence == "2026年10月12日开始，往前倒数 7 个工作日，最迟 2026年9月24日（周四）。"
    assert [day.number for day in hearing.days if day.is_counted] == [7, 6, 5, 4, 3, 2, 1]


def test_any_other_minimum_is_a_day_until_which_it_lasts():
    receipt = compute_due(terms_of("plan.draft", date(2026, 10, 9)), date(2026, 10, 9), CALENDAR)

    assert (receipt.last_day, receipt.is_minimum) == (date(2026, 11, 9), True)  # the thirtieth day is a Sunday
    assert "至少到" in receipt.sentence


def test_a_year_without_calendar_makes_the_day_provisional_and_names_the_year():
    receipt = due("P20WD", date(2026, 12, 20))

    assert receipt.is_provisional
    assert receipt.missing_years == (2027,)
    assert receipt.last_day == date(2027, 1, 15)
    assert "还没有 2027 年的工作日历" in receipt.sentence
    assert not due("P8WD", date(2026, 12, 21)).is_provisional


def test_a_cause_in_a_year_without_calendar_counts_the_days_of_the_next():
    assert not due("P20WD", date(2019, 12, 31)).is_provisional


def test_a_receipt_names_every_day_it_skipped_with_the_notice_behind_it():
    days = {day.day: day for day in due("P20WD", date(2026, 9, 9)).days}

    assert days[date(2026, 9, 9)].reason == "事由日，不计"
    assert days[date(2026, 9, 12)].reason == "周末"
    assert days[date(2026, 9, 25)].reason == "中秋节"
    assert days[date(2026, 9, 20)].reason == "国庆节调休上班"
    assert "2026年" in days[date(2026, 10, 1)].notice
    assert "国务院办公厅" in days[date(2026, 9, 20)].notice


def test_the_check_sum_of_a_receipt_is_the_whole_span():
    assert add_up(due("P20WD", date(2026, 9, 9))) == "计入 20 + 不计 14 = 34 天；事由日到最后一天相隔 34 天，相符。"
    assert "相符" in add_up(due("P30D", date(2026, 9, 4)))
    assert "相符" in add_up(compute_due(terms_of("expro.hearing_notice", date(2026, 10, 12)), date(2026, 10, 12), CALENDAR))
    assert add_up(due("P3M", date(2026, 7, 3))) == ""


def test_the_grid_has_whole_weeks_and_every_cell_can_be_heard():
    weeks = lay_out(due("P20WD", date(2026, 9, 9)), date(2026, 10, 9))
    cells = {cell.day: cell for week in weeks for cell in week.cells if cell}

    assert [week.number for week in weeks] == [37, 38, 39, 40, 41, 42]
    assert all(len(week.cells) == 7 for week in weeks)
    assert weeks[0].cells[:2] == (None, None)
    assert cells[date(2026, 10, 10)].spoken == "10月10日 周六 国庆节调休上班 第18个工作日"
    assert cells[date(2026, 10, 9)].is_today
    assert cells[date(2026, 9, 9)].mark is CellMark.CAUSE
    assert cells[date(2026, 10, 13)].mark is CellMark.LAST
    assert cells[date(2026, 10, 13)].spoken == "10月13日 周二 最后一天 第20个工作日"
    assert cells[date(2026, 9, 14)].date_words == "09-14"
    assert cells[date(2026, 9, 15)].date_words == "15"


def test_the_steps_of_a_receipt_name_article_source_and_what_is_not_verified():
    receipt = due("P20WD", date(2026, 9, 9), is_verified=False, source="凭记忆，未核实", effective_from=date(2019, 5, 15))
    steps = {step.title: step for step in explain(receipt)}

    assert steps["起算"].words == "2026年9月10日（次日）"
    assert explain(due("P15WD", date(2026, 9, 18)))[0].words == "2026年9月19日（次日）；第一个工作日是 2026年9月20日"
    assert steps["期限"].notes == ("条例26条", "2019-05-15 起适用", "来源未核实，不对外引用：凭记忆，未核实")
    assert "国庆节 7 天" in steps["不计"].words
    assert steps["调休"].words == "2026年9月20日（周日）、2026年10月10日（周六）上班"


def test_nothing_depends_on_how_far_the_cause_lies_back():
    assert due("P9999D", date(2020, 1, 1)).last_day > date(2020, 1, 1) + timedelta(days=9998)
