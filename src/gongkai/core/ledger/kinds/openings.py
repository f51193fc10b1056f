from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongkai.core.ledger.kinds.terms import Duty
from gongkai.lib.errors import Refusal


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A duty that is to be put on the ledger together with others (待登记事项): what `open_obligation` is told of one."""

    duty: Duty
    subject: UUID
    label: str
    unit_id: int
    caused_on: date
    entry: str | None = None
    post_id: int | None = None
    caused_at: datetime | None = None


@dataclass(frozen=True)
class Opened:
    """What an opening came to (登记结果): the obligation that is open now, or why there is none."""

    obligation: UUID | None
    refusal: Refusal | None = None
