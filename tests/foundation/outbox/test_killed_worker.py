"""Two workers as processes of their own, one killed in the middle of a step: the other does the rest, nothing twice, nothing lost."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from gongkai.foundation.outbox import actions, worker
from gongkai.foundation.outbox.kinds import IntentState, Job, Step
from gongkai.foundation.outbox.models import Intent
from tests.factories.outbox import handling

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

CHILD = """
import sys, time
from pathlib import Path
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from django.utils import timezone
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import Step

folder = Path(sys.argv[2])

def run(job, now):
    done = job.done + 1
    (folder / "begun").write_text(str(done))
    if done == 3:
        time.sleep(600)
    (folder / f"step-{done}").open("a").write("child\\n")
    return Step(done=done, total=6, cursor={} if done < 6 else None)

outbox.register_handler("test.killed", run, "试做")
while True:
    outbox.run_once(timezone.now, outbox.name_worker())
"""


def test_a_worker_killed_in_a_step_leaves_it_to_the_other_who_goes_on_from_there(tmp_path: Path) -> None:
    actions.write_intent(kind="test.killed", key="one", payload={}, at_system=timezone.now())
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(connection.settings_dict["NAME"]), str(tmp_path)], env=dict(os.environ))
    try:
        end = time.monotonic() + 60
        while not (tmp_path / "begun").exists() or (tmp_path / "begun").read_text() != "3":
            assert time.monotonic() < end
            assert child.poll() is None
            time.sleep(0.05)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()

    def run(job: Job, _now: object) -> Step:
        done = job.done + 1
        with (tmp_path / f"step-{done}").open("a") as file:
            file.write("ours\n")
        return Step(done=done, total=6, cursor={} if done < 6 else None)

    with handling(run, kind="test.killed"):
        worker.run_once(timezone.now, "other")
        held = Intent.objects.get()
        assert (held.state, held.progress_done) == (IntentState.RUNNING.value, 2)

        def after_the_lease() -> object:
            return timezone.now() + timedelta(seconds=61)

        for _ in range(10):
            worker.run_once(after_the_lease, "other")  # type: ignore[arg-type]

    ended = Intent.objects.get()
    assert (ended.state, ended.progress_done, ended.failures) == (IntentState.DONE.value, 6, 0)
    assert [(tmp_path / f"step-{number}").read_text().split() for number in range(1, 7)] == [["child"]] * 2 + [["ours"]] * 4
