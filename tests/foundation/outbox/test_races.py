"""Two open transactions at once. SQLite has one writer, so these run in the PostgreSQL pass."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from datetime import datetime
from typing import TypeVar

import pytest
from django.db import connection, transaction

from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.outbox import actions
from gongkai.foundation.outbox.api import claim_lease, forget, list_dirty, touch, write_intent
from gongkai.foundation.outbox.kinds import Step
from gongkai.foundation.outbox.models import Intent
from gongkai.lib.errors import ActNotPossible, SomebodyWasFaster
from tests.factories.outbox import NOON, a_stopped_intent, an_intent

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

T = TypeVar("T")


def in_another_connection(act: Callable[[], T]) -> Callable[[], T]:
    def run() -> T:
        try:
            return act()
        finally:
            connection.close()

    return run


def while_ours_is_open(ours: Callable[[], object], theirs: Callable[[], T], *, is_kept: bool = True) -> T:
    """Do `ours` in a transaction that stays open, start `theirs` on another connection, see it wait for us, end ours, give their result."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            ours()
            answer = pool.submit(in_another_connection(theirs))
            with pytest.raises(StillWaiting):
                answer.result(timeout=0.5)
            transaction.set_rollback(not is_kept)
        return answer.result(timeout=10)


def write() -> int:
    return write_intent(kind="test.work", key="one", payload={}, at_system=NOON)


def test_two_workers_that_see_the_same_intent_do_not_both_get_it() -> None:
    an_intent()
    theirs = while_ours_is_open(
        lambda: actions.claim_intent(holder="worker-1", at_system=NOON), lambda: actions.claim_intent(holder="worker-2", at_system=NOON)
    )
    assert theirs is None
    assert Intent.objects.get().lease_token == "worker-1"


def test_a_claim_that_is_rolled_back_leaves_the_intent_to_the_other() -> None:
    an_intent()
    theirs = while_ours_is_open(
        lambda: actions.claim_intent(holder="worker-1", at_system=NOON),
        lambda: actions.claim_intent(holder="worker-2", at_system=NOON),
        is_kept=False,
    )
    assert theirs is not None
    assert Intent.objects.get().lease_token == "worker-2"


def test_two_who_ask_for_the_same_work_get_the_same_row() -> None:
    theirs = while_ours_is_open(write, write)
    assert theirs == Intent.objects.get().pk


def test_work_asked_for_by_a_transaction_that_failed_is_still_written_by_the_other() -> None:
    theirs = while_ours_is_open(write, write, is_kept=False)
    assert theirs == Intent.objects.get().pk


def test_work_asked_for_while_the_run_before_is_ending_is_written_anew() -> None:
    first = an_intent()
    job = actions.claim_intent(holder="worker-1", at_system=NOON)
    assert job is not None
    theirs = while_ours_is_open(lambda: actions.save_step(job=job, step=Step(), holder="worker-1", at_system=NOON), write)
    assert theirs != first.pk
    assert Intent.objects.count() == 2


def test_two_workers_cannot_hold_one_lease() -> None:
    def claim(holder: str, at_system: datetime) -> bool:
        return claim_lease(name="render", holder=holder, at_system=at_system, seconds=30)

    assert while_ours_is_open(lambda: claim("one", NOON), lambda: claim("two", NOON)) is False


def test_two_people_who_press_retry_start_it_once(friday) -> None:
    intent = a_stopped_intent()

    def retry() -> str:
        try:
            actions.retry(intent_id=intent.pk, actor=SYSTEM, now=friday, at_system=NOON)
        except (SomebodyWasFaster, ActNotPossible) as refusal:
            return str(refusal)
        return ""

    assert "刚被别人重试" in while_ours_is_open(retry, retry)


def test_a_touch_that_commits_late_is_not_forgotten() -> None:
    """Ids are given at insert, not at commit: deleting "up to the newest" would lose the touch that was still open."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            touch(["late"])
            pool.submit(in_another_connection(lambda: touch(["early"]))).result(timeout=10)
            read = pool.submit(in_another_connection(lambda: list_dirty(limit=10))).result(timeout=10)
        forget(row.id for row in read)
    assert [row.key for row in read] == ["early"]
    assert [row.key for row in list_dirty(limit=10)] == ["late"]
