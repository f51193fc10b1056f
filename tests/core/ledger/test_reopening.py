from datetime import date

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, ObligationState
from gongkai.core.ledger.models import Event, Obligation
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.organisations.models import Unit
from gongkai.lib.errors import BadInput
from tests.factories.ledger import a_proof, an_obligation, at

pytestmark = pytest.mark.django_db

NOW = at("2026-03-02")
LATE = at("2026-07-01")


@pytest.fixture
def own_unit(clerk):
    """The unit of 周岚."""
    return Unit.objects.get(pk=clerk.unit_id)


@pytest.fixture
def done(bureau, own_unit):
    """A duty of twenty working days, done in time; its day has long passed."""
    row = an_obligation(own_unit, caused_on=date(2026, 3, 2), now=NOW)
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=at("2026-03-05"))
    return row


def told(row) -> list[str]:
    return list(Event.objects.filter(obligation_id=row.id).order_by("at", "id").values_list("kind", flat=True))


def test_what_was_public_until_a_day_is_counted_anew_and_was_never_late(done):
    assert ledger.reopen(obligation=done.uuid, reason="网页打不开", actor=SYSTEM, now=LATE, lost_on=date(2026, 6, 30))

    again = ledger.get_obligation(done.uuid)
    assert again.state is ObligationState.OPEN
    assert again.last_day == date(2026, 7, 28)
    ledger.sweep(now=LATE)
    assert EventKind.BECAME_OVERDUE.value not in told(done)
    ledger.sweep(now=at("2026-07-29"))
    assert told(done).count(EventKind.BECAME_OVERDUE.value) == 1


def test_what_never_was_discharged_keeps_its_first_day_and_is_late(done):
    assert ledger.reopen(obligation=done.uuid, reason="公开有误", actor=SYSTEM, now=LATE)

    ledger.sweep(now=LATE)
    assert ledger.get_obligation(done.uuid).last_day == done.last_day
    assert told(done).count(EventKind.BECAME_OVERDUE.value) == 1


def test_a_date_in_the_year_is_owed_again_without_another_count(bureau, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 1, 5), now=at("2026-01-05"), entry="annual.report", label="2025年度报告")
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=at("2026-01-20"))

    assert ledger.reopen(obligation=row.uuid, reason="网页打不开", actor=SYSTEM, now=LATE, lost_on=date(2026, 6, 30))

    again = ledger.get_obligation(row.uuid)
    assert (again.state, again.last_day) == (ObligationState.OPEN, row.last_day)


def test_a_loss_on_the_day_of_the_cause_is_no_new_count(bureau, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 3, 2), now=NOW)
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=NOW)

    assert ledger.reopen(obligation=row.uuid, reason="网页打不开", actor=SYSTEM, now=NOW, lost_on=date(2026, 3, 2))
    assert ledger.get_obligation(row.uuid).last_day == row.last_day


def test_owed_already_is_no_second_time_and_a_reason_is_asked_for(done):
    with pytest.raises(BadInput):
        ledger.reopen(obligation=done.uuid, reason=" ", actor=SYSTEM, now=LATE)
    assert ledger.reopen(obligation=done.uuid, reason="公开有误", actor=SYSTEM, now=LATE)
    assert not ledger.reopen(obligation=done.uuid, reason="公开有误", actor=SYSTEM, now=LATE)
    assert Obligation.objects.filter(subject=Obligation.objects.get(pk=done.id).subject).count() == 1
