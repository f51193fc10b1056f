from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor, Right, StandIn
from gongkai.foundation.delegations import rules
from gongkai.foundation.delegations.kinds import DelegationRow, Deputy, Principal
from gongkai.foundation.delegations.models import Delegation
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import OfficerRow
from gongkai.lib.errors import NotFound

COLUMNS = {Right.REVIEW_UNIT: "review_unit", Right.REVIEW_SECRECY: "review_secrecy", Right.SIGN: "sign"}
SHOWN = 100


def list_stand_ins(*, actor: Actor, on: date) -> tuple[StandIn, ...]:
    """In whose place somebody acts on a day (被代理人), with the rights lent: those the absent person holds himself on that day.

    One query where he stands in for nobody, four more for each absent person. None for an administrator.
    """
    if actor.officer_id is None or rules.is_apart(actor):
        return ()
    lent: dict[int, set[Right]] = defaultdict(set)
    names: dict[int, str] = {}
    for row in _running(on).filter(delegate_id=actor.officer_id, principal__is_active=True).select_related("principal").order_by("id"):
        lent[row.principal_id] |= set(rights_of(row))
        names[row.principal_id] = row.principal.name
    found = []
    for officer_id, rights in lent.items():
        own = accounts.get_actor(officer_id=officer_id, on=on).rights
        found.append(StandIn(officer_id, names[officer_id], {right: own[right] for right in rules.LENDABLE if right in rights & set(own)}))
    return tuple(found)


def list_delegates(*, right: Right, on: date) -> list[Deputy]:
    """Who decides a step in another's place on a day (代理人), each with the absent person. One query."""
    rows = _running(on).filter(**{COLUMNS[right]: True}, delegate__is_active=True).select_related("principal", "delegate").order_by("id")
    return [Deputy(row.delegate_id, row.delegate.name, row.principal_id, row.principal.name) for row in rows]


def list_principals(*, actor: Actor, on: date) -> list[Principal]:
    """For whom somebody may arrange a delegation on a day (可委托的人): himself first, then those he leads."""
    headed = list_headed_units(actor=actor, on=on)
    people = _list_deciders(on)
    mine = [one for one in people if any(rules.may_arrange(actor, one, {right}, headed) for right in one.rights)]
    return sorted(mine, key=lambda one: one.officer.id != actor.officer_id)


def get_principal(*, officer_id: int, on: date) -> Principal:
    """One person whose steps may be given away (被代理人). Raises: NotFound when he decides none himself."""
    for one in _list_deciders(on):
        if one.officer.id == officer_id:
            return one
    raise NotFound("这个人没有科室审核、保密审查或签发的权限，用不着代理。")


def list_headed_units(*, actor: Actor, on: date) -> frozenset[int]:
    """The units somebody leads on a day (负责的单位)."""
    if actor.officer_id is None:
        return frozenset()
    posts = organisations.list_posts_of(officer_id=actor.officer_id, on=on)
    return frozenset(post.unit_id for post in posts if accounts.find_head_post(unit_id=post.unit_id) == post.id)


def list_delegations(*, actor: Actor, principals: Collection[Principal], on: date) -> list[DelegationRow]:
    """The delegations somebody has to do with (代理): given, taken, arranged, or of his `principals`; the latest hundred."""
    led = {one.officer.id for one in principals}
    involved = Q(principal_id=actor.officer_id) | Q(delegate_id=actor.officer_id) | Q(made_by_id=actor.officer_id)
    rows = _whole().filter(involved | Q(principal_id__in=sorted(led))).order_by("-from_date", "-id")[:SHOWN]
    return [as_row(row, on, may_end=_may_end(actor, row, led)) for row in rows]


def get_delegation(uuid: UUID) -> Delegation:
    """One delegation (代理) as it is stored. Raises: NotFound."""
    row = _whole().filter(uuid=uuid).first()
    if row is None:
        raise NotFound("没有这项代理。请从“审核代理”的列表里打开。")
    return row


def rights_of(row: Delegation) -> tuple[Right, ...]:
    """The steps a delegation lends (代理的步骤), in their order."""
    return tuple(right for right in rules.LENDABLE if getattr(row, COLUMNS[right]))


def as_row(row: Delegation, on: date, *, may_end: bool = False) -> DelegationRow:
    """A stored delegation (代理) as pages see it on a day."""
    return DelegationRow(
        uuid=row.uuid,
        principal_name=row.principal.name,
        delegate_name=row.delegate.name,
        rights=rights_of(row),
        from_date=row.from_date,
        to_date=row.to_date,
        reason=row.reason,
        made_by_name=row.made_by.name,
        made_at=row.made_at,
        ended_at=row.ended_at,
        ended_by_name=row.ended_by.name if row.ended_by else "",
        state=rules.state_on(row.from_date, row.to_date, row.ended_at, on),
        may_end=may_end,
    )


def _may_end(actor: Actor, row: Delegation, led: Collection[int]) -> bool:
    return row.ended_at is None and (actor.officer_id in {row.principal_id, row.delegate_id, row.made_by_id} or row.principal_id in led)


def _running(on: date) -> QuerySet[Delegation]:
    return Delegation.objects.filter(ended_at__isnull=True, from_date__lte=on, to_date__gte=on)


def _whole() -> QuerySet[Delegation]:
    return Delegation.objects.select_related("principal", "delegate", "made_by", "ended_by")


def _list_deciders(on: date) -> list[Principal]:
    """Everybody who decides a step himself, with his steps and where he works: four queries, however many people."""
    rights: dict[int, set[Right]] = defaultdict(set)
    units: dict[int, set[int]] = defaultdict(set)
    people: dict[int, tuple[OfficerRow, str]] = {}
    for post, held in accounts.list_manned_posts(on=on):
        if post.holder and (steps := {right for right in rules.LENDABLE if held.get(right)}):
            rights[post.holder.id] |= steps
            units[post.holder.id].add(post.unit_id)
            people.setdefault(post.holder.id, (post.holder, f"{post.holder.name}（{post.unit_name} {post.title}）"))
    return [Principal(people[one][0], frozenset(rights[one]), frozenset(units[one]), people[one][1]) for one in sorted(people)]
