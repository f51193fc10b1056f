"""Moving a clock: the movement, the new date, the change, the event and the audit, or nothing of it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.actions.obligations import open_period
from gongkai.core.ledger.kinds import EventKind, LedgerFilter, LedgerPart, LimitState, LimitUnit, MovementDraft, MovementKind
from gongkai.core.ledger.models import DateChange, Event, LocalTerms, Movement, Obligation
from gongkai.core.ledger.queries.clocks import compute_many
from gongkai.foundation.accounts.kinds import SYSTEM, Actor
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations.models import Officer
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from tests.factories.ledger import PUBLISH, Papers, a_proof, an_obligation, at, some_terms

CONFIRMED = date(2026, 9, 9)
SENT = at("2026-09-21", "16:00")
ANSWERED = at("2026-10-08", "17:00")
PAPERS = Papers(reason="征求邻户意见（个人隐私）", article="条例32条、33条", document="征求意见书")

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(unit) -> Actor:
    """何静: she approves."""
    return Actor(officer_id=Officer.objects.create(name="何静").pk, name="何静")


@pytest.fixture
def row(unit):
    """The request of the picture, confirmed on 2026-09-09, due on 2026-10-13."""
    reply = some_terms(
        entry="foi.reply", label="依申请公开答复",
        extend_amount=20, extend_unit=LimitUnit.WORKDAY, extend_cap_total=20, extend_approval="负责人同意",
    )  # fmt: skip
    ledger.load_terms([reply])
    return an_obligation(unit, caused_on=CONFIRMED, now=at("2026-09-09", "16:00"), label="37号答复", entry="foi.reply")


def stop(row, *, now=SENT, first_day=date(2026, 9, 22), latest_day=date(2026, 10, 26), papers: Papers = PAPERS, seen=None):
    return ledger.stop(obligation=row.uuid, first_day=first_day, latest_day=latest_day, actor=SYSTEM, now=now, seen=seen, **papers)


def resume(row, *, last_day=date(2026, 10, 8), now=ANSWERED, **changed):
    return ledger.resume(obligation=row.uuid, last_day=last_day, document="意见 3 份", actor=SYSTEM, now=now, **changed)


def extend(row, head, amount=10, *, now=SENT, unit=None, seen=None):
    return ledger.extend(obligation=row.uuid, amount=amount, proposed_by=None, actor=head, now=now, unit=unit, seen=seen, **PAPERS)


def restart(row, new_cause, *, now):
    return ledger.restart(obligation=row.uuid, new_cause=new_cause, actor=SYSTEM, now=now, **PAPERS)


def fresh(row, now=ANSWERED):
    return ledger.get_obligation(row.uuid, now=now)


def kinds_of(row) -> list[EventKind]:
    return [event.kind for event in ledger.list_history(obligation_id=row.id)]


def days_of(row):
    return [(change.from_day, change.to_day) for change in ledger.list_date_changes(row.uuid)]


# --- stop and resume


def test_the_case_of_the_picture_from_the_paper_to_the_answer(row):
    stop(row)
    standing = fresh(row, SENT)
    assert (standing.last_day, standing.due_at) == (None, None)
    assert (standing.stopped_since, standing.resumes_by) == (date(2026, 9, 22), date(2026, 10, 26))

    resume(row)
    going = fresh(row)
    assert going.last_day == date(2026, 10, 22)
    assert (going.stopped_since, going.resumes_by, going.moves) == (None, None, 2)
    assert days_of(row) == [(date(2026, 10, 13), None), (date(2026, 10, 13), date(2026, 10, 22))]
    assert kinds_of(row) == [EventKind.OPENED, EventKind.STOPPED, EventKind.RESUMED]


def test_its_receipt_tells_the_days_the_papers_and_the_history(row):
    stop(row)
    resume(row)
    receipt = ledger.get_receipt(uuid=row.uuid, now=ANSWERED)

    assert (receipt.counted, receipt.stopped, receipt.skipped) == (20, 7, 16)
    assert receipt.stops[0].document == "征求意见书；意见 3 份"
    assert [change.to_day for change in receipt.history] == [None, date(2026, 10, 22)]
    assert receipt.history[-1].why == "暂停到 2026年10月8日为止，期限恢复计算"
    assert receipt.history[-1].calendar_version == workdays.name_editions([2026])
    assert receipt.history[-1].movement == ledger.list_movements(row.uuid)[0].uuid


def test_each_act_is_audited_with_what_moved(row):
    stop(row)
    resume(row)
    acts = {line.act: line.about for line in audit.list_rows(subject=row.uuid)}

    assert acts["ledger.stop"]["reason"] == "征求邻户意见（个人隐私）"
    assert (acts["ledger.stop"]["from_day"], acts["ledger.stop"]["to_day"]) == ("2026-10-13", None)
    assert acts["ledger.resume"]["to_day"] == "2026-10-22"


def test_what_stands_still_is_not_swept_and_has_a_part_of_its_own(row, unit):
    stop(row)
    late = at("2026-10-25", "23:59")

    assert ledger.sweep(now=late) == 0
    totals = ledger.count_totals(unit_ids=[unit.pk], now=late)
    assert totals.parts[LedgerPart.STOPPED] == 1
    assert totals.adds_up
    page = ledger.list_page(unit_ids=[unit.pk], filters=LedgerFilter(part=LedgerPart.STOPPED), after=None, now=late)
    assert [found.uuid for found in page.rows] == [row.uuid]
    assert ledger.part_of(fresh(row, late), late) is LedgerPart.STOPPED


def test_the_chip_says_how_long_it_has_stood_still_and_that_it_should_go_on(row):
    stop(row)
    calendar = workdays.get_calendar()

    def chip(day):
        return ledger.chip_of(fresh(row, at(day)), at(day), calendar)

    assert (chip("2026-09-21").state, chip("2026-09-21").words) == (LimitState.STOPPED, "09-22 起暂停")
    assert chip("2026-09-24").words == "暂停第 3 个工作日"
    assert chip("2026-10-26").words == "暂停，10-26 该恢复了"


def test_what_was_overdue_when_a_late_stop_was_noted_stays_told(row):
    """The stop was forgotten until after the last day: it moves the date all the same, and what was told stays told."""
    ledger.sweep(now=at("2026-10-15"))
    stop(row, now=at("2026-10-15"))
    resume(row, now=at("2026-10-15"))

    assert fresh(row, at("2026-10-15")).overdue_since is None
    assert EventKind.BECAME_OVERDUE in kinds_of(row)
    ledger.sweep(now=at("2026-10-23", "00:00"))
    assert Event.objects.filter(obligation_id=row.id, kind="BECAME_OVERDUE").count() == 2


def test_a_stop_may_be_followed_by_another(row):
    stop(row, first_day=date(2026, 9, 14), latest_day=date(2026, 9, 18), now=at("2026-09-11"))
    resume(row, last_day=date(2026, 9, 14), now=at("2026-09-14"))
    stop(row)
    resume(row)

    assert fresh(row).last_day == date(2026, 10, 23)
    assert len(ledger.list_movements(row.uuid)) == 2


def test_who_begins_a_stop_second_was_not_the_faster(row):
    stop(row)
    with pytest.raises(SomebodyWasFaster, match="已经从 2026年9月22日起暂停"):
        stop(row)
    assert Movement.objects.count() == 1
    assert kinds_of(row).count(EventKind.STOPPED) == 1
    assert DateChange.objects.count() == 1


def test_who_ends_a_stop_second_was_not_the_faster(row):
    stop(row)
    resume(row)
    with pytest.raises(SomebodyWasFaster, match="没有暂停"):
        resume(row)
    assert kinds_of(row).count(EventKind.RESUMED) == 1


def test_who_acts_on_what_he_saw_before_another_moved_it_is_told(row, head):
    seen = fresh(row).moves
    stop(row, seen=seen)
    resume(row)
    with pytest.raises(SomebodyWasFaster, match="刚被别人改过"):
        extend(row, head, seen=seen, now=ANSWERED)
    assert Movement.objects.filter(kind="EXTEND").count() == 0


@pytest.mark.parametrize(
    ("papers", "field"),
    [(Papers(reason="  ", article="条例33条", document=""), "reason"), (Papers(reason="征求意见", article="  ", document=""), "article")],
)
def test_a_movement_needs_a_reason_and_an_article(row, papers, field):
    with pytest.raises(BadInput) as refusal:
        stop(row, papers=papers)
    assert refusal.value.field == field


def test_a_refused_movement_leaves_nothing(row):
    with pytest.raises(BadInput):
        stop(row, first_day=date(2026, 12, 1))
    assert not Movement.objects.exists()
    assert not DateChange.objects.exists()
    assert fresh(row).moves == 0


def test_nothing_moves_what_is_closed_or_unknown(row):
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=SENT)
    with pytest.raises(ActNotPossible, match="办结"):
        stop(row)
    with pytest.raises(NotFound):
        ledger.stop(obligation=Movement().uuid, first_day=date(2026, 9, 22), latest_day=date(2026, 9, 30), actor=SYSTEM, now=SENT, **PAPERS)


# --- closing what stands still


def test_what_is_done_while_it_stands_still_is_in_time(row):
    stop(row)
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=at("2026-10-20"))
    done = fresh(row, at("2026-10-20"))

    assert ledger.part_of(done, at("2026-10-20")) is LedgerPart.DONE_IN_TIME
    assert ledger.list_movements(row.uuid)[0].last_day == date(2026, 10, 20)
    assert done.last_day == date(2026, 11, 4)
    assert kinds_of(row)[-2:] == [EventKind.RESUMED, EventKind.FULFILLED]


def test_a_stop_that_had_not_begun_when_it_was_done_is_void(row):
    stop(row)
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=SENT)

    assert ledger.list_movements(row.uuid)[0].void_reason == "暂停还没有开始，事项已经了结"
    assert fresh(row).last_day == date(2026, 10, 13)


def test_a_stop_that_outlived_its_latest_day_counts_only_up_to_it(row):
    stop(row, latest_day=date(2026, 9, 24))
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=at("2026-11-30"))

    assert ledger.list_movements(row.uuid)[0].last_day == date(2026, 9, 23)
    assert ledger.part_of(fresh(row, at("2026-11-30")), at("2026-11-30")) is LedgerPart.DONE_LATE


def test_a_request_that_is_cancelled_while_a_fee_is_unpaid_stands_still_no_more(row):
    ledger.charge_fee(obligation=row.uuid, notified_on=date(2026, 9, 21), latest_day=date(2026, 10, 26), actor=SYSTEM, now=SENT, **PAPERS)
    ledger.cancel(obligation=row.uuid, reason="逾期不缴费，视为放弃", actor=SYSTEM, now=at("2026-10-27"))

    stored = Obligation.objects.get(uuid=row.uuid)
    assert (stored.state, stored.stopped_since) == ("CANCELLED", None)
    assert not ledger.get_receipt(uuid=row.uuid, now=at("2026-10-27")).is_stopped


# --- restart, extension, fee


def test_a_restart_forgets_and_keeps_the_first_count(row):
    restart(row, date(2026, 9, 21), now=SENT)

    assert fresh(row).last_day == date(2026, 10, 26)
    assert fresh(row).restarted_on == date(2026, 9, 21)
    assert ledger.get_receipt(uuid=row.uuid, now=SENT).earlier[0].caused_on == CONFIRMED
    assert kinds_of(row)[-1] is EventKind.RESTARTED


def test_an_extension_is_approved_by_one_and_proposed_by_another(row, head, unit):
    handler = Officer.objects.create(name="方知远")
    ledger.extend(obligation=row.uuid, amount=20, proposed_by=handler.pk, actor=head, now=SENT, **PAPERS)
    (moved,) = ledger.list_movements(row.uuid)

    assert (moved.proposed_by, moved.approved_by, moved.approved_at) == ("方知远", "何静", SENT)
    assert fresh(row).last_day == workdays.get_calendar().add_workdays(CONFIRMED, 40)
    assert kinds_of(row)[-1] is EventKind.EXTENDED


def test_the_cap_holds_over_several_extensions(row, head):
    extend(row, head, 15)
    with pytest.raises(BadInput, match="最多还能延长 5"):
        extend(row, head, 6, now=at("2026-09-22"))
    extend(row, head, 5, now=at("2026-09-22"))
    with pytest.raises(ActNotPossible, match="已经用完"):
        extend(row, head, 1, now=at("2026-09-23"))


def test_the_same_extension_twice_on_a_day_is_one(row, head):
    extend(row, head, 5)
    with pytest.raises(SomebodyWasFaster, match="刚刚有人记过"):
        extend(row, head, 5)
    assert fresh(row).last_day == workdays.get_calendar().add_workdays(CONFIRMED, 25)


def test_the_machine_approves_nothing_and_units_are_those_of_the_law(row, head):
    with pytest.raises(NotAllowed):
        extend(row, SYSTEM)
    with pytest.raises(ActNotPossible, match="个工作日"):
        extend(row, head, unit=LimitUnit.DAY)


def test_a_limit_without_extension_is_not_extended(unit, head):
    plain = an_obligation(unit, caused_on=CONFIRMED, now=SENT)
    with pytest.raises(ActNotPossible, match="没有写可以延长"):
        extend(plain, head)


def test_payment_begins_the_limit_again(row):
    ledger.charge_fee(obligation=row.uuid, notified_on=date(2026, 9, 21), latest_day=date(2026, 10, 26), actor=SYSTEM, now=SENT, **PAPERS)
    assert fresh(row, SENT).stopped_since == date(2026, 9, 22)
    with pytest.raises(ActNotPossible, match="先登记缴费"):
        resume(row)

    ledger.note_payment(obligation=row.uuid, paid_on=date(2026, 10, 8), document="缴款书", actor=SYSTEM, now=ANSWERED)
    assert fresh(row).last_day == workdays.get_calendar().add_workdays(date(2026, 10, 8), 20)
    assert fresh(row).restarted_on == date(2026, 10, 8)
    assert kinds_of(row)[-2:] == [EventKind.STOPPED, EventKind.RESTARTED]


# --- taking back


def test_a_voided_stop_gives_the_old_day_back_and_stays_to_be_seen(row):
    stop(row)
    resume(row)
    (moved,) = ledger.list_movements(row.uuid)
    ledger.void_movement(movement=moved.uuid, reason="没有发出", actor=SYSTEM, now=ANSWERED)

    assert fresh(row).last_day == date(2026, 10, 13)
    assert ledger.list_movements(row.uuid)[0].void_reason == "没有发出"
    assert days_of(row)[-1] == (date(2026, 10, 22), date(2026, 10, 13))
    assert kinds_of(row)[-1] is EventKind.MOVED
    with pytest.raises(SomebodyWasFaster, match="已经作废"):
        ledger.void_movement(movement=moved.uuid, reason="没有发出", actor=SYSTEM, now=ANSWERED)


def test_a_running_stop_can_be_voided_and_then_noted_again(row):
    stop(row)
    ledger.void_movement(movement=ledger.list_movements(row.uuid)[0].uuid, reason="日子写错", actor=SYSTEM, now=SENT)
    assert fresh(row).last_day == date(2026, 10, 13)
    assert stop(row).voided_at is None


def test_another_movement_cannot_be_voided_while_it_stands_still(row, head):
    moved = extend(row, head, 5)
    stop(row)
    with pytest.raises(ActNotPossible, match="先恢复计算"):
        ledger.void_movement(movement=moved.uuid, reason="没有批准", actor=SYSTEM, now=SENT)


def test_an_extension_taken_back_can_make_it_overdue_and_that_is_told(row, head):
    moved = extend(row, head, 5)
    ledger.void_movement(movement=moved.uuid, reason="没有告知申请人", actor=SYSTEM, now=at("2026-10-15"))
    ledger.sweep(now=at("2026-10-15"))

    assert Event.objects.get(obligation_id=row.id, kind="BECAME_OVERDUE").at == at("2026-10-14", "00:00")


# --- looking before it is done


def test_a_preview_shows_both_days_and_changes_nothing(row):
    draft = MovementDraft(kind=MovementKind.RESTART, first_day=date(2026, 9, 21), reason="补正", article="条例30条")
    before, after = ledger.preview_movement(obligation=row.uuid, movement=draft, now=SENT)

    assert (before.last_day, after.last_day) == (date(2026, 10, 13), date(2026, 10, 26))
    assert not Movement.objects.exists()


def test_the_preview_of_the_answer_is_the_day_it_then_has(row):
    stop(row)
    draft = MovementDraft(kind=MovementKind.STOP, first_day=date(2026, 10, 8), last_day=date(2026, 10, 8))
    before, after = ledger.preview_movement(obligation=row.uuid, movement=draft, now=ANSWERED)
    # The days of the stop are those of the one that runs, not of the draft.
    assert before.is_stopped
    assert after.last_day == date(2026, 10, 22)
    resume(row)
    assert fresh(row).last_day == after.last_day


def test_a_preview_refuses_what_the_act_would_refuse(row):
    draft = MovementDraft(kind=MovementKind.STOP, first_day=date(2026, 12, 1), latest_day=date(2026, 12, 24))
    with pytest.raises(BadInput, match="没有期限可停"):
        ledger.preview_movement(obligation=row.uuid, movement=draft, now=SENT)
    with pytest.raises(NotFound):
        ledger.preview_movement(obligation=Movement().uuid, movement=draft, now=SENT)


# --- targets


def test_a_duty_gets_the_target_that_the_bureau_set_before_it_was_opened(unit):
    values = {"entry": "policy.rules", "limit_text": "P15WD", "reason": "留余地", "effective_from": date(2026, 1, 1), "set_by_name": "周岚"}
    LocalTerms.objects.create(**values, set_at=at("2026-09-01"))
    row = an_obligation(unit, caused_on=CONFIRMED, now=at("2026-09-09"))
    assert (row.target_day, row.last_day) == (date(2026, 9, 30), date(2026, 10, 13))
    assert row.target_at == at("2026-10-01", "00:00")

    stop(row)
    resume(row)
    assert fresh(row).target_day == date(2026, 10, 15)
    LocalTerms.objects.update(withdrawn_at=SENT)
    assert ledger.get_receipt(uuid=row.uuid, now=ANSWERED).target_day == date(2026, 10, 15)


def test_many_receipts_cost_two_queries(unit, django_assert_num_queries):
    for number in range(3):
        an_obligation(unit, caused_on=CONFIRMED - timedelta(days=number), now=SENT)
    rows, calendar = list(Obligation.objects.select_related("terms")), workdays.get_calendar()
    with django_assert_num_queries(2):
        compute_many(rows, calendar)


# --- cadences


def test_a_cause_does_not_begin_a_cadence_but_a_period_does(unit):
    ledger.load_terms([some_terms("cadence:1Q", entry="market.listing", label="供应计划", clock_start="每季度")])
    with pytest.raises(ActNotPossible, match="周期性要求"):
        ledger.preview_due(entry="market.listing", caused_on=date(2026, 10, 1), now=SENT)
    with pytest.raises(ActNotPossible, match="周期性要求"):
        an_obligation(unit, caused_on=date(2026, 10, 1), now=SENT, entry="market.listing")

    period = {"duty": PUBLISH, "entry": "market.listing", "subject": uuid4(), "label": "第四季度", "unit_id": unit.pk, "actor": SYSTEM}
    row = open_period(**period, caused_on=date(2026, 10, 1), now=ANSWERED)
    assert row.last_day == date(2026, 12, 31)
    assert open_period(**period, caused_on=date(2026, 10, 1), now=ANSWERED).uuid == row.uuid
    with pytest.raises(ActNotPossible, match="不能中止"):
        ledger.stop(obligation=row.uuid, first_day=date(2026, 10, 9), latest_day=date(2026, 10, 26), actor=SYSTEM, now=ANSWERED, **PAPERS)
