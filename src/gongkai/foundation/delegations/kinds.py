from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.organisations.kinds import OfficerRow
from gongkai.lib.enums import LabelledEnum


class DelegationState(LabelledEnum):
    """Where a delegation stands on a day (代理状态): told by its days and its end, never stored."""

    COMING = "COMING", "未开始"
    RUNNING = "RUNNING", "代理中"
    OVER = "OVER", "已到期"
    ENDED = "ENDED", "已结束"


@dataclass(frozen=True, kw_only=True)
class DelegationRow:
    """Somebody acting in an absent person's place (代理): for which steps, which days, why, made by whom. Both days are included."""

    uuid: UUID
    principal_name: str
    delegate_name: str
    rights: tuple[Right, ...]
    from_date: date
    to_date: date
    reason: str
    made_by_name: str
    made_at: datetime
    ended_at: datetime | None
    ended_by_name: str
    state: DelegationState
    may_end: bool = False

    @property
    def steps(self) -> str:
        """The steps in words."""
        return "、".join(right.label for right in self.rights)


@dataclass(frozen=True)
class Deputy:
    """Who decides a step in another's place on a day (代理人), and in whose."""

    officer_id: int
    name: str
    principal_id: int
    principal_name: str


@dataclass(frozen=True)
class Principal:
    """Somebody for whom a person may arrange a delegation (可委托的人): the steps that he decides himself, and where he works."""

    officer: OfficerRow
    rights: frozenset[Right]
    unit_ids: frozenset[int]
    words: str
