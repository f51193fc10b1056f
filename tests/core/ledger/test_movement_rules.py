"""What stops, restarts, extensions and fees do to a limit: the case of the picture, the law's own words, every kind of limit."""

from datetime import date

import pytest

from gongkai.core.ledger.kinds import CellMark, LimitUnit, MovementDraft, MovementKind
from gongkai.core.ledger.rules import (
    add_up,
    can_move,
    check_draft,
    compute_due,
    explain,
    first_stopped_day,
    last_stopped_day,
    lay_out,
    next_check,
    say_may_extend,
)
from gongkai.foundation.workdays.tables import packaged_calendar
from gongkai.lib.errors import ActNotPossible, BadInput, Refusal, SomebodyWasFaster
from gongkai.lib.moments import end_of, start_of
from tests.factories.ledger import at, some_terms

CALENDAR = packaged_calendar()
CONFIRMED = date(2026, 9, 9)


def reply_terms(limit="P20WD", **changed):
    """The reply to a request, as deadlines.yaml has it."""
    values = {
        "entry": "foi.reply",
        "label": "依申请公开答复",
        "basis": "条例33条",
        "extend_amount": 20,
        "extend_unit": LimitUnit.WORKDAY,
        "extend_cap_total": 20,
        "extend_approval": "政府信息公开工作机构负责人同意并告知申请人",
    }
    return some_terms(limit, **{**values, **changed})


def a_stop(first, last=None, latest=date(2026, 10, 26), **changed):
    values = {"reason": "征求邻户意见（个人隐私）", "article": "条例32条、33条", "document": "征求意见书"}
    return MovementDraft(kind=MovementKind.STOP, first_day=first, last_day=last, latest_day=latest, **{**values, **changed})


def an_extension(amount, day=date(2026, 9, 15), unit=LimitUnit.WORKDAY):
    return MovementDraft(kind=MovementKind.EXTEND, first_day=day, amount=amount, unit=unit, reason="材料多", article="条例33条")


def a_restart(day):
    return MovementDraft(kind=MovementKind.RESTART, first_day=day, reason="收到补正", article="条例30条")


def a_fee(notified, paid=None, latest=date(2026, 10, 26)):
    return MovementDraft(
        kind=MovementKind.FEE, first_day=notified, last_day=paid, latest_day=latest, reason="超过 30 页", article="国办函〔2020〕109号"
    )


PICTURE = a_stop(date(2026, 9, 22), date(2026, 10, 8))


def due(*movements, limit="P20WD", cause=CONFIRMED, **changed):
    return compute_due(reply_terms(limit), cause, CALENDAR, movements, **changed)


# --- the picture


def test_the_case_of_the_picture_ends_on_the_twenty_second():
    receipt = due(PICTURE)

    assert due().last_day == date(2026, 10, 13)
    assert receipt.last_day == date(2026, 10, 22)
    assert (receipt.counted, receipt.stopped, receipt.skipped) == (20, 7, 16)
    assert "计入 20 + 停 7 + 休息日 16 = 43 天" in add_up(receipt)
    assert "相符" in add_up(receipt)


def test_its_sentence_says_from_which_day_to_which():
    said = due(PICTURE).sentence

    assert "征求邻户意见（个人隐私） 7 个工作日不计" in said
    assert "原来的 2026年10月13日顺延到 2026年10月22日（周四）" in said


def test_its_grid_is_that_of_the_picture():
    cells = {cell.day: cell for week in lay_out(due(PICTURE), date(2026, 10, 9)) for cell in week.cells if cell}

    assert cells[date(2026, 9, 9)].mark is CellMark.CAUSE
    assert (cells[date(2026, 9, 20)].mark, cells[date(2026, 9, 20)].number) == (CellMark.MAKEUP, 8)
    assert (cells[date(2026, 9, 21)].number, cells[date(2026, 9, 21)].words) == (9, "次日起停")
    assert cells[date(2026, 9, 22)].words == "停，开始"
    assert {day.day for day in due(PICTURE).days if day.is_stopped} == {
        date(2026, 9, 22), date(2026, 9, 23), date(2026, 9, 24), date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8)
    }  # fmt: skip
    assert cells[date(2026, 9, 25)].mark is CellMark.OFF
    assert cells[date(2026, 10, 8)].words == "停，到此"
    assert (cells[date(2026, 10, 9)].number, cells[date(2026, 10, 9)].words) == (10, "恢复")
    assert cells[date(2026, 10, 10)].spoken == "10月10日 周六 国庆节调休上班 第11个工作日"
    assert (cells[date(2026, 10, 22)].number, cells[date(2026, 10, 22)].mark) == (20, CellMark.LAST)


def test_its_lines_name_the_stop_with_article_reason_and_paper():
    lines = {line.title: line for line in explain(due(PICTURE))}

    assert lines["停"].words == "2026年9月22日至 2026年10月8日，7 个工作日"
    assert lines["停"].notes == ("条例32条、33条", "征求邻户意见（个人隐私）", "征求意见书")
    assert "10月10日（周六）" in lines["调休"].words
    assert lines["延长"].words == "没有"
    assert lines["延长"].notes == ("最多可延长 20 个工作日；政府信息公开工作机构负责人同意并告知申请人",)


def test_the_day_the_paper_goes_out_counts_and_the_day_of_the_answer_does_not():
    terms = reply_terms()
    assert first_stopped_day(terms, date(2026, 9, 21)) == date(2026, 9, 22)
    assert last_stopped_day(terms, date(2026, 10, 8)) == date(2026, 10, 8)

    other = reply_terms(stop_from_next_day=False, stop_includes_answer=False)
    assert first_stopped_day(other, date(2026, 9, 21)) == date(2026, 9, 21)
    assert last_stopped_day(other, date(2026, 10, 8)) == date(2026, 10, 7)


# --- stops


def test_a_stop_that_runs_shows_no_last_day_but_the_day_it_resumes_at_the_latest():
    receipt = due(a_stop(date(2026, 9, 22)))

    assert receipt.is_stopped
    assert (receipt.stopped_since, receipt.resumes_by) == (date(2026, 9, 22), date(2026, 10, 26))
    assert "最迟 2026年10月26日恢复" in receipt.sentence
    assert "10月13日" not in receipt.sentence
    assert add_up(receipt) == ""
    assert next_check(receipt, at("2026-09-22")) == start_of(date(2026, 10, 26))  # it goes on by itself


def test_two_stops_that_overlap_are_counted_once():
    one, other = a_stop(date(2026, 9, 22), date(2026, 9, 28)), a_stop(date(2026, 9, 24), date(2026, 10, 8))

    assert due(one, other).last_day == due(other, one).last_day == due(PICTURE).last_day


def test_a_stop_over_days_off_alone_moves_nothing():
    assert due(a_stop(date(2026, 10, 1), date(2026, 10, 7))).last_day == due().last_day


def test_a_stop_after_the_end_moves_nothing():
    assert due(a_stop(date(2026, 10, 14), date(2026, 10, 30))).last_day == due().last_day


def test_calendar_days_stand_still_on_days_off_too():
    receipt = due(a_stop(date(2026, 9, 22), date(2026, 10, 8)), limit="P30D", cause=date(2026, 9, 9))

    assert receipt.stopped == 17
    assert receipt.last_day == date(2026, 10, 26)
    assert "相符" in add_up(receipt)


def test_a_last_day_never_falls_into_a_stop():
    receipt = due(a_stop(date(2026, 10, 11), date(2026, 10, 13)), limit="P31D", cause=date(2026, 9, 9))

    # The thirty-first day is Saturday 10-10, which is worked: nothing to roll over.
    assert receipt.last_day == date(2026, 10, 10)
    rolled = due(a_stop(date(2026, 10, 12), date(2026, 10, 13)), limit="P32D", cause=date(2026, 9, 9))
    assert rolled.last_day == date(2026, 10, 14)
    assert rolled.due_at == end_of(date(2026, 10, 14))


def test_months_get_the_days_of_a_stop_behind_them():
    receipt = due(a_stop(date(2026, 3, 2), date(2026, 3, 6)), limit="P3M", cause=date(2026, 1, 15))

    assert receipt.last_day == date(2026, 4, 20)
    assert [day.number for day in receipt.days if day.is_counted] == [1, 2, 3]
    assert sum(day.is_stopped for day in receipt.days) == 5


def test_a_stop_in_the_days_put_behind_a_month_counts_too():
    early, late = a_stop(date(2026, 3, 2), date(2026, 3, 6)), a_stop(date(2026, 4, 17), date(2026, 4, 17))

    assert due(early, late, limit="P3M", cause=date(2026, 1, 15)).last_day == date(2026, 4, 21)


def test_hours_run_in_clock_time_and_stand_still_for_whole_days():
    begun = at("2026-10-09", "15:00")
    receipt = due(a_stop(date(2026, 10, 10), date(2026, 10, 11)), limit="PT48H", cause=date(2026, 10, 9), caused_at=begun)

    assert receipt.due_at == at("2026-10-13", "15:00")
    assert receipt.last_day == date(2026, 10, 13)
    assert [day.is_stopped for day in receipt.days] == [False, True, True, False, False]


def test_a_minimum_lasts_as_much_longer_as_it_stood_still():
    receipt = due(a_stop(date(2026, 9, 14), date(2026, 9, 18)), limit="min:P30D")

    assert receipt.is_minimum
    assert receipt.last_day == due(limit="min:P35D").last_day


@pytest.mark.parametrize(
    ("limit", "clock_start"),
    [("fixed:01-31", "每年"), ("cadence:1Q", "每季度"), ("min:P15D", "听证会召开之日（倒算）"), ("P10D", "季度首日"), ("none", "")],
)
def test_a_date_that_is_set_cannot_be_stopped(limit, clock_start):
    terms = reply_terms(limit, clock_start=clock_start)
    assert not can_move(terms)
    if limit in {"none"}:
        return
    receipt = compute_due(terms, CONFIRMED, CALENDAR)
    with pytest.raises(ActNotPossible, match="不能中止"):
        check_draft(terms, CONFIRMED, receipt, (), a_stop(date(2026, 9, 10)), date(2026, 9, 10))


# --- restarts and fees


def test_a_restart_counts_again_from_the_next_day_and_keeps_the_first_count_to_be_seen():
    receipt = due(a_restart(date(2026, 9, 21)))

    assert receipt.last_day == due(cause=date(2026, 9, 21)).last_day
    assert receipt.caused_on == date(2026, 9, 21)
    (before,) = receipt.earlier
    assert before.caused_on == CONFIRMED
    assert before.days[-1].day == date(2026, 9, 21)
    assert before.days[-1].number == 9
    assert not any(day.is_last for day in before.days)
    assert receipt.days[0].reason == "重新起算，当天不计"
    assert "收到补正，期限从 2026年9月21日重新起算。" in receipt.sentence
    assert "相符" in add_up(receipt)


def test_the_last_of_two_restarts_holds():
    receipt = due(a_restart(date(2026, 9, 21)), a_restart(date(2026, 9, 14)))

    assert receipt.last_day == due(cause=date(2026, 9, 21)).last_day
    assert [count.caused_on for count in receipt.earlier] == [CONFIRMED, date(2026, 9, 14)]


def test_what_was_extended_before_a_restart_is_forgotten_and_after_it_is_not():
    before, after = an_extension(10, date(2026, 9, 15)), an_extension(10, date(2026, 9, 28))
    restart = a_restart(date(2026, 9, 21))

    assert due(before, restart).last_day == due(cause=date(2026, 9, 21)).last_day
    assert due(restart, after).last_day == due(cause=date(2026, 9, 21), limit="P30WD").last_day


def test_an_unpaid_fee_holds_the_clock_from_the_next_day_and_payment_begins_it_again():
    unpaid = due(a_fee(date(2026, 9, 16)))
    assert unpaid.is_stopped
    assert (unpaid.stopped_since, unpaid.resumes_by) == (date(2026, 9, 17), date(2026, 10, 26))
    assert "缴费的次日起重新计算" in unpaid.sentence

    paid = due(a_fee(date(2026, 9, 16), date(2026, 10, 9)))
    assert paid.last_day == due(cause=date(2026, 10, 9)).last_day
    assert paid.earlier[0].days[-1].day == date(2026, 9, 16)
    assert next(line for line in explain(paid) if line.title == "重算").words.startswith("2026年10月9日缴费")


def test_hours_cannot_begin_again_from_a_day():
    with pytest.raises(ActNotPossible, match="按小时"):
        due(a_restart(date(2026, 10, 10)), limit="PT48H", cause=date(2026, 10, 9), caused_at=at("2026-10-09"))


# --- extensions


def test_an_extension_goes_on_counting():
    receipt = due(an_extension(20))

    assert receipt.last_day == due(limit="P40WD").last_day
    assert [day.number for day in receipt.days if day.is_counted] == list(range(1, 41))
    assert next(line for line in explain(receipt) if line.title == "延长").words == "2026年9月15日决定，延长 20 个工作日"


@pytest.mark.parametrize(("limit", "amount", "unit", "whole"), [("P60D", 30, LimitUnit.DAY, "P90D"), ("P3M", 3, LimitUnit.MONTH, "P6M")])
def test_days_and_months_are_added_before_the_last_day_rolls(limit, amount, unit, whole):
    assert due(an_extension(amount, unit=unit), limit=limit).last_day == due(limit=whole).last_day


def test_an_extension_in_another_unit_begins_where_the_limit_ended():
    receipt = due(an_extension(10, unit=LimitUnit.WORKDAY), limit="P3M", cause=date(2026, 1, 15))

    assert receipt.last_day == CALENDAR.add_workdays(date(2026, 4, 15), 10)


def test_hours_are_extended_by_hours():
    begun = at("2026-10-09", "15:00")
    more = an_extension(24, date(2026, 10, 9), LimitUnit.HOUR)
    assert due(more, limit="PT48H", cause=date(2026, 10, 9), caused_at=begun).due_at == at("2026-10-12", "15:00")
    with pytest.raises(ActNotPossible, match="按小时延长"):
        due(an_extension(1, date(2026, 10, 9)), limit="PT48H", cause=date(2026, 10, 9), caused_at=begun)


@pytest.mark.parametrize(
    ("changed", "amount", "had", "refusal", "words"),
    [
        ({}, 21, (), BadInput, "一次最多延长 20 个工作日"),
        ({}, 0, (), BadInput, "正数"),
        ({}, 11, (10,), BadInput, "最多还能延长 10"),
        ({}, 5, (20,), ActNotPossible, "已经用完"),
        ({"extend_max_times": 1}, 5, (5,), ActNotPossible, "只许 1 次"),
        ({"extend_amount": None, "extend_approval": "", "extend_cap_total": None}, 5, (), ActNotPossible, "没有写可以延长"),
    ],
)
def test_an_extension_stays_within_what_the_law_allows(changed, amount, had, refusal, words):
    terms = reply_terms(**changed)
    before = [an_extension(number, date(2026, 9, 10)) for number in had]
    receipt = compute_due(terms, CONFIRMED, CALENDAR, before)
    with pytest.raises(refusal, match=words):
        check_draft(terms, CONFIRMED, receipt, before, an_extension(amount), date(2026, 9, 15))


def test_an_extension_without_a_number_in_the_law_has_no_cap():
    terms = reply_terms(extend_amount=None, extend_cap_total=None, extend_approval="高级人民法院批准")
    check_draft(terms, CONFIRMED, compute_due(terms, CONFIRMED, CALENDAR), (), an_extension(90), date(2026, 9, 15))
    assert say_may_extend(terms) == "可以延长，依据没有写多久；高级人民法院批准"


def test_nothing_is_extended_after_the_last_day():
    with pytest.raises(ActNotPossible, match="已经过了"):
        check_draft(reply_terms(), CONFIRMED, due(), (), an_extension(5), date(2026, 10, 14))


# --- what cannot be


@pytest.mark.parametrize(
    ("draft", "refusal", "words"),
    [
        (a_stop(CONFIRMED), BadInput, "次日才起算"),
        (a_stop(date(2026, 10, 14)), BadInput, "没有期限可停"),
        (a_stop(date(2026, 9, 22), latest=None), BadInput, "最迟恢复"),
        (a_stop(date(2026, 9, 22), latest=date(2026, 9, 22)), BadInput, "最迟恢复"),
        (a_stop(date(2026, 9, 22), date(2026, 9, 23)), SomebodyWasFaster, "没有暂停"),
        (a_restart(CONFIRMED), BadInput, "晚于这天"),
        (a_restart(date(2026, 10, 12)), BadInput, "还没有到"),
        (a_fee(date(2026, 10, 12)), BadInput, "收费通知的日子"),
        (a_fee(date(2026, 9, 16), latest=date(2026, 9, 16)), BadInput, "最迟缴费"),
    ],
)
def test_a_movement_that_cannot_be_is_refused_in_words(draft, refusal, words):
    with pytest.raises(refusal, match=words):
        check_draft(reply_terms(), CONFIRMED, due(), (), draft, date(2026, 10, 9))


@pytest.mark.parametrize(
    ("running", "draft", "refusal", "words"),
    [
        (a_stop(date(2026, 9, 22)), a_stop(date(2026, 9, 23)), SomebodyWasFaster, "已经从 2026年9月22日起暂停"),
        (a_stop(date(2026, 9, 22)), an_extension(5), ActNotPossible, "用不着延长.*恢复计算以后时间不够，再延长"),
        (a_stop(date(2026, 9, 22)), a_fee(date(2026, 9, 23), date(2026, 9, 24)), ActNotPossible, "先恢复计算"),
        (a_stop(date(2026, 9, 22)), a_stop(date(2026, 9, 21), date(2026, 9, 21)), BadInput, "把这次暂停作废"),
        (a_stop(date(2026, 9, 22)), a_stop(date(2026, 9, 22), date(2026, 10, 10)), BadInput, "还没有到"),
        (a_stop(date(2026, 9, 22), latest=date(2026, 10, 8)), a_stop(date(2026, 9, 22), date(2026, 10, 8)), BadInput, "10月8日就要恢复"),
        (a_fee(date(2026, 9, 16)), a_restart(date(2026, 9, 20)), ActNotPossible, "先登记缴费"),
        (a_fee(date(2026, 9, 16), latest=date(2026, 10, 8)), a_fee(date(2026, 9, 16), date(2026, 10, 9)), BadInput, "视为放弃"),
    ],
)  # fmt: skip
def test_while_it_stands_still_only_its_end_can_be_noted(running, draft, refusal, words):
    with pytest.raises(refusal, match=words):
        check_draft(reply_terms(), CONFIRMED, due(running), (running,), draft, date(2026, 10, 9))
    assert issubclass(refusal, Refusal)


# --- targets, periods, the next look


def test_a_target_moves_with_the_stops_and_never_lies_behind_the_last_day():
    receipt = due(PICTURE, target="P15WD")
    assert receipt.target_day == date(2026, 10, 15)
    assert receipt.target_at == end_of(date(2026, 10, 15))

    assert due(target="P30WD").target_day == due().last_day
    assert due(limit="min:P30D", target="min:P40D").target_day is None


def test_a_fixed_date_has_a_target_in_the_same_year():
    receipt = compute_due(some_terms("fixed:01-31", clock_start="每年"), date(2026, 1, 5), CALENDAR, target="fixed:01-26")
    assert (receipt.target_day, receipt.last_day) == (date(2026, 1, 26), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("limit", "cause", "first", "last"),
    [
        ("cadence:workday", date(2026, 10, 9), date(2026, 10, 9), date(2026, 10, 9)),
        ("cadence:1W", date(2026, 10, 9), date(2026, 10, 5), date(2026, 10, 11)),
        ("cadence:1M", date(2026, 10, 9), date(2026, 10, 1), date(2026, 10, 31)),
        ("cadence:1Q", date(2026, 10, 9), date(2026, 10, 1), date(2026, 12, 31)),
        ("cadence:1Y", date(2026, 10, 9), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_cadence_is_due_at_the_end_of_its_period(limit, cause, first, last):
    receipt = compute_due(some_terms(limit, clock_start=""), cause, CALENDAR)
    assert (receipt.start, receipt.last_day) == (first, last)


def test_a_day_off_has_no_period_of_working_days():
    with pytest.raises(ActNotPossible, match="休息"):
        compute_due(some_terms("cadence:workday", clock_start=""), date(2026, 10, 11), CALENDAR)


def test_the_sweeper_looks_first_when_it_is_near_and_only_for_what_can_be_overdue():
    receipt = due(PICTURE)
    assert receipt.near_at == start_of(date(2026, 10, 14))
    assert next_check(receipt, at("2026-10-09")) == start_of(date(2026, 10, 14))
    assert next_check(receipt, at("2026-10-15")) == at("2026-10-15")  # near already when it is set
    assert next_check(receipt, receipt.due_at) == receipt.due_at


def test_a_target_day_makes_it_near():
    assert due(PICTURE, target="P10WD").near_at == start_of(date(2026, 10, 9))


def test_hours_are_near_a_day_before():
    receipt = due(limit="PT48H", cause=date(2026, 10, 9), caused_at=at("2026-10-09"))
    assert receipt.near_at == at("2026-10-10")
