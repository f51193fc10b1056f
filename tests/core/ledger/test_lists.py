"""Every total equals the length of its list: over rows in every state, for every filter that a reader can choose."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import product
from typing import TypedDict
from uuid import uuid4

import pytest
from django.db import connection

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import queries
from gongkai.core.ledger.forms import DueSpan, read_choice
from gongkai.core.ledger.kinds import (
    ENFORCEABLE,
    Apart,
    Binding,
    LedgerFilter,
    LedgerPart,
    ObligationRow,
    ObligationState,
    Tally,
    Totals,
    UnpublishedCause,
)
from gongkai.core.ledger.models import Obligation, Terms
from gongkai.core.ledger.queries import totals as totals_module
from gongkai.core.ledger.registry import CAUSE_SOURCES
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.moments import day_of, end_of, start_of
from gongkai.lib.paging import read_cursor
from tests.factories.ledger import a_unit, at

FRIDAY = at("2026-10-09")
MONTH = (date(2026, 10, 1), date(2026, 10, 31))
DAYS = (
    date(2026, 8, 31),
    date(2026, 9, 30),
    date(2026, 10, 1),
    date(2026, 10, 8),
    date(2026, 10, 9),
    date(2026, 10, 31),
    date(2026, 11, 2),
    date(2026, 12, 31),
    date(2027, 1, 31),
)
DONE = (at("2026-08-20"), at("2026-09-30", "23:59"), at("2026-10-01", "00:00"), at("2026-10-09", "09:00"))
ENTRIES = ("policy.rules", "license.dual", "publish.unit_review")
NOTHING = LedgerFilter()
PARTS_OF: dict[int, LedgerPart] = {}

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(unit):
    """Two departments."""
    return [unit, a_unit("规划科")]


@pytest.fixture
def rows(units) -> list[Obligation]:
    """Rows of every binding, state and firmness on every side of every edge; some end within a day, as limits by the hour do."""
    terms = {entry: Terms.objects.get(entry=entry) for entry in ENTRIES}
    dice = random.Random(4)
    made: list[Obligation] = []
    for binding, day, is_minimum, is_provisional in product(Binding, DAYS, (False, True), (False, True)):
        states: list[tuple[ObligationState, datetime | None, bool]] = [(ObligationState.OPEN, None, stands) for stands in (False, True)]
        states.append((ObligationState.CANCELLED, None, False))
        states += [(ObligationState.FULFILLED, moment, False) for moment in (*DONE, end_of(day) - timedelta(seconds=1), end_of(day))]
        for state, done, is_stopped in states:
            entry, due_at = dice.choice(ENTRIES), dice.choice((end_of(day), end_of(day), start_of(day) + timedelta(hours=9)))
            made.append(
                Obligation(
                    duty_code="test.publish",
                    entry=entry,
                    terms=terms[entry],
                    label=f"第{len(made)}件",
                    subject=uuid4(),
                    unit=dice.choice(units),
                    binding=binding.value,
                    caused_on=date(2026, 8, 3),
                    registered_at=at("2026-08-03"),
                    due_at=due_at,
                    last_day=day,
                    is_provisional=is_provisional,
                    is_minimum=is_minimum,
                    state=state.value,
                    fulfilled_at=done,
                    stopped_since=date(2026, 9, 22) if is_stopped else None,
                    resumes_by=date(2026, 10, 20) if is_stopped else None,
                )
            )
    Obligation.objects.bulk_create(made)
    stored = list(Obligation.objects.select_related("terms", "unit").order_by("due_at", "id"))
    PARTS_OF.update({row.pk: ledger.part_of(queries.rows.as_row(row, now=FRIDAY), FRIDAY) for row in stored})
    return stored


def list_all(unit_ids, filters: LedgerFilter, *, size: int = 7, expected: int | None = None, now=FRIDAY) -> list[ObligationRow]:
    """All pages of a list, one after the other."""
    found: list[ObligationRow] = []
    after = None
    while True:
        page = ledger.list_page(unit_ids=unit_ids, filters=filters, after=after, now=now, size=size, expected=expected)
        assert len(page.rows) <= size
        found += page.rows
        if page.after is None:
            return found
        after = read_cursor(page.after.text)


def slow_part(row: Obligation) -> LedgerPart:
    """The part of a row by the rule that pages of one duty use."""
    return PARTS_OF[row.pk]


def is_in_days(row: Obligation, filters: LedgerFilter) -> bool:
    """Whether its day is asked for, said once more in plain words."""
    first, last = filters.first or date.min, filters.last or date.max
    if first <= row.last_day <= last:
        return True
    if not filters.is_carrying or row.last_day >= first:
        return False
    begun = start_of(first)
    is_late = slow_part(row) is LedgerPart.DONE_LATE
    return row.state == "OPEN" or (is_late and row.fulfilled_at is not None and row.fulfilled_at >= begun)


def is_wanted(row: Obligation, filters: LedgerFilter) -> bool:
    """Whether a filter lists a row: the slow way, for every row."""
    part, binding = slow_part(row), Binding(row.binding)
    if filters.unit_id not in {None, row.unit_id} or (filters.entries is not None and row.entry not in filters.entries):
        return False
    is_bound = not filters.bindings or binding in filters.bindings
    beside = set(Binding) - ENFORCEABLE if filters.bindings == ENFORCEABLE else set()
    if filters.apart:
        year_end = date(2026, 12, 31)
        is_later = filters.last is not None and row.last_day > max(year_end, filters.last) and row.state == "OPEN"
        groups = {
            Apart.INTERNAL: binding is Binding.INTERNAL and binding in beside and part is not LedgerPart.CANCELLED,
            Apart.PROMISE: binding is Binding.PROMISE and binding in beside and part is not LedgerPart.CANCELLED,
            Apart.CANCELLED: part is LedgerPart.CANCELLED and (is_bound or binding in beside),
        }
        if any(groups[apart] for apart in filters.apart & groups.keys()) and is_in_days(row, filters):
            return part is not LedgerPart.CANCELLED or (filters.first or date.min) <= row.last_day <= (filters.last or date.max)
        return (
            Apart.NEXT_YEARS in filters.apart and is_later and (binding in filters.bindings if filters.bindings else binding in ENFORCEABLE)
        )
    if filters.part is LedgerPart.CANCELLED:
        inside = (filters.first or date.min) <= row.last_day <= (filters.last or date.max)
        return part is LedgerPart.CANCELLED and inside and (is_bound or binding in beside)
    return is_bound and is_in_days(row, filters) and part is not LedgerPart.CANCELLED and filters.part in {None, part}


class Span(TypedDict, total=False):
    """What a span of days asks of the ledger."""

    first: date
    last: date
    is_carrying: bool


SPANS: dict[str, Span] = {
    "month": {"first": MONTH[0], "last": MONTH[1], "is_carrying": True},
    "this": {"first": MONTH[0], "last": MONTH[1]},
    "next": {"first": date(2026, 11, 1), "last": date(2026, 11, 30)},
    "day": {"first": date(2026, 10, 9), "last": date(2026, 10, 9)},
    "from": {"first": date(2026, 10, 9)},
    "until": {"last": date(2026, 9, 30)},
    "all": {},
}
BOUND = {"default": ENFORCEABLE, "every": frozenset(), **{binding.value: frozenset({binding}) for binding in Binding}}


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("bound", BOUND)
def test_every_total_is_the_length_of_its_list(units, rows, span, bound):
    base = LedgerFilter(**SPANS[span], bindings=BOUND[bound])
    asked = [base] + [LedgerFilter(**{**base.__dict__, "part": part}) for part in LedgerPart]
    asked += [LedgerFilter(**{**base.__dict__, "apart": frozenset({apart})}) for apart in Apart]
    asked.append(LedgerFilter(**{**base.__dict__, "apart": frozenset(Apart)}))
    everywhere = {unit.pk for unit in units}
    totals = ledger.count_totals(unit_ids=everywhere, now=FRIDAY, filters=base)

    assert totals.adds_up
    for filters in asked:
        wanted = [row.pk for row in rows if is_wanted(row, filters)]
        for expected in (None, 5) if bound == "default" else (None,):
            assert [row.id for row in list_all(everywhere, filters, expected=expected, size=150)] == wanted, (filters, expected)
        assert totals.count(filters) == len(wanted), filters
    assert totals == ledger.count_totals(unit_ids=None, now=FRIDAY, filters=base)


@pytest.mark.parametrize(
    "changed", [{"entries": frozenset({"license.dual"})}, {"entries": frozenset(ENTRIES[:2])}, {"entries": frozenset()}]
)
def test_totals_of_an_entry_and_a_unit_are_the_length_of_their_lists(units, rows, changed):
    for unit_id, span in product((None, units[1].pk, 999_999), SPANS):
        base = LedgerFilter(**SPANS[span], bindings=ENFORCEABLE, unit_id=unit_id, **changed)
        totals = ledger.count_totals(unit_ids={unit.pk for unit in units}, now=FRIDAY, filters=base)
        for part in [None, *LedgerPart]:
            filters = LedgerFilter(**{**base.__dict__, "part": part})
            found = list_all({unit.pk for unit in units}, filters, size=100)
            assert [row.id for row in found] == [row.pk for row in rows if is_wanted(row, filters)]
            assert totals.count(filters) == len(found)


def test_the_tally_of_a_row_says_its_part(rows):
    for row in rows:
        part = queries.strands.part_of_tally(Tally(row.tally), is_due=row.due_at <= FRIDAY)
        assert part is slow_part(row), row.__dict__


def test_rows_of_a_unit_that_may_not_be_seen_are_in_no_total(units, rows):
    seen = {units[0].pk}
    assert ledger.count_totals(unit_ids=seen, now=FRIDAY).whole == sum(
        1 for row in rows if row.unit_id in seen and row.state != "CANCELLED"
    )
    assert ledger.count_totals(unit_ids=frozenset(), now=FRIDAY) == Totals(0, dict.fromkeys(set(LedgerPart) - {LedgerPart.CANCELLED}, 0))
    assert ledger.list_missing(unit_ids=frozenset(), now=FRIDAY) == []


@pytest.mark.parametrize("span", SPANS)
def test_the_numbers_of_every_entry_are_the_length_of_their_lists(units, rows, span):
    base = LedgerFilter(**SPANS[span], bindings=ENFORCEABLE)
    counts = ledger.count_by_entry(unit_ids=None, filters=base, now=FRIDAY)
    totals = ledger.count_totals(unit_ids=None, filters=base, now=FRIDAY)

    assert sum(count.whole for count in counts.values()) == totals.whole
    for entry, count in counts.items():
        own = LedgerFilter(**{**base.__dict__, "entries": frozenset({entry})})
        assert len(list_all(None, own)) == count.whole
        for part in set(LedgerPart) - {LedgerPart.CANCELLED}:
            assert len(list_all(None, LedgerFilter(**{**own.__dict__, "part": part}))) == count.parts.get(part, 0)


def test_the_numbers_of_every_day_are_the_length_of_their_lists(units, rows):
    asked = LedgerFilter(first=date(2026, 8, 31), last=date(2026, 11, 2), bindings=ENFORCEABLE)
    counts = {count.day: count for count in ledger.count_by_day(unit_ids=None, filters=asked, now=FRIDAY)}

    assert list(counts) == [day for day in DAYS if day <= date(2026, 11, 2)]
    for day, count in counts.items():
        on_day = LedgerFilter(first=day, last=day, bindings=ENFORCEABLE, is_dated=True)
        found = list_all(None, on_day)
        assert {row.last_day for row in found} == {day}
        assert Counter(ledger.part_of(row, FRIDAY) for row in found) == count.parts
        assert count.whole == len(found)
    assert all(LedgerPart.STOPPED not in count.parts for count in counts.values())


def test_what_is_missing_is_what_is_overdue_and_what_has_no_duty(units, rows, monkeypatch):
    cause = UnpublishedCause(
        entry="plan.site",
        title="没有期限的一件",
        caused_on=date(2026, 8, 3),
        unit_id=units[0].pk,
        unit_name=units[0].name,
        subject=uuid4(),
        page="disclosure:cause",
    )
    monkeypatch.setitem(CAUSE_SOURCES, "test", lambda unit_ids, _now: [cause] if unit_ids is None or cause.unit_id in unit_ids else [])
    missing = {one.entry: one for one in ledger.list_missing(unit_ids=None, now=FRIDAY)}

    assert missing["plan.site"].causes == (cause,)
    assert missing["plan.site"].whole == 1
    for entry in ENTRIES:
        overdue = [row for row in rows if row.entry == entry and slow_part(row) is LedgerPart.OVERDUE]
        assert missing[entry].overdue == len(overdue) == missing[entry].whole
        asked = LedgerFilter(part=LedgerPart.OVERDUE, bindings=ENFORCEABLE, entries=frozenset({entry}))
        assert len(list_all(None, asked)) == len(overdue)
    assert "plan.site" not in {one.entry for one in ledger.list_missing(unit_ids={units[1].pk}, now=FRIDAY)}


def test_an_export_has_the_rows_of_the_list_in_its_order(units, rows):
    for filters in (LedgerFilter(bindings=ENFORCEABLE, **SPANS["month"]), LedgerFilter(part=LedgerPart.PAST), NOTHING):
        batches = list(ledger.export_rows(unit_ids=None, filters=filters, now=FRIDAY, size=11))
        assert [row.id for batch in batches for row in batch] == [row.id for row in list_all(None, filters)]
        assert all(len(batch) == 11 for batch in batches[:-1])


def test_chosen_rows_are_listed_whatever_they_are(units, rows):
    chosen = frozenset(row.uuid for row in rows[::50])
    assert {row.uuid for row in list_all(None, LedgerFilter(chosen=chosen))} == chosen
    assert {row.uuid for row in list_all({units[0].pk}, LedgerFilter(chosen=chosen))} == {
        row.uuid for row in rows[::50] if row.unit_id == units[0].pk
    }


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (LedgerFilter(), 1),
        (LedgerFilter(**SPANS["month"], bindings=ENFORCEABLE), 3),
        (LedgerFilter(**SPANS["month"], part=LedgerPart.OVERDUE), 2),
        (LedgerFilter(**SPANS["month"], part=LedgerPart.NOT_DUE), 4),
        (LedgerFilter(**SPANS["month"], bindings=ENFORCEABLE, apart=frozenset(Apart)), 8),
    ],
)
def test_lists_and_totals_cost_a_constant_number_of_queries(units, rows, filters, count, django_assert_num_queries):
    for size in (1, 200):
        with django_assert_num_queries(count):
            ledger.list_page(unit_ids=None, filters=filters, after=None, now=FRIDAY, size=size)
    # All of a long time asks also how large the ledger is.
    counting = 2 if queries.strands.is_long(filters) else 1
    with django_assert_num_queries(counting):
        ledger.count_totals(unit_ids=None, filters=filters, now=FRIDAY)
    with django_assert_num_queries(counting):
        ledger.count_by_entry(unit_ids=None, filters=filters, now=FRIDAY)
    with django_assert_num_queries(1):
        ledger.count_by_day(unit_ids=None, filters=filters, now=FRIDAY)
    with django_assert_num_queries(1 + len(CAUSE_SOURCES)):
        ledger.list_missing(unit_ids=None, now=FRIDAY)


def test_many_rows_are_counted_once_a_minute_and_say_so(units, rows, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(totals_module, "MANY", 10)
    first = ledger.count_totals(unit_ids=None, now=FRIDAY)
    Obligation.objects.filter(pk=rows[0].pk).delete()

    assert not first.is_kept
    with django_assert_num_queries(0):
        again = ledger.count_totals(unit_ids=None, now=FRIDAY + timedelta(seconds=59), filters=LedgerFilter(part=LedgerPart.OVERDUE))
    assert again.is_kept
    assert (again.whole, again.parts) == (first.whole, first.parts)
    assert again.adds_up
    later = ledger.count_totals(unit_ids=None, now=FRIDAY + timedelta(seconds=60))
    assert not later.is_kept
    assert later.whole == first.whole - 1
    # Another unit's reader has totals of his own, and a clock that was set back counts anew.
    assert not ledger.count_totals(unit_ids={units[0].pk}, now=FRIDAY + timedelta(seconds=61)).is_kept
    assert not ledger.count_totals(unit_ids=None, now=FRIDAY).is_kept
    totals_module._kept.clear()


def test_few_rows_are_never_kept_unless_the_ledger_is_large(units, rows, monkeypatch):
    month = LedgerFilter(**SPANS["month"])
    ledger.count_totals(unit_ids=None, now=FRIDAY)
    assert not ledger.count_totals(unit_ids=None, now=FRIDAY).is_kept
    monkeypatch.setattr(totals_module, "LARGE", 10)
    for filters in (NOTHING, month):
        ledger.count_totals(unit_ids=None, now=FRIDAY, filters=filters)
    assert ledger.count_totals(unit_ids=None, now=FRIDAY).is_kept
    assert not ledger.count_totals(unit_ids=None, now=FRIDAY, filters=month).is_kept
    totals_module._kept.clear()


def list_plans(filters, unit_ids) -> list[str]:
    """How the database means to read each strand of a list, when it knows the rows and may not gather and sort them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Without figures about the table one index is as good as another to it.
            cursor.execute("ANALYZE ledger_obligation")
            for way in ("seqscan", "sort", "incremental_sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    kept = queries.strands.narrow(filters, unit_ids, is_small=False)
    strands = queries.strands.list_strands(filters, FRIDAY)
    return [Obligation.objects.filter(strand & kept).order_by("due_at", "id").explain() for strand in strands]


@pytest.mark.parametrize("part", [LedgerPart.OVERDUE, LedgerPart.DONE_LATE, LedgerPart.STOPPED])
@pytest.mark.usefixtures("rows")
def test_a_part_is_read_in_the_order_of_its_index(units, part):
    """However many units are seen: no part is gathered and sorted."""
    for plan in list_plans(LedgerFilter(part=part, bindings=ENFORCEABLE), {unit.pk for unit in units}):
        # The open rows alone are in the same order.
        assert "obligation_by_tally" in plan or (part is LedgerPart.OVERDUE and "obligation_open_by_due" in plan), plan
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan


@pytest.mark.usefixtures("rows")
def test_what_a_post_holds_is_read_in_the_order_of_its_index(units):
    post = organisations.get_duty_post(unit_id=units[0].pk)
    assert post is not None
    (plan,) = list_plans(LedgerFilter(post_ids=frozenset({post.id})), None)
    assert "obligation_of_post" in plan, plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_the_first_day_of_next_month_is_not_of_this_one():
    month = read_choice({}, date(2026, 12, 31)).filters
    assert (month.first, month.last, month.is_carrying) == (date(2026, 12, 1), date(2026, 12, 31), True)
    following = read_choice({"due": DueSpan.NEXT.value}, date(2026, 12, 31)).filters
    assert (following.first, following.last, following.is_carrying) == (date(2027, 1, 1), date(2027, 1, 31), False)
    assert day_of(FRIDAY) == date(2026, 10, 9)
