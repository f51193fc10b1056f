from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class UrgentDuty:
    """An entry whose texts may be released before they are reviewed (先发后审事项): why, and on what basis."""

    entry: str
    label: str
    why: str
    basis: str


@dataclass(frozen=True)
class UrgentRow:
    """How a text was released before its review (先发后审): by whom, when, why."""

    officer_name: str
    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class UnlookedRow:
    """A text that is public and still waits for its second look (待补审). `due_at` is the first moment after its limit."""

    step: UUID
    publication: UUID
    title: str
    unit_name: str
    officer_name: str
    released_at: datetime
    due_at: datetime | None
