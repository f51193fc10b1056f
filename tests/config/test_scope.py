"""Every address of the desk, with people of every role and of other units: nobody sees or touches what is not his.

A new address needs a line in EXPECTED, else the first test here fails. It says who may open it: whoever is signed in (a list then shows him
his own units' things only), whoever holds a right, or whoever may see the unit of the thing that the address names.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gongkai.core.ledger.actions import save_view
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.models import Outlet, Posting, Publication
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Right, Role
from gongkai.foundation.accounts.models import PostRole, User
from gongkai.foundation.accounts.rules import ROLE_RIGHTS
from gongkai.foundation.attachments.models import Attachment
from gongkai.foundation.delegations.actions import delegate
from gongkai.foundation.organisations.models import PostHolding, Unit
from tests.factories.disclosure import a_cause
from tests.factories.publishing import Reviewers, a_content, a_draft, a_file, a_publication, a_text_in_review, the_step_of
from tests.factories.registers import a_row, an_upload

MARK = "柳溪路甲三地块"
"""In the title of everything of the unit that is not public yet: no stranger's page holds it."""


@dataclass(frozen=True)
class Expected:
    """Who may open an address. `thing` names what stands in it; `right` None: no right is needed; `is_open`: not even a sign-in;
    `is_for_some`: several rights open it."""

    right: Right | None = None
    thing: str = ""
    is_open: bool = False
    is_for_some: bool = False
    more: Mapping[str, Any] | None = None
    """What else the address holds, besides the thing."""


SIGNED_IN, OPEN = Expected(), Expected(is_open=True)


def needs(right: Right, **more: Any) -> Expected:
    return Expected(right=right, more=more)


def of(thing: str, **more: Any) -> Expected:
    return Expected(thing=thing, more=more)


EXPECTED: dict[str, Expected] = {
    "": SIGNED_IN,
    "accounts:login": OPEN,
    "accounts:second_step": OPEN,
    "accounts:provider": OPEN,
    "accounts:provider_answer": OPEN,
    "accounts:resume": OPEN,
    "accounts:logout": OPEN,
    "accounts:password": SIGNED_IN,
    "accounts:own": SIGNED_IN,
    "accounts:end_session": SIGNED_IN,
    "accounts:end_other_sessions": SIGNED_IN,
    "accounts:authenticator": SIGNED_IN,
    "accounts:recovery_codes": SIGNED_IN,
    "accounts:drop_authenticator": SIGNED_IN,
    "people:list": needs(Right.MANAGE_ACCOUNTS),
    "people:open": needs(Right.MANAGE_ACCOUNTS),
    "people:roles": needs(Right.MANAGE_ACCOUNTS),
    "people:take_role": needs(Right.MANAGE_ACCOUNTS, role_id=1),
    "people:lift_address": needs(Right.MANAGE_ACCOUNTS, tally_id=1),
    "people:account": needs(Right.MANAGE_ACCOUNTS, uuid="officer"),
    "people:renew_password": needs(Right.MANAGE_ACCOUNTS, uuid="officer"),
    "people:act": needs(Right.MANAGE_ACCOUNTS, uuid="officer", act="suspend"),
    "supervision:my_today": SIGNED_IN,
    "supervision:notices": SIGNED_IN,
    "ledger:list": SIGNED_IN,
    "ledger:calendar": SIGNED_IN,
    "ledger:by_entry": SIGNED_IN,
    "ledger:missing": SIGNED_IN,
    "ledger:export_csv": SIGNED_IN,
    "ledger:export_sheet": SIGNED_IN,
    "ledger:views": SIGNED_IN,
    "ledger:save_view": SIGNED_IN,
    "ledger:rename_view": of("view"),
    "ledger:remove_view": of("view"),
    "ledger:reassign": needs(Right.REASSIGN),
    "ledger:freshness": SIGNED_IN,
    "ledger:terms": SIGNED_IN,
    "ledger:terms_duty": Expected(more={"entry": "land.result"}),
    "ledger:terms_add": needs(Right.CONFIRM_TERMS, entry="land.result"),
    "ledger:terms_local": needs(Right.CONFIRM_TERMS, entry="land.result"),
    "ledger:terms_local_withdraw": needs(Right.CONFIRM_TERMS, entry="land.result", local=UUID(int=1)),
    "ledger:terms_confirm": needs(Right.CONFIRM_TERMS, entry="land.result", terms=1),
    "ledger:terms_withdraw": needs(Right.CONFIRM_TERMS, entry="land.result", terms=1),
    "ledger:detail": of("duty"),
    "ledger:why": SIGNED_IN,
    "ledger:receipt": of("duty"),
    "ledger:move": of("duty", act="STOP"),
    "ledger:proposal": of("duty", proposal="movement"),
    "ledger:void_movement": of("duty", movement="movement"),
    "calendars:list": needs(Right.MANAGE_CALENDAR),
    "calendars:change": needs(Right.MANAGE_CALENDAR),
    "calendars:day": needs(Right.MANAGE_CALENDAR),
    "calendars:year": needs(Right.MANAGE_CALENDAR, year=2026),
    "calendars:withdraw": needs(Right.MANAGE_CALENDAR, year=2026),
    "publishing:list": SIGNED_IN,
    "publishing:queue": SIGNED_IN,
    "publishing:published": SIGNED_IN,
    "publishing:withdrawals": SIGNED_IN,
    "publishing:withdrawal": of("withdrawal"),
    "publishing:explain": of("withdrawal"),
    "publishing:restore": of("withdrawal"),
    "publishing:withdraw": of("public"),
    "publishing:take-down": of("public"),
    "publishing:draft": of("draft"),
    "publishing:submit": of("draft"),
    "publishing:pass-finding": of("draft"),
    "publishing:repair": of("draft"),
    "publishing:compare": of("draft"),
    "publishing:picture": of("draft"),
    "publishing:hold": of("draft"),
    "publishing:leave": of("draft"),
    "publishing:take-over": of("draft"),
    "publishing:outlets": of("public"),
    "publishing:package": of("public"),
    "publishing:posting": of("posting"),
    "publishing:check": of("posting"),
    "publishing:confirm": of("posting"),
    "publishing:note-down": of("posting"),
    "outlets:list": needs(Right.MANAGE_OUTLETS),
    "publishing:urgent": of("draft"),
    "publishing:next-edition": of("public"),
    "publishing:edition": of("public", number=1),
    "publishing:publish": of("draft"),
    "publishing:releases": Expected(is_for_some=True),
    "publishing:plan-release": Expected(is_for_some=True),
    "publishing:release": of("nothing"),
    "publishing:change-release": of("nothing"),
    "publishing:release-now": of("nothing"),
    "publishing:cancel-release": of("nothing"),
    # Who asks, who agrees and who only reads: the tests of the purge say it. Here: of a purge that is not there nobody learns anything.
    "purges:list": Expected(is_for_some=True),
    "purges:request": of("public"),
    "purges:purge": of("nothing"),
    "purges:approve": of("nothing"),
    "purges:refuse": of("nothing"),
    "purges:confirm": of("nothing", code="x"),
    "publishing:review": of("step"),
    "publishing:pass": of("step"),
    "publishing:return": of("step"),
    "attachments:download": of("file"),
    "delegations:list": SIGNED_IN,
    "delegations:end": of("delegation"),
    "trail:trail": needs(Right.SEE_AUDIT),
    "trail:verify": needs(Right.SEE_AUDIT),
    "trail:export": needs(Right.SEE_AUDIT),
    "trail:chain": needs(Right.SEE_AUDIT),
    "disclosure:list": SIGNED_IN,
    "disclosure:new": needs(Right.WRITE),
    "disclosure:coverage": SIGNED_IN,
    "disclosure:uncovered": SIGNED_IN,
    "disclosure:registers": needs(Right.WRITE),
    "disclosure:load-registers": needs(Right.WRITE),
    "disclosure:register": needs(Right.WRITE, code="land_market"),
    "disclosure:edit-register": needs(Right.WRITE, code="land_market"),
    "disclosure:template": needs(Right.WRITE, code="land_market"),
    "disclosure:upload": of("upload"),
    "disclosure:columns": of("upload"),
    "disclosure:edit-lines": of("upload"),
    "disclosure:bad-lines": of("upload"),
    "disclosure:import": of("upload"),
    "disclosure:undo": of("upload"),
    "disclosure:recheck": of("upload"),
    "disclosure:discard": of("upload"),
    "disclosure:cause": of("cause"),
    "disclosure:write": of("cause"),
    "portal_desk:preview": of("draft"),
    "portal_desk:limit": of("duty"),
    "ui:components": SIGNED_IN,
    "ui:preferences": SIGNED_IN,
    "outbox:jobs": needs(Right.MANAGE_JOBS),
    "outbox:retry": needs(Right.MANAGE_JOBS, intent_id=1),
}
OWN = "周岚"
"""The clerk whose things these are, of 自然资源开发利用科."""
SEEING = ("陈默", "林晓", "顾长青", "何静")
"""Who sees that unit's papers: its head, the secrecy reviewer, the signer, the openness office."""
STRANGERS = {
    "clerk of another unit": "高远航",
    "head of another unit": "雷震川",
    "clerk of a county branch": "柳岸风",
    "head of a county branch": "云中岳",
    "system administrator": "卫东来",
    "security administrator": "安若素",
    "audit administrator": "申衡之",
}
ADMINISTRATORS = ("卫东来", "安若素", "申衡之")
REFUSED = {403, 404}
LEFT_OUT = {"accounts:end_session", "accounts:end_other_sessions"}
"""Acts on one's own account, which have nobody else's thing in them."""


NOT_A_CLERKS = {
    "delegations:end",
    "ledger:move",
    "ledger:proposal",
    "ledger:void_movement",
    "portal_desk:limit",
    "purges:request",
    "publishing:take-down",
    "publishing:urgent",
    "publishing:withdraw",
}
WHOLE_BUREAU = {"disclosure:load-registers", "disclosure:edit-register"}
"""Pages that need their right for the bureau itself."""


def list_addresses(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The names of all addresses of the desk."""
    for pattern in (resolver or get_resolver("gongkai.config.urls_desk")).url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join(filter(None, (space, pattern.name)))
        else:
            yield from list_addresses(pattern, pattern.namespace or space)


def test_every_address_of_the_desk_says_who_may_open_it():
    addresses = set(list_addresses())

    assert sorted(addresses - EXPECTED.keys()) == []
    assert sorted(EXPECTED.keys() - addresses) == []


def test_an_address_without_an_expectation_is_found():
    assert "publishing:draft" in set(list_addresses())
    assert "outbox:retry" in set(list_addresses())


def test_administrators_neither_write_nor_review_nor_sign_nor_see_papers():
    work = frozenset().union(*(rights for role, rights in ROLE_RIGHTS.items() if not role.value.endswith("_ADMIN"))) - {
        Right.MANAGE_CALENDAR
    }
    held = {role: ROLE_RIGHTS[role] for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)}

    assert all(rights and not rights & work for rights in held.values())
    assert sum(len(rights) for rights in held.values()) == len(frozenset().union(*held.values()))


@pytest.fixture
def things(bureau, clerk, unit_head, secrecy_reviewer, signer, openness_office, friday, sealed_root, portal_root) -> dict[str, Any]:
    """One of each of what an address can name, all of 自然资源开发利用科, each with MARK in its title but for what is public."""
    cause = a_cause(actor=clerk, now=friday, title=f"{MARK}成交")
    assert cause.obligation is not None
    draft = a_draft(actor=clerk, now=friday, content=a_content(title=f"{MARK}预公告"))
    sealed = publishing.attach_files(publication=draft, files=[a_file(f"{MARK}.txt", b"x\n")], actor=clerk, now=friday).stored
    seen = publishing.get_draft(draft)
    content = replace(seen.content, attachments=sealed)
    publishing.save_draft(publication=draft, content=content, seen_hash=seen.content_hash, actor=clerk, now=friday)
    by = Reviewers(unit_head, secrecy_reviewer, signer)
    public = [a_publication(actor=clerk, by=by, now=friday, content=a_content(title=f"城东片区预公告{number}")) for number in (1, 2)]
    waiting = a_text_in_review(actor=clerk, now=friday, content=a_content(title=f"{MARK}待审预公告"))
    upload = an_upload(a_row(17, title=MARK), actor=clerk, now=friday)
    view = save_view(name=MARK, query="state=OPEN", actor=clerk, now=friday)
    posting = Posting.objects.create(
        publication=Publication.objects.get(uuid=public[0]),
        outlet=Outlet.objects.create(name="市政府网站", address="http://127.0.0.1:9/", telephone="0000-8866100"),
        address="http://127.0.0.1:9/1",
        entered_by_id=clerk.officer_id,
        entered_at=friday,
    )
    substitute = accounts.find_actor(name="苏明远", on=friday.date())
    assert substitute.officer_id is not None
    delegation = delegate(
        principal_id=unit_head.officer_id,
        delegate_id=substitute.officer_id,
        rights=[Right.REVIEW_UNIT],
        from_date=friday.date(),
        to_date=friday.date(),
        reason=MARK,
        actor=unit_head,
        now=friday,
    )
    publishing.take_down(publication=public[1], note="", actor=openness_office, now=friday)
    return {
        "cause": cause.uuid,
        "duty": cause.obligation,
        "delegation": delegation,
        "draft": draft,
        "file": Attachment.objects.values_list("uuid", flat=True).latest("pk"),
        "public": public[0],
        "step": the_step_of(waiting),
        "upload": upload,
        "view": view.uuid,
        "withdrawal": publishing.list_withdrawals(unit_ids=clerk.seen_units).rows[0].uuid,
        "movement": uuid4(),
        "nothing": uuid4(),
        "posting": posting.uuid,
        "officer": User.objects.get(username=OWN).officer.uuid,
    }


def address_of(name: str, things: Mapping[str, Any]) -> str:
    """The address, with the thing and whatever else it holds."""
    if name == "":
        return "/"
    expected = EXPECTED[name]
    more = {key: things.get(value, value) if isinstance(value, str) else value for key, value in (expected.more or {}).items()}
    return reverse(name, kwargs=({"uuid": things[expected.thing]} if expected.thing else {}) | more)


def text_of(answer: Any) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode("utf-8", errors="replace")


def status_of(answer: Any) -> int:
    text_of(answer)
    return int(answer.status_code)


def walk(names: Iterator[str] | set[str], ask: Callable[[str], str]) -> list[str]:
    """What is wrong, of all of them together."""
    return [f"{name}: {fault}" for name in sorted(names) if (fault := ask(name))]


@pytest.mark.django_db
@pytest.mark.parametrize("name", STRANGERS.values(), ids=STRANGERS)
def test_nothing_of_another_unit_is_seen_or_touched(sign_in, things, name, friday):
    client, actor, unit_id = sign_in(name), accounts.find_actor(name=name, on=friday.date()), Unit.objects.get(code="LC05").pk

    def ask(address: str) -> str:
        expected, path = EXPECTED[address], address_of(address, things)
        got = client.get(path)
        # Whoever holds the page's right for that unit watches over it: a calendar moves everybody's dates.
        is_his = expected.right is not None and actor.may(expected.right, unit_id)
        if MARK in text_of(got) and not is_his:
            return f"GET shows {MARK}"
        if got.status_code >= 500:
            return f"GET {got.status_code}"
        if expected.thing:
            sent = client.post(path, {"reason": "就是要", "opinion": "同意", "name": "另一个名"})
            if (
                got.status_code not in REFUSED | {405}
                or sent.status_code not in REFUSED | {405}
                or {405} == {got.status_code, sent.status_code}
            ):
                return f"GET {got.status_code}, POST {sent.status_code}"
        if expected.right and not actor.units(expected.right):
            sent = client.post(path, {"reason": "就是要"})
            if {got.status_code, sent.status_code} - {403, 405} or got.status_code == sent.status_code == 405:
                return f"GET {got.status_code}, POST {sent.status_code} without the right"
        if expected == SIGNED_IN and got.status_code in REFUSED:
            return f"GET {got.status_code}, though whoever is signed in may"
        return ""

    faults = walk(EXPECTED.keys() - LEFT_OUT - {"accounts:logout"}, ask)
    assert not faults, "\n".join(faults)
    assert publishing.get_draft(things["draft"]).content.title == f"{MARK}预公告"
    assert publishing.get_draft(things["public"]).is_public


@pytest.mark.django_db
def test_the_unit_itself_opens_its_things(sign_in, things):
    client = sign_in(OWN)

    def ask(address: str) -> str:
        status = status_of(client.get(address_of(address, things)))
        return "" if status in {200, 302, 405, 409} else f"GET {status}"

    own = {name for name, expected in EXPECTED.items() if expected.thing not in {"", "nothing", "withdrawal"}}
    # These need a right that a clerk has not, or show what is not there: a limit that is not public, a proposal nobody made.
    faults = walk(own - NOT_A_CLERKS, ask)
    assert not faults, "\n".join(faults)
    assert MARK in text_of(client.get(reverse("ledger:list")))
    assert MARK in text_of(client.get(reverse("publishing:list")))
    assert MARK in text_of(client.get(reverse("disclosure:list")))


@pytest.mark.django_db
@pytest.mark.parametrize("name", SEEING)
def test_those_who_watch_over_the_unit_see_its_papers(sign_in, things, name):
    client = sign_in(name)

    for address in ("publishing:draft", "attachments:download", "portal_desk:preview"):
        assert status_of(client.get(address_of(address, things))) == 200, address


@pytest.mark.django_db
def test_nothing_opens_without_signing_in(bureau, demo_clock, things):
    client = Client(headers={"host": "127.0.0.1"})

    def ask(address: str) -> str:
        path = address_of(address, things)
        got, sent = client.get(path), client.post(path, {"reason": "就是要"})
        if MARK in text_of(got) + text_of(sent):
            return f"shows {MARK}"
        is_led = got.status_code == 302 and got["Location"].startswith("/accounts/login/")
        return "" if is_led and sent.status_code == 401 else f"GET {got.status_code}, POST {sent.status_code}"

    # Without a field that a person types nothing has to be kept: the form is led to the login as a page is.
    closed = {name for name, expected in EXPECTED.items() if not expected.is_open}
    faults = walk(closed - {name for name in closed if name.startswith("accounts:")}, ask)
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
def test_every_right_opens_its_pages_and_no_other_does(sign_in, bureau, things, friday):
    """Each of the people here with all pages that ask for a right: open exactly where he holds it."""
    people = {name: accounts.find_actor(name=name, on=friday.date()) for name in (OWN, *SEEING, *STRANGERS.values(), "方正言")}
    pages = {name: expected for name, expected in EXPECTED.items() if expected.right and not expected.thing}
    assert {expected.right for expected in pages.values()} <= set().union(*(person.rights.keys() for person in people.values()))
    faults = []
    for name, person in people.items():
        client = sign_in(name)
        for address, expected in pages.items():
            status = status_of(client.get(address_of(address, things)))
            is_held = expected.right in person.rights and (address not in WHOLE_BUREAU or person.may(Right.WRITE, bureau.id))
            if status != 405 and (status == 403) == is_held:
                faults.append(f"{name} {address}: {status}")
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
def test_a_security_administrator_of_a_branch_sees_only_its_accounts(sign_in, bureau, friday):
    branch = Unit.objects.get(code="LC24")
    post = PostHolding.objects.get(officer__name="柳岸风").post
    PostRole.objects.filter(post=post).update(role=Role.SECURITY_ADMIN.value, scope=branch)
    client = sign_in("柳岸风")
    other, mine = (User.objects.get(username=name).officer.uuid for name in (OWN, "云中岳"))

    page = text_of(client.get(reverse("people:list")))
    assert "云中岳" in page
    assert OWN not in page.split("<main")[1]
    assert OWN not in text_of(client.get(reverse("people:roles"))).split("<main")[1]
    for name, more in (("people:account", {}), ("people:renew_password", {}), ("people:act", {"act": "suspend"})):
        assert client.get(reverse(name, kwargs={"uuid": mine} | more)).status_code == 200
        assert client.get(reverse(name, kwargs={"uuid": other} | more)).status_code == 404
        assert client.post(reverse(name, kwargs={"uuid": other} | more)).status_code in {404, 405}
    foreign = PostRole.objects.exclude(post__unit=branch).first()
    assert foreign is not None
    assert client.post(reverse("people:take_role", args=[foreign.pk])).status_code == 404
    assert PostRole.objects.filter(pk=foreign.pk).exists()
    assert not User.objects.get(username=OWN).is_suspended
