"""Two people at one step at the same moment: one decides, the other is told. Real transactions on both databases."""

import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ObligationState
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import StepKind
from gongkai.core.publishing.models import IndexCounter, ReviewStep
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.delegations import api as delegations
from gongkai.lib.errors import ActNotPossible, NotAllowed, SomebodyWasFaster
from gongkai.lib.moments import day_of
from tests.factories.delegations import a_delegation, the_person
from tests.factories.publishing import a_text_in_review, pass_waiting_step, the_step_of
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def ready_to_sign(clerk, reviewers, now):
    uuid = a_text_in_review(actor=clerk, now=now)
    for kind in (StepKind.UNIT, StepKind.SECRECY):
        pass_waiting_step(publication=uuid, actor=reviewers.of(kind), now=now)
    return uuid


def press(uuid, actor, now):
    step, seen = the_step_of(uuid), publishing.get_draft(uuid).content_hash
    return lambda: publishing.pass_step(step=step, seen_hash=seen, opinion="", has_looked=True, actor=actor, now=now)


def decided_once(results, step):
    """One got through, the other was refused in words; the step has one decision and its duty one proof."""
    assert sum(result is None for result in results) == 1, results
    refused = next(result for result in results if result is not None)
    assert isinstance(refused, ActNotPossible | SomebodyWasFaster | NotAllowed)
    (duty,) = ledger.list_obligations(subject=step)
    assert duty.state is ObligationState.FULFILLED
    assert len(ledger.list_evidence(obligation_ids=[duty.id])[duty.id]) == 1


def test_two_reviewers_at_once_decide_once(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    step = the_step_of(uuid)

    results = at_once(press(uuid, unit_head, friday), press(uuid, the_person("苏明远"), friday))

    decided_once(results, step)
    assert ReviewStep.objects.filter(edition__publication__uuid=uuid, kind="SECRECY").count() == 1


def test_two_signers_at_once_release_once(clerk, reviewers, friday):
    uuid = ready_to_sign(clerk, reviewers, friday)
    step = the_step_of(uuid)

    results = at_once(press(uuid, the_person("顾长青"), friday), press(uuid, the_person("岑望山"), friday))

    decided_once(results, step)
    assert publishing.count_published() == 1
    assert IndexCounter.objects.get().last == 1


def test_the_absent_person_and_his_delegate_at_once_decide_once(clerk, unit_head, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    delegate = the_person("罗安琪")
    delegate = replace(delegate, stands_in_for=delegations.list_stand_ins(actor=delegate, on=day_of(friday)))
    uuid = a_text_in_review(actor=clerk, now=friday)
    step = the_step_of(uuid)

    results = at_once(press(uuid, unit_head, friday), press(uuid, delegate, friday))

    decided_once(results, step)


@pytest.mark.postgresql
def test_a_second_signer_waits_for_the_first_and_signs_when_that_is_rolled_back(clerk, reviewers, friday):
    uuid = ready_to_sign(clerk, reviewers, friday)
    second, started, done = press(uuid, the_person("岑望山"), friday), threading.Event(), threading.Event()

    def sign_second():
        try:
            started.set()
            second()
            done.set()
        finally:
            connection.close()

    thread = threading.Thread(target=sign_second)
    with transaction.atomic():
        press(uuid, reviewers.signer, friday)()
        thread.start()
        assert started.wait(10)
        assert not done.wait(1.5)  # the edition's row is locked
        transaction.set_rollback(True)
    thread.join(timeout=30)

    assert done.is_set()
    assert [step.officer_name for step in publishing.get_draft(uuid).steps][-1] == "岑望山"
