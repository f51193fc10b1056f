"""What somebody typed into a form that could not be taken, carried along until it can be sent again. Nothing is stored on our side."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.html import strip_tags
from django.utils.http import url_has_allowed_host_and_scheme

OWN_NAMESPACE = "accounts"
SALT = "gongkai.accounts.carried"
PERSON_COOKIE = "gongkai_person"
LARGEST = 3 * 1024 * 1024
"""Longest sealed text, in signs: below what a request may hold, so that it comes back."""
MAX_AGE = 24 * 60 * 60

UNCARRIED = frozenset({"csrfmiddlewaretoken"})
SECRET_WORDS = ("password", "token", "secret")
UNTYPED = frozenset(
    {"seen_hash", "seen", "next", "key", "act", "drop", "attachments", "uuid", "id", "row", "rows", "register", "moves", "kept"}
)
"""Fields that a page fills in for itself: nobody typed them, and they say nothing to a person."""
LABELS = {
    "title": "标题", "body": "正文", "document_number": "发文字号", "formed_date": "成文日期", "opinion": "意见", "usual": "常用理由",
    "reason": "理由", "note": "说明", "name": "名称", "happened_on": "事由日", "basis": "依据", "words": "内容",
}  # fmt: skip
TECHNICAL = re.compile(r"(?:[0-9a-f]{32,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|tr|table|blockquote)>|<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True)
class Carried:
    """A form that was sent and not taken (带着的内容): its address, its fields, names of files that cannot be carried, and whose it is.

    `person` is the account's id; None when nobody can tell.
    """

    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    person: int | None

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What a person wrote of it, each with a label."""
        return label_typed(self.fields)


def is_secret(name: str) -> bool:
    """Whether a field must be neither shown nor carried."""
    return name in UNCARRIED or any(word in name.lower() for word in SECRET_WORDS)


def list_typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What the person had written, each with a label, so that a refusal loses nothing. Never passwords, hashes or ids."""
    return [] if _is_own(request.path) else label_typed(_fields(request))


def label_typed(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields that a person typed (写的内容), each with what it is called; markup of a text is left out."""
    typed: list[tuple[str, str]] = []
    for name, value in fields:
        if name in UNTYPED or is_secret(name) or not value.strip() or TECHNICAL.fullmatch(value.strip()):
            continue
        typed.append((_label(name, len(typed) + 1), _plain(value)))
    return typed


def carry(request: HttpRequest, person: int | None) -> Carried | None:
    """The form of this request, to be sent again later; None when nobody typed anything into it, or it is about passwords."""
    if request.method != "POST" or _is_own(request.path):
        return None
    files = tuple(file.name or "" for _, several in request.FILES.lists() for file in several)
    carried = Carried(address=request.get_full_path(), fields=tuple(_fields(request)), files=files, person=person)
    return carried if carried.typed or files else None


def seal(carried: Carried) -> str:
    """It as a hidden field holds it, signed; empty when it is too long to be carried."""
    sealed = signing.dumps([carried.address, carried.fields, carried.files, carried.person], salt=SALT, compress=True)
    return sealed if len(sealed) <= LARGEST else ""


def unseal(text: str, host: str) -> Carried | None:
    """What a hidden field holds; None when it is not ours, too old, or does not lead to a page of ours."""
    if not text or len(text) > LARGEST:
        return None
    try:
        address, fields, files, person = signing.loads(text, salt=SALT, max_age=MAX_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={host}) or _is_own(urlsplit(address).path):
        return None
    return Carried(address, tuple((name, value) for name, value in fields), tuple(files), person)


def came_from_here(request: HttpRequest) -> bool:
    """Whether a page of ours sent this, as the browser says: what another site sends is not offered for sending again."""
    origin = request.headers.get("Origin", "")
    told = origin if origin and origin != "null" else request.headers.get("Referer", "")
    parts = urlsplit(told)
    return bool(told) and (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def read_person(request: HttpRequest) -> int | None:
    """Who was the last to sign in with this browser, by the account's id."""
    told = request.get_signed_cookie(PERSON_COOKIE, default="", salt=SALT)
    return int(told) if told and told.isdigit() else None


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, values in request.POST.lists() if not is_secret(name) for value in values]


def _is_own(path: str) -> bool:
    # Sign-in and the change of the password: their fields are nobody's business, whatever they are called.
    try:
        return resolve(path).namespace == OWN_NAMESPACE
    except Resolver404:
        return False


def _label(name: str, number: int) -> str:
    if name.startswith("element_"):
        return "要素"
    if name.startswith("reason_"):
        return "理由"
    return LABELS.get(name, f"第 {number} 栏")


def _plain(value: str) -> str:
    if not BLOCK_END.search(value):
        return value
    return re.sub(r"\n\s*\n+", "\n", strip_tags(BLOCK_END.sub("\n", value))).strip()
