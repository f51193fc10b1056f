import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, connections
from django.utils import timezone

from gongkai.consumers.portal import actions
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.models import Lease
from tests.factories.portal import public_texts, snapshot

SOURCE = Path(__file__).parents[3] / "src"
COUNT = 240

pytestmark = pytest.mark.django_db(transaction=True)


def database_url():
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    login = quote(known["USER"]) + (f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else "")
    return f"postgresql://{login}@{known['HOST'] or '127.0.0.1'}:{known['PORT'] or 5432}/{known['NAME']}"


def start_worker(settings, tmp_path):
    environment = os.environ | {
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test",
        "GONGKAI_SITE": "worker",
        "GONGKAI_DATA_DIR": str(tmp_path),
        "GONGKAI_PORTAL_ROOT": str(settings.PORTAL_ROOT),
        "DATABASE_URL": database_url(),
    }
    call = [sys.executable, "-m", "django", "work"]
    with (tmp_path / "worker.log").open("ab") as log:
        return subprocess.Popen(call, env=environment, stdout=log, stderr=log)


def pages(root):
    return [path for path in root.rglob("index.html") if "/d/" in path.as_posix()]


def wait_until(root, is_so):
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail(f"The worker did not come so far: {(root / '../worker.log').read_text()[-2000:]}")


def test_a_worker_killed_in_the_middle_leaves_whole_pages_and_the_work_that_is_left(bureau, portal_root, settings, tmp_path, friday):
    public_texts(COUNT, first_at=friday)
    connections.close_all()
    for so_many in (5, 90, 160):
        worker = start_worker(settings, tmp_path)
        try:
            wait_until(portal_root, lambda so_many=so_many: len(pages(portal_root)) >= so_many)
        finally:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        assert outbox.count_dirty() > 0
        for path, content in snapshot(portal_root).items():
            assert content.endswith(b"</html>\n") or not path.endswith(".html"), path
        Lease.objects.all().delete()  # instead of waiting until the dead one's lease runs out
        assert actions.build_batch(timezone.now()) > 0

    moment = timezone.now()
    actions.build_pages(at_system=moment)

    assert len(pages(portal_root)) == COUNT
    assert outbox.count_dirty() == 0
    assert "全部 240 条" in (portal_root / "index.html").read_text()
    report = actions.verify_pages(at_system=moment + timedelta(hours=1), is_repairing=False)
    leftovers = [path for path in report.unowned if ".writing-" in path]
    assert report.faults == len(leftovers) <= 3
    actions.verify_pages(at_system=moment + timedelta(hours=1))
    assert actions.verify_pages(at_system=moment + timedelta(hours=2), is_repairing=False).faults == 0
