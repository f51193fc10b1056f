from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongkai.core.ledger.kinds.states import Binding, EventKind, ObligationState, PublicDisplay
from gongkai.lib.moments import day_of


@dataclass(frozen=True)
class Evidence:
    """What proves that a duty was done (办结凭据): its kind (`publication`, …), a reference by which it is found, and words for people."""

    kind: str
    reference: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ObligationRow:
    """One duty with its clock (应公开事项). `holder` owes it in law, the unit does the work. `last_day` is the day people read, `due_at`
    the first moment after it. `is_minimum`: the day until which it has to last, never a day to be late for. `overdue_since` is None
    unless it is overdue at the moment the list was asked for. `page` with `subject` leads to the work itself.

    While it is stopped it has neither last day nor `due_at`: it has `stopped_since` and `resumes_by`, the day on which counting goes on at
    the latest; where it `waits_for_fee`, the last day for paying. `target_at` is the first moment after the bureau's own `target_day`.
    `moves`: how often its clock was moved; an act that moves it may name the number it saw. `restarted_on`: the day of the new cause,
    where counting began again.
    `may_be_extended`: the law knows an extension of it.
    """

    id: int
    uuid: UUID
    duty_code: str
    duty_label: str
    entry: str
    label: str
    subject: UUID
    unit_id: int
    unit_name: str
    post_id: int | None
    holder: str
    binding: Binding
    public_display: PublicDisplay
    basis: str
    limit_text: str
    caused_on: date
    registered_at: datetime
    due_at: datetime | None
    last_day: date | None
    target_day: date | None
    is_provisional: bool
    is_minimum: bool
    state: ObligationState
    fulfilled_at: datetime | None
    overdue_since: datetime | None
    page: str
    stopped_since: date | None = None
    resumes_by: date | None = None
    waits_for_fee: bool = False
    may_be_extended: bool = False
    target_at: datetime | None = None
    moves: int = 0
    restarted_on: date | None = None

    @property
    def days_unregistered(self) -> int:
        """How many days after it happened it was registered (登记滞后); 0 on the same day, and where it lies ahead."""
        return max((day_of(self.registered_at) - self.caused_on).days, 0)

    @property
    def is_by_the_hour(self) -> bool:
        """Whether its limit is a moment, not a day."""
        return self.limit_text.startswith("PT")


@dataclass(frozen=True)
class EventRow:
    """Something that happened to an obligation (事件). `at` is when it became true, which may be long before it was written down."""

    id: int
    kind: EventKind
    at: datetime
    obligation: ObligationRow
    note: str = ""


@dataclass(frozen=True)
class HistoryRow:
    """One line of what happened to an obligation (办理经过), as its page lists it."""

    kind: EventKind
    at: datetime
    recorded_at: datetime
    note: str

    @property
    def is_late_note(self) -> bool:
        """Whether it was written down later than it became true."""
        return self.recorded_at != self.at
