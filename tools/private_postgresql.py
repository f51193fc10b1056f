"""A PostgreSQL cluster of one's own: in a temporary folder, on a free port of 127.0.0.1, gone afterwards whatever happens.

`python -m tools.private_postgresql COMMAND …` runs a command with DATABASE_URL pointing at it.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Nothing here has to survive a power cut.
HASTY = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60"]


def find_program(name: str) -> str:
    """Path of a server program, the newest version installed. Raises: FileNotFoundError."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parent.parent.name))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is missing: apt-get install postgresql")
    return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running() -> Iterator[str]:
    """Start a cluster. Gives the address of its database `gongkai`, for DATABASE_URL."""
    # The server refuses to run as root: then it runs as its own system user, else as whoever runs the tests.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="gongkai-postgresql-"))
    if user:
        shutil.chown(folder, user)
    port = free_port()

    def control(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [find_program(program), "--pgdata", str(folder / "data"), *arguments],
            user=user, group=user, extra_groups=[] if user else None, cwd=folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            log = folder / "log"
            raise RuntimeError(f"{program} failed: {done.stderr}{log.read_text() if log.exists() else ''}")

    try:
        control("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        options = " ".join(
            f"-c {setting}" for setting in [*HASTY, f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
        )
        control("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "--options", options)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/gongkai"
        finally:
            control("pg_ctl", "stop", "--wait", "--mode", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def end_tidily() -> None:
    """Let SIGTERM and SIGHUP end this program as an exception, so that what was started is stopped."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))


def main() -> int:
    """Run the command that stands on the command line."""
    end_tidily()
    with running() as address:
        return subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
