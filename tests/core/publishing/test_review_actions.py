from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ObligationState
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import EditionState, StepKind, StepState
from gongkai.core.publishing.management.commands.pass_reviews import list_reviewers
from gongkai.core.publishing.models import Edition, EditionWriter, Publication, ReviewStep
from gongkai.foundation.accounts.kinds import SYSTEM, Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from tests.factories.publishing import (
    a_content,
    a_draft,
    a_text_in_review,
    an_actor,
    pass_all_steps,
    pass_waiting_step,
    the_step_of,
    the_unit_of,
    waiting_kind,
)

pytestmark = pytest.mark.django_db


def all_rights(actor):
    """The same person with every right for his unit: as if he held every post of it."""
    return replace(actor, rights=dict.fromkeys(Right, frozenset({the_unit_of(actor)})))


def test_three_people_one_after_another_make_a_text_public(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)

    pass_all_steps(publication=uuid, by=reviewers, now=friday)

    draft = publishing.get_draft(uuid)
    assert draft.is_public
    assert [(step.kind, step.state, step.officer_name) for step in draft.steps] == [
        (StepKind.UNIT, StepState.PASSED, "陈默"),
        (StepKind.SECRECY, StepState.PASSED, "林晓"),
        (StepKind.SIGN_OFF, StepState.PASSED, "顾长青"),
    ]


def test_nobody_passes_his_own_text_not_even_with_every_right(clerk, friday):
    mighty = all_rights(clerk)
    uuid = a_text_in_review(actor=mighty, now=friday)

    with pytest.raises(NotAllowed, match="自己起草的稿"):
        pass_waiting_step(publication=uuid, actor=mighty, now=friday)
    seen = publishing.get_draft(uuid).content_hash
    with pytest.raises(NotAllowed, match="自己起草的稿"):
        publishing.return_step(step=the_step_of(uuid), seen_hash=seen, reason="再改一改", actor=mighty, now=friday)


def test_who_lets_a_finding_through_cannot_review_his_own_reason(clerk, unit_head, friday):
    mighty = all_rights(unit_head)
    uuid = a_draft(actor=clerk, now=friday, content=a_content(elements={}))
    finding = publishing.list_findings(uuid).standing[0]
    publishing.pass_finding(publication=uuid, key=finding.key, reason="原件如此写的", actor=mighty, now=friday)
    assert mighty.officer_id in publishing.get_draft(uuid).writers

    publishing.submit_with_reason(publication=uuid, reason="原件如此写的", actor=clerk, now=friday)
    with pytest.raises(NotAllowed, match="写理由放行、送审也算"):
        pass_waiting_step(publication=uuid, actor=mighty, now=friday)
    assert not publishing.list_review_queue(actor=mighty)


def test_who_submits_a_text_answers_for_it_and_cannot_review_it(clerk, unit_head, friday):
    mighty = all_rights(unit_head)
    uuid = a_draft(actor=clerk, now=friday)
    publishing.submit(publication=uuid, actor=mighty, now=friday)
    with pytest.raises(NotAllowed, match="写理由放行、送审也算"):
        pass_waiting_step(publication=uuid, actor=mighty, now=friday)


def test_in_every_unit_three_others_are_left_when_all_who_may_write_have_written(bureau, openness_office, friday):
    actors = list_reviewers(friday)
    uuids = []
    for unit in organisations.list_units():
        uuid = a_draft(actor=openness_office, now=friday, unit_id=unit.id, content=a_content(elements={}))
        for number, actor in enumerate(writer for writer in actors if writer.may(Right.WRITE, unit.id)):
            content = a_content(elements={}, title=f"双桥村征收土地预公告{number}")
            publishing.save_draft(publication=uuid, content=content, seen_hash=None, actor=actor, now=friday)
        publishing.submit_with_reason(publication=uuid, reason="原件如此写的", actor=openness_office, now=friday)
        uuids.append(uuid)

    call_command("pass_reviews", "--everybody", stdout=StringIO())

    assert [uuid for uuid in uuids if not publishing.get_draft(uuid).is_public] == []


def test_what_was_let_through_is_looked_at_whichever_way_the_reviewer_comes(clerk, unit_head, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(elements={}))
    publishing.submit_with_reason(publication=uuid, reason="原件如此写的", actor=clerk, now=friday)
    step, seen = the_step_of(uuid), publishing.get_draft(uuid).content_hash
    with pytest.raises(BadInput, match="请先看过写理由通过的各处") as refusal:
        publishing.pass_step(step=step, seen_hash=seen, opinion="", has_looked=False, actor=unit_head, now=friday)
    assert refusal.value.field == "looked"
    publishing.pass_step(step=step, seen_hash=seen, opinion="", has_looked=True, actor=unit_head, now=friday)


def test_where_nothing_was_let_through_nothing_is_asked(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    seen = publishing.get_draft(uuid).content_hash
    publishing.pass_step(step=the_step_of(uuid), seen_hash=seen, opinion="", has_looked=False, actor=unit_head, now=friday)


def test_who_changed_one_word_of_a_text_cannot_review_it(clerk, unit_head, friday):
    uuid = a_draft(actor=clerk, now=friday)
    helper = all_rights(unit_head)
    publishing.save_draft(publication=uuid, content=a_content(title="双桥村征地预公告"), seen_hash=None, actor=helper, now=friday)
    publishing.submit(publication=uuid, actor=clerk, now=friday)

    with pytest.raises(NotAllowed, match="自己起草的稿"):
        pass_waiting_step(publication=uuid, actor=helper, now=friday)


def test_nobody_passes_two_steps_of_one_text(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    mighty = all_rights(unit_head)
    pass_waiting_step(publication=uuid, actor=mighty, now=friday)

    with pytest.raises(NotAllowed, match="已经审过一步"):
        pass_waiting_step(publication=uuid, actor=mighty, now=friday)
    seen = publishing.get_draft(uuid).content_hash
    with pytest.raises(NotAllowed, match="已经审过一步"):
        publishing.return_step(step=the_step_of(uuid), seen_hash=seen, reason="再改一改", actor=mighty, now=friday)


def test_the_database_itself_keeps_one_person_from_two_steps(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=unit_head, now=friday)

    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewStep.objects.filter(uuid=the_step_of(uuid)).update(state="PASSED", officer_id=unit_head.officer_id, decided_at=friday)


def test_a_reviewer_of_another_unit_is_refused(clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    stranger = an_actor("何静", {Right.REVIEW_UNIT: frozenset({the_unit_of(clerk) + 1})})

    with pytest.raises(NotAllowed, match="这个单位的“科室审核”权限"):
        pass_waiting_step(publication=uuid, actor=stranger, now=friday)


def test_the_right_of_another_step_is_not_enough(clerk, signer, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)

    with pytest.raises(NotAllowed, match="“科室审核”权限"):
        pass_waiting_step(publication=uuid, actor=signer, now=friday)


def test_the_system_reviews_nothing(clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)

    with pytest.raises(NotAllowed, match="要由人来做"):
        pass_waiting_step(publication=uuid, actor=SYSTEM, now=friday)


def test_a_decision_about_another_content_is_refused(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)

    with pytest.raises(SomebodyWasFaster, match="不是现在这份内容"):
        publishing.pass_step(step=the_step_of(uuid), seen_hash="0" * 64, opinion="", has_looked=True, actor=unit_head, now=friday)
    with pytest.raises(SomebodyWasFaster, match="不是现在这份内容"):
        publishing.return_step(step=the_step_of(uuid), seen_hash="0" * 64, reason="数字要核对", actor=unit_head, now=friday)


def test_a_step_is_decided_once(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    step, seen = the_step_of(uuid), publishing.get_draft(uuid).content_hash
    publishing.pass_step(step=step, seen_hash=seen, opinion="", has_looked=True, actor=unit_head, now=friday)

    with pytest.raises(NotAllowed, match="已经审过一步"):
        publishing.pass_step(step=step, seen_hash=seen, opinion="", has_looked=True, actor=unit_head, now=friday)
    colleague = an_actor("何静", {Right.REVIEW_UNIT: frozenset({the_unit_of(clerk)})})
    with pytest.raises(ActNotPossible, match="已通过"):
        publishing.return_step(step=step, seen_hash=seen, reason="数字要核对", actor=colleague, now=friday)


def test_an_unknown_step_is_refused_in_words(unit_head, friday, clerk):
    uuid = a_draft(actor=clerk, now=friday)
    with pytest.raises(NotFound, match="没有这一步"):
        publishing.pass_step(step=uuid, seen_hash="", opinion="", has_looked=True, actor=unit_head, now=friday)


def test_a_text_in_review_cannot_be_changed_nor_submitted_again(clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)

    with pytest.raises(ActNotPossible, match="审核中，不能修改"):
        publishing.save_draft(publication=uuid, content=a_content(title="另一个标题"), seen_hash=None, actor=clerk, now=friday)
    with pytest.raises(ActNotPossible, match="审核中，不能送审"):
        publishing.submit(publication=uuid, actor=clerk, now=friday)
    with pytest.raises(ActNotPossible, match="审核中，不能修改"):
        publishing.pass_finding(publication=uuid, key="x", reason="原文如此", actor=clerk, now=friday)
    assert ReviewStep.objects.count() == 1


def test_a_public_text_cannot_be_changed(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_all_steps(publication=uuid, by=reviewers, now=friday)

    with pytest.raises(ActNotPossible, match="已签发，不能修改"):
        publishing.save_draft(publication=uuid, content=a_content(title="另一个标题"), seen_hash=None, actor=clerk, now=friday)
    with pytest.raises(ActNotPossible, match="已签发，不能送审"):
        publishing.submit(publication=uuid, actor=clerk, now=friday)


def test_returning_voids_the_steps_that_were_passed(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)
    seen = publishing.get_draft(uuid).content_hash

    publishing.return_step(step=the_step_of(uuid), seen_hash=seen, reason="地图没有审图号", actor=reviewers.secrecy, now=friday)

    draft = publishing.get_draft(uuid)
    assert draft.state is EditionState.DRAFT
    assert [step.state for step in draft.steps] == [StepState.VOID, StepState.RETURNED]
    assert draft.steps[1].opinion == "地图没有审图号"
    assert draft.passers == frozenset()


def test_a_returned_text_goes_all_the_way_again(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)
    seen = publishing.get_draft(uuid).content_hash
    publishing.return_step(step=the_step_of(uuid), seen_hash=seen, reason="地图没有审图号", actor=reviewers.secrecy, now=friday)
    publishing.save_draft(publication=uuid, content=a_content(title="双桥村征收土地预公告（二）"), seen_hash=None, actor=clerk, now=friday)
    publishing.submit(publication=uuid, actor=clerk, now=friday)

    assert waiting_kind(uuid) is StepKind.UNIT
    pass_all_steps(publication=uuid, by=reviewers, now=friday)

    assert publishing.get_published(uuid).title == "双桥村征收土地预公告（二）"


def test_a_return_needs_a_reason(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    seen = publishing.get_draft(uuid).content_hash

    with pytest.raises(BadInput, match="退回的理由"):
        publishing.return_step(step=the_step_of(uuid), seen_hash=seen, reason=" 改 ", actor=unit_head, now=friday)


def test_a_content_that_was_changed_behind_the_back_cannot_be_released(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.secrecy, now=friday)
    Edition.objects.filter(publication__uuid=uuid).update(body="<p>换过的正文。</p>")

    with pytest.raises(ActNotPossible, match="审的不是现在这份内容"):
        pass_waiting_step(publication=uuid, actor=reviewers.signer, now=friday)
    assert not Publication.objects.get(uuid=uuid).published_at


def test_release_cannot_be_had_directly(clerk, reviewers, friday):
    draft = a_draft(actor=clerk, now=friday)
    waiting = a_text_in_review(actor=clerk, now=friday)
    for uuid in (draft, waiting):
        with pytest.raises(ActNotPossible, match="不能公开"):
            publishing.release(publication=uuid, actor=reviewers.signer, now=friday)
        with pytest.raises(NotAllowed, match="自己起草的稿"):
            publishing.release(publication=uuid, actor=all_rights(clerk), now=friday)
        with pytest.raises(NotAllowed, match="“签发”权限"):
            publishing.release(publication=uuid, actor=reviewers.head, now=friday)
        with pytest.raises(NotAllowed, match="系统不能代办"):
            publishing.release(publication=uuid, actor=SYSTEM, now=friday)


def test_a_state_set_by_hand_is_no_approval(clerk, reviewers, friday):
    uuid = a_draft(actor=clerk, now=friday)
    Edition.objects.filter(publication__uuid=uuid).update(state=EditionState.APPROVED.value)

    with pytest.raises(ActNotPossible, match="还没有科室审核"):
        publishing.release(publication=uuid, actor=reviewers.signer, now=friday)


def test_approvals_given_by_the_author_himself_do_not_count(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.secrecy, now=friday)
    # The database keeps a decision as it is; that the reviewer turns out to have written on the text can still be noted.
    EditionWriter.objects.create(edition=Edition.objects.get(publication__uuid=uuid), officer_id=reviewers.head.officer_id)

    with pytest.raises(NotAllowed, match="起草人自己审的"):
        pass_waiting_step(publication=uuid, actor=reviewers.signer, now=friday)


def test_each_step_opens_its_own_duty_of_one_working_day_and_its_decision_closes_it(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    step = the_step_of(uuid)
    (duty,) = ledger.list_obligations(subject=step)
    assert (duty.duty_code, duty.last_day, duty.page) == ("publish.unit_review", date(2026, 10, 10), "publishing:review")

    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)

    (duty,) = ledger.list_obligations(subject=step)
    assert duty.state is ObligationState.FULFILLED
    (following,) = ledger.list_obligations(subject=the_step_of(uuid))
    assert following.duty_code == "publish.secrecy_review"


def test_a_return_closes_the_duty_of_the_step_too(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    step, seen = the_step_of(uuid), publishing.get_draft(uuid).content_hash

    publishing.return_step(step=step, seen_hash=seen, reason="数字要核对", actor=unit_head, now=friday)

    (duty,) = ledger.list_obligations(subject=step)
    assert duty.state is ObligationState.FULFILLED


def test_every_act_is_in_the_trail_with_the_name(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_all_steps(publication=uuid, by=reviewers, now=friday + timedelta(hours=1))

    rows = [(row.act, row.actor_name) for row in audit.list_rows(subject=uuid)]
    assert rows == [
        ("publishing.start", "周岚"),
        ("publishing.submit", "周岚"),
        ("publishing.pass", "陈默"),
        ("publishing.pass", "林晓"),
        ("publishing.pass", "顾长青"),
        ("publishing.release", "顾长青"),
    ]


def test_a_step_that_waits_without_a_duty_gets_it_counted_from_its_arrival(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    step = the_step_of(uuid)
    # As an older version left it.
    ledger.cancel(obligation=ledger.list_obligations(subject=step)[0].uuid, reason="旧版本没有期限", actor=SYSTEM, now=friday)

    call_command("load_review_terms", stdout=StringIO())
    call_command("load_review_terms", stdout=StringIO())

    first, second = ledger.list_obligations(subject=step)
    assert {first.state, second.state} == {ObligationState.CANCELLED, ObligationState.OPEN}
    assert {one.last_day for one in (first, second)} == {date(2026, 10, 10)}
    pass_waiting_step(publication=uuid, actor=unit_head, now=friday)
    assert ObligationState.FULFILLED in {one.state for one in ledger.list_obligations(subject=step)}
