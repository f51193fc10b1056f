from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from gongkai.foundation.accounts.kinds import NOBODY, TallyKind
from gongkai.foundation.accounts.models import TryTally, User
from gongkai.foundation.accounts.rules import LIMITS, name_network, say_locked
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations

FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True)
class _Counted:
    """One count that a try belongs to, with what a row of it says."""

    kind: TallyKind
    key: str
    user: User | None = None
    address: str = ""


@dataclass(frozen=True)
class Try:
    """One try that was counted (一次尝试). `refused`: why it may not even be looked at, in words; empty where it may."""

    counted: tuple[_Counted, ...]
    refused: str = ""


def take_sign_in(*, name: str, address: str, devices: Mapping[int, str], now: datetime, at_system: datetime) -> Try:
    """Count a try to sign in, before the password is looked at (记一次登录).

    A browser that the account knows (`devices`: account and mark of the browser) has a count of its own; every other one shares the
    counts of the name and of its network address. A name that nobody has is counted like one that somebody has.
    """
    clean = organisations.clean_name(name)
    user = User.objects.filter(username=clean).first()
    if user is not None and user.pk in devices:
        return _take((_Counted(TallyKind.DEVICE, f"{user.pk} {devices[user.pk]}", user),), now, at_system)
    network = name_network(address)
    places = (_Counted(TallyKind.ADDRESS, network, address=network),) if network else ()
    return _take((*places, _Counted(TallyKind.NAME, clean, user)), now, at_system)


def take_second_step(*, user: User, devices: Mapping[int, str], now: datetime, at_system: datetime) -> Try:
    """Count a try of the second step, before the code is looked at (记一次验证). Known browsers are counted apart from all others."""
    return _take((_Counted(TallyKind.CODE, f"{user.pk} {devices.get(user.pk, '')}", user),), now, at_system)


def take_password(*, user: User, now: datetime, at_system: datetime) -> Try:
    """Count a try of the present password by somebody who is signed in (记一次密码), before it is looked at."""
    return _take((_Counted(TallyKind.CODE, f"{user.pk} password", user),), now, at_system)


@transaction.atomic
def forgive(*, done: Try) -> None:
    """The try was right: what was counted of this person before is forgotten; an address, which is many people's, gets this one back."""
    for counted in done.counted:
        rows = _rows(counted)
        if counted.kind is TallyKind.ADDRESS:
            rows.filter(count__gt=0).update(count=F("count") - 1)
        else:
            rows.delete()


@transaction.atomic
def _take(counted: tuple[_Counted, ...], now: datetime, at_system: datetime) -> Try:
    TryTally.objects.filter(first_at__lt=at_system - FORGOTTEN).filter(Q(locked_until=None) | Q(locked_until__lt=at_system)).delete()
    for one in counted:
        until = _count(one, now, at_system)
        if until is not None:
            return Try(counted, say_locked(one.kind, until, at_system))
    return Try(counted)


def _count(counted: _Counted, now: datetime, at_system: datetime) -> datetime | None:
    """Count it; the end of the wait where there is one. Rows are changed by conditions only, so that a hundred at once are a hundred."""
    limit = LIMITS[counted.kind]
    digest = settings.KEY_RING.digest(counted.key, purpose="accounts.try")
    about = {"user": counted.user, "address": counted.address, "first_at": at_system}
    row, _ = TryTally.objects.get_or_create(kind=counted.kind.value, digest=digest, defaults=about)
    mine = TryTally.objects.filter(pk=row.pk)
    is_over = Q(locked_until__lte=at_system) | Q(locked_until=None, first_at__lte=at_system - limit.within)
    mine.filter(is_over).update(count=0, first_at=at_system, locked_until=None)
    if mine.filter(locked_until=None, count__lt=limit.tries).update(count=F("count") + 1) == 1:
        return None
    until = at_system + limit.wait
    if mine.filter(locked_until=None).update(locked_until=until) == 1:
        subject = counted.user.officer.uuid if counted.user else None
        audit.record(
            actor=NOBODY, act="accounts.locked", subject=subject, at=now, about={"kind": counted.kind.value, "address": counted.address}
        )
    held: datetime | None = mine.values_list("locked_until", flat=True).first()
    return held or until


def _rows(counted: _Counted) -> QuerySet[TryTally]:
    digests = settings.KEY_RING.digests(counted.key, purpose="accounts.try")
    return TryTally.objects.filter(kind=counted.kind.value, digest__in=digests)
