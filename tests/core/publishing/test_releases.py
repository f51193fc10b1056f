"""Releases at a minute and of several texts: at the moment, before it, after downtime, and when one of them cannot be."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.actions import releases
from gongkai.core.publishing.kinds import EditionState
from gongkai.core.publishing.kinds.releases import ReleaseState
from gongkai.core.publishing.models import Edition, IndexCounter, Publication, Release, ReleaseMember
from gongkai.core.publishing.registry import OwnOutlet, _outlets
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import IntentState
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound
from tests.factories.publishing import a_content, a_text_in_review, an_actor, pass_all_steps, pass_waiting_step, the_unit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(settings, monkeypatch, friday):
    """Lets the worker look at a moment of business time."""

    def work(moment):
        monkeypatch.setattr("gongkai.core.publishing.tasks.workdays.business_now", lambda: moment)
        rounds = 0
        while outbox.run_once(lambda: moment, "tester") and rounds < 30:
            rounds += 1

    return work


def texts(clerk, now, *titles):
    return [a_text_in_review(actor=clerk, now=now, content=a_content(title=title)) for title in titles]


def plan(uuids, reviewers, now, due_at=None):
    return publishing.plan_release(publications=uuids, due_at=due_at, actor=reviewers.signer, now=now)


def is_public(uuid):
    return Publication.objects.get(uuid=uuid).state == "PUBLIC"


def test_a_signed_text_waits_for_its_minute(clerk, reviewers, friday, at):
    (uuid,) = texts(clerk, friday, "公告")
    due = friday + timedelta(hours=2)
    release = plan([uuid], reviewers, friday, due.replace(second=40))
    pass_all_steps(publication=uuid, by=reviewers, now=friday)
    assert publishing.get_draft(uuid).state is EditionState.APPROVED
    assert not is_public(uuid)
    assert IndexCounter.objects.count() == 0

    at(due - timedelta(seconds=1))
    assert not is_public(uuid)
    at(due)

    document = publishing.get_published(uuid)
    assert document.published_at == due
    assert document.index_number.endswith("/202610-00001")
    assert publishing.get_release(release).state is ReleaseState.DONE
    assert [row.act for row in audit.list_rows(subject=uuid)][-1] == "publishing.release"


def test_what_came_due_while_no_worker_ran_is_released_at_once(clerk, reviewers, friday, at):
    (uuid,) = texts(clerk, friday, "公告")
    plan([uuid], reviewers, friday, friday + timedelta(minutes=5))
    pass_all_steps(publication=uuid, by=reviewers, now=friday)
    later = friday + timedelta(days=4)

    at(later)

    assert publishing.get_published(uuid).published_at == later


def test_a_moment_is_changed_and_the_old_one_passes_by(clerk, reviewers, friday, at):
    (uuid,) = texts(clerk, friday, "公告")
    release = plan([uuid], reviewers, friday, friday + timedelta(hours=1))
    pass_all_steps(publication=uuid, by=reviewers, now=friday)
    publishing.change_release(release=release, due_at=friday + timedelta(hours=3), actor=reviewers.signer, now=friday)

    at(friday + timedelta(hours=2))
    assert not is_public(uuid)
    at(friday + timedelta(hours=3))
    assert is_public(uuid)


def test_a_cancelled_release_never_happens_and_the_text_can_be_released_by_hand(clerk, reviewers, friday, at):
    (uuid,) = texts(clerk, friday, "公告")
    release = plan([uuid], reviewers, friday, friday + timedelta(hours=1))
    pass_all_steps(publication=uuid, by=reviewers, now=friday)
    publishing.cancel_release(release=release, actor=reviewers.signer, now=friday)
    at(friday + timedelta(hours=2))
    assert not is_public(uuid)
    assert [text.uuid for text in publishing.list_releasable(unit_ids=[the_unit_of(clerk)])] == [uuid]

    publishing.release(publication=uuid, actor=reviewers.signer, now=friday + timedelta(hours=2))

    assert is_public(uuid)
    for act in (publishing.cancel_release, publishing.release_together):
        with pytest.raises(ActNotPossible, match="已取消"):
            act(release=release, actor=reviewers.signer, now=friday)


def test_a_release_that_fails_holds_up_no_other_and_says_why(clerk, reviewers, friday, at):
    unsigned, signed = texts(clerk, friday, "没签的公告", "签了的公告")
    due = friday + timedelta(hours=1)
    failing = plan([unsigned], reviewers, friday, due)
    plan([signed], reviewers, friday, due)
    pass_all_steps(publication=signed, by=reviewers, now=friday)

    at(due)

    assert is_public(signed)
    assert not is_public(unsigned)
    row = publishing.get_release(failing)
    assert row.state is ReleaseState.DUE
    assert "“没签的公告”还不能公开" in row.last_error
    (job,) = [job for job in outbox.list_jobs(states=[IntentState.READY]) if job.error]
    assert "“没签的公告”还不能公开" in job.error
    assert job.label == "到时公开"

    pass_all_steps(publication=unsigned, by=reviewers, now=due)
    at(due + timedelta(minutes=1))
    assert is_public(unsigned)
    assert publishing.get_release(failing).last_error == ""


def test_a_fault_of_ours_is_told_without_its_words(clerk, reviewers, friday, at, monkeypatch):
    (uuid,) = texts(clerk, friday, "公告")
    release = plan([uuid], reviewers, friday, friday + timedelta(hours=1))
    pass_all_steps(publication=uuid, by=reviewers, now=friday)

    def break_down(*_):
        raise RuntimeError("secret")

    monkeypatch.setitem(_outlets, "broken", OwnOutlet("broken", break_down, None, None))
    at(friday + timedelta(hours=1))

    assert publishing.get_release(release).last_error == "程序出错（RuntimeError），请系统管理员看“后台任务”。"
    assert not is_public(uuid)
    assert IndexCounter.objects.count() == 0


def test_several_become_public_together(clerk, reviewers, friday, at):
    uuids = texts(clerk, friday, "政策文件", "政策解读", "新闻通稿")
    release = plan(uuids, reviewers, friday, friday + timedelta(hours=1))
    for uuid in uuids:
        pass_all_steps(publication=uuid, by=reviewers, now=friday)
        assert not is_public(uuid)

    at(friday + timedelta(hours=1))

    assert {publishing.get_published(uuid).published_at for uuid in uuids} == {friday + timedelta(hours=1)}
    numbers = sorted(publishing.get_published(uuid).index_number[-5:] for uuid in uuids)
    assert numbers == ["00001", "00002", "00003"]
    assert len(publishing.get_release(release).texts) == 3


def test_none_becomes_public_when_one_cannot(clerk, reviewers, friday):
    first, second = texts(clerk, friday, "政策文件", "政策解读")
    release = plan([first, second], reviewers, friday)
    pass_all_steps(publication=first, by=reviewers, now=friday)

    with pytest.raises(ActNotPossible, match="“政策解读”还不能公开，所以一条也没有公开：文稿审核中"):
        publishing.release_together(release=release, actor=reviewers.signer, now=friday)
    assert not is_public(first)
    assert publishing.get_release(release).unsigned == 1

    pass_all_steps(publication=second, by=reviewers, now=friday)
    assert not is_public(second)
    publishing.release_together(release=release, actor=reviewers.signer, now=friday)
    assert is_public(first)
    assert is_public(second)


def test_the_last_text_that_breaks_takes_all_back(clerk, reviewers, friday, monkeypatch):
    uuids = texts(clerk, friday, "甲", "乙")
    release = plan(uuids, reviewers, friday)
    for uuid in uuids:
        pass_all_steps(publication=uuid, by=reviewers, now=friday)

    def break_for_last(publication):
        if publication == uuids[-1]:
            raise RuntimeError

    monkeypatch.setitem(_outlets, "broken", OwnOutlet("broken", break_for_last, None, None))
    with pytest.raises(RuntimeError):
        publishing.release_together(release=release, actor=reviewers.signer, now=friday)

    assert not any(map(is_public, uuids))
    assert IndexCounter.objects.count() == 0
    assert Release.objects.get(uuid=release).state == "WAITING"


def test_who_may_not_release_sets_nothing(clerk, unit_head, reviewers, friday):
    (uuid,) = texts(clerk, friday, "公告")
    due = friday + timedelta(hours=1)
    both = an_actor("周岚", {Right.WRITE: frozenset({the_unit_of(clerk)}), Right.SIGN: frozenset({the_unit_of(clerk)})})

    for actor, words in ((clerk, "自己起草"), (both, "自己起草"), (unit_head, "签发")):
        with pytest.raises(NotAllowed, match=words):
            publishing.plan_release(publications=[uuid], due_at=due, actor=actor, now=friday)
    release = plan([uuid], reviewers, friday, due)
    for actor in (clerk, unit_head):
        for act in (publishing.cancel_release, publishing.release_together):
            with pytest.raises(NotAllowed):
                act(release=release, actor=actor, now=friday)
        with pytest.raises(NotAllowed):
            publishing.change_release(release=release, due_at=due, actor=actor, now=friday)


def test_who_set_the_moment_and_wrote_on_the_text_afterwards_does_not_release_it(clerk, reviewers, friday, at):
    (uuid,) = texts(clerk, friday, "公告")
    release = plan([uuid], reviewers, friday, friday + timedelta(hours=1))
    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.secrecy, now=friday)
    Edition.objects.get(publication__uuid=uuid).writers.create(officer_id=reviewers.signer.officer_id)
    other = an_actor("何静", {Right.SIGN: frozenset({the_unit_of(clerk)})})
    pass_waiting_step(publication=uuid, actor=other, now=friday)

    at(friday + timedelta(hours=1))

    assert not is_public(uuid)
    assert "自己写过这份稿" in publishing.get_release(release).last_error


def test_a_text_waits_for_one_moment_only(clerk, reviewers, friday):
    (uuid,) = texts(clerk, friday, "公告")
    due = friday + timedelta(hours=1)
    release = plan([uuid], reviewers, friday, due)

    with pytest.raises(ActNotPossible, match="已经安排了公开"):
        plan([uuid], reviewers, friday, due)
    second = Release.objects.create(set_by_id=reviewers.signer.officer_id, set_at=friday)
    with pytest.raises(IntegrityError, match=r"release_one_open|publication_id"), transaction.atomic():
        ReleaseMember.objects.create(release=second, publication=Publication.objects.get(uuid=uuid))
    pass_all_steps(publication=uuid, by=reviewers, now=friday)
    with pytest.raises(ActNotPossible, match="已经安排了公开时间"):
        publishing.release(publication=uuid, actor=reviewers.signer, now=friday)
    with pytest.raises(ActNotPossible, match="先在“待公开”里取消"):
        publishing.start_next_edition(publication=uuid, actor=clerk, now=friday)
    assert publishing.get_draft(uuid).release == release


def test_moments_that_cannot_be_are_refused(clerk, reviewers, friday):
    uuids = texts(clerk, friday, "甲", "乙")

    for due, words in ((friday, "已经过了"), (friday - timedelta(days=1), "已经过了"), (friday + timedelta(days=400), "一年以后")):
        with pytest.raises(BadInput, match=words):
            plan(uuids, reviewers, friday, due)
    with pytest.raises(BadInput, match="只选了一条"):
        plan(uuids[:1], reviewers, friday)
    with pytest.raises(BadInput, match="请选"):
        plan([], reviewers, friday)
    with pytest.raises(NotFound):
        publishing.get_release(uuids[0])


def test_what_is_public_already_is_in_no_release(clerk, reviewers, friday):
    (uuid,) = texts(clerk, friday, "公告")
    pass_all_steps(publication=uuid, by=reviewers, now=friday)

    with pytest.raises(ActNotPossible, match="已经公开"):
        plan([uuid], reviewers, friday, friday + timedelta(hours=1))
    assert publishing.list_releasable(unit_ids=[the_unit_of(clerk)]) == []


def test_a_next_edition_waits_for_its_minute_while_the_old_is_public(clerk, reviewers, friday, at):
    (uuid,) = texts(clerk, friday, "公告")
    pass_all_steps(publication=uuid, by=reviewers, now=friday)
    publishing.start_next_edition(publication=uuid, actor=clerk, now=friday)
    publishing.submit(publication=uuid, actor=clerk, now=friday)
    plan([uuid], reviewers, friday, friday + timedelta(hours=1))
    pass_all_steps(publication=uuid, by=reviewers, now=friday)
    assert publishing.get_draft(uuid).other_is_public

    at(friday + timedelta(hours=1))

    assert publishing.get_draft(uuid).is_public
    assert publishing.get_draft(uuid).number == 2


def test_a_job_for_a_moment_that_was_changed_does_nothing(clerk, reviewers, friday):
    (uuid,) = texts(clerk, friday, "公告")
    release = plan([uuid], reviewers, friday, friday + timedelta(hours=1))
    pass_all_steps(publication=uuid, by=reviewers, now=friday)
    assert releases.ask_for_due(now=friday + timedelta(hours=1), at_system=friday) == 1
    publishing.change_release(release=release, due_at=friday + timedelta(hours=5), actor=reviewers.signer, now=friday)

    assert releases.release_due(release=release, now=friday + timedelta(hours=1)) == 0
    assert not is_public(uuid)
