"""The local identity provider (统一身份认证) as authlib speaks with it: OpenID Connect, code flow with PKCE, state and nonce."""

from functools import lru_cache
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from joserfc.errors import JoseError

from gongkai.foundation.accounts.kinds import ProviderSettings
from gongkai.lib.errors import ActNotPossible

SECONDS = 10
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that only the provider can make. Those with a shared secret, and none, are not among them."""
NOT_REACHED = "现在连不上{label}。请稍后再试，或者用密码登录。"
NOT_PROVEN = "{label}没有认出您：登录没有走完，或者这一页放得太久。请从头再登录一次。"


def start(request: HttpRequest, back: str) -> HttpResponse:
    """Send the browser to the provider, to come back to `back`. Raises: ActNotPossible when the provider cannot be reached."""
    known = get_known()
    try:
        client = get_client(known)
        check_metadata(client, known)
        answer: HttpResponse = client.authorize_redirect(request, back)
    except (requests.RequestException, OAuthError, RuntimeError, ValueError) as error:
        raise ActNotPossible(NOT_REACHED.format(label=known.label)) from error
    return answer


def finish(request: HttpRequest) -> dict[str, Any]:
    """What the provider says of the person who came back, once everything it says is proven.

    Raises: ActNotPossible, in words, when it does not vouch for him or cannot be reached.
    """
    known = get_known()
    options = {"iss": {"essential": True, "values": [known.issuer]}, "aud": {"essential": True, "values": [known.client_id]}}
    try:
        client = get_client(known)
        check_metadata(client, known)
        token = client.authorize_access_token(request, claims_options=options)
    except requests.RequestException as error:
        raise ActNotPossible(NOT_REACHED.format(label=known.label)) from error
    except (OAuthError, JoseError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise ActNotPossible(NOT_PROVEN.format(label=known.label)) from error
    if not token.get("userinfo"):
        raise ActNotPossible(NOT_PROVEN.format(label=known.label))
    return dict(token["userinfo"])


def get_known() -> ProviderSettings:
    """The provider of this installation. Raises: ActNotPossible when there is none."""
    if settings.PROVIDER is None:
        raise ActNotPossible("这里没有接统一身份认证。请用密码登录。")
    known: ProviderSettings = settings.PROVIDER
    return known


@lru_cache(maxsize=4)
def get_client(known: ProviderSettings) -> DjangoOAuth2App:
    """The client, made once: it keeps what the provider says of itself, and fetches its keys again when a new one is used."""
    client: DjangoOAuth2App = OAuth().register(
        "provider",
        client_id=known.client_id,
        client_secret=known.secret,
        server_metadata_url=f"{known.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "default_timeout": SECONDS},
    )
    return client


def check_metadata(client: DjangoOAuth2App, known: ProviderSettings) -> None:
    """It is the provider that was set, and only its own signatures count. Raises: ValueError."""
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != known.issuer:
        raise ValueError("the provider says it is another one")
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]
