"""One order for everybody who holds something: the calendar, then obligations by their uuid. Of two one waits, none for ever."""

import time
from datetime import date, timedelta
from threading import Barrier, Event
from uuid import UUID

import pytest
from django.db import transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import registry
from gongkai.core.ledger.actions.locks import lock_many
from gongkai.core.ledger.models import CadenceRun, ColumnUpdate, Obligation, Terms
from gongkai.core.ledger.queries.cases import find_cases
from gongkai.foundation.accounts.kinds import SYSTEM
from tests.core.ledger.test_cadences import COLUMNS, TERMS
from tests.core.ledger.test_calendars import amendment
from tests.core.ledger.test_races import CAUSE, FRIDAY, PATIENCE, Paused, aside
from tests.factories.ledger import a_proof, a_unit, an_obligation, at

__all__ = ["aside"]

# The older row has the later uuid: who holds by id and who holds by uuid meet in the middle.
OLDER, YOUNGER = UUID("ffffffff-0000-4000-8000-000000000000"), UUID("00000000-0000-4000-8000-000000000000")


@pytest.fixture
def rows(unit):
    for uuid in (OLDER, YOUNGER):
        Obligation.objects.filter(pk=an_obligation(unit, caused_on=CAUSE, now=FRIDAY).id).update(uuid=uuid)
    return [OLDER, YOUNGER]


def in_one(work):
    def run():
        with transaction.atomic():
            return work()

    return run


@pytest.mark.postgresql
def test_who_moves_cases_to_other_terms_and_who_holds_many_do_not_wait_for_each_other(rows, aside):
    newer = Terms.objects.get(entry="policy.rules")
    newer.pk = 0

    def hold_cases():
        return len(list(find_cases(entry="policy.rules", versions=[newer], first=None, last=None, is_locked=True)))

    # Both wait for the row that the first holds; the one who came first gets it, and then wants the other.
    first = Paused(aside, lambda: lock_many([YOUNGER]))
    many = aside(in_one(lambda: len(lock_many(rows))))
    time.sleep(0.3)
    cases = aside(in_one(hold_cases))
    time.sleep(0.3)
    first.commit()

    assert many.result(PATIENCE) == 2
    assert cases.result(PATIENCE) == 2


@pytest.mark.postgresql
def test_who_closes_a_duty_and_opens_the_next_and_who_changes_the_calendar_do_not_wait_for_each_other(unit, aside):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    digest = ledger.preview_calendar(change=amendment(), now=FRIDAY).digest
    closed, may_open = Event(), Event()

    def close_and_open():
        ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)
        closed.set()
        assert may_open.wait(PATIENCE)
        return an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    step = aside(in_one(close_and_open))
    assert closed.wait(PATIENCE)
    calendar = aside(lambda: ledger.apply_calendar(change=amendment(), seen_digest=digest, actor=SYSTEM, now=FRIDAY))
    time.sleep(0.3)
    may_open.set()

    assert step.result(PATIENCE).last_day == date(2026, 10, 13)
    assert "什么也没有动" in str(calendar.exception(PATIENCE))  # it waited, and what it had seen is no more


@pytest.fixture
def column(monkeypatch, calendar):
    """A column whose habit is that of all units: 工作动态, each working day."""
    monkeypatch.setattr(registry, "COLUMN_READERS", [lambda: COLUMNS])
    ledger.load_terms(TERMS)
    units = [a_unit(), a_unit("征地管理科")]
    for unit in units:
        ledger.note_update(entry="news.work", unit_id=unit.pk, at=at("2026-09-29"), actor=SYSTEM)
    return units


@pytest.mark.postgresql
def test_two_units_that_make_something_public_in_one_column_do_not_wait_for_each_other(column, aside):
    for turn in range(10):
        barrier, moment = Barrier(2), at("2026-09-30") + timedelta(minutes=turn)

        def publish(unit, barrier=barrier, moment=moment):
            barrier.wait(PATIENCE)
            ledger.note_update(entry="news.work", unit_id=unit.pk, at=moment, actor=SYSTEM)

        for future in [aside(lambda unit=unit, publish=publish: publish(unit)) for unit in column]:
            future.result(PATIENCE)
    assert set(ColumnUpdate.objects.values_list("last_at", flat=True)) == {at("2026-09-30") + timedelta(minutes=9)}


@pytest.mark.postgresql
def test_a_period_that_passes_while_something_is_made_public_is_told_or_discharged(column, aside):
    ledger.tick_cadences(now=at("2026-10-08"))
    for turn in range(10):
        CadenceRun.objects.update(next_check_at=at("2026-10-08"), updated_at=None, lapsed_at=None)
        barrier, moment = Barrier(2), at("2026-10-09") + timedelta(minutes=turn)

        def publish(barrier=barrier, moment=moment):
            barrier.wait(PATIENCE)
            ledger.note_update(entry="news.work", unit_id=column[0].pk, at=moment, actor=SYSTEM)

        def tick(barrier=barrier):
            barrier.wait(PATIENCE)
            return ledger.tick_cadences(now=at("2026-10-09"))

        for future in (aside(publish), aside(tick)):
            future.result(PATIENCE)
    assert not CadenceRun.objects.filter(updated_at__isnull=False, lapsed_at__isnull=False).exists()
