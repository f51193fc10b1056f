from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from gongkai.lib.enums import LabelledEnum

GENESIS = "0" * 64
"""The digest before the first link."""


class Signatory(Protocol):
    """Whoever signs an act in the audit trail. `officer_id` is None for the system itself."""

    @property
    def officer_id(self) -> int | None:
        """Id of the officer; None for the system."""

    @property
    def name(self) -> str:
        """The name he signs with."""


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """One line of the audit trail (审计记录). `officer_id` None: the system itself. `subject` None: the act is about no single thing.

    `via` is empty for the pages of the desk, else the command and the account that ran it. `recorded_at` is system time.
    """

    id: int
    at: datetime
    recorded_at: datetime
    officer_id: int | None
    actor_name: str
    via: str
    act: str
    subject: UUID | None
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Head:
    """Where the chain ends (链头): the position of its last link and its digest. Position 0: nothing is sealed yet."""

    position: int = 0
    digest: str = GENESIS


START = Head()
"""Before the first link."""


@dataclass(frozen=True)
class Link:
    """One link of the chain as it is stored (链上一行). `row` None: the record is not there any more."""

    position: int
    record_id: int
    content: str
    digest: str
    row: AuditRow | None


class FaultKind(LabelledEnum):
    """What is wrong with the trail at one place (审计疑点)."""

    CHANGED = "CHANGED", "被改动"
    MOVED = "MOVED", "被调换"
    REMOVED = "REMOVED", "被删除"
    CUT = "CUT", "末尾被截"
    INSERTED = "INSERTED", "绕过程序插入"
    BROKEN = "BROKEN", "次序不接"
    REWRITTEN = "REWRITTEN", "与另存的链头不符"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the trail (审计疑点), with the place: position in the chain and id of the record, None where there is none."""

    kind: FaultKind
    words: str
    position: int | None = None
    record_id: int | None = None


@dataclass(frozen=True)
class Part:
    """One stretch of the chain, checked (核验一段): where it ended, how many links it had, what is wrong. `is_end`: there are no more."""

    head: Head
    checked: int
    faults: tuple[Fault, ...]
    is_end: bool


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a check of the trail came to (核验结论). `purged` counts rows whose notes a purge has emptied: said, but no fault."""

    checked: int
    head: Head
    waiting: int
    anchors: int
    purged: int
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults
