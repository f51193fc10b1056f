"""One page of another site, fetched with care: only http and https, bounded in size and time, never into our own network.

The name is resolved once, every address of it is judged, and the connection goes to the one that was judged: a name that means another
machine a moment later gains nothing. Each redirect is judged like an address that was typed in.
"""

import contextlib
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Collection
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, urljoin, urlsplit

from gongkai.core.publishing.kinds import Fetched
from gongkai.lib.errors import BadInput

MAX_BYTES = 2_000_000
MAX_SECONDS = 10.0
MAX_HOPS = 4
PORTS = {"http": 80, "https": 443}
USUAL_PORTS = frozenset({80, 443, 8080, 8443})
GONE = frozenset({404, 410})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
EMBEDDED = ipaddress.ip_network("64:ff9b::/96")
CHARSET = re.compile(rb"""charset\s*=\s*["']?([a-zA-Z0-9_-]{2,20})""")
AGENT = "Gongkai/1 (publication check)"


class _Refused(Exception):
    """Why an address is not fetched, in words."""


def check_address(address: str) -> SplitResult:
    """An address that somebody typed, in its parts (网址). Raises: BadInput when it is none of the web's."""
    try:
        return _split(address.strip())
    except _Refused as refusal:
        raise BadInput(str(refusal), field="address") from refusal


def fetch(address: str, *, internal_hosts: Collection[str] = (), seconds: float = MAX_SECONDS, most: int = MAX_BYTES) -> Fetched:
    """The page at an address (取回网页). Never raises: what stands in the way is said in words.

    `internal_hosts` are the names inside our own network that may be asked all the same.
    """
    deadline = time.monotonic() + seconds
    try:
        for _ in range(MAX_HOPS + 1):
            answer = _ask(_split(address), internal_hosts, deadline, most)
            if isinstance(answer, Fetched):
                return answer
            address = urljoin(address, answer)
    except _Refused as refusal:
        return Fetched(None, str(refusal))
    except TimeoutError:
        return Fetched(None, f"{seconds:.0f} 秒内没有取回网页。")
    except (OSError, HTTPException, ValueError) as fault:
        late = time.monotonic() >= deadline
        return Fetched(None, f"{seconds:.0f} 秒内没有取回网页。" if late else f"连不上这个网址（{type(fault).__name__}）。")
    return Fetched(None, f"网址转来转去超过 {MAX_HOPS} 次。")


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _Refused("网址写得不对。请从浏览器的地址栏复制。") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise _Refused("网址要以 http:// 或 https:// 开头。请从浏览器的地址栏复制。")
    if parts.username is not None or parts.password is not None:
        raise _Refused("网址里不能有用户名和密码。")
    if not address.isprintable() or " " in address or len(address) > 500:
        raise _Refused("网址里有空格或看不见的字符，或者太长。请从浏览器的地址栏复制。")
    if port is not None and port not in USUAL_PORTS and not _is_literal_loopback(parts.hostname):
        raise _Refused(f"不取 {port} 端口的网页，只取 80、443、8080、8443。")
    return parts


def _is_literal_loopback(host: str) -> bool:
    """Judged again when it is connected to: only a setting lets anybody ask there."""
    return host in {"127.0.0.1", "localhost", "::1"}


def _ask(parts: SplitResult, internal_hosts: Collection[str], deadline: float, most: int) -> Fetched | str:
    """One request: the page, or where it sends us."""
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    ip = _resolve(host, port, is_internal_allowed=host in internal_hosts)
    connection = HTTPConnection(host, port, timeout=_left(deadline))
    plain = socket.create_connection((ip, port), timeout=_left(deadline))
    # The system's limit is for each wait; this one ends a server that sends a byte now and then.
    watchdog = threading.Timer(_left(deadline), _shut, [plain])
    watchdog.daemon = True
    watchdog.start()
    try:
        secure = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if parts.scheme == "https" else plain
        connection.sock = secure
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path.encode("ascii", "ignore").decode(), headers={"User-Agent": AGENT, "Accept-Encoding": "identity"})
        return _read(connection.getresponse(), deadline, most)
    finally:
        watchdog.cancel()
        connection.close()
        plain.close()


def _shut(plain: socket.socket) -> None:
    with contextlib.suppress(OSError):
        plain.shutdown(socket.SHUT_RDWR)


def _resolve(host: str, port: int, *, is_internal_allowed: bool) -> str:
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found:
        raise _Refused("找不到这个网站。请核对网址。")
    if not is_internal_allowed and not all(is_public_address(ip) for ip in found):
        raise _Refused("这个网址在内部网络里，不取。确实要取的，请系统管理员把它写进允许的内部网站。")
    return found[0]


def is_public_address(ip: str) -> bool:
    """Whether an address is one of the open internet (公网地址), also when it is dressed up as another kind."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        is_dressed = address.ipv4_mapped or address.sixtofour or address.teredo or address in EMBEDDED
        return address.is_global and not address.is_multicast and not is_dressed
    return address.is_global and not address.is_multicast


def _read(answer: HTTPResponse, deadline: float, most: int) -> Fetched | str:
    if answer.status in REDIRECTS and answer.headers.get("Location"):
        return str(answer.headers["Location"])
    if answer.status in GONE:
        return Fetched(None, f"对方网站说没有这个网页（{answer.status}）。", is_gone=True)
    if answer.status != 200:
        return Fetched(None, f"对方网站没有给网页（{answer.status}）。")
    kind = answer.headers.get_content_type()
    if kind not in {"text/html", "application/xhtml+xml"} or answer.headers.get("Content-Encoding", "identity") != "identity":
        return Fetched(None, "这个网址不是网页，读不出标题和日期。")
    received = bytearray()
    while chunk := answer.read1(65536):
        received += chunk
        if len(received) > most:
            return Fetched(None, f"网页超过 {most // 1_000_000} MB，没有取完。")
        _left(deadline)
    # An end that came because time ran out, or too early, is no whole page.
    _left(deadline)
    if answer.length:
        raise HTTPException
    return Fetched(_decode(bytes(received), answer.headers.get_content_charset()))


def _decode(data: bytes, named: str | None) -> str:
    meta = CHARSET.search(data[:4096])
    charset = named or (meta[1].decode("ascii") if meta else "utf-8")
    # What calls itself GB 2312 or GBK is read as what holds both.
    wanted = "gb18030" if charset.lower().replace("-", "") in {"gb2312", "gbk", "gb18030"} else charset
    try:
        return data.decode(wanted, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
