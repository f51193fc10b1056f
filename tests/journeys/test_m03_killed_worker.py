"""M12: the worker is killed in the middle of writing pages. After it starts again every page is there, whole, once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gongkai.consumers.portal.files import TEMPORARY
from tests.journeys.system import ROOT, RunningSystem, wait_for

pytestmark = pytest.mark.journey

RECORDS = ROOT / "demo/records"
REASON = "历史简录，原件要素以原文为准"


@pytest.fixture
def stopped(system: RunningSystem) -> RunningSystem:
    """The system with everything signed and no page written: the worker was not there meanwhile."""
    system.stop()
    system.call("import", "documents", str(RECORDS), "--as", "何静")
    system.call("submit", "--as", "何静", "--pass-reason", REASON)
    system.call("review", "--everybody")
    return system


def list_articles(system: RunningSystem) -> list[Path]:
    """The articles' own pages, without the receipts that stand below some of them."""
    return sorted((system.folder / "var/portal").glob("d/*/*/index.html"))


@contextmanager
def working(system: RunningSystem) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own, ended with the block; what it says goes to the system's log."""
    with (
        (system.folder / "log").open("ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", "gongkai.config.cli", "worker"],
            env=system.environment, cwd=system.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        ) as worker,
    ):  # fmt: skip
        try:
            yield worker
        finally:
            worker.terminate()


def test_a_worker_killed_while_it_writes_leaves_every_page_whole_and_once(stopped):
    counts = stopped.call("publication", "counts")
    total = int(counts.split("已公开：")[1].split()[0].replace(",", ""))
    with working(stopped) as worker:
        wait_for("the first page", lambda: list_articles(stopped))
        os.kill(worker.pid, signal.SIGKILL)
    half = list_articles(stopped)
    assert 0 < len(half) < total, "it was not killed in the middle"
    assert all(path.read_text(encoding="utf-8").rstrip().endswith("</html>") for path in half)

    with working(stopped):
        wait_for("the other pages", lambda: len(list_articles(stopped)) == total, seconds=120)
        wait_for("all is quiet", lambda: "三方一致" in verify(stopped), seconds=60)

    assert all(path.read_text(encoding="utf-8").rstrip().endswith("</html>") for path in list_articles(stopped))
    assert not [path for path in (stopped.folder / "var/portal").rglob("*") if path.is_file() and TEMPORARY in path.name]


def verify(system: RunningSystem) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "gongkai.config.cli", "portal", "verify", "--dry-run"],
        env=system.environment, cwd=system.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout
