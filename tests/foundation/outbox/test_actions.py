import pytest

from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox import actions, queries, rules
from gongkai.foundation.outbox.api import claim_lease, extend_lease, forget, list_dirty, release_lease, touch
from gongkai.foundation.outbox.kinds import IntentState, Job, Step
from gongkai.foundation.outbox.models import DirtyKey, Intent, Lease
from gongkai.lib.errors import ActNotPossible
from tests.factories.outbox import NOON, a_stopped_intent, an_intent, later

pytestmark = pytest.mark.django_db


def claim(holder: str = "worker-1", *, seconds: float = 0) -> Job:
    job = actions.claim_intent(holder=holder, at_system=later(seconds=seconds))
    assert job is not None
    return job


def test_asking_twice_for_the_same_work_writes_it_once() -> None:
    first = an_intent(payload={"month": 9})
    assert an_intent(payload={"month": 10}).pk == first.pk
    assert Intent.objects.get().payload == {"month": 9}


def test_asking_while_it_runs_gives_the_one_that_runs() -> None:
    first = an_intent()
    claim()
    assert an_intent().pk == first.pk


def test_asking_after_it_is_done_writes_it_anew() -> None:
    first = an_intent()
    actions.save_step(job=claim(), step=Step(done=1, total=1), holder="worker-1", at_system=NOON)
    assert an_intent().pk != first.pk


def test_an_intent_is_claimed_once() -> None:
    an_intent()
    claim("worker-1")
    assert actions.claim_intent(holder="worker-2", at_system=NOON) is None


def test_an_intent_is_not_claimed_before_its_time() -> None:
    an_intent(at_system=later(minutes=1))
    assert actions.claim_intent(holder="worker-1", at_system=NOON) is None


def test_a_step_is_kept_and_the_next_one_begins_there() -> None:
    an_intent()
    assert actions.save_step(job=claim(), step=Step(done=3, total=10, cursor={"after": 3}), holder="worker-1", at_system=NOON)
    job = claim()
    assert (job.cursor, job.done, job.total) == ({"after": 3}, 3, 10)


def test_a_step_may_ask_for_a_pause() -> None:
    an_intent()
    actions.save_step(job=claim(), step=Step(cursor={"after": 1}, pause_seconds=30), holder="worker-1", at_system=NOON)
    assert actions.claim_intent(holder="worker-1", at_system=later(seconds=29)) is None
    claim(seconds=30)


def test_the_last_step_ends_the_intent() -> None:
    intent = an_intent()
    actions.save_step(job=claim(), step=Step(done=10, total=10), holder="worker-1", at_system=later(seconds=2))
    intent.refresh_from_db()
    assert (intent.state, intent.finished_at) == (IntentState.DONE.value, later(seconds=2))


def test_a_failure_is_kept_in_words_and_tried_again_after_the_pause() -> None:
    intent = an_intent()
    assert actions.save_failure(job=claim(), error="磁盘满了", holder="worker-1", at_system=NOON)
    intent.refresh_from_db()
    assert (intent.state, intent.failures, intent.last_error) == (IntentState.READY.value, 1, "磁盘满了")
    assert actions.claim_intent(holder="worker-1", at_system=later(seconds=4)) is None
    claim(seconds=5)


def test_success_after_a_failure_forgets_the_failure() -> None:
    intent = an_intent()
    actions.save_failure(job=claim(), error="磁盘满了", holder="worker-1", at_system=NOON)
    actions.save_step(job=claim(seconds=5), step=Step(cursor={"after": 1}), holder="worker-1", at_system=later(seconds=5))
    intent.refresh_from_db()
    assert (intent.failures, intent.last_error) == (0, "")


def test_the_eighth_failure_in_a_row_stops_it() -> None:
    intent = an_intent()
    for number in range(rules.MAX_ATTEMPTS):
        actions.save_failure(job=claim(seconds=number * 3600), error="磁盘满了", holder="worker-1", at_system=later(seconds=number * 3600))
    intent.refresh_from_db()
    assert (intent.state, intent.failures) == (IntentState.FAILED.value, rules.MAX_ATTEMPTS)
    assert actions.claim_intent(holder="worker-1", at_system=later(days=9)) is None


def test_the_work_of_a_dead_worker_is_taken_over_and_counts_as_a_failure() -> None:
    intent = an_intent()
    claim("dead")
    assert actions.claim_intent(holder="worker-2", at_system=later(seconds=59)) is None
    claim("worker-2", seconds=60)
    intent.refresh_from_db()
    assert intent.failures == 1


def test_a_worker_that_lost_its_lease_cannot_write_its_result() -> None:
    an_intent()
    slow = claim("slow")
    claim("worker-2", seconds=60)
    assert not actions.save_step(job=slow, step=Step(done=9, cursor={"after": 9}), holder="slow", at_system=later(seconds=61))
    assert not actions.save_failure(job=slow, error="太晚了", holder="slow", at_system=later(seconds=61))
    assert Intent.objects.get().progress_done == 0


def test_a_step_that_kills_its_worker_eight_times_is_stopped() -> None:
    intent = an_intent()
    for number in range(rules.MAX_ATTEMPTS):
        claim(f"dead-{number}", seconds=60 * number)
    assert actions.claim_intent(holder="worker-9", at_system=later(hours=1)) is None
    intent.refresh_from_db()
    assert intent.state == IntentState.FAILED.value
    assert intent.last_error == "执行它的后台进程多次中途停止。"


def test_work_left_behind_does_not_starve_behind_ready_work() -> None:
    left = an_intent(key="left")
    claim("dead")
    an_intent(key="busy", at_system=later(minutes=3))
    assert claim(seconds=200).id == left.pk


def test_retry_starts_where_it_stopped_and_is_audited(friday) -> None:
    intent = a_stopped_intent()
    Intent.objects.filter(pk=intent.pk).update(cursor={"after": 40}, progress_done=40)
    before = audit.newest_instant()
    actions.retry(intent_id=intent.pk, actor=SYSTEM, now=friday, at_system=NOON)
    job = claim()
    assert (job.id, job.cursor, job.done) == (intent.pk, {"after": 40}, 40)
    assert Intent.objects.get().failures == 0
    assert before != audit.newest_instant() == friday


def test_only_stopped_work_can_be_retried(friday) -> None:
    intent = an_intent()
    with pytest.raises(ActNotPossible, match="没有停下"):
        actions.retry(intent_id=intent.pk, actor=SYSTEM, now=friday, at_system=NOON)


def test_work_that_waits_already_is_not_retried_beside_itself(friday) -> None:
    stopped = a_stopped_intent()
    an_intent()
    with pytest.raises(ActNotPossible, match="已经在等待"):
        actions.retry(intent_id=stopped.pk, actor=SYSTEM, now=friday, at_system=NOON)


def test_a_page_touched_while_it_is_rendered_is_rendered_again() -> None:
    touch(["home", "section:gggs:head", "home"])
    read = list_dirty(limit=10)
    touch(["home"])
    forget(row.id for row in read)
    assert [row.key for row in read] == ["home", "section:gggs:head"]
    assert [row.key for row in list_dirty(limit=10)] == ["home"]


def test_dirty_keys_are_counted_up_to_the_newest_that_was_there() -> None:
    assert queries.find_newest_dirty() is None
    touch(["home"])
    newest = queries.find_newest_dirty()
    touch(["section:gggs:head"])
    assert (queries.count_dirty(), queries.count_dirty(up_to=newest)) == (2, 1)


def test_a_lease_is_held_by_one_until_it_runs_out() -> None:
    assert claim_lease(name="render", holder="one", at_system=NOON, seconds=30)
    assert not claim_lease(name="render", holder="two", at_system=later(seconds=29), seconds=30)
    assert claim_lease(name="render", holder="two", at_system=later(seconds=30), seconds=30)
    assert not extend_lease(name="render", holder="one", at_system=later(seconds=31), seconds=30)
    assert extend_lease(name="render", holder="two", at_system=later(seconds=31), seconds=30)


def test_a_lease_given_back_can_be_taken_at_once_and_a_lost_one_is_not_given_back() -> None:
    claim_lease(name="render", holder="one", at_system=NOON, seconds=30)
    release_lease(name="render", holder="one", at_system=NOON)
    assert claim_lease(name="render", holder="two", at_system=NOON, seconds=30)
    release_lease(name="render", holder="one", at_system=NOON)
    assert Lease.objects.get().holder == "two"


def test_the_oldest_work_tells_whether_a_worker_is_there() -> None:
    assert queries.find_oldest_waiting() is None
    an_intent(at_system=NOON)
    assert queries.find_oldest_waiting() == NOON
    touch(["home"])
    DirtyKey.objects.update(touched_at=later(minutes=-5))
    assert queries.find_oldest_waiting() == later(minutes=-5)
