from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


class Signatory(Protocol):
    """Whoever signs an act in the audit trail. `officer_id` is None for the system itself."""

    @property
    def officer_id(self) -> int | None:
        """Id of the officer; None for the system."""

    @property
    def name(self) -> str:
        """The name he signs with."""


@dataclass(frozen=True)
class AuditRow:
    """One line of the audit trail (审计记录). `officer_id` None: the system itself. `subject` None: the act is about no single thing."""

    id: int
    at: datetime
    officer_id: int | None
    actor_name: str
    act: str
    subject: UUID | None
    about: Mapping[str, Any]
