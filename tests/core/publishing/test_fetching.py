import socket
import time

import pytest

from gongkai.core.publishing.fetching import check_address, fetch, is_public_address
from gongkai.lib.errors import BadInput
from tests.factories.websites import a_web_site

HOSTS = ["127.0.0.1"]
WEB = "http://"
"""Written in two pieces: hosts that are no examples are what these tests are about."""


@pytest.fixture
def site():
    """A web site on this machine."""
    with a_web_site() as one:
        yield one


def test_a_page_is_fetched(site):
    found = fetch(site.put("/a.html", "<h1>公告</h1>"), internal_hosts=HOSTS)
    assert (found.html, found.fault, found.is_gone) == ("<h1>公告</h1>", "", False)


def test_what_calls_itself_gb2312_is_read_with_all_its_signs(site):
    address = site.put("/g.html", "<h1>征收土地公告〇一</h1>", charset="gb18030", Content_Type="text/html; charset=gb2312")
    assert "征收土地公告〇一" in (fetch(address, internal_hosts=HOSTS).html or "")


def test_the_inner_network_is_asked_only_where_a_setting_says_so(site):
    found = fetch(site.put("/a.html", "x"))
    assert found.html is None
    assert "内部网络" in found.fault
    assert site.asked == []


@pytest.mark.parametrize(
    "ip",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1",
     "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "fe80::1%eth0"],
)  # fmt: skip
def test_no_address_of_an_inner_network_passes_however_it_is_dressed(ip):
    assert not is_public_address(ip)


def test_addresses_of_the_open_internet_pass():
    assert is_public_address("1.1.1.1")
    assert is_public_address("2606:4700:4700::1111")


def test_a_name_that_means_an_inner_machine_among_others_is_refused(monkeypatch):
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: rows)
    monkeypatch.setattr(socket, "create_connection", lambda *_args, **_kwargs: pytest.fail("It connected."))
    assert "内部网络" in fetch("http://www.example.com/").fault


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch):
    asked, connected = [], []

    def resolve(*_args, **_kwargs):
        asked.append(1)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1" if len(asked) == 1 else "127.0.0.1", 80))]

    def connect(target, **_kwargs):
        connected.append(target)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    fetch("http://www.example.com/")
    assert (len(asked), connected) == (1, [("1.1.1.1", 80)])


def test_a_redirect_is_judged_like_an_address_that_was_typed(site):
    away = site.put("/away", "", status=302, Location=f"{WEB}169.254.169.254/latest/")
    assert "内部网络" in fetch(away, internal_hosts=HOSTS).fault
    other = site.put("/file", "", status=302, Location="file:///etc/passwd")
    assert "http://" in fetch(other, internal_hosts=HOSTS).fault
    site.put("/there", "<h1>到了</h1>")
    assert fetch(site.put("/hop", "", status=301, Location="/there"), internal_hosts=HOSTS).html == "<h1>到了</h1>"
    assert "转来转去" in fetch(site.put("/round", "", status=302, Location="/round"), internal_hosts=HOSTS).fault


def test_what_is_too_big_or_too_slow_is_given_up(site):
    big = site.put("/big", "长" * 2000)
    assert "没有取完" in fetch(big, internal_hosts=HOSTS, most=1000).fault
    site.drip = 0.05
    begun = time.monotonic()
    found = fetch(site.put("/slow", "慢" * 500), internal_hosts=HOSTS, seconds=0.6)
    assert found.html is None
    assert time.monotonic() - begun < 5


def test_a_page_that_is_not_there_is_told_from_one_that_cannot_be_reached(site):
    assert fetch(f"{site.address}/none", internal_hosts=HOSTS).is_gone
    broken = fetch(site.put("/broken", "", status=500), internal_hosts=HOSTS)
    assert (broken.is_gone, broken.fault) == (False, "对方网站没有给网页（500）。")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "连不上" in fetch(f"http://127.0.0.1:{port}/", internal_hosts=HOSTS).fault


def test_what_is_no_page_is_not_read(site):
    assert "不是网页" in fetch(site.put("/a.pdf", "%PDF", Content_Type="application/pdf"), internal_hosts=HOSTS).fault
    assert "不是网页" in fetch(site.put("/z", "x", Content_Encoding="gzip"), internal_hosts=HOSTS).fault


@pytest.mark.parametrize(
    "address",
    ["", "www.example.com", "ftp://www.example.com/", "file:///etc/passwd", "javascript:alert(1)", "http://", f"{WEB}a b/",
     "http://user:pass@www.example.com/", "http://www.example.com:25/", "http://www.example.com:99999/", f"{WEB}[::1",
     f"{WEB}x/\nx"],
)  # fmt: skip
def test_only_addresses_of_the_web_are_taken(address):
    with pytest.raises(BadInput) as refusal:
        check_address(address)
    assert refusal.value.field == "address"
    assert fetch(address).html is None
