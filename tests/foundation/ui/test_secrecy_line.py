"""本系统不得存储、处理涉密信息 stands on every page of the desk and on the sign-in page, and nothing switches it off."""

import pytest
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from tests.architecture.tree import PRODUCT

pytestmark = pytest.mark.django_db

LINE = "本系统不得存储、处理涉密信息"
PEOPLE = ("周岚", "陈默", "林晓", "何静", "顾长青", "卫东来", "申衡之", "方正")


def list_names(patterns, space: str = "") -> list[str]:
    """The name of every address of the desk that needs no argument."""
    names = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            names += list_names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            names.append(f"{space}{pattern.name}")
    return names


def list_addresses() -> list[str]:
    found = []
    for name in list_names(get_resolver("gongkai.config.urls_desk").url_patterns):
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return sorted(set(found))


def test_every_page_that_anybody_can_open_shows_the_line(sign_in, bureau):
    seen: dict[str, int] = {}
    browsers = [sign_in(name) for name in PEOPLE if _is_known(name)]
    for address in list_addresses():
        for browser in browsers:
            answer = browser.get(address)
            if not answer.streaming and b"<html" in answer.content:
                seen[address] = seen.get(address, 0) + 1
                assert LINE in answer.content.decode(), (address, answer.status_code)
            elif answer.streaming:
                b"".join(answer)  # to its end, where the test's browser closes what was opened for it

    # Pages of every area were among them, refusals (403) too.
    assert len(seen) > 20
    assert all(
        any(address.startswith(part) for address in seen) for part in ("/desk/ledger", "/desk/publishing", "/desk/jobs", "/desk/audit")
    )


def _is_known(name: str) -> bool:
    from gongkai.foundation.organisations import api as organisations  # noqa: PLC0415

    return organisations.find_officer(name=name) is not None


def test_the_line_stands_on_the_sign_in_page_and_on_every_refusal(client, demo_clock, bureau):
    assert LINE in client.get(reverse("accounts:login")).content.decode()
    assert LINE in client.get("/desk/nothing-there/", follow=True).content.decode()
    for name in ("400.html", "403.html", "403_csrf.html", "404.html", "500.html"):
        assert LINE in get_template(name).render({}), name


def test_every_page_template_of_the_desk_stands_in_a_frame_that_has_the_line():
    """A page that brought a frame of its own could leave it out."""
    bases = ('{% extends "ui/desk.html" %}', '{% extends "ui/bare.html" %}', "{% extends frame")
    strays = []
    for path in PRODUCT.glob("*/*/templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        is_page = "<html" in text or text.lstrip().startswith("{% extends")
        is_portal = "portal" in path.parts
        if is_page and not is_portal and path.name not in {"desk.html", "bare.html"} and not text.lstrip().startswith(bases):
            base = text.split('"')[1] if '"' in text else ""
            whole = next(iter(PRODUCT.glob(f"*/*/templates/{base}")), None)
            if whole is None or not whole.read_text(encoding="utf-8").lstrip().startswith(bases):
                strays.append(str(path.relative_to(PRODUCT)))
    assert strays == []


def test_no_setting_and_no_missing_context_takes_the_line_away(rf):
    for name in ("ui/desk.html", "ui/bare.html"):
        assert LINE in get_template(name).render({"secrecy_line": ""}, rf.get("/")), name
        assert LINE in get_template(name).render({}), name
