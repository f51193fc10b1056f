from datetime import date

import pytest

from gongkai.core.ledger.kinds import Binding, LedgerPart, LimitChip, LimitState, ObligationState
from gongkai.core.ledger.rules import chip_of, part_of
from gongkai.foundation.workdays.tables import packaged_calendar
from gongkai.lib.moments import end_of
from tests.factories.ledger import a_row, at

CALENDAR = packaged_calendar()
FRIDAY = at("2026-10-09")


def chip(last_day: date, **changed) -> LimitChip:
    return chip_of(a_row(last_day, **changed), FRIDAY, CALENDAR)


# The rows of the picture staff-ledger, on Friday 2026-10-09.
@pytest.mark.parametrize(
    ("caused_on", "last_day", "state", "words"),
    [
        (date(2026, 9, 11), date(2026, 9, 24), LimitState.OVERDUE, "逾期 5 个工作日"),
        (date(2026, 9, 21), date(2026, 10, 8), LimitState.OVERDUE, "逾期 1 个工作日"),
        (date(2026, 9, 22), date(2026, 10, 9), LimitState.DUE_SOON, "今天到期"),
        (date(2026, 9, 7), date(2026, 10, 10), LimitState.DUE_SOON, "还剩 1 个工作日"),
        (date(2026, 9, 28), date(2026, 10, 13), LimitState.RUNNING, "还剩 3 个工作日"),
        (date(2026, 9, 18), date(2026, 10, 15), LimitState.RUNNING, "还剩 5 个工作日"),
        (date(2026, 9, 9), date(2026, 10, 22), LimitState.RUNNING, "还剩 10 个工作日"),
    ],
)
def test_the_chips_of_the_ledger_are_those_of_the_picture(caused_on, last_day, state, words):
    assert chip(last_day, caused_on=caused_on) == LimitChip(state, words)


def test_done_a_day_early_is_said_so():
    done = {"state": ObligationState.FULFILLED, "fulfilled_at": at("2026-10-09")}

    assert chip(date(2026, 10, 10), **done) == LimitChip(LimitState.DONE, "按时，早 1 天")
    assert chip(date(2026, 10, 9), **done) == LimitChip(LimitState.DONE, "按时，最后一天")


def test_done_late_counts_the_working_days_it_was_late():
    row = {"state": ObligationState.FULFILLED, "fulfilled_at": at("2026-10-09")}

    assert chip(date(2026, 9, 30), **row) == LimitChip(LimitState.DONE_LATE, "已办，迟 2 个工作日")


def test_the_last_moment_of_the_last_day_is_in_time_and_midnight_is_late():
    row = a_row(date(2026, 10, 9))

    assert chip_of(row, at("2026-10-09", "23:59"), CALENDAR).words == "今天到期"
    assert chip_of(row, at("2026-10-10", "00:00"), CALENDAR) == LimitChip(LimitState.OVERDUE, "逾期 1 个工作日")
    assert part_of(row, at("2026-10-09", "23:59")) is LedgerPart.NOT_DUE
    assert part_of(row, at("2026-10-10", "00:00")) is LedgerPart.OVERDUE


def test_late_on_a_day_off_counts_days_because_no_working_day_passed():
    row = a_row(date(2026, 10, 16))

    assert chip_of(row, at("2026-10-18"), CALENDAR).words == "逾期 2 天"


@pytest.mark.parametrize(
    ("binding", "state", "words", "part"),
    [
        (Binding.SUPERIOR, LimitState.OVERDUE, "逾期 1 个工作日", LedgerPart.OVERDUE),
        (Binding.PROMISE, LimitState.PROMISE_EXCEEDED, "超过承诺 1 个工作日", LedgerPart.PAST),
        (Binding.INTERNAL, LimitState.REMINDER, "10-08 没有办完", LedgerPart.PAST),
    ],
)
def test_only_law_and_superiors_make_it_overdue(binding, state, words, part):
    row = a_row(date(2026, 10, 8), binding=binding)

    assert chip_of(row, FRIDAY, CALENDAR) == LimitChip(state, words)
    assert part_of(row, FRIDAY) is part


def test_an_internal_habit_that_was_done_late_is_simply_done():
    row = a_row(date(2026, 10, 8), binding=Binding.INTERNAL, state=ObligationState.FULFILLED, fulfilled_at=FRIDAY)

    assert chip_of(row, FRIDAY, CALENDAR) == LimitChip(LimitState.DONE, "已办")


def test_a_provisional_date_accuses_nobody():
    row = a_row(date(2026, 9, 1), is_provisional=True)

    assert chip_of(row, FRIDAY, CALENDAR) == LimitChip(LimitState.PROVISIONAL, "暂定，日历未发布")
    assert part_of(row, FRIDAY) is LedgerPart.PROVISIONAL


def test_a_minimum_is_never_late():
    assert chip(date(2026, 11, 9), is_minimum=True).words == "至少到 11-09"
    assert chip(date(2026, 9, 1), is_minimum=True) == LimitChip(LimitState.RUNNING, "期满，可以结束")
    assert chip(date(2026, 9, 1), is_minimum=True, state=ObligationState.FULFILLED, fulfilled_at=FRIDAY).words == "已办"


def test_a_duty_in_hours_speaks_in_hours():
    hours = {"limit_text": "PT48H", "caused_on": date(2026, 10, 8)}

    assert chip(date(2026, 10, 9), **hours, due_at=at("2026-10-09", "17:30")).words == "今天 17:30 前"
    assert chip(date(2026, 10, 10), **hours, due_at=at("2026-10-10", "17:30")).words == "还剩 31 小时"
    assert chip(date(2026, 10, 9), **hours, due_at=at("2026-10-09", "09:00")).words == "逾期 1 小时"
    assert chip(date(2026, 10, 9), **hours, due_at=end_of(date(2026, 10, 9))).words == "今天到期"


def test_a_target_that_is_reached_makes_it_due_soon():
    assert chip(date(2026, 10, 22), target_day=date(2026, 10, 9)).state is LimitState.DUE_SOON
    assert chip(date(2026, 10, 22), target_day=date(2026, 10, 12)).state is LimitState.RUNNING


def test_days_that_no_calendar_knows_are_counted_as_days():
    assert chip(date(2027, 1, 31), limit_text="fixed:01-31", caused_on=date(2026, 1, 31)).words == "还剩 114 天"


def test_a_cancelled_duty_has_its_reason():
    assert chip(date(2026, 10, 9), state=ObligationState.CANCELLED) == LimitChip(LimitState.NOT_APPLICABLE, "已撤销，有说明")
