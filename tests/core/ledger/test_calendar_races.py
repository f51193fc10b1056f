"""Two people at the calendar, a server that dies in the middle, a duty registered meanwhile."""

import time
from datetime import date

import pytest
from django.db import connection, transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.models import DateChange, Event, Obligation
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.models import CalendarEdition
from gongkai.lib.errors import SomebodyWasFaster
from tests.core.ledger.test_calendars import CAUSE, FRIDAY, SATURDAY, amendment
from tests.core.ledger.test_races import PATIENCE, Paused, aside
from tests.factories.ledger import a_proof, an_obligation

__all__ = ["aside"]


def apply(digest: str, change=None) -> int:
    return ledger.apply_calendar(change=change or amendment(), seen_digest=digest, actor=SYSTEM, now=FRIDAY)


def look(change=None) -> str:
    return ledger.preview_calendar(change=change or amendment(), now=FRIDAY).digest


@pytest.mark.postgresql
def test_of_two_who_apply_the_same_at_once_one_does_it(unit, aside):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    digest = look()
    first = Paused(aside, lambda: apply(digest))
    second = aside(lambda: apply(digest))

    assert first.commit() == 1
    assert second.result(PATIENCE) == 0
    assert DateChange.objects.filter(obligation__uuid=row.uuid).count() == 1
    assert CalendarEdition.objects.filter(year=2026).count() == 2


@pytest.mark.postgresql
def test_of_two_who_apply_something_else_at_once_the_second_is_told(unit, aside):
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    other = amendment(date(2026, 10, 12))
    digest, digest_of_other = look(), look(other)
    first = Paused(aside, lambda: apply(digest))
    second = aside(lambda: apply(digest_of_other, other))

    assert first.commit() == 1
    with pytest.raises(SomebodyWasFaster, match="什么也没有动"):
        second.result(PATIENCE)
    assert set(Obligation.objects.values_list("last_day", flat=True)) == {date(2026, 10, 14)}


@pytest.mark.postgresql
def test_a_server_that_dies_in_the_middle_leaves_nothing_half_done(unit, aside):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    digest = look()

    def die():
        with transaction.atomic():
            apply(digest)
            connection.connection.close()  # as after kill -9: the server rolls back

    with pytest.raises(Exception, match="closed"):
        aside(die).result(PATIENCE)
    assert Obligation.objects.get(uuid=row.uuid).last_day == date(2026, 10, 13)
    assert not DateChange.objects.exists()
    assert not Event.objects.filter(kind="MOVED").exists()
    assert workdays.get_calendar().is_workday(SATURDAY)
    assert apply(look()) == 1


@pytest.mark.postgresql
def test_who_registers_a_duty_while_the_calendar_changes_gets_the_new_day(unit, aside):
    digest = look()
    changing = Paused(aside, lambda: apply(digest))
    registering = aside(lambda: an_obligation(unit, caused_on=CAUSE, now=FRIDAY))
    time.sleep(0.3)
    assert not registering.done()  # waits for the calendar, which is held
    changing.commit()

    assert registering.result(PATIENCE).last_day == date(2026, 10, 14)


@pytest.mark.postgresql
def test_who_changes_the_calendar_waits_for_a_duty_that_is_being_registered_and_moves_it_too(unit, aside):
    digest = look()
    registering = Paused(aside, lambda: an_obligation(unit, caused_on=CAUSE, now=FRIDAY))
    changing = aside(lambda: apply(digest))
    registering.commit()

    with pytest.raises(SomebodyWasFaster):
        changing.result(PATIENCE)
    assert apply(look()) == 1


@pytest.mark.postgresql
def test_a_duty_that_is_done_meanwhile_keeps_its_date(unit, aside):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    digest = look()
    closing = Paused(aside, lambda: ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY))
    changing = aside(lambda: apply(digest))
    time.sleep(0.3)
    closing.commit()

    with pytest.raises(SomebodyWasFaster):
        changing.result(PATIENCE)
    assert apply(look()) == 0
    assert Obligation.objects.get(uuid=row.uuid).last_day == date(2026, 10, 13)


@pytest.mark.postgresql
def test_a_sweep_and_a_changed_calendar_at_once_both_come_through(unit, aside):
    rows = [an_obligation(unit, caused_on=CAUSE, now=FRIDAY) for _ in range(20)]
    late = FRIDAY.replace(day=14, hour=9)
    digest = ledger.preview_calendar(change=amendment(), now=late).digest
    changing = Paused(aside, lambda: ledger.apply_calendar(change=amendment(), seen_digest=digest, actor=SYSTEM, now=late))

    assert ledger.sweep(now=late) == 0  # passes by what is held
    assert changing.commit() == 20
    ledger.sweep(now=late)
    assert all(ledger.get_obligation(row.uuid, now=late).overdue_since is None for row in rows)


@pytest.mark.django_db(transaction=True)
def test_on_either_database_several_who_confirm_the_same_move_each_clock_once(unit, aside):
    """Also on SQLite, where a writer waits for the one before."""
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    digest = look()

    assert sorted(future.result(PATIENCE) for future in [aside(lambda: apply(digest)) for _ in range(3)]) == [0, 0, 1]
    assert DateChange.objects.count() == 1
    assert CalendarEdition.objects.filter(year=2026).count() == 2
