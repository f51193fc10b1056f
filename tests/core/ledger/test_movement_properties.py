"""What holds for every movement of every limit, against a slow count that shares nothing with the rules but the calendar."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.core.ledger.kinds import LimitUnit, MovementDraft, MovementKind
from gongkai.core.ledger.rules import add_up, compute_due, lay_out
from gongkai.foundation.workdays.tables import packaged_calendar
from gongkai.lib.moments import SHANGHAI
from tests.factories.ledger import at, some_terms

CALENDAR = packaged_calendar()
ONE_DAY = timedelta(days=1)
CAUSES = st.dates(date(2020, 1, 1), date(2025, 6, 30))
AMOUNTS = st.integers(1, 40)
UNITS = st.sampled_from([LimitUnit.WORKDAY, LimitUnit.DAY])
LETTERS = {LimitUnit.WORKDAY: "WD", LimitUnit.DAY: "D"}


def stop_of(first: date, days: int) -> MovementDraft:
    last = first + ONE_DAY * (days - 1)
    return MovementDraft(kind=MovementKind.STOP, first_day=first, last_day=last, latest_day=last + ONE_DAY, reason="征求意见")


def extension_of(day: date, amount: int, unit: LimitUnit) -> MovementDraft:
    return MovementDraft(kind=MovementKind.EXTEND, first_day=day, amount=amount, unit=unit, reason="材料多")


def restart_of(day: date) -> MovementDraft:
    return MovementDraft(kind=MovementKind.RESTART, first_day=day, reason="补正")


# Stops as (days after the cause, length); extensions as (days after the cause, amount).
STOPS = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 20)), max_size=4)
EXTENSIONS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=3)
RESTARTS = st.lists(st.integers(1, 40), max_size=3, unique=True)


def slow_end(cause, amount, unit, stops=(), extensions=(), restarts=()):
    """The reference: mark off one day after the other on paper. Working days end when the last is marked; days roll to a worked day."""
    begin = max([cause, *(cause + ONE_DAY * after for after in restarts)])
    wanted = amount + sum(more for after, more in extensions if cause + ONE_DAY * after >= begin)
    off = set()
    for after, length in stops:
        off |= {cause + ONE_DAY * (after + number) for number in range(length)}
    day, marked = begin, 0
    while marked < wanted:
        day += ONE_DAY
        if day in off:
            continue
        if unit is LimitUnit.DAY or CALENDAR.is_workday(day):
            marked += 1
    while unit is LimitUnit.DAY and (day in off or not CALENDAR.is_workday(day)):
        day += ONE_DAY
    return day


def receipt_of(cause, amount, unit, stops=(), extensions=(), restarts=()):
    movements = [
        *(stop_of(cause + ONE_DAY * after, length) for after, length in stops),
        *(extension_of(cause + ONE_DAY * after, more, unit) for after, more in extensions),
        *(restart_of(cause + ONE_DAY * after) for after in restarts),
    ]
    return compute_due(some_terms(f"P{amount}{LETTERS[unit]}"), cause, CALENDAR, movements)


@given(CAUSES, AMOUNTS, UNITS, STOPS, EXTENSIONS, RESTARTS)
@settings(max_examples=400)
def test_it_is_never_earlier_and_never_later_than_a_slow_count(cause, amount, unit, stops, extensions, restarts):
    receipt = receipt_of(cause, amount, unit, stops, extensions, restarts)

    assert receipt.last_day == slow_end(cause, amount, unit, stops, extensions, restarts)
    assert "相符" in add_up(receipt)


@given(CAUSES, AMOUNTS, UNITS, STOPS, EXTENSIONS, st.integers(1, 20))
def test_extending_never_shortens(cause, amount, unit, stops, extensions, more):
    before = receipt_of(cause, amount, unit, stops, extensions)
    after = receipt_of(cause, amount, unit, stops, [*extensions, (0, more)])

    assert after.last_day >= before.last_day
    if unit is LimitUnit.WORKDAY:
        assert after.last_day > before.last_day


@given(CAUSES, AMOUNTS, st.data())
def test_a_stop_of_so_many_working_days_moves_the_end_by_as_many(cause, amount, data):
    end = receipt_of(cause, amount, LimitUnit.WORKDAY).last_day
    after = data.draw(st.integers(1, (end - cause).days))
    length = data.draw(st.integers(1, 30))
    first = cause + ONE_DAY * after
    stood = CALENDAR.count_workdays(first, first + ONE_DAY * (length - 1))

    assert receipt_of(cause, amount, LimitUnit.WORKDAY, [(after, length)]).last_day == CALENDAR.add_workdays(end, stood)


@given(CAUSES, AMOUNTS, UNITS, STOPS, EXTENSIONS, st.randoms())
def test_the_order_in_which_stops_were_noted_is_irrelevant(cause, amount, unit, stops, extensions, random):
    turned = list(stops)
    random.shuffle(turned)
    one, other = receipt_of(cause, amount, unit, stops, extensions), receipt_of(cause, amount, unit, turned, extensions)

    assert (one.last_day, one.days) == (other.last_day, other.days)


@given(CAUSES, AMOUNTS, UNITS, STOPS, EXTENSIONS, st.integers(1, 40))
def test_a_restart_forgets(cause, amount, unit, stops, extensions, after):
    """What was before the new cause changes nothing: the count is that of a limit that begins there."""
    new = cause + ONE_DAY * after
    forgotten = receipt_of(cause, amount, unit, stops, extensions, [after])
    later_stops = [(first - after, length) for first, length in stops]
    kept = [(first, more) for first, more in ((first - after, more) for first, more in extensions) if first >= 0]
    fresh = receipt_of(new, amount, unit, [], kept)
    movements = [stop_of(new + ONE_DAY * first, length) for first, length in later_stops if first + length - 1 > 0]
    with_stops = compute_due(
        some_terms(f"P{amount}{LETTERS[unit]}"),
        new,
        CALENDAR,
        [*movements, *(extension_of(new + ONE_DAY * first, more, unit) for first, more in kept)],
    )

    assert forgotten.last_day == with_stops.last_day >= fresh.last_day
    assert [day.day for day in forgotten.days] == [day.day for day in with_stops.days]


@given(CAUSES, AMOUNTS, UNITS, STOPS, EXTENSIONS, RESTARTS)
def test_every_counted_day_is_a_working_day_outside_the_stops(cause, amount, unit, stops, extensions, restarts):
    receipt = receipt_of(cause, amount, unit, stops, extensions, restarts)
    off = {cause + ONE_DAY * (after + number) for after, length in stops for number in range(length)}
    counted = [day for day in receipt.days if day.is_counted]

    assert [day.number for day in counted] == list(range(1, len(counted) + 1))
    assert not {day.day for day in counted} & off
    assert {day.day for day in receipt.days if day.is_stopped} <= off
    if unit is LimitUnit.WORKDAY:
        assert all(CALENDAR.is_workday(day.day) for day in counted)
    assert all(day.reason for day in receipt.days if not day.is_counted)
    assert CALENDAR.is_workday(receipt.last_day)


@given(CAUSES, AMOUNTS, UNITS, STOPS, EXTENSIONS)
def test_the_grid_holds_every_day_once_and_the_target_is_never_later(cause, amount, unit, stops, extensions):
    movements = [stop_of(cause + ONE_DAY * after, length) for after, length in stops]
    movements += [extension_of(cause + ONE_DAY * after, more, unit) for after, more in extensions]
    terms = some_terms(f"P{amount}{LETTERS[unit]}")
    receipt = compute_due(terms, cause, CALENDAR, movements, target=f"P{max(amount - 1, 0)}{LETTERS[unit]}")

    assert [cell.day for week in lay_out(receipt, cause) for cell in week.cells if cell] == [day.day for day in receipt.days]
    assert receipt.target_day is not None
    assert receipt.target_at is not None
    assert receipt.near_at is not None
    assert cause <= receipt.target_day <= receipt.last_day
    assert receipt.target_at <= receipt.due_at
    assert receipt.near_at < receipt.due_at


def slow_hours(begun: datetime, hours: int, off: set[date]) -> datetime:
    """The reference for hours: a quarter of an hour at a time."""
    moment, left = begun, hours * 4
    while left:
        if moment.astimezone(SHANGHAI).date() not in off:
            left -= 1
        moment += timedelta(minutes=15)
    return moment


@given(CAUSES, st.integers(1, 72), STOPS)
@settings(max_examples=60)
def test_hours_stand_still_for_whole_days_and_run_otherwise(cause, hours, stops):
    begun = at(cause.isoformat(), "15:15")
    movements = [stop_of(cause + ONE_DAY * after, length) for after, length in stops]
    off = {cause + ONE_DAY * (after + number) for after, length in stops for number in range(length)}
    receipt = compute_due(some_terms(f"PT{hours}H"), cause, CALENDAR, movements, caused_at=begun)

    assert receipt.due_at == slow_hours(begun, hours, off)


@given(CAUSES, st.integers(1, 12), STOPS)
def test_months_get_exactly_the_days_they_stood_still(cause, months, stops):
    plain = compute_due(some_terms(f"P{months}M", rolls=False), cause, CALENDAR)
    movements = [stop_of(cause + ONE_DAY * after, length) for after, length in stops]
    receipt = compute_due(some_terms(f"P{months}M", rolls=False), cause, CALENDAR, movements)
    off = {cause + ONE_DAY * (after + number) for after, length in stops for number in range(length)}

    assert (receipt.last_day - plain.last_day).days == sum(cause < day <= receipt.last_day for day in off)
