import re
from datetime import date, timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import connection

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import queries
from gongkai.core.ledger.kinds import ENFORCEABLE, Apart, Binding, LedgerFilter, LedgerPart, ObligationRow, ObligationState
from gongkai.core.ledger.models import Obligation, Terms
from gongkai.core.ledger.queries.rows import IS_OPEN
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.lib.moments import end_of
from gongkai.lib.paging import read_cursor
from tests.factories.ledger import a_proof, a_unit, an_obligation, at

FRIDAY = at("2026-10-09")
EVERYTHING = LedgerFilter()

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger_of_all_kinds(unit):
    """One row of every binding, state, moment and firmness."""
    terms = Terms.objects.get(entry="policy.rules")
    rows = []
    for number, (binding, state, last, done, is_provisional, is_minimum) in enumerate(
        product(
            Binding,
            ObligationState,
            (date(2026, 10, 8), date(2026, 10, 9)),
            (date(2026, 10, 8), date(2026, 10, 9)),
            (True, False),
            (True, False),
        )
    ):
        rows.append(
            Obligation(
                duty_code="test.publish",
                entry="policy.rules",
                terms=terms,
                label=f"第{number}件",
                subject=uuid4(),
                unit=unit,
                binding=binding.value,
                caused_on=date(2026, 9, 9),
                registered_at=FRIDAY,
                due_at=end_of(last),
                last_day=last,
                is_provisional=is_provisional,
                is_minimum=is_minimum,
                state=state.value,
                fulfilled_at=at(done.isoformat(), "16:00") if state is ObligationState.FULFILLED else None,
            )
        )
    return Obligation.objects.bulk_create(rows)


def everything(unit, filters=EVERYTHING, size=7):
    """All pages of a list, one after the other."""
    found: list[ObligationRow] = []
    after = None
    while True:
        page = ledger.list_page(unit_ids={unit.pk}, filters=filters, after=after, now=FRIDAY, size=size)
        found += page.rows
        if page.after is None:
            return found
        after = read_cursor(page.after.text)


def test_the_parts_add_up_and_each_lists_exactly_so_many_rows(unit, ledger_of_all_kinds):
    totals = ledger.count_totals(unit_ids={unit.pk}, now=FRIDAY)

    cancelled = [row for row in ledger_of_all_kinds if row.state == "CANCELLED"]
    assert totals.whole == len(ledger_of_all_kinds) - len(cancelled)
    assert totals.apart == {Apart.CANCELLED: len(cancelled)}
    assert totals.adds_up
    for part in LedgerPart:
        rows = everything(unit, LedgerFilter(part=part))
        assert len(rows) == totals.count(LedgerFilter(part=part))
        assert {ledger.part_of(row, FRIDAY) for row in rows} <= {part}
        assert bool(rows) == (part is not LedgerPart.STOPPED)


def test_the_parts_add_up_for_each_binding(unit, ledger_of_all_kinds):
    for binding in Binding:
        totals = ledger.count_totals(unit_ids={unit.pk}, now=FRIDAY, filters=LedgerFilter(bindings=frozenset({binding})))
        assert totals.adds_up
        assert totals.whole + totals.apart[Apart.CANCELLED] == len(ledger_of_all_kinds) / 4
        assert (totals.parts[LedgerPart.OVERDUE] > 0) == (binding in ENFORCEABLE)


def test_pages_hold_every_row_once_in_order(unit, ledger_of_all_kinds):
    rows = everything(unit)

    assert [row.id for row in rows] == [row.pk for row in Obligation.objects.exclude(state="CANCELLED").order_by("due_at", "id")]


def test_a_row_that_is_closed_between_two_pages_moves_no_other(unit):
    rows = [an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY) for _ in range(5)]
    first = ledger.list_page(unit_ids={unit.pk}, filters=LedgerFilter(part=LedgerPart.NOT_DUE), after=None, now=FRIDAY, size=2)
    ledger.fulfil(obligation=rows[0].uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)
    second = ledger.list_page(unit_ids={unit.pk}, filters=LedgerFilter(part=LedgerPart.NOT_DUE), after=first.after, now=FRIDAY, size=5)

    assert [row.uuid for row in first.rows + second.rows] == [row.uuid for row in rows]
    assert second.after is None


def test_units_that_may_not_be_seen_are_in_no_list(unit):
    other = a_unit("规划科")
    mine = an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    an_obligation(other, caused_on=date(2026, 9, 9), now=FRIDAY)

    assert [row.uuid for row in everything(unit)] == [mine.uuid]
    assert everything(unit, LedgerFilter(unit_id=other.pk)) == []
    assert ledger.count_totals(unit_ids={unit.pk}, now=FRIDAY, filters=LedgerFilter(unit_id=other.pk)).whole == 0
    assert ledger.list_page(unit_ids=frozenset(), filters=EVERYTHING, after=None, now=FRIDAY).rows == ()


def test_what_is_owed_comes_soonest_first_and_only_open(unit):
    later = an_obligation(unit, caused_on=date(2026, 9, 22), now=FRIDAY)
    soon = an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    done = an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    ledger.fulfil(obligation=done.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)

    assert [row.uuid for row in ledger.list_owed(unit_ids={unit.pk}, now=FRIDAY)] == [soon.uuid, later.uuid]
    assert [row.uuid for row in ledger.list_owed(unit_ids={unit.pk}, now=FRIDAY, limit=1)] == [soon.uuid]


def test_what_a_post_owes_includes_what_belongs_to_no_post(unit):
    without = a_unit("规划科", with_post=False)
    mine, nobodys = (
        an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY),
        an_obligation(without, caused_on=date(2026, 9, 9), now=FRIDAY),
    )
    units = {unit.pk, without.pk}

    assert {row.uuid for row in ledger.list_owed(unit_ids=units, post_ids={mine.post_id or 0}, now=FRIDAY)} == {mine.uuid, nobodys.uuid}
    assert [row.uuid for row in ledger.list_owed(unit_ids=units, post_ids=set(), now=FRIDAY)] == [nobodys.uuid]


def test_what_is_open_for_several_things_is_found_by_the_thing(unit, django_assert_num_queries):
    first, second = (an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY) for _ in range(2))
    sooner = an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY, subject=first.subject, entry="license.dual")
    ledger.fulfil(obligation=second.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)

    with django_assert_num_queries(1):
        found = queries.list_open(subjects=[first.subject, second.subject, uuid4()], now=FRIDAY)
    assert {subject: row.uuid for subject, row in found.items()} == {first.subject: sooner.uuid}


def test_lists_cost_the_same_however_long(unit, django_assert_num_queries):
    for _ in range(12):
        an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    with django_assert_num_queries(1):
        ledger.list_page(unit_ids={unit.pk}, filters=EVERYTHING, after=None, now=FRIDAY)
    with django_assert_num_queries(2):  # all days are asked for: the second asks whether the ledger is large
        ledger.count_totals(unit_ids={unit.pk}, now=FRIDAY)
    with django_assert_num_queries(1):
        ledger.list_owed(unit_ids={unit.pk}, now=FRIDAY)


def test_a_preview_gives_the_day_that_opening_will_give(unit):
    preview = ledger.preview_due(entry="policy.rules", caused_on=date(2026, 9, 9), now=FRIDAY)
    row = an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY)

    assert (preview.last_day, preview.due_at) == (row.last_day, row.due_at)
    assert preview == ledger.get_receipt(uuid=row.uuid, now=FRIDAY)


def plan_of(rows):
    """How the database would read them, where the table is too large to read whole."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("seqscan", "sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    return rows.explain()


@pytest.mark.parametrize(
    ("condition", "order", "index"),
    [
        ({"next_check_at__lte": FRIDAY}, ("next_check_at", "id"), "obligation_to_check"),
        ({"due_at__lte": FRIDAY}, ("due_at", "id"), "obligation_open_by_due"),
        ({"unit_id": 1, "due_at__lte": FRIDAY}, ("due_at", "id"), "obligation_open_"),  # on an empty table either of the two will do
    ],
)
def test_the_partial_indexes_are_used(unit, condition, order, index):
    assert index in plan_of(Obligation.objects.filter(IS_OPEN, **condition).order_by(*order))


def test_a_page_begins_where_the_index_is_entered(unit):
    plan = plan_of(Obligation.objects.filter(due_at__gte=FRIDAY).exclude(due_at=FRIDAY, id__lte=5).order_by("due_at", "id"))

    assert re.search(r"obligation_(open_)?by_due \(due_at>|Index Cond: \(due_at >=", plan)


def test_a_list_of_the_past_is_not_confused_by_the_future(unit):
    row = an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    later = FRIDAY + timedelta(days=30)

    assert ledger.count_totals(unit_ids={unit.pk}, now=FRIDAY).parts[LedgerPart.NOT_DUE] == 1
    assert ledger.count_totals(unit_ids={unit.pk}, now=later).parts[LedgerPart.OVERDUE] == 1
    assert ledger.list_owed(unit_ids={unit.pk}, now=later)[0].overdue_since == row.due_at
