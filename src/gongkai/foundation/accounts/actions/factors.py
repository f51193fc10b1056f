from datetime import datetime

from django.conf import settings
from django.db import transaction

from gongkai.foundation.accounts.actions.sessions import remove_sessions
from gongkai.foundation.accounts.actions.signing import sign_as
from gongkai.foundation.accounts.kinds import Enrolment
from gongkai.foundation.accounts.models import Authenticator, RecoveryCode, User
from gongkai.foundation.accounts.rules import build_address, find_step, group_secret, make_recovery_codes, make_secret, tidy_code
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, BadInput
from gongkai.lib.keyring import CannotOpen

WRONG_CODE = "验证码不对，或者已经用过。请等验证器显示下一个再填；总是不对，请看手机的时间准不准。"
UNREADABLE = "验证器的密钥读不出来，现在不能用验证码登录。请系统管理员检查密钥文件；急用请用恢复码。"
RECOVERY_PURPOSE = "accounts.recovery_code"


@transaction.atomic
def prepare_authenticator(*, user: User, at_system: datetime, is_new: bool = False) -> Enrolment:
    """What a person's authenticator has to be told (登记验证器). The same until it is confirmed; `is_new` makes another secret."""
    prepared = Authenticator.objects.filter(user=user, confirmed_at=None)
    if is_new:
        prepared.delete()
    fresh = {"secret": settings.KEY_RING.seal(make_secret(), owner=_owner(user)), "made_at": at_system}
    row, _ = Authenticator.objects.get_or_create(user=user, confirmed_at=None, defaults=fresh)
    try:
        secret = settings.KEY_RING.open(row.secret, owner=_owner(user))
    except CannotOpen:
        # Nobody uses it yet: another one does as well.
        return prepare_authenticator(user=user, at_system=at_system, is_new=True)
    return Enrolment(secret, group_secret(secret), build_address(secret, name=user.username, issuer=settings.ORGANISATION_NAME))


@transaction.atomic
def confirm_authenticator(*, user: User, code: str, now: datetime, at_system: datetime, keeps: str | None = None) -> list[str]:
    """Put the prepared authenticator into use (启用验证器), with the code it shows; the one before is out, and so are the person's
    sessions but for the one with the key `keeps`: they had no second step, or that of the other telephone.

    Returns new recovery codes, which are kept nowhere else. The code counts as used.

    Raises: BadInput when the code is wrong; ActNotPossible when nothing is prepared.
    """
    row = Authenticator.objects.filter(user=user, confirmed_at=None).first()
    if row is None:
        raise ActNotPossible("没有等着启用的验证器，可能刚在别处启用了。请回到“我的账号”再看。")
    step = find_step(_open(row, user), tidy_code(code), at_system=at_system, after=None)
    if step is None:
        raise BadInput(WRONG_CODE, field="code")
    Authenticator.objects.filter(user=user, confirmed_at__isnull=False).delete()
    if Authenticator.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=at_system, last_step=step) != 1:
        raise ActNotPossible("这个验证器刚在别处启用了。请回到“我的账号”再看。")
    remove_sessions(user, keeps=keeps)
    audit.record(actor=sign_as(user), act="accounts.confirm_authenticator", subject=user.officer.uuid, at=now)
    return _make_codes(user)


def use_code(*, user: User, code: str, at_system: datetime) -> bool:
    """Whether a code of a person's authenticator is right (核验证码); it is used up then.

    Raises: ActNotPossible when the secret cannot be read.
    """
    row = Authenticator.objects.filter(user=user, confirmed_at__isnull=False).first()
    if row is None:
        return False
    step = find_step(_open(row, user), tidy_code(code), at_system=at_system, after=row.last_step)
    # Of two who send one code together one is too late.
    return step is not None and Authenticator.objects.filter(pk=row.pk, last_step__lt=step).update(last_step=step) == 1


def use_recovery_code(*, user: User, code: str, now: datetime, at_system: datetime) -> bool:
    """Whether a recovery code is right (用恢复码); it is used up then, and that is in the audit trail."""
    digests = settings.KEY_RING.digests(tidy_code(code), purpose=RECOVERY_PURPOSE)
    with transaction.atomic():
        if RecoveryCode.objects.filter(user=user, digest__in=digests, used_at=None).update(used_at=at_system) != 1:
            return False
        audit.record(actor=sign_as(user), act="accounts.use_recovery_code", subject=user.officer.uuid, at=now)
    return True


@transaction.atomic
def renew_recovery_codes(*, user: User, now: datetime) -> list[str]:
    """A new set of recovery codes (重新生成恢复码), which are kept nowhere else; the old ones stop.

    Raises: ActNotPossible when there is no authenticator to recover from.
    """
    if not Authenticator.objects.filter(user=user, confirmed_at__isnull=False).exists():
        raise ActNotPossible("还没有启用验证器，不用恢复码。请先启用验证器。")
    audit.record(actor=sign_as(user), act="accounts.renew_recovery_codes", subject=user.officer.uuid, at=now)
    return _make_codes(user)


@transaction.atomic
def drop_second_factor(*, user: User, now: datetime) -> None:
    """Go without a second step again (停用验证器). Raises: ActNotPossible where everybody has to have one."""
    if settings.SECOND_FACTOR_REQUIRED:
        raise ActNotPossible("这里人人都要有第二步验证，不能停用。换了手机，请换验证器。")
    remove_factors(user)
    audit.record(actor=sign_as(user), act="accounts.drop_second_factor", subject=user.officer.uuid, at=now)


def remove_factors(user: User) -> int:
    """Take away authenticators and recovery codes, as part of an act that says why. Returns how many authenticators were in use."""
    in_use = Authenticator.objects.filter(user=user, confirmed_at__isnull=False).count()
    Authenticator.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    return in_use


@transaction.atomic
def reseal_authenticators() -> int:
    """Seal every secret with the newest key (换密钥). Returns how many were sealed by an older one."""
    count = 0
    for row in Authenticator.objects.select_related("user").select_for_update().order_by("pk"):
        if not settings.KEY_RING.is_current(row.secret):
            row.secret = settings.KEY_RING.seal(settings.KEY_RING.open(row.secret, owner=_owner(row.user)), owner=_owner(row.user))
            row.save(update_fields=["secret"])
            count += 1
    return count


def _make_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = make_recovery_codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=settings.KEY_RING.digest(tidy_code(code), purpose=RECOVERY_PURPOSE)) for code in codes
    )
    return codes


def _open(row: Authenticator, user: User) -> str:
    try:
        return str(settings.KEY_RING.open(row.secret, owner=_owner(user)))
    except CannotOpen as error:
        raise ActNotPossible(UNREADABLE) from error


def _owner(user: User) -> str:
    """Whom a sealed secret belongs to: in another account's row it does not open."""
    return f"accounts.authenticator {user.pk}"
