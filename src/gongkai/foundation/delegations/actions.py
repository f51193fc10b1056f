from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.delegations import rules
from gongkai.foundation.delegations.models import Delegation
from gongkai.foundation.delegations.queries import COLUMNS, get_delegation, get_principal, list_headed_units, rights_of
from gongkai.lib.errors import ActNotPossible, NotAllowed, NotFound, SomebodyWasFaster
from gongkai.lib.moments import day_of


def delegate(
    *,
    principal_id: int,
    delegate_id: int,
    rights: Collection[Right],
    from_date: date,
    to_date: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Let somebody decide review steps in an absent person's place (安排代理), from one day to another, both included.

    Made by the absent person or his leader. Raises: NotAllowed, NotFound, BadInput; ActNotPossible when it is there.
    """
    today = day_of(now)
    principal = get_principal(officer_id=principal_id, on=today)
    if actor.officer_id is None or not rules.may_arrange(actor, principal, rights, list_headed_units(actor=actor, on=today)):
        raise rules.refuse_arranging(principal)
    rules.check_days(from_date, to_date, today)
    lent = rules.check_steps(principal, rights)
    kept = rules.check_reason(reason)
    taker = rules.check_delegate(principal, accounts.get_actor(officer_id=delegate_id, on=today))
    made = Delegation(
        principal_id=principal_id,
        delegate_id=taker,
        from_date=from_date,
        to_date=to_date,
        reason=kept,
        made_by_id=actor.officer_id,
        made_at=now,
        **{COLUMNS[right]: True for right in lent},
    )
    try:
        with transaction.atomic():
            made.save()
            audit.record(actor=actor, act="delegations.delegate", subject=made.uuid, at=now, about=_tell(made))
    except IntegrityError as fault:
        raise ActNotPossible("这一天起已经有同样的代理。先结束那一项，再重新安排。") from fault
    return made.uuid


@transaction.atomic
def end(*, delegation: UUID, actor: Actor, now: datetime) -> None:
    """End a delegation before its last day (结束代理): the rights are gone at once; what was decided under it stands.

    By the absent person, the one who acts in his place, who arranged it, or the leader. Raises: NotAllowed, NotFound; SomebodyWasFaster.
    """
    row = get_delegation(delegation)
    if actor.officer_id is None or not _may_end(row, actor, day_of(now)):
        raise NotAllowed("只有本人、代理人、安排的人或分管领导能结束这项代理。")
    ended = Delegation.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=now, ended_by_id=actor.officer_id)
    if ended != 1:
        raise SomebodyWasFaster("这项代理已经结束了。")
    audit.record(actor=actor, act="delegations.end", subject=row.uuid, at=now, about=_tell(row))


def _may_end(row: Delegation, actor: Actor, on: date) -> bool:
    if actor.officer_id in {row.principal_id, row.delegate_id, row.made_by_id}:
        return True
    try:
        principal = get_principal(officer_id=row.principal_id, on=on)
    except NotFound:
        return False
    return rules.may_arrange(actor, principal, rights_of(row), list_headed_units(actor=actor, on=on))


def _tell(row: Delegation) -> dict[str, str | int | bool | None]:
    return {
        "principal": row.principal_id,
        "delegate": row.delegate_id,
        "rights": " ".join(right.value for right in rights_of(row)),
        "from": row.from_date.isoformat(),
        "to": row.to_date.isoformat(),
        "reason": row.reason,
    }
