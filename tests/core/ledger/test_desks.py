"""What somebody owes, as the first screen asks for it: the conditions agree with the rules, the numbers with the rows."""

from datetime import date, timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Binding, DeskScope, LedgerFilter, Standing
from gongkai.core.ledger.models import Obligation, Terms
from gongkai.core.ledger.queries.rows import as_row, select_rows
from gongkai.core.ledger.rules.standing import desk_day, standing_of
from gongkai.foundation.organisations.models import Post
from gongkai.lib.moments import end_of
from tests.factories.ledger import a_row, at

pytestmark = pytest.mark.django_db
FRIDAY = at("2026-10-09")
TODAY, YESTERDAY = date(2026, 10, 9), date(2026, 10, 8)


@pytest.fixture
def post(unit):
    return Post.objects.get(unit=unit)


def owe(unit, post, last_day=TODAY, **known):
    values = {
        "duty_code": "test.publish",
        "entry": "policy.rules",
        "terms": Terms.objects.get(entry="policy.rules"),
        "label": "一份文件",
        "subject": uuid4(),
        "unit": unit,
        "post": post,
        "binding": Binding.LAW.value,
        "caused_on": date(2026, 9, 9),
        "registered_at": FRIDAY,
        "due_at": end_of(last_day),
        "last_day": last_day,
    }
    return Obligation(**(values | known))


@pytest.fixture
def of_all_kinds(unit, post):
    """One open row of every binding, day, target, firmness and pause."""
    days = (YESTERDAY, TODAY, date(2026, 10, 10), date(2026, 10, 20))
    rows = []
    for (binding, last), settled in product(product(Binding, days), product((True, False), repeat=4)):
        has_target, is_provisional, is_minimum, stops = settled
        known: dict[str, object] = {"binding": binding.value, "is_provisional": is_provisional, "is_minimum": is_minimum}
        if has_target:
            known |= {"target_day": last - timedelta(days=1), "target_at": end_of(last - timedelta(days=1))}
        if stops:
            known |= {"stopped_since": YESTERDAY, "resumes_by": date(2026, 10, 26)}
        rows.append(owe(unit, post, last, **known))
    rows.append(owe(unit, post, date(2026, 10, 30), caused_on=date(2026, 10, 16)))
    rows.append(owe(unit, post, date(2026, 10, 15), caused_on=date(2026, 11, 16)))  # counted back: it runs already
    return Obligation.objects.bulk_create(rows)


def scope_of(unit, post):
    return DeskScope(unit_ids=frozenset({unit.pk}), post_ids=frozenset({post.pk}))


def test_every_standing_occurs_among_the_rows(of_all_kinds):
    assert {standing_of(as_row(row, now=FRIDAY), FRIDAY) for row in select_rows()} == set(Standing)


@pytest.mark.parametrize("now", [FRIDAY, at("2026-10-09", "23:59"), at("2026-10-10", "00:00"), at("2026-10-21", "00:00")])
def test_the_conditions_count_what_the_rule_says(of_all_kinds, unit, post, now):
    expected: dict[tuple[Standing, date], int] = {}
    for stored in select_rows():
        row = as_row(stored, now=now)
        key = (standing_of(row, now), stored.target_day or stored.last_day)
        expected[key] = expected.get(key, 0) + 1

    found = {(one.standing, one.day): one.count for one in ledger.count_desk(scope=scope_of(unit, post), now=now)}

    assert found == expected


def test_a_row_stands_under_its_target_where_it_has_one():
    assert desk_day(a_row(TODAY, target_day=YESTERDAY, target_at=end_of(YESTERDAY))) == YESTERDAY
    assert desk_day(a_row(TODAY)) == TODAY


def test_of_each_stretch_the_first_rows_are_listed_and_law_comes_before_the_rest(unit, post):
    Obligation.objects.bulk_create(
        [owe(unit, post, label=f"今天{number}", binding=Binding.INTERNAL.value) for number in range(3)]
        + [owe(unit, post, label="今天法定")]
        + [owe(unit, post, date(2026, 11, number + 2), label=f"以后{number}") for number in range(5)]
    )
    rows = ledger.list_desk(scope=scope_of(unit, post), edges=[TODAY, date(2026, 10, 10)], size=2, now=FRIDAY)
    assert [row.label for row in rows] == ["今天法定", "今天0", "以后0", "以后1"]


def test_a_target_orders_before_the_limit(unit, post):
    target = {"target_day": TODAY, "target_at": end_of(TODAY)}
    Obligation.objects.bulk_create([owe(unit, post, date(2026, 10, 10)), owe(unit, post, date(2026, 11, 3), label="目标今天", **target)])
    rows = ledger.list_desk(scope=scope_of(unit, post), edges=[TODAY], size=5, now=FRIDAY)
    assert [row.label for row in rows] == ["目标今天", "一份文件"]


def test_mine_are_the_rows_of_my_posts_and_those_that_no_post_of_my_unit_holds(unit, post):
    other = Post.objects.create(code="P-2", unit=unit, title="科长")
    Obligation.objects.bulk_create(
        [owe(unit, post, label="我的"), owe(unit, None, label="科里的"), owe(unit, other, label="别人的"), owe(unit, post, duty_code="x.y")]
    )
    scope = DeskScope(unit_ids=frozenset({unit.pk}), post_ids=frozenset({post.pk}), left_out=frozenset({"x.y"}))
    rows = ledger.list_desk(scope=scope, edges=[], size=9, now=FRIDAY)
    assert {row.label for row in rows} == {"我的", "科里的"}


def test_subjects_name_the_rows_whoever_holds_them(unit, post):
    _, second = Obligation.objects.bulk_create([owe(unit, post), owe(unit, None)])
    scope = DeskScope(subjects=[second.subject])
    assert [row.uuid for row in ledger.list_desk(scope=scope, edges=[], size=9, now=FRIDAY)] == [second.uuid]


def test_the_sidebar_counts_what_is_due_today_or_late_of_all_scopes_in_one_query(of_all_kinds, unit, post):
    counts = ledger.count_desk(scope=scope_of(unit, post), now=FRIDAY)
    late = sum(one.count for one in counts if one.standing is Standing.OVERDUE)
    exceeded = sum(one.count for one in counts if one.standing is Standing.EXCEEDED)
    today = sum(one.count for one in counts if one.standing is Standing.RUNNING and one.day <= TODAY)
    (more,) = Obligation.objects.bulk_create([owe(unit, None, duty_code="x.y")])
    mine = DeskScope(unit_ids=frozenset({unit.pk}), post_ids=frozenset({post.pk}), left_out=frozenset({"x.y"}))

    with CaptureQueriesContext(connection) as asked:
        found = ledger.count_pressing(scopes=[mine, DeskScope(subjects=[more.subject])], now=FRIDAY)
    assert found == (late + exceeded + today + 1, late)
    assert len(asked) == 1
    assert ledger.count_pressing(scopes=[mine], now=FRIDAY) == (late + exceeded + today, late)


def test_nobody_without_posts_owes_anything(of_all_kinds):
    assert ledger.count_pressing(scopes=[DeskScope(), DeskScope(subjects=[])], now=FRIDAY) == (0, 0)
    assert ledger.count_desk(scope=DeskScope(), now=FRIDAY) == []


def test_posts_are_counted_with_what_is_overdue(of_all_kinds, unit, post):
    late = sum(one.count for one in ledger.count_desk(scope=scope_of(unit, post), now=FRIDAY) if one.standing is Standing.OVERDUE)
    assert ledger.count_by_post(post_ids=[post.pk, post.pk + 99], now=FRIDAY) == {post.pk: (len(of_all_kinds), late)}


def test_counting_and_listing_cost_three_queries_however_many_rows(unit, post):
    Obligation.objects.bulk_create([owe(unit, post, TODAY + timedelta(days=number % 40)) for number in range(2000)])
    with CaptureQueriesContext(connection) as asked:
        counts = ledger.count_desk(scope=scope_of(unit, post), now=FRIDAY)
        rows = ledger.list_desk(scope=scope_of(unit, post), edges=[TODAY, date(2026, 10, 10)], size=30, now=FRIDAY)
    assert (sum(one.count for one in counts), len(rows), len(asked)) == (2000, 90, 3)


def test_what_was_registered_late_can_be_listed_and_counted_by_unit(unit, post):
    on_the_day = {"caused_on": TODAY, "registered_at": at("2026-10-09", "23:30")}
    Obligation.objects.bulk_create([owe(unit, post, label="当天登记", **on_the_day), owe(unit, post, label="晚登记")])
    filters = LedgerFilter(unit_id=unit.pk, is_late_registered=True)
    page = ledger.list_page(unit_ids={unit.pk}, filters=filters, after=None, now=FRIDAY)
    assert [(row.label, row.days_unregistered) for row in page.rows] == [("晚登记", 30)]
    assert ledger.count_totals(unit_ids={unit.pk}, filters=filters, now=FRIDAY).whole == 1


def test_what_some_posts_hold_can_be_listed_and_counted(unit, post):
    Obligation.objects.bulk_create([owe(unit, post, label="岗位的"), owe(unit, None)])
    filters = LedgerFilter(post_ids=frozenset({post.pk}))
    page = ledger.list_page(unit_ids={unit.pk}, filters=filters, after=None, now=FRIDAY)
    assert [row.label for row in page.rows] == ["岗位的"]
    assert ledger.count_totals(unit_ids={unit.pk}, filters=filters, now=FRIDAY).whole == 1
