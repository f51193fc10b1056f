from datetime import date

import pytest
from django.db import connection

from gongkai.core.ledger import api as ledger
from gongkai.producers.disclosure import actions
from gongkai.producers.disclosure.models import Cause
from gongkai.producers.disclosure.queries.unpublished import list_unpublished, select_unpublished
from tests.factories.ledger import at

FRIDAY = at("2026-10-09")

pytestmark = pytest.mark.django_db


def a_cause(clerk, entry_code: str, title: str) -> Cause:
    row = actions.register_cause(
        entry_code=entry_code, title=title, happened_on=date(2026, 9, 9), unit_id=clerk.unit_id, note="", actor=clerk, now=FRIDAY
    )
    return Cause.objects.get(uuid=row.uuid)


def test_a_cause_with_a_duty_is_known_to_the_ledger_and_not_told_twice(clerk):
    a_cause(clerk, "policy.rules", "有期限的一件")
    assert list_unpublished(None, FRIDAY) == []


def test_a_cause_without_duty_and_text_is_told_to_those_who_see_its_unit(clerk, django_assert_num_queries):
    cause = a_cause(clerk, "policy.rules", "没有期限的一件")
    Cause.objects.filter(pk=cause.pk).update(obligation=None)

    with django_assert_num_queries(1):
        (told,) = list_unpublished(None, FRIDAY)
    assert (told.entry, told.title, told.subject, told.unit_id) == ("policy.rules", "没有期限的一件", cause.uuid, clerk.unit_id)
    assert list_unpublished(frozenset({clerk.unit_id}), FRIDAY) == [told]
    assert list_unpublished(frozenset(), FRIDAY) == []
    assert [one.causes for one in ledger.list_missing(unit_ids=None, now=FRIDAY)] == [(told,)]


@pytest.mark.parametrize("unit_ids", [None, frozenset({1, 2})])
def test_it_reads_an_index_that_holds_nothing_else(clerk, unit_ids):
    assert clerk.unit_id
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = select_unpublished(unit_ids, FRIDAY).explain()
    assert "cause_unpublished" in plan
    assert "TEMP B-TREE" not in plan
