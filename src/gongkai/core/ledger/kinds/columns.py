from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongkai.core.ledger.kinds.receipts import LimitChip
from gongkai.core.ledger.kinds.states import Binding


@dataclass(frozen=True)
class ColumnRow:
    """Where an entry of the catalogue stands on the portal (栏目), as the catalogue tells the ledger.

    `cadence` is the entry whose terms say how often something new has to come (更新周期), `line` the one whose terms say when an inspection
    calls the column stale (国家监测线). Empty: nobody asks for it. `is_own`: the cadence is this entry's alone, not the whole column's.
    """

    code: str
    title: str
    order: int
    cadence: str = ""
    line: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class Period:
    """One stretch of a cadence (周期), both days included: by its last day something new has to be there.

    `is_provisional`: a year in it has no calendar, so that nobody is accused by it.
    """

    first: date
    last: date
    is_provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class FreshnessRow:
    """How fresh a column is (栏目新鲜度): when something new came last, how often it has to, and when an inspection calls it stale.

    `unit_names` are those who have published in it. `due_on` is the last day of the running period; `lapsed_on` the last day of the newest
    period that passed without anything new since the last update; `line_on` the last day before the inspection line. None: there is none.
    """

    code: str
    title: str
    last_update: datetime
    unit_names: tuple[str, ...]
    cadence_words: str
    binding: Binding | None
    due_on: date | None
    lapsed_on: date | None
    line_on: date | None
    line_basis: str
    chip: LimitChip


@dataclass(frozen=True, kw_only=True)
class ColumnReminder:
    """A column that a unit has not updated as its own house asks (栏目更新提醒): a reminder, never overdue and never counted."""

    uuid: UUID
    column: str
    title: str
    entry: str
    unit_id: int
    unit_name: str
    lapsed_on: date
    last_update: datetime
    line_on: date | None
    basis: str
    chip: LimitChip
    words: str


@dataclass(frozen=True, kw_only=True)
class CadenceRunRow:
    """One period of a cadence for one unit (周期记录). `updated_at`: when the update that discharged it came."""

    first_day: date
    last_day: date
    unit_name: str
    updated_at: datetime | None
    lapsed_at: datetime | None
    is_provisional: bool
