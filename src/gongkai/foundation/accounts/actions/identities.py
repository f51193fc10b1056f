from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.foundation.accounts.actions.signing import sign_as
from gongkai.foundation.accounts.kinds import NOBODY, ProviderSettings
from gongkai.foundation.accounts.models import ProviderIdentity, User
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import NotAllowed

SUBJECT_LENGTH = 255
NOT_KNOWN = "{label}认出了您，但这里没有您能用的账号。请找安全管理员建账号，或者核对两边登记的姓名。"


@transaction.atomic
def accept_identity(*, provider: ProviderSettings, claims: Mapping[str, Any], now: datetime, at_system: datetime) -> User:
    """The account of somebody for whom the identity provider vouches (统一身份). Bound to his name at the first time, to him from then on.

    Raises: NotAllowed, with one answer for a name nobody has, a shut account and an account of another person of the provider.
    """
    subject = str(claims.get("sub", ""))
    bound = ProviderIdentity.objects.filter(issuer=provider.issuer, subject=subject).select_related("user__officer").first()
    user = bound.user if bound else _find_by_name(claims.get(provider.name_claim))
    is_free = user is not None and (bound is not None or not ProviderIdentity.objects.filter(user=user, issuer=provider.issuer).exists())
    if user is None or not is_free or not user.is_active or not 0 < len(subject) <= SUBJECT_LENGTH:
        raise NotAllowed(NOT_KNOWN.format(label=provider.label))
    if bound is None:
        ProviderIdentity.objects.create(user=user, issuer=provider.issuer, subject=subject, bound_at=at_system)
        audit.record(actor=sign_as(user), act="accounts.bind_identity", subject=user.officer.uuid, at=now)
    return user


def note_refused_identity(*, now: datetime) -> None:
    """Write down that somebody came from the provider and was not let in (统一身份登录失败). Who he said he was is not kept."""
    audit.record(actor=NOBODY, act="accounts.sign_in_failed", subject=None, at=now, about={"way": "PROVIDER"})


def _find_by_name(name: object) -> User | None:
    return User.objects.filter(username=organisations.clean_name(name)).first() if isinstance(name, str) and name.strip() else None
