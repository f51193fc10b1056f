from dataclasses import dataclass
from datetime import date, datetime

from gongkai.core.ledger.kinds.movements import DateChangeRow, MovementDraft
from gongkai.core.ledger.kinds.states import Binding, LimitState, LimitUnit, MovementKind, PublicDisplay


@dataclass(frozen=True, kw_only=True)
class ReceiptDay:
    """One day of a receipt (回执上的一天). `number` is the how manieth counted day (or month) it is, None where it does not count.

    `is_stopped`: it would count, but the limit stood still. `reason` is empty on a plain counted day; `notice` names the calendar notice
    behind the day, empty where none is. `note` says what else happened on it: 次日起停, 恢复.
    """

    day: date
    number: int | None = None
    reason: str = ""
    notice: str = ""
    is_made_up: bool = False
    is_stopped: bool = False
    note: str = ""
    is_last: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether it counts towards the limit."""
        return self.number is not None


@dataclass(frozen=True)
class ReceiptCount:
    """A count that a restart ended (重新起算前的计算): from which cause, by what, and the days it had counted. It counts no more."""

    caused_on: date
    ended_by: MovementDraft
    days: tuple[ReceiptDay, ...]


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Why a limit ends on that day (期限回执): every day counted and every day skipped, with the reason.

    `start` is the day on which counting begins, worked or not. `last_day` is the last on which it is in time, `due_at` the moment after.
    `is_minimum`: until `last_day` at least; there is no latest day. `is_backward`: counted back from the day of the event.
    `is_provisional`: some year has no calendar.

    `movements` are those that shape the count, in the order of their days; `stops` the stops among them. `earlier`: counts that a restart
    ended, oldest first, each with its own days. `is_stopped`: a stop runs or a fee is unpaid; `last_day` is then what it would be if
    counting went on only at the latest day, and pages do not print it. `target_day`: the bureau's own, stricter day. `history` is filled
    where the receipt of a stored obligation is read. `caused_at`: only of hours. `may_extend`: how far the law lets it be extended.
    `near_at`: from when on it is near; None for what only has to last.
    """

    caused_on: date
    start: date
    last_day: date
    due_at: datetime
    days: tuple[ReceiptDay, ...]
    unit: LimitUnit
    limit_words: str
    sentence: str
    article: str
    source: str
    is_verified: bool
    binding: Binding
    public_display: PublicDisplay
    holder: str
    clock_start: str
    effective_from: date | None = None
    effective_to: date | None = None
    is_minimum: bool = False
    is_backward: bool = False
    is_provisional: bool = False
    missing_years: tuple[int, ...] = ()
    movements: tuple[MovementDraft, ...] = ()
    stops: tuple[MovementDraft, ...] = ()
    earlier: tuple[ReceiptCount, ...] = ()
    target_day: date | None = None
    target_at: datetime | None = None
    stopped_since: date | None = None
    resumes_by: date | None = None
    may_extend: str = ""
    caused_at: datetime | None = None
    near_at: datetime | None = None
    history: tuple[DateChangeRow, ...] = ()

    @property
    def counted(self) -> int:
        """How many of the days listed count."""
        return sum(1 for day in self.days if day.is_counted)

    @property
    def skipped(self) -> int:
        """How many of the days listed do not count because they are days off, the day of the cause left out."""
        return sum(1 for day in self.days if not day.is_counted and not day.is_stopped and day.day != self.caused_on)

    @property
    def stopped(self) -> int:
        """How many days would have counted had the limit not stood still."""
        return sum(1 for day in self.days if day.is_stopped)

    @property
    def is_stopped(self) -> bool:
        """Whether the limit stands still now."""
        return self.stopped_since is not None

    @property
    def waits_for_fee(self) -> bool:
        """Whether it stands still because a fee is unpaid."""
        return any(one.is_running and one.kind is MovementKind.FEE for one in self.movements)


@dataclass(frozen=True)
class LimitChip:
    """A limit in a few words (期限标签): what the chip shows."""

    state: LimitState
    words: str
