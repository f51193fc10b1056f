"""Rules about every committed text: no addresses of machines or registries, nothing outside the repository, no stray notes."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import list_files, name_of

# The licence's own text; names of XML vocabularies, which nobody fetches; names reserved for examples; this machine.
LICENCE = "LICENSE"
ALLOWED_HOSTS = re.compile(
    r"^(127\.0\.0\.1|localhost|testserver|\[::1\]|0\.0\.0\.0|www\.w3\.org|([\w-]+\.)*(example|test|invalid|localhost)|([\w-]+\.)*example\.(com|org|net|cn|gov\.cn))$"
)
ADDRESS = re.compile(r"(?:https?|ftp|wss?):\\?/\\?/(?:[^/\s@\"'<>]*@)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]*[A-Za-z0-9])")
# Written apart, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    r"\b("
    + "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "--" + "(extra-)?index-url"])
    + r")\b|--(extra-)?index-"
    + "url"
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + r"me/\w+", "op" + "t/wheels", "Use" + r"rs/\w+"]) + r")/"
)
OUTSIDE = re.compile(r"\.\./" + "shared")
NOTE = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + r"X)\b")
NOTE_WITH_ISSUE = re.compile(r"\bTO" + r"DO\b.{0,20}\bissue \d+")
UV_OPTION = "--no-emit-index-" + "url"


def find_addresses(text: str) -> list[str]:
    return [host for host in ADDRESS.findall(text) if not ALLOWED_HOSTS.match(host.lower())]


def find_registries(text: str) -> list[str]:
    return [match[0] for match in REGISTRIES.finditer(text.replace(UV_OPTION, ""))]


def find_machine_paths(text: str) -> list[str]:
    return [match[0] for match in MACHINE_PATHS.finditer(text)]


def find_outside(text: str) -> list[str]:
    return OUTSIDE.findall(text)


def find_notes(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if NOTE.search(line) and not NOTE_WITH_ISSUE.search(line)]


def texts() -> list[tuple[Path, str]]:
    return [
        (path, path.read_text(encoding="utf-8", errors="replace"))
        for path in list_files()
        if path.name != LICENCE and not path.is_symlink()
    ]


def look(find) -> list[str]:
    return [f"{name_of(path)}: {found}" for path, text in texts() for found in find(text)]


def test_no_file_holds_a_web_address():
    assert look(find_addresses) == []


def test_no_file_names_a_package_registry():
    assert look(find_registries) == []


def test_no_file_holds_a_path_of_somebodys_machine():
    assert look(find_machine_paths) == []


def test_nothing_reads_what_lies_outside_the_repository():
    assert look(find_outside) == []


def test_a_note_to_do_something_names_its_issue():
    assert [line for line in look(find_notes) if ".py:" in line or ".html:" in line or "Makefile" in line] == []


# Every check can fail.


@pytest.mark.parametrize(
    "address", ["https:" + "//www.bureau.gov/x", "http:" + "//user@host.local/", r"https:\/" + r"\/cdn.net\/a", "ws:" + "//1.2.3.4:80/"]
)
def test_an_address_is_found(address):
    assert find_addresses(f"see {address} there")


def test_examples_and_this_machine_are_no_addresses():
    assert not find_addresses(
        "http://127.0.0.1:8000/ https://portal.example/ http://www.w3.org/2000/svg https://bureau.example.cn/x https://{host}/"
    )


def test_a_registry_is_found():
    assert find_registries("--index-" + "url x")
    assert find_registries("from py" + "pi.org")
    assert not find_registries(UV_OPTION)


def test_a_path_of_a_machine_is_found():
    assert find_machine_paths("open('/wo" + "rk/main/x')")
    assert not find_machine_paths("src/work/main, https://x.test/work/")


def test_a_way_out_of_the_repository_is_found():
    assert find_outside("see ../" + "shared/domain")


def test_a_note_without_an_issue_is_found():
    assert find_notes("# TO" + "DO: later")
    assert not find_notes("# TO" + "DO (issue 12): later")
