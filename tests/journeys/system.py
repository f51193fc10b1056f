"""A running system, as `gongkai run` starts it: three processes on free ports over a fresh data folder. Driven from outside only."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg

from tools.private_postgresql import free_port

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")


def wait_for(what: str, look: Callable[[], T | None], *, seconds: float = 60) -> T:
    """Look again and again until something is there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {seconds:.0f} seconds")


class RunningSystem:
    """Portal, desk and worker with their addresses, one-time passwords and secrets of authenticators as they were printed."""

    def __init__(self, folder: Path, database: str | None) -> None:
        self.folder = folder
        self.portal_port, self.desk_port = free_port(), free_port()
        self.portal = f"http://127.0.0.1:{self.portal_port}"
        self.desk = f"http://127.0.0.1:{self.desk_port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_", "COV_"))}
        kept.pop("DATABASE_URL", None)
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev",
            "GONGKAI_DATA_DIR": str(folder / "var"),
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONUNBUFFERED": "1",
        }
        if database:
            self.environment["DATABASE_URL"] = database
        self.process: subprocess.Popen[bytes] | None = None
        self.passwords: dict[str, str] = {}
        self.secrets: dict[str, str] = {}

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start it and wait until it has printed its addresses."""
        ports = ["--portal-port", str(self.portal_port), "--desk-port", str(self.desk_port)]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gongkai.config.cli", "run", "--empty", *ports],
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_for("the system starts", self._has_started, seconds=180)
        for name, password, secret in re.findall(r"^  (\S+)\t(\S+)(?:\t(\S+))?$", self.log, re.MULTILINE):
            self.passwords[name], self.secrets[name] = password, secret

    def _has_started(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"gongkai run ended:\n{self.log}"
        return "按 Ctrl+C 停止" in self.log

    def stop(self) -> None:
        """End all of it, as Ctrl+C would."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=40)

    def call(self, *arguments: str, status: int = 0) -> str:
        """Run a `gongkai` command beside it and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "gongkai.config.cli", *arguments],
            env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == status, f"gongkai {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def find_worker(self) -> int | None:
        """Process number of the worker, None while there is none."""
        assert self.process is not None
        for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            try:
                arguments = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"worker" in arguments:
                return int(child)
        return None

    def kill_worker(self) -> int:
        """kill -9."""
        worker = wait_for("a worker runs", self.find_worker)
        os.kill(worker, signal.SIGKILL)
        return worker

    def read(self, path: str) -> tuple[int, str]:
        """Status and text of an address of the portal, as a citizen's browser gets it."""
        try:
            with urlopen(Request(self.portal + quote(path, safe="/?=&%")), timeout=20) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()


@contextmanager
def fresh_database() -> Iterator[str | None]:
    """Address of an empty database on the server that DATABASE_URL names; None: an SQLite file in the data folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield None
        return
    server, _, _ = url.rpartition("/")
    name = f"journey_{uuid4().hex[:8]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
