"""Two open transactions at once. SQLite has one writer at a time; what it has to show is at the end."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier, Event
from uuid import uuid4

import pytest
from django.db import connection, transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import models
from gongkai.core.ledger.kinds import EventKind, ObligationState, Opening
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.lib.errors import ActNotPossible, SomebodyWasFaster
from tests.factories.ledger import PUBLISH, a_proof, an_obligation, at

FRIDAY = at("2026-10-09")
CAUSE = date(2026, 9, 9)
DUE_AT = at("2026-10-14", "00:00")
SYSTEM_NOW = at("2026-11-24", "08:00")
PATIENCE = 20


@pytest.fixture
def aside():
    """Runs a function beside the test, on a connection of its own."""
    with ThreadPoolExecutor(4) as pool:

        def run(work: Callable[[], object]) -> Future:
            def closing():
                try:
                    return work()
                finally:
                    connection.close()

            return pool.submit(closing)

        yield run


class Paused:
    """A transaction that has done its work and is not committed before it is told to."""

    def __init__(self, aside, work: Callable[[], object]) -> None:
        self.worked, self.may_commit = Event(), Event()

        def hold():
            with transaction.atomic():
                result = work()
                self.worked.set()
                assert self.may_commit.wait(PATIENCE)
            return result

        self.future = aside(hold)
        assert self.worked.wait(PATIENCE), self.future.result()

    def commit(self):
        self.may_commit.set()
        return self.future.result(PATIENCE)


def kinds_of(row) -> list[str]:
    """What happened, but that it was near when it was registered."""
    return [event.kind.value for event in ledger.list_history(obligation_id=row.id) if event.kind is not EventKind.DUE_SOON]


@pytest.mark.postgresql
def test_an_event_that_is_committed_late_is_not_skipped(unit, heard, aside):
    slow = Paused(aside, lambda: an_obligation(unit, caused_on=CAUSE, now=FRIDAY, label="先写后提交"))
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY, label="后写先提交")

    assert ledger.deliver_events(SYSTEM_NOW) == 1
    slow.commit()
    assert ledger.deliver_events(SYSTEM_NOW) == 1

    assert [event.obligation.label for event in heard] == ["后写先提交", "先写后提交"]
    assert heard[0].id > heard[1].id  # a cursor over ids would have passed the second one by
    assert not models.PendingEvent.objects.exists()


@pytest.mark.postgresql
def test_an_event_whose_transaction_fails_was_never_there(unit, heard, aside):
    def fail():
        an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
        raise RuntimeError("断电")

    with pytest.raises(RuntimeError), transaction.atomic():
        fail()

    assert ledger.deliver_events(SYSTEM_NOW) == 0
    assert not models.Event.objects.exists()


@pytest.mark.postgresql
def test_two_sweepers_write_one_event(unit, aside):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    first = Paused(aside, lambda: ledger.sweep(now=DUE_AT))

    assert ledger.sweep(now=DUE_AT) == 0  # passes by what the first one holds, and does not wait for it
    assert first.commit() == 2  # that it is near, and that it is over
    assert ledger.sweep(now=DUE_AT) == 0
    assert kinds_of(row) == ["OPENED", "BECAME_OVERDUE"]


@pytest.mark.postgresql
def test_four_sweepers_at_the_same_moment_share_the_work(unit, aside):
    for _ in range(60):
        an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    start = Barrier(4)

    def work():
        start.wait(PATIENCE)
        return ledger.sweep(now=DUE_AT)

    assert sum(future.result(PATIENCE) for future in [aside(work) for _ in range(4)]) == 120
    assert models.Event.objects.filter(kind="BECAME_OVERDUE").count() == 60


@pytest.mark.postgresql
def test_a_sweeper_that_dies_leaves_everything_to_the_next(unit, aside):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    def die():
        with transaction.atomic():
            ledger.sweep(now=DUE_AT)
            connection.connection.close()  # as after kill -9: the server rolls back

    with pytest.raises(Exception, match="closed"):
        aside(die).result(PATIENCE)

    assert kinds_of(row) == ["OPENED"]
    assert ledger.sweep(now=DUE_AT + timedelta(hours=1)) == 2
    assert kinds_of(row) == ["OPENED", "BECAME_OVERDUE"]


@pytest.mark.postgresql
def test_two_deliverers_hand_an_event_over_once(unit, subscribers, aside):
    heard, in_hand, may_go = [], Event(), Event()

    def slow(event):
        heard.append(event.id)
        in_hand.set()
        assert may_go.wait(PATIENCE)

    subscribers["test.slow"] = slow
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    first = aside(lambda: ledger.deliver_events(SYSTEM_NOW))
    assert in_hand.wait(PATIENCE)

    assert ledger.deliver_events(SYSTEM_NOW) == 0
    may_go.set()
    assert first.result(PATIENCE) == 1
    assert len(heard) == 1


@pytest.mark.postgresql
def test_of_two_who_fulfil_at_once_the_second_is_told(unit, aside):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    first = Paused(aside, lambda: ledger.fulfil(obligation=row.uuid, evidence=a_proof("2026/00001"), actor=SYSTEM, now=FRIDAY))
    second = aside(lambda: ledger.fulfil(obligation=row.uuid, evidence=a_proof("2026/00002"), actor=SYSTEM, now=FRIDAY))

    assert first.commit() is True
    with pytest.raises(ActNotPossible, match="已于 2026年10月9日办结"):
        second.result(PATIENCE)
    assert kinds_of(row) == ["OPENED", "FULFILLED"]


@pytest.mark.postgresql
def test_sweeping_and_fulfilling_at_once_tells_both_once(unit, aside):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    sweeping = Paused(aside, lambda: ledger.sweep(now=DUE_AT))
    fulfilling = aside(lambda: ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=DUE_AT))
    sweeping.commit()

    assert fulfilling.result(PATIENCE) is True
    assert kinds_of(row) == ["OPENED", "BECAME_OVERDUE", "FULFILLED"]


@pytest.mark.postgresql
def test_fulfilling_while_a_sweep_comes_by_tells_both_once(unit, aside):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    fulfilling = Paused(aside, lambda: ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=DUE_AT))

    assert ledger.sweep(now=DUE_AT) == 0
    assert fulfilling.commit() is True
    assert ledger.sweep(now=DUE_AT) == 0
    assert kinds_of(row) == ["OPENED", "BECAME_OVERDUE", "FULFILLED"]


@pytest.mark.postgresql
def test_two_who_open_the_same_duty_at_once_get_the_same_row(unit, aside):
    subject, start = uuid4(), Barrier(2)

    def work():
        start.wait(PATIENCE)
        return an_obligation(unit, caused_on=CAUSE, now=FRIDAY, subject=subject).uuid

    uuids = {future.result(PATIENCE) for future in [aside(work), aside(work)]}

    assert len(uuids) == 1
    assert [row.state for row in ledger.list_obligations(subject=subject)] == [ObligationState.OPEN]
    assert models.Event.objects.count() == 1


@pytest.mark.postgresql
def test_opening_waits_for_the_one_who_opens_already(unit, aside):
    subject = uuid4()
    first = Paused(aside, lambda: an_obligation(unit, caused_on=CAUSE, now=FRIDAY, subject=subject).uuid)
    second = aside(lambda: an_obligation(unit, caused_on=CAUSE, now=FRIDAY, subject=subject).uuid)

    assert second.result(PATIENCE) == first.commit() if second.done() else first.commit() == second.result(PATIENCE)
    assert len(ledger.list_obligations(subject=subject)) == 1


@pytest.mark.django_db(transaction=True)
def test_several_processes_write_one_after_the_other_on_either_database(unit, aside):
    """Also on SQLite, where a writer waits for the one before."""
    start = Barrier(3)

    def work():
        start.wait(PATIENCE)
        row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
        try:
            ledger.sweep(now=DUE_AT)
            ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=DUE_AT)
        except SomebodyWasFaster:  # pragma: no cover - would be a fault
            return None
        return row

    rows = [future.result(PATIENCE) for future in [aside(work) for _ in range(3)]]

    assert [kinds_of(row) for row in rows] == [["OPENED", "BECAME_OVERDUE", "FULFILLED"]] * 3


@pytest.mark.django_db(transaction=True)
def test_two_batches_that_hold_the_same_duties_open_each_once(unit, aside):
    subjects = [uuid4() for _ in range(20)]
    barrier = Barrier(2)

    def open_in(order: list):
        barrier.wait(PATIENCE)
        given = {"duty": PUBLISH, "entry": "policy.rules", "label": "通知", "unit_id": unit.pk, "caused_on": CAUSE}
        opened = ledger.open_many([Opening(subject=subject, **given) for subject in order], actor=SYSTEM, now=FRIDAY)
        return {subject: outcome.obligation for subject, outcome in zip(order, opened, strict=True)}

    here, there = aside(lambda: open_in(subjects)), aside(lambda: open_in(subjects[::-1]))

    assert here.result(PATIENCE) == there.result(PATIENCE)
    assert models.Obligation.objects.count() == models.Event.objects.count() == 20
