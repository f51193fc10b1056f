"""What the sweep tells of the time before the last day, after downtime, with a clock set back, and when it is killed."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import connection

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.actions.clockwork import set_clock
from gongkai.core.ledger.kinds import EventKind
from gongkai.core.ledger.models import DateChange, Event, LocalTerms, Obligation, PendingEvent, Terms
from gongkai.core.ledger.queries.clocks import compute_of
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import start_of
from tests.factories.ledger import a_proof, an_obligation, at

CAUSE = date(2026, 9, 9)  # twenty working days end on 2026-10-13; a fifth of the thirty-four days is six
OPENED = at("2026-09-09", "16:00")
NEAR = start_of(date(2026, 10, 7))
DUE_AT = at("2026-10-14", "00:00")

# The package's `sweep` is the function, which hides the module.
sweep_module = import_module("gongkai.core.ledger.actions.sweep")

pytestmark = pytest.mark.django_db


def swept(row):
    return [(event.kind, event.at) for event in ledger.list_history(obligation_id=row.id) if event.kind is not EventKind.OPENED]


def test_it_is_told_to_be_near_once_and_then_to_be_over(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED)

    assert ledger.sweep(now=NEAR - timedelta(microseconds=1)) == 0
    assert ledger.sweep(now=NEAR + timedelta(hours=9)) == 1
    assert ledger.sweep(now=DUE_AT - timedelta(seconds=1)) == 0
    assert ledger.sweep(now=DUE_AT) == 1
    assert swept(row) == [(EventKind.DUE_SOON, NEAR), (EventKind.BECAME_OVERDUE, DUE_AT)]


def test_after_downtime_both_are_told_each_dated_when_it_became_true(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED)

    assert ledger.sweep(now=at("2026-12-01")) == 2
    assert ledger.sweep(now=at("2026-12-02")) == 0
    assert swept(row) == [(EventKind.DUE_SOON, NEAR), (EventKind.BECAME_OVERDUE, DUE_AT)]
    assert all(event.recorded_at == at("2026-12-01") for event in Event.objects.exclude(kind="OPENED"))


def test_the_target_day_makes_it_near(unit):
    LocalTerms.objects.create(
        entry="policy.rules", limit_text="P10WD", reason="留余地", effective_from=date(2026, 1, 1), set_by_name="周岚", set_at=OPENED
    )
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED)
    ledger.sweep(now=at("2026-09-30"))

    assert row.target_day is not None
    assert swept(row) == [(EventKind.DUE_SOON, start_of(row.target_day))]


@pytest.mark.parametrize("entry", ["rer.register_promise", "publish.unit_review"])
def test_a_promise_and_a_habit_are_never_near(unit, entry):
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED, entry=entry)
    ledger.sweep(now=at("2026-12-01"))

    assert EventKind.DUE_SOON not in dict(swept(row))
    assert len(swept(row)) == 1


def test_what_is_near_when_it_is_registered_became_near_then_and_is_told_once(unit):
    registered = at("2026-10-09")
    row = an_obligation(unit, caused_on=CAUSE, now=registered)
    assert ledger.sweep(now=at("2026-10-10")) == 1
    assert ledger.sweep(now=at("2026-10-11")) == 0
    assert swept(row) == [(EventKind.DUE_SOON, registered)]


def test_what_is_near_and_computed_again_to_the_same_day_is_not_told_again(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=at("2026-10-09"))
    ledger.sweep(now=at("2026-10-10"))
    stored = Obligation.objects.select_related("terms").get(pk=row.id)
    set_clock(stored, compute_of(stored, workdays.get_calendar()), at("2026-10-11"))
    assert stored.next_check_at == DUE_AT


def test_a_moved_limit_is_near_again_before_its_new_day(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED)
    ledger.sweep(now=NEAR)
    ledger.restart(
        obligation=row.uuid, new_cause=date(2026, 10, 8), reason="补正", article="条例30条", document="", actor=SYSTEM, now=at("2026-10-08")
    )
    ledger.sweep(now=at("2026-12-01"))

    assert [kind for kind, _ in swept(row)] == [
        EventKind.DUE_SOON, EventKind.RESTARTED, EventKind.DUE_SOON, EventKind.BECAME_OVERDUE
    ]  # fmt: skip
    assert len({moment for kind, moment in swept(row) if kind is EventKind.DUE_SOON}) == 2


def test_a_date_that_comes_back_tells_nothing_twice(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED)
    ledger.sweep(now=DUE_AT)
    moved = ledger.stop(
        obligation=row.uuid, first_day=date(2026, 9, 22), latest_day=date(2026, 10, 26), reason="征求意见", article="条例32条", document="",
        actor=SYSTEM, now=DUE_AT,
    )  # fmt: skip
    ledger.void_movement(movement=moved.uuid, reason="没有发出", actor=SYSTEM, now=DUE_AT)

    assert ledger.sweep(now=DUE_AT) == 0
    assert [kind for kind, _ in swept(row)].count(EventKind.BECAME_OVERDUE) == 1
    assert Obligation.objects.get(pk=row.id).next_check_at is None


def test_a_clock_that_is_set_back_tells_nothing_twice(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED)
    ledger.sweep(now=DUE_AT)
    assert ledger.sweep(now=OPENED) == 0
    assert ledger.sweep(now=DUE_AT + timedelta(days=1)) == 0
    assert len(swept(row)) == 2


def test_closing_before_a_sweep_came_by_tells_what_it_would_have_told(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED)
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=at("2026-10-20"))

    assert [kind for kind, _ in swept(row)] == [EventKind.DUE_SOON, EventKind.BECAME_OVERDUE, EventKind.FULFILLED]


def test_a_sweep_that_dies_in_the_middle_leaves_whole_batches_and_the_next_goes_on(unit, subscribers, monkeypatch):
    subscribers["test.ears"] = lambda _event: None
    monkeypatch.setattr(sweep_module, "BATCH", 3)
    for number in range(7):
        an_obligation(unit, caused_on=CAUSE, now=OPENED, label=f"第 {number} 件")
    batches = []

    def die_at_the_second(events):
        batches.append(events)
        if len(batches) == 2:
            raise KeyboardInterrupt
        written(events)

    written = sweep_module.write_events
    monkeypatch.setattr(sweep_module, "write_events", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        ledger.sweep(now=DUE_AT)
    assert Event.objects.filter(kind="BECAME_OVERDUE").count() == 3
    assert Obligation.objects.filter(next_check_at__isnull=False).count() == 4

    monkeypatch.setattr(sweep_module, "write_events", written)
    assert ledger.sweep(now=DUE_AT) == 8
    assert Event.objects.filter(kind="BECAME_OVERDUE").count() == 7
    assert Event.objects.filter(kind="DUE_SOON").count() == 7
    assert PendingEvent.objects.filter(event__kind__in=["DUE_SOON", "BECAME_OVERDUE"]).count() == 14


def test_a_provisional_date_is_settled_with_a_change_that_is_told(unit, heard):
    row = an_obligation(unit, caused_on=date(2026, 12, 14), now=at("2026-12-14"))
    assert row.is_provisional
    Obligation.objects.filter(pk=row.id).update(terms_id=_five_days().pk)
    ledger.sweep(now=at("2027-01-13"))

    stored = Obligation.objects.get(pk=row.id)
    assert not stored.is_provisional
    change = DateChange.objects.get()
    assert (change.cause, change.to_day) == ("SETTLED", date(2026, 12, 21))
    assert stored.moves == 1
    ledger.deliver_events(at("2027-01-13"))
    assert [event.kind for event in heard] == [EventKind.OPENED, EventKind.SETTLED, EventKind.BECAME_OVERDUE]


def _five_days():
    """Terms short enough to end in a year that has a calendar."""
    terms = Terms.objects.get(entry="policy.rules")
    terms.pk, terms.is_current, terms.limit_text = None, False, "P5WD"
    terms.save()
    return terms


def test_the_sweeper_reads_its_index_and_nothing_else(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED)
    query = sweep_module._has_come(DUE_AT).order_by("next_check_at", "id")
    if connection.vendor == "sqlite":
        assert "obligation_to_check" in query.explain()
    assert query.get().pk == row.id
