from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.delegations import api as delegations
from gongkai.lib.moments import day_of

FIRST, LAST = date(2026, 10, 9), date(2026, 10, 16)


def the_person(name: str, *, on: date = FIRST) -> Actor:
    """Somebody of the demo bureau with his own rights."""
    return accounts.find_actor(name=name, on=on)


def a_delegation(
    absent: str, delegate: str, rights: Collection[Right], *, now: datetime, by: str = "", from_date: date = FIRST, to_date: date = LAST
) -> UUID:
    """Somebody acts in an absent person's place; arranged by that person himself unless `by` names another."""
    return delegations.delegate(
        principal_id=accounts_id(absent),
        delegate_id=accounts_id(delegate),
        rights=rights,
        from_date=from_date,
        to_date=to_date,
        reason="参加培训五天",
        actor=the_person(by or absent, on=day_of(now)),
        now=now,
    )


def accounts_id(name: str) -> int:
    """The officer's id of somebody of the demo bureau."""
    officer_id = the_person(name).officer_id
    assert officer_id is not None
    return officer_id
