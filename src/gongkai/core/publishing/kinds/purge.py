"""Clearing away what should never have been here: a purge, its parts, and what is left of the text."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongkai.lib.enums import LabelledEnum


class PurgeState(LabelledEnum):
    """Where a purge stands (清除状态)."""

    REQUESTED = "REQUESTED", "待另一人批准"
    RUNNING = "RUNNING", "正在清除"
    CLEARED = "CLEARED", "系统内已清除，待核备份"
    DONE = "DONE", "清除办结"
    REFUSED = "REFUSED", "不批准清除"


class PurgeAct(LabelledEnum):
    """What is done to a purge (清除动作)."""

    APPROVE = "APPROVE", "批准"
    REFUSE = "REFUSE", "不批准"
    CLEAR = "CLEAR", "清完"
    FINISH = "FINISH", "办结"


@dataclass(frozen=True, kw_only=True)
class PurgeScope:
    """What one purge is about, as ids alone (清除范围): fixed when it was approved, so that a purge that was broken off knows it still."""

    purge: UUID
    publication: UUID
    path: str
    attachments: tuple[UUID, ...] = ()
    obligations: tuple[UUID, ...] = ()
    subjects: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Holding:
    """One place that holds what a text says (存放处), and how it is cleared there. `run` may be called again after a crash; it returns how
    many things it cleared. `tables` are written anew afterwards, so that nothing is left in their files.
    """

    code: str
    label: str
    run: Callable[[PurgeScope, datetime], int]
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class PurgeSubject:
    """A text of which a purge may be asked for (清除对象), without its words."""

    unit_name: str
    entry_name: str
    path: str
    index_number: str


@dataclass(frozen=True, kw_only=True)
class PurgePartRow:
    """One part of a purge (清除的一处): by the machine, or by hand and then confirmed by a person with a note."""

    code: str
    label: str
    advice: str
    is_by_hand: bool
    done_at: datetime | None
    count: int
    confirmed_by: str
    note: str


@dataclass(frozen=True, kw_only=True)
class PurgeRow:
    """One purge (涉密清除) as the desk shows it. Nothing of what the text said is in it."""

    uuid: UUID
    publication: UUID
    state: PurgeState
    index_number: str
    path: str
    entry_name: str
    unit_id: int
    unit_name: str
    published_at: datetime | None
    edition_count: int
    file_count: int
    reason: str
    paper: str
    requested_by: str
    requested_by_id: int
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    refusal: str
    cleared_at: datetime | None
    finished_at: datetime | None
    parts: tuple[PurgePartRow, ...] = ()
