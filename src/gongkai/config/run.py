"""`gongkai run`: prepare the data and keep three processes running: portal, desk and worker."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from gongkai.consumers.portal import api as portal
from gongkai.core.catalogue import api as catalogue
from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import SHANGHAI

DEMO_START = clock_time(10, 20)
DEMO_BUREAU = Path(__file__).resolve().parent.parent / "foundation/organisations/data/demo"
DEMO_RECORDS = Path(__file__).resolve().parents[3] / "demo/records"


@dataclass
class Process:
    """One of the three processes, restarted when it ends by itself."""

    label: str
    arguments: list[str]
    environment: dict[str, str]
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a session of its own so that a Ctrl+C reaches it only through us."""
        self.running = subprocess.Popen(self.arguments, env=os.environ | self.environment, start_new_session=True)  # noqa: S603

    def stop(self) -> None:
        """Ask it to end and wait; after ten seconds end it."""
        if self.running is None or self.running.poll() is not None:
            return
        self.running.terminate()
        try:
            self.running.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()


def run_all(*, demo_day: str, portal_port: int, desk_port: int, with_documents: bool) -> int:
    """Prepare what is missing, start the three processes, print addresses and new one-time passwords, stay until stopped.

    `demo_day` (YYYY-MM-DD) is when a fresh demo begins, at 10:20. Returns the exit status: 0 stopped by the user, 2 cannot start.
    """
    try:
        start = datetime.combine(date.fromisoformat(demo_day), DEMO_START, SHANGHAI)
    except ValueError:
        print(f"演示日“{demo_day}”不是一个日子，请写成 2026-10-09 这样。", file=sys.stderr)
        return 2
    for port, face in ((portal_port, "门户"), (desk_port, "工作台")):
        if is_taken(port):
            print(f"端口 {port}（{face}）已被占用：停掉占用它的程序，或换一个端口。", file=sys.stderr)
            return 2
    passwords = prepare(start=start, with_documents=with_documents)
    processes = list_processes(portal_port=portal_port, desk_port=desk_port)
    return keep_running(processes, ports=(portal_port, desk_port), announcement=announce(portal_port, desk_port, passwords))


def is_taken(port: int) -> bool:
    """Whether something listens on this port of 127.0.0.1 already."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def prepare(*, start: datetime, with_documents: bool) -> list[tuple[str, str]]:
    """Bring the data folder to the present state. Returns the new one-time passwords as pairs of name and password."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    workdays.load_calendars()
    if settings.BUSINESS_CLOCK == "demo":
        newest = audit.newest_instant()
        workdays.anchor_demo_clock(at=max(start, newest) if newest else start, system_now=timezone.now())
    organisations.load_organisation(source=DEMO_BUREAU)
    catalogue.load_catalogue()
    publishing.load_review_terms()
    new = accounts.load_accounts(source=DEMO_BUREAU, now=workdays.business_now())
    if with_documents and DEMO_RECORDS.is_dir() and publishing.count_publications() == 0:
        load_documents()
    portal.build_pages(at_system=timezone.now())
    return [(account.username, account.password) for account in new]


def load_documents() -> None:
    """Take the sample records through the whole way as named officers: import, submit, three reviews, release."""
    print("第一次启动，正在装入示范文件……", flush=True)
    reason = "历史简录，原件要素以原文为准"
    with Path(os.devnull).open("w", encoding="utf-8") as quiet:
        call_command("import_documents", str(DEMO_RECORDS), "--as", "何静", stdout=quiet)
        call_command("submit_drafts", "--as", "何静", "--pass-reason", reason, stdout=quiet)
        call_command("pass_reviews", "--everybody", stdout=quiet)


def list_processes(*, portal_port: int, desk_port: int) -> list[Process]:
    """The three processes with their command lines."""

    def server(module: str, port: int) -> list[str]:
        address = ["--host", "127.0.0.1", "--port", str(port)]
        return [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1", "--blocking-threads", "4",
                "--log-level", "warning", *address, f"gongkai.config.{module}:application"]  # fmt: skip

    return [
        Process("门户", server("wsgi_portal", portal_port), {"GONGKAI_SITE": "portal"}),
        Process("工作台", server("wsgi_desk", desk_port), {"GONGKAI_SITE": "desk"}),
        Process("后台", [sys.executable, "-m", "gongkai.config.cli", "worker"], {"GONGKAI_SITE": "worker"}),
    ]


def announce(portal_port: int, desk_port: int, passwords: list[tuple[str, str]]) -> str:
    """What the user is told once everything answers."""
    lines = ["", f"门户    http://127.0.0.1:{portal_port}/", f"工作台  http://127.0.0.1:{desk_port}/", ""]
    if passwords:
        lines += ["一次性密码（只显示这一次，首次登录要改）："]
        lines += [f"  {name}\t{password}" for name, password in passwords]
    else:
        lines += ["账号和密码照旧。忘了密码：.venv/bin/gongkai account 姓名 --renew"]
    return "\n".join([*lines, "", "按 Ctrl+C 停止。"])


def keep_running(processes: list[Process], *, ports: tuple[int, ...], announcement: str) -> int:
    """Start the processes and start again what ends by itself, until SIGINT or SIGTERM."""
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    announced = False
    try:
        for process in processes:
            process.start()
        while not stopping:
            if not announced and all(is_taken(port) for port in ports):
                print(announcement, flush=True)
                announced = True
            for process in processes:
                if process.running is not None and process.running.poll() is not None and not stopping:
                    print(f"{process.label}停了，重新启动。", file=sys.stderr, flush=True)
                    time.sleep(1)
                    process.start()
            time.sleep(0.2)
    finally:
        with contextlib.suppress(KeyboardInterrupt):
            for process in processes:
                process.stop()
    return 0
