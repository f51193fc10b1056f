"""A stop that nobody ended goes on by itself on its latest day; an unpaid fee waits."""

from datetime import date, timedelta
from importlib import import_module

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, LedgerPart, LimitState, MovementKind
from gongkai.core.ledger.models import DateChange, Movement, Obligation
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit.models import AuditRecord
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import start_of
from tests.factories.ledger import Papers, a_proof, an_obligation, at
from tests.migrating import migrate_to, migrate_to_newest

CAUSE = date(2026, 9, 9)
OPENED = at("2026-09-09", "16:00")
SENT = at("2026-09-21")
LATEST = date(2026, 10, 26)
GOES_ON = start_of(LATEST)
PAPERS: Papers = {"reason": "征求第三方意见", "article": "条例32条", "document": "征求意见书 3 份"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped(unit):
    """Nine of twenty working days are gone; eleven are left from the day on which counting goes on."""
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED)
    ledger.stop(obligation=row.uuid, first_day=date(2026, 9, 22), latest_day=LATEST, actor=SYSTEM, now=SENT, **PAPERS)
    return row


@pytest.fixture
def unpaid(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=OPENED)
    ledger.charge_fee(obligation=row.uuid, notified_on=date(2026, 9, 21), latest_day=LATEST, actor=SYSTEM, now=SENT, **PAPERS)
    return row


def history(row):
    return [(event.kind, event.at) for event in ledger.list_history(obligation_id=row.id)][2:]


def test_it_goes_on_by_itself_once_dated_on_its_latest_day(stopped):
    assert ledger.sweep(now=GOES_ON - timedelta(seconds=1)) == 0
    assert ledger.sweep(now=GOES_ON + timedelta(hours=9)) == 1
    assert ledger.sweep(now=GOES_ON + timedelta(hours=10)) == 0

    row = ledger.get_obligation(stopped.uuid, now=GOES_ON)
    assert (row.stopped_since, row.resumes_by, row.moves) == (None, None, 2)
    assert history(row) == [(EventKind.RESUMED, GOES_ON)]
    (stop,) = ledger.list_movements(row.uuid)
    assert (stop.kind, stop.last_day) == (MovementKind.STOP, date(2026, 10, 25))
    receipt = ledger.get_receipt(uuid=row.uuid, now=GOES_ON)
    assert receipt.last_day == row.last_day == date(2026, 11, 9)
    assert receipt.history[-1].why.startswith("没有人登记恢复，到了最迟恢复日 2026年10月26日")
    assert receipt.history[-1].to_day == row.last_day
    audited = AuditRecord.objects.get(act="ledger.resume")
    assert (audited.subject, audited.officer_id) == (row.uuid, None)


def test_the_day_is_that_which_a_resumption_by_hand_gives(stopped, unit):
    by_hand = an_obligation(unit, caused_on=CAUSE, now=OPENED)
    ledger.stop(obligation=by_hand.uuid, first_day=date(2026, 9, 22), latest_day=LATEST, actor=SYSTEM, now=SENT, **PAPERS)
    ledger.resume(obligation=by_hand.uuid, last_day=date(2026, 10, 25), document="", actor=SYSTEM, now=at("2026-10-25"))
    ledger.sweep(now=GOES_ON)

    days = Obligation.objects.values_list("last_day", "due_at", "next_check_at")
    assert len(set(days)) == 1


def test_after_downtime_all_that_became_true_is_told_each_on_its_day(stopped):
    assert ledger.sweep(now=at("2026-12-31")) == 3

    row = Obligation.objects.get(pk=stopped.id)
    kinds = history(stopped)
    assert [kind for kind, _ in kinds] == [EventKind.RESUMED, EventKind.DUE_SOON, EventKind.BECAME_OVERDUE]
    assert kinds[0][1] == GOES_ON
    assert GOES_ON < kinds[1][1] < row.due_at == kinds[2][1]
    assert row.next_check_at is None


def test_closing_before_a_sweep_came_by_ends_it_on_the_same_day_and_tells_that_it_was_late(stopped):
    ledger.fulfil(obligation=stopped.uuid, evidence=a_proof(), actor=SYSTEM, now=at("2026-12-31"))

    row = Obligation.objects.get(pk=stopped.id)
    assert row.last_day == date(2026, 11, 9)
    assert [kind for kind, _ in history(stopped)] == [
        EventKind.RESUMED, EventKind.DUE_SOON, EventKind.BECAME_OVERDUE, EventKind.FULFILLED
    ]  # fmt: skip
    assert ledger.sweep(now=at("2026-12-31")) == 0


def test_one_that_is_resumed_in_time_is_not_resumed_again(stopped):
    ledger.resume(obligation=stopped.uuid, last_day=date(2026, 10, 8), document="意见", actor=SYSTEM, now=at("2026-10-09"))
    ledger.sweep(now=GOES_ON)
    assert [kind for kind, _ in history(stopped)].count(EventKind.RESUMED) == 1


def test_a_sweep_that_dies_leaves_the_stop_whole(stopped, monkeypatch):
    module = import_module("gongkai.core.ledger.actions.sweep")

    def die(_events):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "write_events", die)
    with pytest.raises(KeyboardInterrupt):
        ledger.sweep(now=GOES_ON)
    assert Movement.objects.get().last_day is None
    assert Obligation.objects.get(pk=stopped.id).stopped_since is not None
    assert DateChange.objects.count() == 1

    monkeypatch.undo()
    assert ledger.sweep(now=GOES_ON) == 1


def test_an_unpaid_fee_waits_whatever_day_it_is(unpaid):
    assert ledger.sweep(now=at("2026-12-31")) == 0
    row = ledger.get_obligation(unpaid.uuid, now=at("2026-12-31"))
    assert row.waits_for_fee
    assert ledger.part_of(row, at("2026-12-31")) is LedgerPart.STOPPED


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-09-21", "09-22 起等缴费"), ("2026-09-24", "等缴费第 3 个工作日"), ("2026-10-27", "过了 10-26 缴费期，没有缴费")],
)
def test_the_chip_of_a_fee_says_that_it_waits_for_money(unpaid, day, words):
    chip = ledger.chip_of(ledger.get_obligation(unpaid.uuid, now=at(day)), at(day), workdays.get_calendar())
    assert (chip.state, chip.words) == (LimitState.STOPPED, words)


def test_a_fee_that_is_paid_waits_no_more(unpaid):
    ledger.note_payment(obligation=unpaid.uuid, paid_on=date(2026, 9, 24), document="", actor=SYSTEM, now=at("2026-09-24"))
    stored = Obligation.objects.get(pk=unpaid.id)
    assert not stored.waits_for_fee
    assert stored.next_check_at is not None


def test_closed_while_a_fee_is_unpaid_it_waits_no_more(unpaid):
    ledger.cancel(obligation=unpaid.uuid, reason="申请人放弃", actor=SYSTEM, now=at("2026-10-27"))
    assert not Obligation.objects.get(pk=unpaid.id).waits_for_fee


@pytest.mark.django_db(transaction=True)
def test_what_stood_still_before_the_migration_goes_on_after_it(stopped, unpaid, request):
    request.addfinalizer(migrate_to_newest)
    migrate_to("ledger", "0006_reopened_event")
    migrate_to_newest()

    assert Obligation.objects.get(pk=stopped.id).next_check_at == GOES_ON
    waiting = Obligation.objects.get(pk=unpaid.id)
    assert (waiting.waits_for_fee, waiting.next_check_at) == (True, None)
