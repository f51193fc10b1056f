"""Two people move one clock in two open transactions, and one moves it while the other closes it or the sweep passes."""

from datetime import date

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import LimitUnit
from gongkai.core.ledger.models import DateChange, Event, Movement
from gongkai.foundation.accounts.kinds import SYSTEM, Actor
from gongkai.foundation.organisations.models import Officer
from gongkai.lib.errors import ActNotPossible, SomebodyWasFaster
from tests.core.ledger.test_races import PATIENCE, Paused, aside  # noqa: F401 - a fixture
from tests.factories.ledger import Papers, a_proof, an_obligation, at, some_terms

CAUSE = date(2026, 9, 9)
SENT = at("2026-09-21", "16:00")
PAPERS = Papers(reason="征求意见", article="条例32条", document="")

pytestmark = pytest.mark.postgresql


@pytest.fixture
def head(unit) -> Actor:
    """何静: she approves."""
    return Actor(officer_id=Officer.objects.create(name="何静").pk, name="何静")


@pytest.fixture
def row(unit):
    """A reply to a request."""
    ledger.load_terms([some_terms(entry="foi.reply", extend_amount=20, extend_unit=LimitUnit.WORKDAY, extend_cap_total=20)])
    return an_obligation(unit, caused_on=CAUSE, now=at("2026-09-09"), entry="foi.reply")


def stop(row):
    return ledger.stop(obligation=row.uuid, first_day=date(2026, 9, 22), latest_day=date(2026, 10, 26), actor=SYSTEM, now=SENT, **PAPERS)


def test_of_two_who_stop_it_at_once_one_was_faster(row, aside):  # noqa: F811
    first = Paused(aside, lambda: stop(row))
    second = aside(lambda: stop(row))
    first.commit()

    with pytest.raises(SomebodyWasFaster):
        second.result(PATIENCE)
    assert Movement.objects.count() == DateChange.objects.count() == Event.objects.filter(kind="STOPPED").count() == 1
    assert ledger.get_obligation(row.uuid).moves == 1


def test_of_two_who_saw_the_same_day_one_extends_and_the_other_is_told(row, head, aside):  # noqa: F811
    def extend(amount):
        return ledger.extend(obligation=row.uuid, amount=amount, proposed_by=None, actor=head, now=SENT, seen=0, **PAPERS)

    first = Paused(aside, lambda: extend(5))
    second = aside(lambda: extend(7))
    first.commit()

    with pytest.raises(SomebodyWasFaster, match="刚被别人改过"):
        second.result(PATIENCE)
    assert [one.amount for one in ledger.list_movements(row.uuid)] == [5]


def test_who_stops_what_another_is_closing_is_told_that_it_is_done(row, aside):  # noqa: F811
    closing = Paused(aside, lambda: ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=SENT))
    stopping = aside(lambda: stop(row))
    closing.commit()

    with pytest.raises(ActNotPossible, match="办结"):
        stopping.result(PATIENCE)
    assert not Movement.objects.exists()


def test_a_sweep_passes_by_what_is_being_stopped_and_leaves_it_alone_afterwards(row, aside):  # noqa: F811
    stopping = Paused(aside, lambda: stop(row))
    due = at("2026-10-14", "00:00")

    assert ledger.sweep(now=due) == 0
    stopping.commit()
    assert ledger.sweep(now=due) == 0
    assert not Event.objects.filter(kind="BECAME_OVERDUE").exists()
