"""`gongkai run`: prepare the data and keep three processes running: portal, desk and worker."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from gongkai.config.demo import load_causes
from gongkai.consumers.portal import api as portal
from gongkai.core.catalogue import api as catalogue
from gongkai.core.ledger import api as ledger
from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import SYSTEM, DemoAccounts, NewAccount
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import SHANGHAI
from gongkai.producers.disclosure import api as disclosure

DEMO_START = clock_time(10, 20)
DEMO_MARK = "demo_loaded"
DEMO_BUREAU = Path(__file__).resolve().parent.parent / "foundation/organisations/data/demo"
DEMO_RECORDS = Path(__file__).resolve().parents[3] / "demo/records"
DEMO_CAUSES = Path(__file__).resolve().parents[3] / "demo/causes.csv"
LOCK = "running.lock"
"""Held in the data folder while its servers run, so that `make reset` does not take it away beneath them (tools/reset.py)."""


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


def run_all(*, demo_day: str, portal_port: int, desk_port: int, with_documents: bool, keeps_passwords: bool = False) -> int:
    """Prepare what is missing, start the three processes, print addresses and new one-time passwords, stay until stopped.

    `demo_day` (YYYY-MM-DD) is when a fresh demo begins, at 10:20. `keeps_passwords`: new demo accounts keep theirs.
    Returns the exit status: 0 stopped by the user, 2 cannot start.
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
    with hold(settings.DATA_DIR) as is_ours:
        if not is_ours:
            print(f"数据目录 {settings.DATA_DIR} 已有一个 gongkai run 在用：先按 Ctrl+C 停掉它。", file=sys.stderr)
            return 2
        with audit.acting_by_command("gongkai run"):
            has_new = prepare(start=start, with_documents=with_documents, keeps_passwords=keeps_passwords)
        processes = list_processes(portal_port=portal_port, desk_port=desk_port)
        announcement = announce(portal_port, desk_port, has_new_passwords=has_new)
        ports = (desk_port,) if settings.LEDGER_ONLY else (portal_port, desk_port)
        return keep_running(processes, ports=ports, announcement=announcement)


@contextlib.contextmanager
def hold(folder: Path) -> Iterator[bool]:
    """Keep a data folder for oneself (占用数据目录). False: another `gongkai run` has it. The kernel lets go when the process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield True


def is_taken(port: int) -> bool:
    """Whether something listens on this port of 127.0.0.1 already."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def prepare(*, start: datetime, with_documents: bool, keeps_passwords: bool = False) -> bool:
    """Bring the data folder to the present state and print new one-time passwords. Returns whether there were any."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    ledger.load_packaged_calendars(actor=SYSTEM, now=workdays.business_now())
    if settings.BUSINESS_CLOCK == "demo":
        newest = audit.newest_instant()
        workdays.anchor_demo_clock(at=max(start, newest) if newest else start, system_now=timezone.now())
    organisations.load_organisation(source=DEMO_BUREAU)
    catalogue.load_catalogue()
    publishing.load_review_terms()
    publishing.open_missing_duties(now=workdays.business_now())
    disclosure.load_sources()
    demo = DemoAccounts(at_system=timezone.now(), are_kept=keeps_passwords) if settings.BUSINESS_CLOCK == "demo" else None
    new = accounts.load_accounts(source=DEMO_BUREAU, now=workdays.business_now(), demo=demo, keeps_roles=True)
    if new:
        # At once: whoever breaks off what follows has seen them.
        print(say_passwords(new, are_kept=keeps_passwords and demo is not None), flush=True)
    if with_documents and DEMO_RECORDS.is_dir() and not is_demo_loaded():
        load_documents()
    if with_documents and settings.BUSINESS_CLOCK == "demo" and DEMO_CAUSES.is_file():
        load_causes(DEMO_CAUSES, until=workdays.business_now())
    if not settings.LEDGER_ONLY:
        portal.build_pages(at_system=timezone.now())
    return bool(new)


def say_passwords(new: Sequence[NewAccount], *, are_kept: bool = False) -> str:
    """The one-time passwords, and in a demo the secrets of authenticators, as they are printed once."""
    lines = ["\t".join(filter(None, (f"  {account.username}", account.password, account.secret))) for account in new]
    title = "密码（只显示这一次，不用改）" if are_kept else "一次性密码（只显示这一次，首次登录要改）"
    secret = "；后面是验证器密钥，登记验证器时可以用它，也可以换" if any(account.secret for account in new) else ""
    return "\n".join(["", f"{title}{secret}：", *lines, ""])


def is_demo_loaded() -> bool:
    """Whether the sample records were taken the whole way: a first start that was broken off is finished by the next."""
    return (settings.DATA_DIR / DEMO_MARK).exists()


def load_documents() -> None:
    """Take the sample records through the whole way as named officers: import, submit, three reviews, release. Safe to repeat."""
    print("第一次启动，正在装入示范文件……", flush=True)
    reason = "历史简录，原件要素以原文为准"
    with Path(os.devnull).open("w", encoding="utf-8") as quiet:
        call_command("import_documents", str(DEMO_RECORDS), "--as", "何静", stdout=quiet)
        call_command("submit_drafts", "--as", "何静", "--pass-reason", reason, stdout=quiet)
        call_command("pass_reviews", "--everybody", stdout=quiet)
    (settings.DATA_DIR / DEMO_MARK).touch()


def list_processes(*, portal_port: int, desk_port: int) -> list[Process]:
    """The three processes with their command lines."""

    def server(module: str, port: int) -> list[str]:
        address = ["--host", "127.0.0.1", "--port", str(port)]
        return [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1", "--blocking-threads", "4",
                "--log-level", "warning", *address, f"gongkai.config.{module}:application"]  # fmt: skip

    own = [] if settings.LEDGER_ONLY else [Process("门户", server("wsgi_portal", portal_port), {"GONGKAI_SITE": "portal"})]
    return [
        *own,
        Process("工作台", server("wsgi_desk", desk_port), {"GONGKAI_SITE": "desk"}),
        Process("后台", [sys.executable, "-m", "gongkai.config.cli", "worker"], {"GONGKAI_SITE": "worker"}),
    ]


def announce(portal_port: int, desk_port: int, *, has_new_passwords: bool) -> str:
    """What the user is told once everything answers."""
    own = "没有（仅台账）" if settings.LEDGER_ONLY else f"http://127.0.0.1:{portal_port}/"
    lines = ["", f"门户    {own}", f"工作台  http://127.0.0.1:{desk_port}/", ""]
    if has_new_passwords:
        lines += ["密码在上面，只显示这一次；一次性密码首次登录要改。"]
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
