from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongkai.core.publishing.kinds import DraftContent, EditionState


@dataclass(frozen=True)
class EditWindow:
    """One opened editor page (编辑窗口): its token, and what the system's clock says. Leases go by the system's time."""

    token: UUID
    at_system: datetime


@dataclass(frozen=True, kw_only=True)
class EditionRow:
    """One edition of a text in the list of its editions (版本条目), the number it goes by, and what it says."""

    number: int
    state: EditionState
    saved_by_name: str
    saved_at: datetime
    content: DraftContent
    file_names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EditHolder:
    """Who has a text open to write on it (编辑占用), and since when by the business clock.

    `is_here`: it is the asking page itself. `taken_from` names whom the holder took it from; empty when it was free.
    """

    officer_id: int
    officer_name: str
    since: datetime
    is_here: bool
    taken_from: str = ""
