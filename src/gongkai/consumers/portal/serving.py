"""The portal's own file handler (文件服务): files from one folder, the few dynamic addresses from the application, safe headers everywhere.

`_gone.html` in a folder answers for everything in it with 410, `_moved` with a redirect to the address it holds: a page is taken down by
one rename. Names that begin with a dot or an underscore are never served by themselves.
"""

import mimetypes
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from gongkai.consumers.portal.rules import GONE, MOVED

Headers = list[tuple[str, str]]

DYNAMIC = {"/search/": "_site/search-down.html", "/calculator/": "_site/calculator-down.html"}
"""Addresses that the application answers, and the file that answers when it fails. Everything else is a file or does not exist."""

INDEX = "index.html"
NOT_FOUND = "_site/not-found.html"
HIDDEN = (".", "_")
LONGEST_PATH = 1000
LONGEST_NAME = 200  # bytes; a disk holds no name of more than 255
CHUNK = 1 << 16

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
SAFE_HEADERS: Headers = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Answer:
    """What is sent: status, headers of its own, and the file that is the body, None for an empty one."""

    status: HTTPStatus
    headers: Headers
    body: BinaryIO | None = None
    policy: str = POLICY


def serve_files(*, root: Path, dynamic: WSGIApplication) -> WSGIApplication:
    """The portal as a WSGI application (门户服务): files under `root`, and `dynamic` for the few addresses that are none.

    When the application fails, a file says what to do instead. Without the application the files are served all the same.
    """
    folder = Path(os.path.realpath(root))

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in {"GET", "HEAD"}:
            return _send(Answer(HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", "GET, HEAD")]), environ, start_response)
        path = _read_path(environ)
        if path in DYNAMIC:
            return _ask(dynamic, folder, DYNAMIC[path], environ, start_response)
        return _send(_find(folder, path, environ), environ, start_response)

    return application


# ------------------------------------------------------------------ files


def _read_path(environ: WSGIEnvironment) -> str | None:
    """The address asked for, None for one that cannot be any file of ours: tricks with dots, backslashes, NUL, hidden names."""
    try:
        path = str(environ.get("PATH_INFO") or "/").encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    parts = path[1:].split("/")
    names = parts[:-1] if parts[-1] == "" else parts
    is_plain = path.startswith("/") and len(path) <= LONGEST_PATH and path.isprintable() and not set("\\%:") & set(path)
    return path if is_plain and all(map(_is_servable, names)) else None


def _is_servable(name: str) -> bool:
    return 0 < len(name.encode()) <= LONGEST_NAME and not name.startswith(HIDDEN)


def _find(root: Path, path: str | None, environ: WSGIEnvironment) -> Answer:
    if path is None:
        return _page(root, NOT_FOUND, HTTPStatus.NOT_FOUND)
    marked = _find_marker(root, path)
    if marked is not None:
        return marked
    if path in {address.rstrip("/") for address in DYNAMIC} or (not path.endswith("/") and (root / path[1:]).is_dir()):
        query = environ.get("QUERY_STRING", "")
        return _redirect(f"{path}/", query)
    opened = _open(root, path[1:] + INDEX if path.endswith("/") else path[1:])
    if opened is None:
        return _page(root, NOT_FOUND, HTTPStatus.NOT_FOUND)
    file, facts = opened
    tag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    headers: Headers = [("ETag", tag), ("Cache-Control", "no-cache")]
    if _knows(environ.get("HTTP_IF_NONE_MATCH", ""), tag):
        file.close()
        return Answer(HTTPStatus.NOT_MODIFIED, headers)
    named, policy = _describe(path, facts.st_size)
    return Answer(HTTPStatus.OK, [*named, *headers], file, policy)


def _find_marker(root: Path, path: str) -> Answer | None:
    """What a marker in one of the folders above says, the outermost first."""
    folder = ""
    for name in path.split("/")[1:-1]:
        folder += f"{name}/"
        if (root / folder / GONE).is_file():
            return _page(root, folder + GONE, HTTPStatus.GONE)
        target = _read_target(root / folder / MOVED)
        if target:
            return _redirect(target, "")
    return None


def _read_target(marker: Path) -> str:
    """Where something moved to: an address of our own, else nothing."""
    try:
        target = marker.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return target if target.startswith("/") and not target.startswith("//") and target.isprintable() else ""


def _open(root: Path, path: str) -> tuple[BinaryIO, os.stat_result] | None:
    """A file under the folder, None when there is none. Links are followed by nobody, neither a file nor a folder on the way."""
    target = root / path
    if os.path.realpath(target) != str(target):
        return None
    try:
        descriptor = os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        return None
    return os.fdopen(descriptor, "rb"), facts


def _describe(path: str, size: int) -> tuple[Headers, str]:
    """Type, length and, for an attachment, how it may be opened; and the policy that it is served with."""
    name = path.rsplit("/", 1)[-1] or INDEX
    suffix = PurePosixPath(name).suffix.lower()
    content_type = CONTENT_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers: Headers = [("Content-Type", content_type), ("Content-Length", str(size))]
    if not is_attachment(path):
        return headers, POLICY
    # Without a name: the page that offers the file gives it the one people know it by.
    return [*headers, ("Content-Disposition", "inline" if suffix == ".pdf" else "attachment")], SANDBOX


def is_attachment(path: str) -> bool:
    """Whether an address is that of a publication's file: what it holds came from outside."""
    parts = path.split("/")
    return len(parts) > 5 and parts[1] == "d" and parts[4] == "files"


def _knows(header: str, tag: str) -> bool:
    """Whether the reader has the file already, by what he sent (If-None-Match)."""
    known = [part.strip().removeprefix("W/") for part in header.split(",")]
    return tag in known or known == ["*"]


def _page(root: Path, path: str, status: HTTPStatus) -> Answer:
    """A file that is the body of an answer that is not 200."""
    opened = _open(root, path)
    if opened is None:
        return Answer(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
    file, facts = opened
    headers: Headers = [("Content-Type", CONTENT_TYPES[".html"]), ("Content-Length", str(facts.st_size)), ("Cache-Control", "no-store")]
    return Answer(status, headers, file)


def _redirect(address: str, query: str) -> Answer:
    location = quote(address, safe="/-._~") + (f"?{quote(query, safe='%&=+-._~')}" if query else "")
    return Answer(HTTPStatus.MOVED_PERMANENTLY, [("Location", location), ("Content-Length", "0"), ("Cache-Control", "no-cache")])


def _send(answer: Answer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    headers = [*answer.headers, *SAFE_HEADERS, ("Content-Security-Policy", answer.policy)]
    start_response(f"{answer.status.value} {answer.status.phrase}", headers)
    if answer.body is None:
        return []
    if environ["REQUEST_METHOD"] == "HEAD":
        answer.body.close()
        return []
    return _chunks(answer.body)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


# ------------------------------------------------------------------ the application


def _ask(dynamic: WSGIApplication, root: Path, instead: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The application's answer with our headers on it; when it fails, the page that says what to do instead."""
    kept: list[tuple[str, Headers]] = []

    def keep(status: str, headers: Headers, _exc_info: object = None, /) -> Callable[[bytes], object]:
        kept.append((status, headers))
        return _no_write

    body: Iterable[bytes] = ()
    try:
        body = dynamic(environ, keep)
        status, headers = kept[-1]
    except Exception:
        # Whatever it is, the reader gets a page that helps; the application logs its faults itself.
        status, headers = "500", []
    if status.startswith("5"):
        _close(body)
        return _send(_page(root, instead, HTTPStatus.SERVICE_UNAVAILABLE), environ, start_response)
    ours = {name.lower() for name, _ in SAFE_HEADERS} | {"content-security-policy"}
    kept_headers = [(name, value) for name, value in headers if name.lower() not in ours]
    start_response(status, [*kept_headers, *SAFE_HEADERS, ("Content-Security-Policy", POLICY)])
    if environ["REQUEST_METHOD"] == "HEAD":
        _close(body)
        return []
    return body


def _no_write(_data: bytes) -> None:
    raise NotImplementedError("The application hands back its body, it does not write it.")


def _close(body: Iterable[bytes] | Sequence[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        with suppress(Exception):
            close()
