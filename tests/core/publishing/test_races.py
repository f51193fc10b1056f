"""Two at the same moment, in real transactions. PostgreSQL waits for row locks, SQLite for the one writer: both end the same way."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import StepKind
from gongkai.core.publishing.kinds.editing import EditHolder, EditWindow
from gongkai.core.publishing.models import EditLease, IndexCounter, Publication, ReviewStep
from gongkai.foundation.accounts.kinds import Right
from gongkai.lib.errors import ActNotPossible, NotAllowed, SomebodyWasFaster
from tests.factories.publishing import a_content, a_draft, a_text_in_review, an_actor, pass_waiting_step, the_step_of, the_unit_of
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def ready_to_sign(clerk, reviewers, now, title):
    uuid = a_text_in_review(actor=clerk, now=now, content=a_content(title=title))
    for kind in (StepKind.UNIT, StepKind.SECRECY):
        pass_waiting_step(publication=uuid, actor=reviewers.of(kind), now=now)
    return uuid


def test_releases_at_once_take_numbers_without_holes_or_doubles(clerk, reviewers, friday):
    uuids = [ready_to_sign(clerk, reviewers, friday, f"公告{number}") for number in range(4)]

    results = at_once(*(lambda uuid=uuid: pass_waiting_step(publication=uuid, actor=reviewers.signer, now=friday) for uuid in uuids))

    assert results == [None] * 4
    numbers = sorted(publishing.get_published(uuid).index_number[-5:] for uuid in uuids)
    assert numbers == ["00001", "00002", "00003", "00004"]
    assert IndexCounter.objects.get().last == 4


def test_two_presses_on_one_signature_release_once(clerk, reviewers, friday):
    uuid = ready_to_sign(clerk, reviewers, friday, "公告")
    step, seen = the_step_of(uuid), publishing.get_draft(uuid).content_hash

    def sign():
        publishing.pass_step(step=step, seen_hash=seen, opinion="", has_looked=True, actor=reviewers.signer, now=friday)

    first, second = sorted(at_once(sign, sign), key=lambda result: result is not None)
    assert first is None
    assert isinstance(second, NotAllowed | ActNotPossible | SomebodyWasFaster)
    assert publishing.count_published() == 1
    assert IndexCounter.objects.get().last == 1


def test_pass_and_return_at_once_have_one_outcome(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    step, seen = the_step_of(uuid), publishing.get_draft(uuid).content_hash
    other = an_actor("何静", {Right.REVIEW_UNIT: frozenset({the_unit_of(clerk)})})

    results = at_once(
        lambda: publishing.pass_step(step=step, seen_hash=seen, opinion="", has_looked=True, actor=unit_head, now=friday),
        lambda: publishing.return_step(step=step, seen_hash=seen, reason="数字要核对", actor=other, now=friday),
    )

    assert sum(result is None for result in results) == 1
    assert ReviewStep.objects.get(uuid=step).state == ("PASSED" if results[0] is None else "RETURNED")


def test_one_person_with_two_rights_cannot_race_himself_through_two_steps(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    mighty = an_actor("陈默", dict.fromkeys(Right, frozenset({the_unit_of(clerk)})))
    step, seen = the_step_of(uuid), publishing.get_draft(uuid).content_hash

    def press():
        publishing.pass_step(step=step, seen_hash=seen, opinion="", has_looked=True, actor=mighty, now=friday)
        pass_waiting_step(publication=uuid, actor=mighty, now=friday)

    at_once(press, press)
    assert ReviewStep.objects.filter(edition__publication__uuid=uuid, state="PASSED").count() == 1


def test_two_saves_at_once_of_one_text_keep_one_and_tell_the_other(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    seen = publishing.get_draft(uuid).content_hash
    acts = [
        lambda title=title: publishing.save_draft(publication=uuid, content=a_content(title=title), seen_hash=seen, actor=clerk, now=friday)
        for title in ("甲的标题", "乙的标题")
    ]

    results = at_once(*acts)

    assert sum(isinstance(result, SomebodyWasFaster) for result in results) == 1
    kept = 0 if isinstance(results[1], SomebodyWasFaster) else 1
    assert publishing.get_draft(uuid).content.title == ("甲的标题", "乙的标题")[kept]


def test_a_save_cannot_slip_in_behind_a_submission(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    before = publishing.get_draft(uuid).content_hash

    results = at_once(
        lambda: publishing.submit(publication=uuid, actor=clerk, now=friday),
        lambda: publishing.save_draft(publication=uuid, content=a_content(title="最后一改"), seen_hash=None, actor=clerk, now=friday),
    )

    draft = publishing.get_draft(uuid)
    assert results[0] is None
    assert draft.waiting
    assert draft.waiting.content_hash == draft.content_hash
    assert (draft.content_hash == before) is isinstance(results[1], ActNotPossible)


def test_drafts_begun_at_once_have_addresses_of_their_own(clerk, friday):
    at_once(*(lambda: a_draft(actor=clerk, now=friday) for _ in range(4)))
    assert sorted(Publication.objects.values_list("path_number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.postgresql
def test_a_second_release_waits_for_the_first_and_takes_its_number_when_that_is_rolled_back(clerk, reviewers, friday):
    first = ready_to_sign(clerk, reviewers, friday, "先签的")
    second = ready_to_sign(clerk, reviewers, friday, "后签的")
    started, done = threading.Event(), threading.Event()

    def sign_second():
        try:
            started.set()
            pass_waiting_step(publication=second, actor=reviewers.signer, now=friday)
            done.set()
        finally:
            connection.close()

    thread = threading.Thread(target=sign_second)
    with transaction.atomic():
        pass_waiting_step(publication=first, actor=reviewers.signer, now=friday)
        thread.start()
        assert started.wait(10)
        assert not done.wait(1.5)  # the counter's row is locked: the second has no number yet
        transaction.set_rollback(True)
    thread.join(timeout=30)

    assert done.is_set()
    assert publishing.get_published(second).index_number.endswith("-00001")
    assert not publishing.get_draft(first).is_public


def test_of_two_who_open_a_text_at_once_one_holds_it(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    colleague = an_actor("何静", {Right.WRITE: frozenset({the_unit_of(clerk)})})

    def opened(actor):
        return lambda: publishing.open_editor(publication=uuid, window=EditWindow(uuid4(), friday), actor=actor, now=friday).is_here

    assert set(at_once(opened(clerk), opened(colleague))) == {False, True}
    assert EditLease.objects.count() == 1


def test_taking_over_and_saving_at_once_lose_nothing(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    colleague = an_actor("何静", {Right.WRITE: frozenset({the_unit_of(clerk)})})
    mine, theirs = EditWindow(uuid4(), friday), EditWindow(uuid4(), friday)
    publishing.open_editor(publication=uuid, window=mine, actor=clerk, now=friday)
    seen = publishing.get_draft(uuid).content_hash

    def save():
        publishing.save_draft(
            publication=uuid, content=a_content(title="我写的"), seen_hash=seen, actor=clerk, now=friday, window=mine, is_automatic=True
        )

    saved, taken = at_once(save, lambda: publishing.take_over(publication=uuid, window=theirs, actor=colleague, now=friday))

    assert isinstance(taken, EditHolder)
    assert taken.is_here
    is_stored = publishing.get_draft(uuid).content.title == "我写的"
    assert is_stored is (saved is None)  # stored, or refused and still in his page
    assert EditLease.objects.get().window == theirs.token
