from datetime import date, timedelta

import pytest
from django.utils import timezone

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import tasks
from gongkai.core.ledger.actions import count_pending
from gongkai.core.ledger.kinds import EventKind, ObligationState
from gongkai.core.ledger.models import Event, Obligation, PendingEvent
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.workdays.models import CalendarVersion
from tests.factories.ledger import a_proof, an_obligation, at

FRIDAY = at("2026-10-09")
CAUSE = date(2026, 9, 9)  # twenty working days end on 2026-10-13
DUE_AT = at("2026-10-14", "00:00")
SYSTEM_NOW = at("2026-11-24", "08:00")

pytestmark = pytest.mark.django_db


def swept(row) -> list[tuple[EventKind, object]]:
    history = ledger.list_history(obligation_id=row.id)
    return [(event.kind, event.at) for event in history if event.kind not in {EventKind.OPENED, EventKind.FULFILLED, EventKind.DUE_SOON}]


def test_what_became_overdue_is_told_once_and_dated_when_it_became_true(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    assert ledger.sweep(now=DUE_AT - timedelta(microseconds=1)) == 1  # that it is near
    assert ledger.sweep(now=DUE_AT + timedelta(days=3)) == 1  # the worker was down
    assert ledger.sweep(now=DUE_AT + timedelta(days=4)) == 0
    assert swept(row) == [(EventKind.BECAME_OVERDUE, DUE_AT)]
    assert Event.objects.get(kind="BECAME_OVERDUE").recorded_at == DUE_AT + timedelta(days=3)
    assert ledger.get_obligation(row.uuid).overdue_since == DUE_AT


def test_at_midnight_it_is_overdue(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    ledger.sweep(now=FRIDAY)

    assert ledger.sweep(now=DUE_AT) == 1
    assert ledger.get_obligation(row.uuid, now=DUE_AT).overdue_since == DUE_AT
    assert ledger.get_obligation(row.uuid, now=DUE_AT - timedelta(seconds=1)).overdue_since == DUE_AT  # already told


def test_a_clock_that_is_set_back_tells_nothing_twice(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    ledger.sweep(now=DUE_AT)

    assert ledger.sweep(now=FRIDAY) == 0
    assert ledger.sweep(now=DUE_AT) == 0
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY - timedelta(days=30))
    assert len(swept(row)) == 1


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("license.dual", EventKind.BECAME_OVERDUE),
        ("rer.register_promise", EventKind.PROMISE_EXCEEDED),
        ("publish.unit_review", EventKind.REMINDED),
    ],
)
def test_only_law_and_superiors_become_overdue(unit, entry, kind):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY, entry=entry)
    ledger.sweep(now=DUE_AT)

    assert swept(row) == [(kind, row.due_at)]
    assert (ledger.get_obligation(row.uuid).overdue_since is not None) == (kind is EventKind.BECAME_OVERDUE)
    assert (ledger.get_obligation(row.uuid, now=DUE_AT).overdue_since is not None) == (kind is EventKind.BECAME_OVERDUE)


def test_a_minimum_is_never_swept(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY, entry="plan.draft")

    assert ledger.sweep(now=DUE_AT + timedelta(days=400)) == 0
    assert swept(row) == []


def test_what_is_closed_in_time_is_never_told(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)

    assert ledger.sweep(now=DUE_AT + timedelta(days=400)) == 0
    assert swept(row) == []


@pytest.mark.parametrize("close", ["fulfil", "cancel"])
def test_closing_late_tells_first_what_no_sweep_has_told(unit, close):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    late = DUE_AT + timedelta(hours=9)
    if close == "fulfil":
        ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=late)
    else:
        ledger.cancel(obligation=row.uuid, reason="重复登记", actor=SYSTEM, now=late)

    assert swept(row)[0] == (EventKind.BECAME_OVERDUE, DUE_AT)
    assert ledger.sweep(now=late) == 0
    assert ledger.get_obligation(row.uuid).overdue_since is None


def test_what_is_registered_after_its_day_is_overdue_from_that_day(unit):
    row = an_obligation(unit, caused_on=date(2026, 8, 3), now=FRIDAY)

    assert row.overdue_since == row.due_at == at("2026-09-01", "00:00")
    assert ledger.sweep(now=FRIDAY) == 1
    assert swept(row) == [(EventKind.BECAME_OVERDUE, row.due_at)]


def test_a_provisional_date_accuses_nobody_and_is_settled_by_the_calendar(unit):
    row = an_obligation(unit, caused_on=date(2008, 5, 12), now=FRIDAY)

    assert row.is_provisional
    assert row.overdue_since is None
    assert ledger.sweep(now=FRIDAY) == 0
    assert swept(row) == []
    assert Obligation.objects.get(uuid=row.uuid).next_check_at == at("2026-10-10", "00:00")

    # The calendar of its year has come: as if the cause had been in a year that is known.
    Obligation.objects.filter(uuid=row.uuid).update(caused_on=date(2026, 8, 3))
    assert ledger.sweep(now=at("2026-10-10")) == 2
    assert [kind for kind, _ in swept(row)] == [EventKind.BECAME_OVERDUE, EventKind.SETTLED]
    settled = ledger.get_obligation(row.uuid)
    assert (settled.last_day, settled.is_provisional) == (date(2026, 8, 31), False)


def test_a_ledger_without_any_calendar_still_takes_duties(unit):
    CalendarVersion.objects.update(digest="none")
    row = an_obligation(unit, caused_on=date(2027, 3, 1), now=FRIDAY)

    assert row.is_provisional
    assert row.last_day == date(2027, 3, 29)


def test_a_thousand_due_at_once_are_told_in_a_constant_number_of_queries(unit, django_assert_max_num_queries):
    first = Obligation.objects.get(uuid=an_obligation(unit, caused_on=CAUSE, now=FRIDAY).uuid)
    Obligation.objects.bulk_create([_copy(first) for _ in range(999)])

    with django_assert_max_num_queries(42):
        assert ledger.sweep(now=DUE_AT) == 2000
    assert Event.objects.filter(kind="BECAME_OVERDUE").count() == Event.objects.filter(kind="DUE_SOON").count() == 1000


def _copy(row: Obligation) -> Obligation:
    names = [field.attname for field in Obligation._meta.concrete_fields if field.attname not in {"id", "uuid", "subject"}]
    return Obligation(subject=Obligation._meta.get_field("uuid").get_default(), **{name: getattr(row, name) for name in names})


def test_nothing_due_costs_one_query(unit, django_assert_num_queries):
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    ledger.sweep(now=FRIDAY)

    with django_assert_num_queries(1):
        ledger.sweep(now=FRIDAY)


def test_each_subscriber_hears_each_event_once(unit, subscribers, heard):
    other: list = []
    subscribers["test.other"] = other.append
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    ledger.sweep(now=DUE_AT)

    assert ledger.deliver_events(SYSTEM_NOW) == 6
    assert ledger.deliver_events(SYSTEM_NOW) == 0
    assert [event.kind for event in heard] == [EventKind.OPENED, EventKind.DUE_SOON, EventKind.BECAME_OVERDUE]
    assert [event.obligation.uuid for event in heard] == [row.uuid] * 3
    assert heard == other
    assert heard[2].at == heard[2].obligation.overdue_since == DUE_AT
    assert not PendingEvent.objects.exists()


def test_a_subscriber_that_fails_keeps_its_event_and_stops_nobody(unit, subscribers, heard):
    def stumble(event):
        Obligation.objects.filter(uuid=event.obligation.uuid).update(label="写了一半")
        raise RuntimeError("渠道没有应答")

    subscribers["test.stumbles"] = stumble
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    assert ledger.deliver_events(SYSTEM_NOW) == 1
    assert len(heard) == 1
    (waiting,) = PendingEvent.objects.all()
    assert (waiting.subscriber, waiting.failures, waiting.last_error) == ("test.stumbles", 1, "RuntimeError：渠道没有应答")
    assert ledger.get_obligation(row.uuid).label == row.label  # what it had written is undone

    assert ledger.deliver_events(SYSTEM_NOW) == 0  # not yet again
    assert PendingEvent.objects.get().failures == 1
    subscribers["test.stumbles"] = heard.append
    assert ledger.deliver_events(SYSTEM_NOW + timedelta(seconds=10)) == 1
    assert not PendingEvent.objects.exists()


def test_an_event_of_a_subscriber_this_process_does_not_know_stays(unit, subscribers, heard):
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    subscribers.clear()

    assert ledger.deliver_events(SYSTEM_NOW) == 0
    assert count_pending() == 1


def test_a_subscriber_may_act_on_the_ledger(unit, subscribers):
    subscribers["test.acts"] = lambda event: (
        ledger.fulfil(obligation=event.obligation.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)
        if event.kind is EventKind.OPENED
        else None
    )
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    assert ledger.deliver_events(SYSTEM_NOW) == 2  # what is done at once is not told to be near
    assert ledger.get_obligation(row.uuid).state is ObligationState.FULFILLED


def test_the_worker_sweeps_and_delivers(unit, heard, settings):
    assert {"ledger.events", "ledger.sweep"} <= {drain.code for drain in outbox.list_drains()}
    an_obligation(unit, caused_on=date(2026, 8, 3), now=FRIDAY)
    settings.BUSINESS_CLOCK = "system"

    assert tasks.sweep_now(timezone.now()) == 1  # any day this test runs on lies after that
