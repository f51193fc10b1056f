import os
from io import BytesIO
from urllib.parse import unquote_to_bytes

import pytest

from gongkai.consumers.portal.serving import serve_files

PAGE = "<!DOCTYPE html><title>页</title>".encode()


def dynamic(environ, start_response):
    if "boom" in environ["QUERY_STRING"]:
        raise RuntimeError
    status = "500 Internal Server Error" if "error" in environ["QUERY_STRING"] else "200 OK"
    start_response(status, [("Content-Type", "text/html"), ("X-Frame-Options", "ALLOWALL"), ("Content-Security-Policy", "default-src *")])
    return [b"dynamic"]


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "portal"
    for path, content in {
        "index.html": PAGE,
        "open/index.html": PAGE,
        "open/公告.html": PAGE,
        "_site/not-found.html": b"not found page",
        "_site/search-down.html": b"search down page",
        "_site/calculator-down.html": b"calculator down page",
        "d/2026/00001/index.html": PAGE,
        "d/2026/00001/files/a1.pdf": b"%PDF-1.7",
        "d/2026/00001/files/a2.docx": b"PK",
        "d/2026/00001/files/a3.html": b"<script>alert(1)</script>",
        "d/2026/00002/_gone.html": b"gone page",
        "d/2026/00002/index.html": PAGE,
        "d/2026/00002/files/x.pdf": b"%PDF",
        "d/2026/00003/_moved": b"/d/2026/00001/\n",
        "d/2026/00004/_moved": b"//evil.example/",
        "static/portal/portal.css": b"body{}",
        ".writing-1": b"half",
    }.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (folder / "link.html").symlink_to(tmp_path / "secret.txt")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.html")
    return folder


@pytest.fixture
def ask(root):
    application = serve_files(root=root, dynamic=dynamic)

    def call(address, method="GET", **headers):
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "wsgi.input": BytesIO(),
            **headers,
        }
        answers = []

        def keep(status, fields, _error=None, /):
            answers.append((status, dict(fields)))
            return lambda _data: None

        body = application(environ, keep)
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        ((status, fields),) = answers
        return int(status[:3]), fields, content

    return call


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/open/", "text/html; charset=utf-8"),
        ("/open/%E5%85%AC%E5%91%8A.html", "text/html; charset=utf-8"),
        ("/static/portal/portal.css", "text/css; charset=utf-8"),
        ("/d/2026/00001/files/a1.pdf", "application/pdf"),
    ],
)
def test_a_file_is_served_with_its_type(ask, address, kind):
    status, fields, content = ask(address)
    assert status == 200
    assert fields["Content-Type"] == kind
    assert int(fields["Content-Length"]) == len(content) > 0
    assert fields["Cache-Control"] == "no-cache"


ANSWERS = ["/", "/nope/", "/open", "/search/", "/search/?error", "/search/?boom", "/d/2026/00002/", "/d/2026/00001/files/a1.pdf", "/../x"]


@pytest.mark.parametrize("address", ANSWERS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_carries_the_safe_headers(ask, address, method):
    _, fields, _ = ask(address, method)
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert fields["X-Frame-Options"] == "DENY"
    assert fields["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in fields["Content-Security-Policy"]
    assert "unsafe" not in fields["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/open/%2e%2e/%2e%2e/secret.txt",
        "/%252e%252e/secret.txt",
        "/..%5csecret.txt",
        "/open\\..\\..\\secret.txt",
        "/%00",
        "/index.html%00.pdf",
        "//etc/passwd",
        "//evil.example/",
        "/./index.html",
        "/open//index.html",
        "/.writing-1",
        "/_site/not-found.html",
        "/d/2026/00003/_moved",
        "/link.html",
        "/linked/secret.txt",
        "/linked/",
        "/pipe.html",
        "/%ff%fe",
        "/index.html/",
        "/index.html/x",
        "/%0d%0aX-Evil:1/",
        "/C:/x",
        "/" + "a" * 3000,
        "/" + "a" * 300 + "/",
        "nothing",
        "/search/more",
        "/d",
        "/d/",
    ],
)
def test_a_trick_with_the_path_gets_nothing_but_the_page_for_it(ask, address):
    status, fields, content = ask(address)
    if status == 301:
        assert fields["Location"] == "/d/"
        return
    assert (status, content) == (404, b"not found page")


def test_a_folder_is_reached_with_its_slash_and_the_question_is_kept(ask):
    status, fields, content = ask("/open?a=1%202&b=%0d%0aX: y")
    assert (status, content) == (301, b"")
    assert fields["Location"] == "/open/?a=1%202&b=%0d%0aX%3A%20y"
    assert ask("/search?q=1")[1]["Location"] == "/search/?q=1"


def test_a_reader_who_has_the_file_gets_304(ask):
    tag = ask("/")[1]["ETag"]
    for header in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        status, fields, content = ask("/", HTTP_IF_NONE_MATCH=header)
        assert (status, content, fields["ETag"]) == (304, b"", tag)
        assert "Content-Type" not in fields
    assert ask("/", HTTP_IF_NONE_MATCH='"other"')[0] == 200


def test_a_page_written_anew_has_another_tag(ask, root):
    tag = ask("/")[1]["ETag"]
    (root / "new").write_bytes(PAGE)
    (root / "new").replace(root / "index.html")
    assert ask("/")[1]["ETag"] != tag


def test_head_has_the_headers_and_no_body(ask):
    status, fields, content = ask("/", "HEAD")
    assert (status, content) == (200, b"")
    assert int(fields["Content-Length"]) == len(PAGE)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(ask, method):
    for address in ("/", "/search/"):
        status, fields, _ = ask(address, method)
        assert (status, fields["Allow"]) == (405, "GET, HEAD")


def test_attachments_are_downloads_in_a_sandbox_and_pdf_is_shown(ask):
    for name, kind in (("a1.pdf", "inline"), ("a2.docx", "attachment"), ("a3.html", "attachment")):
        _, fields, _ = ask(f"/d/2026/00001/files/{name}")
        assert fields["Content-Disposition"] == kind
        assert "sandbox" in fields["Content-Security-Policy"]


def test_what_was_taken_down_is_gone_with_its_files(ask):
    for address in ("/d/2026/00002/", "/d/2026/00002/files/x.pdf", "/d/2026/00002/anything"):
        assert ask(address)[::2] == (410, b"gone page")


def test_what_moved_is_redirected_within_the_portal_only(ask):
    status, fields, _ = ask("/d/2026/00003/")
    assert (status, fields["Location"]) == (301, "/d/2026/00001/")
    assert ask("/d/2026/00004/")[0] == 404


def test_the_application_answers_its_addresses_under_our_headers(ask):
    status, fields, content = ask("/search/?q=1")
    assert (status, content) == (200, b"dynamic")
    assert fields["X-Frame-Options"] == "DENY"


def test_the_application_sends_no_body_to_a_reader_who_asks_for_the_head(ask):
    assert ask("/search/?q=1", "HEAD")[::2] == (200, b"")


@pytest.mark.parametrize("address", ["/search/?error", "/search/?boom"])
def test_when_the_application_fails_a_file_says_what_to_do(ask, address):
    assert ask(address)[::2] == (503, b"search down page")
    assert ask(address.replace("search", "calculator"))[::2] == (503, b"calculator down page")


def test_without_any_file_the_answer_is_still_safe(tmp_path):
    answers = []

    def keep(status, fields, _error=None, /):
        answers.append((status, dict(fields)))
        return lambda _data: None

    application = serve_files(root=tmp_path / "nothing", dynamic=dynamic)
    body = application({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, keep)
    assert b"".join(body) == b""
    assert answers[0][0] == "404 Not Found"
    assert answers[0][1]["X-Content-Type-Options"] == "nosniff"
