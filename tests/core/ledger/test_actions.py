from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import registry
from gongkai.core.ledger.kinds import Duty, Evidence, ObligationState
from gongkai.core.ledger.models import Event, EvidenceItem, Obligation, Terms
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound
from gongkai.lib.loading import LoadCount
from tests.factories.ledger import PUBLISH, a_proof, a_unit, an_obligation, at, some_terms

FRIDAY = at("2026-10-09")
CAUSE = date(2026, 9, 22)

pytestmark = pytest.mark.django_db


def kinds_of(row) -> list[str]:
    return [event.kind.value for event in ledger.list_history(obligation_id=row.id)]


def test_opening_gives_the_day_under_the_terms_of_the_cause(unit):
    row = an_obligation(unit, caused_on=date(2026, 9, 9), now=FRIDAY)

    assert (row.last_day, row.due_at) == (date(2026, 10, 13), at("2026-10-14", "00:00"))
    assert (row.state, row.overdue_since, row.holder, row.basis) == (ObligationState.OPEN, None, "本机关", "条例26条")
    assert row.caused_on == date(2026, 9, 9)
    assert row.registered_at == FRIDAY
    assert kinds_of(row) == ["OPENED"]
    assert [line.act for line in audit.list_rows(subject=row.uuid)] == ["ledger.open"]


def test_it_belongs_to_the_units_post_for_openness(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    assert row.post_id == unit.posts.get().pk
    assert an_obligation(a_unit("规划科", with_post=False), caused_on=CAUSE, now=FRIDAY).post_id is None


def test_opening_again_gives_the_one_that_is_there_until_it_is_closed(unit):
    subject = uuid4()
    first = an_obligation(unit, caused_on=CAUSE, now=FRIDAY, subject=subject)
    again = an_obligation(unit, caused_on=date(2026, 9, 30), now=FRIDAY, subject=subject)

    assert again.uuid == first.uuid
    assert kinds_of(first) == ["OPENED"]

    ledger.fulfil(obligation=first.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)
    assert an_obligation(unit, caused_on=CAUSE, now=FRIDAY, subject=subject).uuid != first.uuid
    assert len(ledger.list_obligations(subject=subject)) == 2


def test_one_subject_may_owe_several_things(unit):
    subject = uuid4()
    rows = [an_obligation(unit, caused_on=CAUSE, now=FRIDAY, subject=subject, entry=entry) for entry in ("policy.rules", "license.dual")]

    assert [row.uuid for row in ledger.list_obligations(subject=subject)] == [row.uuid for row in rows]


def test_the_database_itself_keeps_the_second_open_one_out(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    stored = Obligation.objects.get(uuid=row.uuid)
    stored.pk, stored.uuid, stored._state.adding = None, uuid4(), True

    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        stored.save()


@pytest.mark.parametrize(
    ("entry", "words"), [("plan.site", "没有写天数"), ("opinion.other", "几点几分"), ("no.such", "没有有效的期限条款")]
)
def test_a_limit_that_cannot_be_computed_is_refused_in_words(unit, entry, words):
    with pytest.raises(ActNotPossible, match=words):
        an_obligation(unit, caused_on=CAUSE, now=FRIDAY, entry=entry)
    with pytest.raises(ActNotPossible, match=words):
        ledger.preview_due(entry=entry, caused_on=CAUSE, now=FRIDAY)
    assert not Obligation.objects.exists()


def test_hours_are_counted_from_the_moment(unit):
    row = ledger.open_obligation(
        duty=PUBLISH, entry="opinion.other", subject=uuid4(), label="回应网帖", unit_id=unit.pk, caused_on=date(2026, 10, 1),
        caused_at=at("2026-10-01", "17:30"), actor=SYSTEM, now=FRIDAY,
    )  # fmt: skip

    assert row.due_at == at("2026-10-03", "17:30")
    assert ledger.get_receipt(uuid=row.uuid, now=FRIDAY).due_at == row.due_at


def test_a_label_of_three_hundred_characters_is_refused_with_its_length(unit):
    with pytest.raises(BadInput, match="最长 200 字，现在 300 字"):
        an_obligation(unit, caused_on=CAUSE, now=FRIDAY, label="地" * 300)
    with pytest.raises(BadInput, match="不能空着"):
        an_obligation(unit, caused_on=CAUSE, now=FRIDAY, label=" \x00\u3000 ")
    assert an_obligation(unit, caused_on=CAUSE, now=FRIDAY, label="地" * 200).label == "地" * 200


@pytest.mark.parametrize("day", [date(1926, 10, 9), date(9999, 12, 31)])
def test_a_day_that_cannot_be_meant_is_refused(unit, day):
    with pytest.raises(BadInput, match="核对年份"):
        an_obligation(unit, caused_on=day, now=FRIDAY)


def test_an_unknown_unit_is_refused_and_nothing_is_written(unit):
    unit.pk = 999_999
    with pytest.raises(NotFound):
        an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    assert not Event.objects.exists()


def test_the_entry_is_named_once_by_the_duty_or_by_the_caller(unit):
    given = {"subject": uuid4(), "label": "审核", "unit_id": unit.pk, "caused_on": CAUSE, "actor": SYSTEM, "now": FRIDAY}
    review = Duty("test.review", "科室审核", "test:page", "publish.unit_review")

    assert ledger.open_obligation(duty=review, **given).entry == "publish.unit_review"
    with pytest.raises(ValueError, match=r"test\.review"):
        ledger.open_obligation(duty=review, entry="policy.rules", **given)
    with pytest.raises(ValueError, match=r"test\.publish"):
        ledger.open_obligation(duty=PUBLISH, **given)


def test_a_duty_and_a_subscriber_are_registered_once(monkeypatch):
    monkeypatch.setattr(registry, "DUTIES", {})
    monkeypatch.setattr(registry, "SUBSCRIBERS", {})
    duty = ledger.register_duty(code="test.once", label="试", page="test:page", entry=None)
    ledger.register_subscriber("test.once", print)

    assert duty == Duty("test.once", "试", "test:page", None)
    with pytest.raises(ValueError, match="registered twice"):
        ledger.register_duty(code="test.once", label="试", page="test:page", entry=None)
    with pytest.raises(ValueError, match="registered twice"):
        ledger.register_subscriber("test.once", print)


def test_fulfilling_keeps_the_proof_and_the_moment(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    assert ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY) is True

    done = ledger.get_obligation(row.uuid)
    assert (done.state, done.fulfilled_at) == (ObligationState.FULFILLED, FRIDAY)
    assert ledger.list_evidence(obligation_ids=[row.id]) == {row.id: [Evidence("publication", "2026/00231", "本门户已公开")]}
    assert kinds_of(row) == ["OPENED", "FULFILLED"]
    assert [line.act for line in audit.list_rows(subject=row.uuid)] == ["ledger.open", "ledger.fulfil"]


def test_the_same_proof_again_changes_nothing_and_another_one_is_refused_in_words(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)

    assert ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY + timedelta(days=3)) is False
    with pytest.raises(ActNotPossible, match="已于 2026年10月9日办结，不用再办"):
        ledger.fulfil(obligation=row.uuid, evidence=a_proof("2026/00232"), actor=SYSTEM, now=FRIDAY)

    assert ledger.get_obligation(row.uuid).fulfilled_at == FRIDAY
    assert kinds_of(row) == ["OPENED", "FULFILLED"]
    assert EvidenceItem.objects.count() == 1


def test_a_duty_taken_off_the_ledger_keeps_its_reason_and_cannot_be_done(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    ledger.cancel(obligation=row.uuid, reason="重复登记", actor=SYSTEM, now=FRIDAY)

    assert ledger.get_obligation(row.uuid).state is ObligationState.CANCELLED
    assert [(event.kind.value, event.note) for event in ledger.list_history(obligation_id=row.id)] == [
        ("OPENED", ""),
        ("CANCELLED", "重复登记"),
    ]
    with pytest.raises(ActNotPossible, match="已经撤销"):
        ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)
    with pytest.raises(ActNotPossible, match="已经撤销"):
        ledger.cancel(obligation=row.uuid, reason="重复登记", actor=SYSTEM, now=FRIDAY)


def test_taking_off_needs_a_reason_and_an_obligation(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    with pytest.raises(BadInput, match="撤销理由不能空着"):
        ledger.cancel(obligation=row.uuid, reason=" ", actor=SYSTEM, now=FRIDAY)
    with pytest.raises(NotFound, match="台账里没有这件事项"):
        ledger.cancel(obligation=uuid4(), reason="重复登记", actor=SYSTEM, now=FRIDAY)


def test_what_is_not_on_the_ledger_is_not_found(unit):
    with pytest.raises(NotFound):
        ledger.get_obligation(uuid4())
    with pytest.raises(NotFound):
        ledger.get_receipt(uuid=uuid4(), now=FRIDAY)
    assert ledger.list_obligations(subject=uuid4()) == []


def test_rows_name_themselves(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)
    stored = Obligation.objects.get(uuid=row.uuid)

    assert [str(one) for one in (stored, stored.terms, stored.evidence.get(), *stored.events.order_by("id"))] == [
        row.label, "policy.rules P20WD", "本门户已公开", "登记", "办结",
    ]  # fmt: skip


def test_a_proof_needs_words(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    with pytest.raises(BadInput, match="凭据"):
        ledger.fulfil(obligation=row.uuid, evidence=Evidence("publication", "", ""), actor=SYSTEM, now=FRIDAY)


def test_loading_terms_again_changes_nothing(calendar):
    rows = [some_terms("P10WD", effective_to=date(2021, 8, 31)), some_terms("P15WD", effective_from=date(2021, 9, 1))]

    assert ledger.load_terms(rows) == LoadCount(created=2)
    assert ledger.load_terms(rows) == LoadCount(unchanged=2)
    assert ledger.load_terms([some_terms("P14WD", effective_from=date(2021, 9, 1))]) == LoadCount(changed=1)
    assert Terms.objects.count() == 2
    assert ledger.find_terms(entry="policy.rules", on=date(2021, 9, 1)) == some_terms("P14WD", effective_from=date(2021, 9, 1))
    assert ledger.find_terms(entry="policy.rules", on=date(2021, 8, 31)) == rows[0]


def test_an_old_case_keeps_the_old_law_when_terms_are_corrected(unit):
    old = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    ledger.load_terms([some_terms("P30WD", label="改过的条款")])
    new = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    assert (ledger.get_obligation(old.uuid).limit_text, new.limit_text) == ("P20WD", "P30WD")
    assert ledger.get_receipt(uuid=old.uuid, now=FRIDAY).last_day == old.last_day
    assert Terms.objects.filter(entry="policy.rules").count() == 2
    assert ledger.load_terms([some_terms("P30WD", label="改过的条款")]) == LoadCount(unchanged=1)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"limit_text": "P20"}, "不认识"),
        ({"effective_from": date(2022, 1, 1), "effective_to": date(2021, 1, 1)}, "止日不能早于起日"),
        ({"label": "长" * 81}, "policy.rules"),
    ],
)
def test_terms_that_cannot_hold_are_refused_naming_the_entry(db, changed, words):
    with pytest.raises(BadInput, match=words):
        ledger.load_terms([some_terms(**{"limit": changed.pop("limit_text", "P20WD"), **changed})])


def test_two_terms_of_one_entry_from_one_day_are_refused(db):
    with pytest.raises(BadInput, match="只能留一条"):
        ledger.load_terms([some_terms(), some_terms("P10WD")])
