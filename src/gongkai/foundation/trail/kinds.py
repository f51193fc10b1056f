from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongkai.foundation.audit.kinds import AuditRow


@dataclass(frozen=True)
class Check:
    """What the last check of the trail came to (核验结论). `faults` names every place that is wrong; empty is whole."""

    finished_at: datetime
    checked: int
    position: int
    digest: str
    faults: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


@dataclass(frozen=True)
class TrailFilter:
    """What of the trail is asked for (筛选). None and empty: everything."""

    officer_id: int | None = None
    act: str = ""
    subject: UUID | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is left out."""
        return self == TrailFilter()


@dataclass(frozen=True)
class TrailLine:
    """One row of the trail as the page and its export show it. `notes` are the row's notes as words; `act` is what was done, in Chinese."""

    row: AuditRow
    act: str
    notes: str
