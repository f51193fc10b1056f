from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongkai.lib.enums import LabelledEnum


class ReleaseState(LabelledEnum):
    """Where a release of one or several texts stands (公开安排状态)."""

    WAITING = "WAITING", "待公开"
    DUE = "DUE", "到时办理中"
    DONE = "DONE", "已公开"
    CANCELLED = "CANCELLED", "已取消"

    @property
    def is_open(self) -> bool:
        """Whether it is still to happen."""
        return self in {ReleaseState.WAITING, ReleaseState.DUE}


OPEN_STATES = [state.value for state in ReleaseState if state.is_open]


@dataclass(frozen=True, kw_only=True)
class WaitingText:
    """One text that is to become public (待公开文稿). `obstacle` is why it cannot yet, in words; empty when it is signed."""

    uuid: UUID
    title: str
    entry_name: str
    unit_id: int
    unit_name: str
    edition_number: int
    author_name: str
    approved_at: datetime | None
    is_signed: bool


@dataclass(frozen=True, kw_only=True)
class ReleaseRow:
    """A release with its texts (公开安排)."""

    uuid: UUID
    due_at: datetime | None
    state: ReleaseState
    set_by_name: str
    set_at: datetime
    done_at: datetime | None
    last_error: str
    texts: tuple[WaitingText, ...]

    @property
    def unsigned(self) -> int:
        """How many of its texts are not signed off yet."""
        return sum(not text.is_signed for text in self.texts)


@dataclass(frozen=True, kw_only=True)
class EditionLine:
    """One edition of a publication (版本) as its history shows it. `is_shown`: what citizens read now."""

    number: int
    title: str
    author_name: str
    saved_at: datetime
    approved_at: datetime | None
    released_at: datetime | None
    state_label: str
    is_shown: bool
