from datetime import datetime

from django.db import transaction

from gongkai.foundation.accounts.kinds import AccountNoticeKind, Actor
from gongkai.foundation.accounts.models import AccountNotice, User
from gongkai.foundation.accounts.rules import say_notice


def notify(*, user: User, kind: AccountNoticeKind, actor: Actor, now: datetime) -> None:
    """Let a person know what somebody else did to his account (告知本人). What he did himself he knows."""
    if actor.officer_id != user.officer_id:
        AccountNotice.objects.create(user=user, kind=kind.value, by_name=actor.name, at=now)


@transaction.atomic
def take_untold(*, user: User, at_system: datetime) -> list[str]:
    """What was done to a person's account since he was told last (未告知的), in words; it counts as told now."""
    rows = list(AccountNotice.objects.filter(user=user, told_at=None).order_by("at", "pk"))
    AccountNotice.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=at_system)
    return [say_notice(AccountNoticeKind(row.kind), row.by_name, row.at) for row in rows]
