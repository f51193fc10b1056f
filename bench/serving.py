"""Requests a second for one article: by our file handler, rendered for each request, and by nginx from the same folder.

Each server gets one worker process; the load generator shares the machine with it. The three are measured in turn, several rounds.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from django.conf import settings
from django.utils import timezone

from bench import archive, frame
from gongkai.consumers.portal import api as portal
from gongkai.core.publishing import api as publishing
from tools.private_postgresql import free_port

ARTICLES = 400
ROUNDS = {"small": (2, 4), "full": (5, 8)}
CONNECTIONS = 16

NGINX = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    sendfile on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {root};
        index index.html;
        charset utf-8;
    }}
}}
"""


@contextmanager
def serving(command: list[str], port: int, path: str) -> Iterator[str]:
    """A server while it is needed. Gives the address of the page."""
    address = f"http://127.0.0.1:{port}{path}"
    running = subprocess.Popen(command, env=os.environ, stdin=subprocess.DEVNULL)
    try:
        wait_for(address)
        yield address
    finally:
        running.terminate()
        running.wait(timeout=20)


def wait_for(address: str) -> None:
    """Until the server answers. Raises: OSError when it does not."""
    for attempt in range(100):
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            if attempt == 99:
                raise
            time.sleep(0.1)


def granian(module: str, port: int) -> list[str]:
    """The command line that `gongkai run` uses."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1", "--blocking-threads", "4",
        "--log-level", "warning", "--host", "127.0.0.1", "--port", str(port), f"{module}:application",
    ]  # fmt: skip


def nginx(port: int, folder: Path) -> list[str]:
    """nginx over the portal's folder."""
    user = "user root;" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(user=user, folder=folder, port=port, root=settings.PORTAL_ROOT), encoding="utf-8")
    return [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(file), "-e", f"{folder}/nginx.log"]


def load(address: str, seconds: int) -> float:
    """Requests a second that come back well."""
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", address]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"{address}:\n{output}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    if found is None:
        raise RuntimeError(output)
    return float(found[1])


def main(size: str, target: Path) -> None:
    """Measure the three in turn."""
    archive.prepare()
    with frame.told(f"{ARTICLES} public texts and their pages"):
        archive.grow(to=ARTICLES)
        portal.rebuild_pages(at_system=timezone.now())
    path = publishing.list_published(size=1).rows[0].path
    rounds, seconds = ROUNDS[size]
    names = ("rendered for each request", "our file handler", "nginx")
    ports = [free_port() for _ in names]
    commands = [
        granian("bench.per_request.wsgi", ports[0]),
        granian("gongkai.config.wsgi_portal", ports[1]),
        nginx(ports[2], target.parent),
    ]
    rates: dict[str, list[float]] = {name: [] for name in names}
    with ExitStack() as stack, frame.told(f"{rounds} rounds of {seconds} s each"):
        addresses = [stack.enter_context(serving(command, port, path)) for command, port in zip(commands, ports, strict=True)]
        for address in addresses:
            load(address, 1)
        for _ in range(rounds):
            for name, address in zip(names, addresses, strict=True):
                rates[name].append(load(address, seconds))
    weight = (settings.PORTAL_ROOT / path.strip("/") / "index.html").stat().st_size
    note = f"one article of {weight / 1000:.1f} kB, {CONNECTIONS} connections"
    each, ours, plain = [frame.Figure(name, median(values), "requests/s", note) for name, values in rates.items()]
    ratios = [frame.ratio("our handler ÷ rendered for each request", ours, each), frame.ratio("nginx ÷ our handler", plain, ours)]
    frame.save(target, [each, ours, plain, *ratios], size)
