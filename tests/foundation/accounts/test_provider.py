"""Signing in through the local identity provider, against one that runs here."""

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime
from html import unescape
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from joserfc.jwk import RSAKey

from gongkai.foundation.accounts import actions, provider
from gongkai.foundation.accounts.kinds import SYSTEM, ProviderSettings
from gongkai.foundation.accounts.models import DeskSession, ProviderIdentity, User
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.models import AuditRecord
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import SHANGHAI
from tests.factories.accounts import PASSWORD, a_person
from tests.factories.organisations import a_bureau
from tests.foundation.accounts.identity_provider import CLIENT, SECRET, IdentityProvider

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.foundation.accounts.addresses")]
FRIDAY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
LOGIN, ASK, ANSWER = "/accounts/login/", "/accounts/provider/", "/accounts/provider/answer/"
KNOWN_NOT = "这里没有您能用的账号"
PROVEN_NOT = "没有认出您"


@pytest.fixture(scope="module")
def server():
    running = IdentityProvider()
    yield running
    running.close()


@pytest.fixture
def idp(server, settings, db):
    server.person, server.claims, server.refuses = {"sub": "u-1001", "name": "周岚"}, {}, False
    server.published = [server.key]
    settings.PROVIDER = ProviderSettings(server.issuer, CLIENT, SECRET)
    settings.BUSINESS_CLOCK = "demo"
    workdays.anchor_demo_clock(at=FRIDAY, system_now=timezone.now())
    provider.get_client.cache_clear()
    yield server
    provider.get_client.cache_clear()


@pytest.fixture
def zhou(idp):
    return a_person("周岚", a_bureau())


def visit(address):
    """What the browser does at the provider: it is signed in there and sent back."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    location = connection.getresponse().getheader("Location")
    connection.close()
    return location


def go(client, onward="/desk/manage/"):
    """The whole way; gives the answer to coming back."""
    asked = client.get(ASK, {"next": onward})
    assert asked.status_code == 302
    back = urlsplit(visit(asked["Location"]))
    return client.get(f"{back.path}?{back.query}")


def is_in(client):
    return client.get("/desk/").status_code == 200


def words(answer):
    assert answer.status_code == 401
    return re.findall(r'role="alert">.*?</svg>\s*(.*?)</div>', answer.content.decode(), re.DOTALL)[0]


def test_without_a_provider_the_login_does_not_name_one(client, idp, settings):
    settings.PROVIDER = None

    assert "统一身份认证" not in client.get(LOGIN).content.decode()
    assert "没有接统一身份认证" in words(client.get(ASK))


def test_the_login_leads_there_by_a_link_and_back_to_the_page_asked_for(client, zhou):
    page = client.get(f"{LOGIN}?next=/desk/manage/").content.decode()
    assert 'href="/accounts/provider/?next=%2Fdesk%2Fmanage%2F"' in page

    asked = client.get(ASK, {"next": "/desk/manage/"})
    query = parse_qs(urlsplit(asked["Location"]).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["scope"] == ["openid profile"]
    assert len(query["state"][0]) > 20
    assert len(query["nonce"][0]) >= 20

    assert go(client)["Location"] == "/desk/manage/"
    assert is_in(client)
    assert DeskSession.objects.get(user=zhou).way == "PROVIDER"
    assert [row.act for row in audit.list_rows(subject=zhou.officer.uuid)] == ["accounts.bind_identity", "accounts.sign_in"]


def test_neither_a_password_nor_a_second_step_is_asked_for(client, zhou, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    User.objects.update(must_change_password=True)
    go(client)

    assert is_in(client)


def test_the_next_time_it_is_the_person_who_counts_and_not_his_name(client, zhou, idp):
    go(Client())
    idp.person = {"sub": "u-1001", "name": "改过的名"}
    assert go(client).status_code == 302
    assert ProviderIdentity.objects.count() == 1


def test_another_person_of_the_same_name_does_not_come_in(client, zhou, idp):
    go(Client())
    idp.person = {"sub": "u-2002", "name": "周岚"}

    assert KNOWN_NOT in words(go(client))
    assert not is_in(client)

    actions.release_identity(user=zhou, actor=SYSTEM, now=FRIDAY)
    assert go(client).status_code == 302


@pytest.mark.parametrize("person", [{"sub": "u-3", "name": "高远"}, {"sub": "u-3"}, {"sub": "u-3", "name": ""}, {"sub": "u-3", "name": 5}])
def test_a_name_nobody_has_gets_one_answer(client, zhou, idp, person):
    idp.person = person

    assert KNOWN_NOT in words(go(client))
    assert not is_in(client)
    assert AuditRecord.objects.filter(act="accounts.sign_in_failed", subject=None).count() == 1
    assert "高远" not in str(list(AuditRecord.objects.values()))


def test_a_shut_account_gets_the_same_answer(client, zhou, idp):
    User.objects.update(is_suspended=True)
    shut = words(go(client))
    go(Client())
    User.objects.update(is_suspended=False)
    idp.person = {"sub": "u-9", "name": "高远"}

    assert shut == words(go(client))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another-client"},
        {"aud": ["another-client"], "azp": "gongkai"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"sub": None},
        {"azp": "another-client"},
    ],
)
def test_a_token_that_does_not_fit_signs_nobody_in(client, zhou, idp, claims):
    idp.claims = claims

    assert PROVEN_NOT in words(go(client))
    assert not is_in(client)


def test_a_token_that_another_key_signed_signs_nobody_in(client, zhou, idp, monkeypatch):
    stranger = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    monkeypatch.setattr(idp, "key", stranger)

    assert PROVEN_NOT in words(go(client))


def test_a_token_signed_with_the_public_key_as_secret_or_with_nothing_signs_nobody_in(client, zhou, idp, monkeypatch):
    def by_hand(header, claims, secret):
        parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
        signed = hmac.new(secret, b".".join(parts), hashlib.sha256).digest() if secret else b""
        return b".".join([*parts, base64.urlsafe_b64encode(signed).rstrip(b"=")]).decode()

    def with_public_key(_header, claims, _key):
        return by_hand({"alg": "HS256", "kid": "one"}, claims, idp.published[0].as_pem(private=False))

    def with_nothing(_header, claims, _key):
        return by_hand({"alg": "none", "kid": "one"}, claims, b"")

    for forged in (with_public_key, with_nothing):
        with monkeypatch.context() as patched:
            patched.setattr("tests.foundation.accounts.identity_provider.jwt.encode", forged)
            assert PROVEN_NOT in words(go(client))
    assert not is_in(client)


def test_a_new_key_of_the_provider_is_fetched(client, zhou, idp, monkeypatch):
    go(Client())
    new = RSAKey.generate_key(2048, {"kid": "two", "use": "sig", "alg": "RS256"})
    monkeypatch.setattr(idp, "key", new)
    idp.published = [*idp.published, new]

    assert go(client).status_code == 302


def test_coming_back_without_having_asked_signs_nobody_in(client, zhou):
    other = Client()
    asked = other.get(ASK)
    back = urlsplit(visit(asked["Location"]))

    assert PROVEN_NOT in words(client.get(f"{back.path}?{back.query}"))
    assert PROVEN_NOT in words(client.get(ANSWER))
    assert PROVEN_NOT in words(client.get(ANSWER, {"code": "x", "state": "y"}))
    assert not is_in(client)


def test_an_answer_is_good_once(client, zhou):
    asked = client.get(ASK)
    back = urlsplit(visit(asked["Location"]))
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    client.post("/accounts/logout/")

    assert PROVEN_NOT in words(client.get(f"{back.path}?{back.query}"))


def test_a_refusal_of_the_provider_is_said_in_words(client, zhou, idp):
    idp.refuses = True

    assert PROVEN_NOT in words(go(client))


def test_a_provider_that_cannot_be_reached_leaves_the_password(client, zhou, settings):
    settings.PROVIDER = ProviderSettings("http://127.0.0.1:9", CLIENT, SECRET)

    answer = client.get(ASK)
    assert "现在连不上统一身份认证" in words(answer)
    assert 'name="password"' in answer.content.decode()


def test_a_provider_that_says_it_is_another_is_not_believed(client, zhou, idp, settings, monkeypatch):
    monkeypatch.setattr(idp, "metadata", lambda: IdentityProvider.metadata(idp) | {"issuer": "http://127.0.0.1:1"})

    assert "现在连不上" in words(client.get(ASK))


def test_the_secret_of_the_client_is_never_shown():
    assert SECRET not in repr(ProviderSettings("http://127.0.0.1:9", CLIENT, SECRET))


def test_what_was_typed_waits_in_its_tab(client, zhou):
    go(client)
    del client.cookies["sessionid"]
    page = client.post("/desk/", {"title": "没保存的标题"}).content.decode()
    kept = unescape(re.findall(r'name="kept" value="([^"]*)"', page)[0])
    assert 'target="_blank" rel="noopener"' in page
    assert "已登录，继续保存" in page
    assert client.post("/accounts/resume/", {"kept": kept}, HTTP_ORIGIN="http://testserver").status_code == 401

    go(client)
    strange = client.post("/accounts/resume/", {"kept": kept}, HTTP_ORIGIN="https://evil.example")
    assert strange.status_code == 401
    page = client.post("/accounts/resume/", {"kept": kept}, HTTP_ORIGIN="http://testserver").content.decode()
    assert "继续保存" in page
    assert "没保存的标题" in page


def test_the_password_still_opens(client, zhou):
    assert client.post(LOGIN, {"username": "周岚", "password": PASSWORD}).status_code == 302
