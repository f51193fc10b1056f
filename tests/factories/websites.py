"""A small web site on this machine, for tests of pages that are not ours."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class WebSite:
    """Pages by path: the status, the headers and the bytes that are sent, or a pause before each byte."""

    address: str
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    drip: float = 0.0

    def put(self, path: str, html: str, *, status: int = 200, charset: str = "utf-8", **headers: str) -> str:
        """A page; gives its whole address."""
        known = {"Content-Type": f"text/html; charset={charset}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, known, html.encode(charset))
        return f"{self.address}{path}"


@contextmanager
def a_web_site() -> Iterator[WebSite]:
    """A server of its own on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, headers, body = site.pages.get(self.path, (404, {"Content-Type": "text/html"}, b"<h1>404</h1>"))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                if not site.drip:
                    self.wfile.write(body)
                for byte in body if site.drip else b"":
                    self.wfile.write(bytes([byte]))
                    time.sleep(site.drip)
            except OSError:
                pass

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = WebSite(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
