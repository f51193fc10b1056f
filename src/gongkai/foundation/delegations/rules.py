from collections.abc import Collection
from datetime import date, datetime

from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.delegations.kinds import DelegationState, Principal
from gongkai.lib.errors import BadInput, NotAllowed

LENDABLE = (Right.REVIEW_UNIT, Right.REVIEW_SECRECY, Right.SIGN)
"""The steps of a text's review: nothing else is done in another's place."""

APART = (Right.MANAGE_JOBS, Right.MANAGE_ACCOUNTS, Right.SEE_AUDIT)
"""Rights of administrators, who do no business (三员分立), not in another's place either."""

MIN_REASON = 4
MAX_REASON = 200


def state_on(from_date: date, to_date: date, ended_at: datetime | None, on: date) -> DelegationState:
    """Where a delegation (代理) stands on a day."""
    if ended_at is not None:
        return DelegationState.ENDED
    if on < from_date:
        return DelegationState.COMING
    return DelegationState.RUNNING if on <= to_date else DelegationState.OVER


def is_apart(actor: Actor) -> bool:
    """Whether somebody administers (三员) and therefore decides nothing in another's place."""
    return any(actor.units(right) for right in APART)


def may_arrange(actor: Actor, principal: Principal, rights: Collection[Right], headed_units: Collection[int]) -> bool:
    """Whether somebody may give away an absent person's steps (安排代理): that person himself, or his leader.

    His leader signs for the unit he works in; for review steps also whoever leads that unit. Nobody but a signer gives signing away.
    In another's place nobody does it: only own rights count.
    """
    if actor.officer_id is None:
        return False
    if actor.officer_id == principal.officer.id:
        return True
    if any(actor.may(Right.SIGN, unit) for unit in principal.unit_ids):
        return True
    return Right.SIGN not in rights and bool(principal.unit_ids & set(headed_units))


def check_days(from_date: date, to_date: date, today: date) -> None:
    """Whether the days of a delegation (代理起止) make sense. Raises: BadInput."""
    if to_date < from_date:
        raise BadInput(f"到哪一天（{to_date.isoformat()}）早于从哪一天（{from_date.isoformat()}），请核对。", field="to_date")
    if to_date < today:
        raise BadInput(f"到哪一天（{to_date.isoformat()}）已经过去，请核对。", field="to_date")


def check_steps(principal: Principal, rights: Collection[Right]) -> tuple[Right, ...]:
    """The steps in their order. Raises: BadInput for none, and for those the absent person does not decide himself."""
    if not rights:
        raise BadInput("请选至少一步。", field="rights")
    missing = [right.label for right in LENDABLE if right in rights and right not in principal.rights]
    if missing or not set(rights) <= set(LENDABLE):
        raise BadInput(f"{principal.officer.name}自己没有“{'、'.join(missing)}”权限，不能交给别人代。", field="rights")
    return tuple(right for right in LENDABLE if right in rights)


def check_delegate(principal: Principal, delegate: Actor) -> int:
    """The officer's id of somebody who may act in another's place (代理人). Raises: BadInput."""
    if delegate.officer_id is None or delegate.officer_id == principal.officer.id:
        raise BadInput("代理人要是另一个人。", field="delegate")
    if is_apart(delegate):
        raise BadInput(f"{delegate.name}是系统、安全或审计管理员，不能兼办业务，请换一个人代。", field="delegate")
    return delegate.officer_id


def check_reason(reason: str) -> str:
    """The reason (代理事由) as it is kept. Raises: BadInput."""
    kept = " ".join(reason.replace("\0", "").split())
    if len(kept) < MIN_REASON:
        raise BadInput(f"请写明为什么要代，例如“出差参加培训”，至少 {MIN_REASON} 个字。", field="reason")
    if len(kept) > MAX_REASON:
        raise BadInput(f"理由写了 {len(kept)} 字，超过 {MAX_REASON} 字，请改短。", field="reason")
    return kept


def refuse_arranging(principal: Principal) -> NotAllowed:
    """The refusal for somebody who is neither the absent person nor his leader (无权安排代理)."""
    return NotAllowed(f"只有{principal.officer.name}本人或他的分管领导能安排代理；签发只能由签发人安排。请找他们办。")
