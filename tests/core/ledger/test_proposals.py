"""An extension is asked for by one and decided by another; nothing moves in between."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, LimitUnit, ProposalState
from gongkai.core.ledger.models import ExtensionProposal, Movement, Obligation, Terms
from gongkai.foundation.accounts.kinds import SYSTEM, Actor
from gongkai.foundation.organisations.models import Unit
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from tests.core.ledger.test_races import Paused, aside
from tests.core.ledger.test_views import text_of
from tests.factories.ledger import Papers, a_proof, an_obligation, at

__all__ = ["aside"]

FRIDAY = at("2026-10-09")
LATER = at("2026-10-12")
PAPERS: Papers = {"reason": "材料多", "article": "条例33条", "document": ""}

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(clerk):
    """An open duty of the unit of 周岚, due on 2026-10-27; its law lets it be extended by twenty working days."""
    Terms.objects.filter(entry="policy.rules").update(extend_amount=20, extend_unit="WORKDAY", extend_approval="工作机构负责人同意")
    return an_obligation(Unit.objects.get(pk=clerk.unit_id), caused_on=date(2026, 9, 22), now=FRIDAY)


def propose(row, actor: Actor, *, amount: int = 10, now=FRIDAY, reason: str = "材料多"):
    return ledger.propose_extension(
        obligation=row.uuid, amount=amount, reason=reason, article="条例33条", document="", actor=actor, now=now
    )


def history(row):
    return [event.kind for event in ledger.list_history(obligation_id=row.id)]


def test_what_is_asked_for_moves_nothing_and_is_told(row, clerk):
    asked = propose(row, clerk)

    assert (asked.amount, asked.unit, asked.proposed_by, asked.state) == (10, LimitUnit.WORKDAY, "周岚", ProposalState.WAITING)
    assert ledger.get_obligation(row.uuid, now=FRIDAY).last_day == date(2026, 10, 27)
    assert not Movement.objects.exists()
    assert history(row)[-1] is EventKind.EXTENSION_PROPOSED


def test_approved_by_another_it_is_an_extension_with_both_names(row, clerk, openness_office):
    asked = propose(row, clerk)
    moved = ledger.approve_extension(proposal=asked.uuid, actor=openness_office, now=LATER)

    assert (moved.proposed_by, moved.approved_by, moved.first_day) == ("周岚", "何静", date(2026, 10, 12))
    assert ledger.get_obligation(row.uuid, now=LATER).last_day == date(2026, 11, 10)
    decided = ledger.get_proposal(asked.uuid)
    assert (decided.state, decided.decided_by, decided.decided_at) == (ProposalState.APPROVED, "何静", LATER)
    with pytest.raises(SomebodyWasFaster, match="已经批准"):
        ledger.approve_extension(proposal=asked.uuid, actor=openness_office, now=LATER)


def test_refused_it_keeps_the_reason_and_the_day_and_can_be_asked_again(row, clerk, openness_office):
    asked = propose(row, clerk)
    with pytest.raises(BadInput):
        ledger.refuse_extension(proposal=asked.uuid, reason=" ", actor=openness_office, now=LATER)
    ledger.refuse_extension(proposal=asked.uuid, reason="材料不多", actor=openness_office, now=LATER)

    assert history(row)[-1] is EventKind.EXTENSION_REFUSED
    assert ledger.get_proposal(asked.uuid).decision == "材料不多"
    assert ledger.get_obligation(row.uuid, now=LATER).last_day == date(2026, 10, 27)
    assert propose(row, clerk, amount=5, now=LATER).is_waiting


def test_nobody_decides_what_he_asked_for_himself(row, openness_office, signer):
    asked = propose(row, openness_office)
    for decide in (
        lambda: ledger.approve_extension(proposal=asked.uuid, actor=openness_office, now=LATER),
        lambda: ledger.refuse_extension(proposal=asked.uuid, reason="算了", actor=openness_office, now=LATER),
        lambda: ledger.approve_extension(proposal=asked.uuid, actor=SYSTEM, now=LATER),
    ):
        with pytest.raises(NotAllowed, match="不能由提出的人自己批准"):
            decide()
    with pytest.raises(NotAllowed, match="自己批准"):
        ledger.extend(obligation=row.uuid, amount=5, proposed_by=openness_office.officer_id, actor=openness_office, now=LATER, **PAPERS)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtensionProposal.objects.update(state="REFUSED", decided_by=openness_office.officer_id, decided_at=LATER, decision="改库")
    ledger.approve_extension(proposal=asked.uuid, actor=signer, now=LATER)


def test_who_asked_takes_it_back_and_nobody_else(row, clerk, openness_office):
    asked = propose(row, clerk)
    with pytest.raises(NotAllowed, match="只能由提出的人撤回"):
        ledger.withdraw_proposal(proposal=asked.uuid, actor=openness_office, now=LATER)
    ledger.withdraw_proposal(proposal=asked.uuid, actor=clerk, now=LATER)
    assert ledger.get_proposal(asked.uuid).state is ProposalState.WITHDRAWN
    with pytest.raises(SomebodyWasFaster, match="已经撤回"):
        ledger.approve_extension(proposal=asked.uuid, actor=openness_office, now=LATER)


def test_one_waits_at_a_time_and_only_what_the_law_allows_is_asked_for(row, clerk):
    with pytest.raises(BadInput, match="最多"):
        propose(row, clerk, amount=21)
    with pytest.raises(BadInput):
        propose(row, clerk, reason="")
    with pytest.raises(NotAllowed):
        propose(row, SYSTEM)
    propose(row, clerk)
    with pytest.raises(SomebodyWasFaster, match="等着批准"):
        propose(row, clerk)


def test_what_passed_or_was_done_meanwhile_is_not_approved(row, clerk, openness_office):
    asked = propose(row, clerk)
    with pytest.raises(ActNotPossible, match="已经过了"):
        ledger.approve_extension(proposal=asked.uuid, actor=openness_office, now=at("2026-10-28"))
    assert ledger.get_proposal(asked.uuid).is_waiting
    ledger.fulfil(obligation=row.uuid, evidence=a_proof(), actor=SYSTEM, now=at("2026-10-28"))
    with pytest.raises(ActNotPossible, match="办结"):
        ledger.approve_extension(proposal=asked.uuid, actor=openness_office, now=at("2026-10-28"))
    with pytest.raises(NotFound):
        ledger.get_proposal(row.uuid)


@pytest.mark.postgresql
def test_of_two_who_approve_at_once_the_second_is_told(row, clerk, openness_office, signer, aside):
    asked = propose(row, clerk)
    first = Paused(aside, lambda: ledger.approve_extension(proposal=asked.uuid, actor=openness_office, now=LATER))
    second = aside(lambda: ledger.approve_extension(proposal=asked.uuid, actor=signer, now=LATER))
    first.commit()
    with pytest.raises(SomebodyWasFaster):
        second.result(20)
    assert Movement.objects.count() == 1


def address(row, asked) -> str:
    return reverse("ledger:proposal", args=[row.uuid, asked.uuid])


def test_from_asking_to_approving_in_two_browsers(row, sign_in):
    clerk, office = sign_in("周岚"), sign_in("何静")
    typed = PAPERS | {"amount": "10", "seen": "0"}
    move = reverse("ledger:move", args=[row.uuid, "propose"])
    assert "改动后 2026年11月10日" in text_of(clerk.get(move, typed))
    page = text_of(clerk.post(move, typed, follow=True))
    assert "已提出，等有权批准的人决定。期限现在没有变。" in page
    asked = ledger.list_proposals(row.uuid)[0]
    assert "批准延长" not in text_of(clerk.get(address(row, asked)))
    assert clerk.post(address(row, asked), {"act": "approve"}).status_code == 403

    page = text_of(office.get(address(row, asked)))
    assert "现在 2026年10月27日（周二）" in page
    assert "批准以后 2026年11月10日（周二）" in page
    assert "要写不批准的理由" in text_of(office.post(address(row, asked), {"act": "refuse", "reason": ""}))
    page = text_of(office.post(address(row, asked), {"act": "approve", "seen": "0"}, follow=True))
    assert "已批准延长。" in page
    assert "何静 批准，周岚 提出" in page
    assert Obligation.objects.get(pk=row.id).last_day == date(2026, 11, 10)


def test_a_page_that_grew_old_approves_nothing(row, clerk, sign_in):
    asked = propose(row, clerk)
    page = sign_in("何静").post(address(row, asked), {"act": "approve", "seen": "3"})
    assert page.status_code == 409
    assert not Movement.objects.exists()
