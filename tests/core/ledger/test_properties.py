"""What holds for every cause and every limit, against a slow count written apart from the rules."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.core.ledger.kinds import ENFORCEABLE, Binding, LedgerPart, LimitState, ObligationState
from gongkai.core.ledger.rules import add_months, add_up, chip_of, compute_due, lay_out, part_of
from gongkai.foundation.workdays.tables import packaged_calendar
from gongkai.lib.moments import day_of, end_of
from tests.factories.ledger import a_row, at, some_terms

CALENDAR = packaged_calendar()
DAYS = st.dates(date(2020, 1, 1), date(2026, 9, 30))
AMOUNTS = st.integers(1, 40)
ONE_DAY = timedelta(days=1)


def slow_workdays(start: date, amount: int) -> date:
    """The reference: look at one day after the other."""
    day = start
    while amount:
        day += ONE_DAY
        amount -= CALENDAR.is_workday(day)
    return day


@given(DAYS, AMOUNTS)
def test_working_days_agree_with_a_slow_count_and_the_calendar(cause, amount):
    receipt = compute_due(some_terms(f"P{amount}WD"), cause, CALENDAR)

    assert receipt.last_day == slow_workdays(cause, amount) == CALENDAR.add_workdays(cause, amount)
    assert receipt.due_at == end_of(receipt.last_day)
    assert [day.number for day in receipt.days if day.is_counted] == list(range(1, amount + 1))
    assert all(CALENDAR.is_workday(day.day) for day in receipt.days if day.is_counted)
    assert all(day.reason for day in receipt.days if not day.is_counted)
    assert "相符" in add_up(receipt)


@given(DAYS, AMOUNTS)
def test_one_working_day_more_is_never_earlier(cause, amount):
    fewer, more = (compute_due(some_terms(f"P{n}WD"), cause, CALENDAR).last_day for n in (amount, amount + 1))

    assert fewer < more


@given(DAYS, AMOUNTS)
def test_calendar_days_end_on_a_working_day_not_before_the_last_of_them(cause, amount):
    receipt = compute_due(some_terms(f"P{amount}D"), cause, CALENDAR)
    nominal = cause + timedelta(days=amount)

    assert receipt.last_day == CALENDAR.next_workday(nominal)
    assert receipt.counted == amount
    assert "相符" in add_up(receipt)


@given(DAYS, st.integers(1, 60))
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(cause, months):
    end = add_months(cause, months)

    assert (end.year * 12 + end.month) - (cause.year * 12 + cause.month) == months
    assert end.day == cause.day or (end + ONE_DAY).day == 1


@given(st.dates(date(2020, 4, 1), date(2026, 12, 31)), AMOUNTS)
def test_counting_back_leaves_exactly_so_many_working_days_before_the_event(event, amount):
    terms = some_terms(f"min:P{amount}WD", clock_start="听证会召开之日（倒算）")
    receipt = compute_due(terms, event, CALENDAR)

    assert CALENDAR.count_workdays(receipt.last_day, event - ONE_DAY) == amount
    assert "相符" in add_up(receipt)


@given(DAYS, st.integers(1, 9999))
def test_hours_are_exactly_so_long(cause, hours):
    begun = at(cause.isoformat(), "17:45")
    receipt = compute_due(some_terms(f"PT{hours}H"), cause, CALENDAR, caused_at=begun)

    assert receipt.due_at - begun == timedelta(hours=hours)
    assert receipt.last_day <= day_of(receipt.due_at)


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.sampled_from(["P20WD", "P30D", "P3M", "P1Y", "fixed:03-31", "P0D"]))
def test_every_cause_gets_a_day_and_a_guess_is_marked(cause, limit):
    receipt = compute_due(some_terms(limit), cause, CALENDAR)

    assert receipt.last_day >= cause
    assert receipt.is_provisional == bool(receipt.missing_years)
    assert set(receipt.missing_years).isdisjoint(CALENDAR.years)


@given(DAYS, AMOUNTS, st.sampled_from(["WD", "D"]))
def test_the_grid_holds_every_day_of_the_receipt_once(cause, amount, unit):
    receipt = compute_due(some_terms(f"P{amount}{unit}"), cause, CALENDAR)
    shown = [cell.day for week in lay_out(receipt, cause) for cell in week.cells if cell]

    assert shown == [day.day for day in receipt.days]


ROWS = st.builds(
    lambda last, binding, provisional, minimum, state, done, limit: a_row(
        last,
        binding=binding,
        is_provisional=provisional,
        is_minimum=minimum,
        state=state,
        fulfilled_at=at(done.isoformat(), "16:00") if state is ObligationState.FULFILLED else None,
        limit_text=limit,
    ),
    st.dates(date(2026, 1, 1), date(2027, 6, 30)),
    st.sampled_from(Binding),
    st.booleans(),
    st.booleans(),
    st.sampled_from(ObligationState),
    st.dates(date(2026, 1, 1), date(2027, 6, 30)),
    st.sampled_from(["P20WD", "PT48H"]),
)


@given(ROWS, st.dates(date(2026, 1, 1), date(2027, 6, 30)))
@settings(max_examples=300)
def test_a_chip_says_something_true_about_the_part(row, today):
    now = at(today.isoformat(), "09:00")
    chip, part = chip_of(row, now, CALENDAR), part_of(row, now)

    assert chip.words
    assert " 0 " not in chip.words
    assert "-" not in chip.words.replace(f"{row.last_day:%m-%d}", "")
    assert (chip.state is LimitState.OVERDUE) == (part is LedgerPart.OVERDUE)
    if chip.state in {LimitState.OVERDUE, LimitState.DONE_LATE}:
        assert not row.is_provisional
        assert not row.is_minimum
    if part is LedgerPart.OVERDUE:
        assert row.binding in ENFORCEABLE
