from datetime import datetime
from io import StringIO
from threading import Event

import pytest
from django.core.management import call_command

from gongkai.foundation.outbox import queries, registry, worker
from gongkai.foundation.outbox.kinds import Drain, IntentState, Job, Step
from gongkai.foundation.outbox.models import DrainFault, Intent
from gongkai.lib.errors import ActNotPossible
from tests.factories.outbox import NOON, an_intent, draining, handling, later

pytestmark = pytest.mark.django_db


def count_to_three(job: Job, at_system: datetime) -> Step:
    done = job.cursor.get("done", 0) + 1
    return Step(done=done, total=3, cursor={"done": done} if done < 3 else None)


def empty(at_system: datetime) -> int:
    return 0


def fail(job: Job, at_system: datetime) -> Step:
    raise ActNotPossible("这份文件已经撤下，不能再生成页面。")


def test_a_round_runs_one_step_of_one_intent() -> None:
    intent = an_intent()
    with draining(), handling(count_to_three):
        handled = [worker.run_once(lambda: NOON, "worker-1") for _ in range(4)]
    intent.refresh_from_db()
    assert handled == [1, 1, 1, 0]
    assert (intent.state, intent.progress_done, intent.progress_total) == (IntentState.DONE.value, 3, 3)


def test_a_failure_stops_none_of_the_others() -> None:
    an_intent(key="first")
    emptied = []

    def note(at_system: datetime) -> int:
        emptied.append(at_system)
        return 1

    def break_down(at_system: datetime) -> int:
        raise OSError("磁盘满了")

    with draining(Drain("broken", break_down, "生成页面"), Drain("well", note, "发送事件")), handling(fail):
        assert worker.run_once(lambda: NOON, "worker-1") == 2
    assert emptied == [NOON]
    assert Intent.objects.get().last_error == "这份文件已经撤下，不能再生成页面。"


def test_a_broken_drain_is_left_alone_for_a_while_says_why_and_gets_well() -> None:
    calls = []

    def break_once(at_system: datetime) -> int:
        calls.append(at_system)
        if len(calls) == 1:
            raise OSError("磁盘满了")
        return 4

    with draining(Drain("pages", break_once, "生成页面", waiting=lambda: 7)):
        assert worker.run_once(lambda: NOON, "worker-1") == 0
        (row,) = queries.list_drains()
        assert (row.waiting, row.failures, row.error, row.retry_at) == (7, 1, "程序出错（OSError）：磁盘满了", later(seconds=5))
        assert worker.run_once(lambda: later(seconds=4), "worker-1") == 0
        assert worker.run_once(lambda: later(seconds=5), "worker-1") == 4
        (row,) = queries.list_drains()
    assert calls == [NOON, later(seconds=5)]
    assert row.error == ""
    assert not DrainFault.objects.exists()


def test_work_that_no_program_handles_says_so() -> None:
    an_intent(kind="test.unknown")
    with draining(), handling(fail):
        worker.run_once(lambda: NOON, "worker-1")
    assert "没有程序处理“test.unknown”" in Intent.objects.get().last_error


def test_a_worker_told_to_stop_finishes_what_it_has_in_hand() -> None:
    stop = Event()

    def stop_in_the_middle(at_system: datetime) -> int:
        stop.set()
        return 1

    with draining(Drain("pages", stop_in_the_middle, "生成页面")), handling(fail):
        worker.work_forever(holder="worker-1", stop=stop, clock=lambda: NOON)


def test_the_command_works_until_nothing_waits() -> None:
    out = StringIO()
    an_intent()
    with draining(), handling(count_to_three):
        call_command("work", "--once", stdout=out)
    assert out.getvalue() == "做完 3 件。\n"


def test_a_handler_or_drain_cannot_be_registered_twice() -> None:
    with draining(), handling(fail):
        registry.register_drain("pages", empty, "生成页面")
        registry.register_handler("other", fail, "别的")
        with pytest.raises(ValueError, match="twice"):
            registry.register_drain("pages", empty, "生成页面")
        with pytest.raises(ValueError, match="twice"):
            registry.register_handler("other", fail, "别的")


def test_each_worker_has_a_name_of_its_own() -> None:
    assert worker.name_worker() != worker.name_worker()
    assert len(worker.name_worker()) <= 100


def test_the_time_is_read_again_before_each_piece_of_work() -> None:
    moments = iter([NOON, later(seconds=61), later(seconds=62)])
    seen = []

    def note(at_system: datetime) -> int:
        seen.append(at_system)
        return 0

    with draining(Drain("slow", note, "生成页面"), Drain("next", note, "发送事件")):
        worker.run_once(lambda: next(moments), "worker-1")
    assert seen == [NOON, later(seconds=61)]
