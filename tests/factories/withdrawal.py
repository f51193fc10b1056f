"""Texts taken back, for tests."""

from datetime import datetime
from uuid import UUID

from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts.kinds import Actor

NOTE = "附件里多带了一页联系表"


def grounds(reason: str = "ERROR", **known: str) -> publishing.Grounds:
    """Why something is taken back, complete for the reason."""
    return publishing.Grounds(**({"reason": reason, "note": NOTE} | known))


def withdraw(uuid: UUID, reason: str = "ERROR", *, actor: Actor, now: datetime, **known: str) -> UUID:
    """Withdraw a public text; gives the withdrawal's uuid."""
    return publishing.withdraw(publication=uuid, grounds=grounds(reason, **known), actor=actor, now=now)
