"""What the lists of the ledger ask and answer: filters, totals, days, entries, saved views."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from gongkai.core.ledger.kinds.states import Binding, LedgerPart
from gongkai.lib.enums import LabelledEnum


class Tally(LabelledEnum):
    """How a stored row is counted as far as the row alone tells (计数类). Only for OPEN and OPEN_MILD the moment decides the part."""

    OPEN = "OPEN", "在办，能逾期"
    OPEN_MILD = "OPEN_MILD", "在办，不算逾期"
    STOPPED = "STOPPED", "暂停计算"
    PROVISIONAL = "PROVISIONAL", "期限暂定"
    DONE_IN_TIME = "DONE_IN_TIME", "按时办结"
    DONE_LATE = "DONE_LATE", "逾期办结"
    DONE_PAST = "DONE_PAST", "过了日子办结"
    CANCELLED = "CANCELLED", "已撤销"


class Apart(LabelledEnum):
    """What is counted apart from the whole of the ledger (另计): no row of it is in the sum."""

    INTERNAL = "INTERNAL", "内部要求"
    PROMISE = "PROMISE", "对外承诺"
    NEXT_YEARS = "NEXT_YEARS", "跨年"
    CANCELLED = "CANCELLED", "不适用或已撤销"


@dataclass(frozen=True)
class LedgerFilter:
    """What a reader of the ledger asks for (筛选). None and empty: no restriction.

    `first` and `last` bound the last day of a duty, both included; None is open. `is_carrying`: also what was due before `first` and was
    still open when that day began. `apart`: instead of the rows that are summed, those counted apart; empty means only the sum.
    Cancelled rows are in no sum: they are found by `part` or by `apart`. `post_ids`: only what these posts hold; `is_late_registered`: only
    what was registered on a later day than it happened; `is_dated`: without what is stopped, which has no last day. `chosen`: these rows
    alone, whatever else is asked.
    """

    part: LedgerPart | None = None
    unit_id: int | None = None
    bindings: frozenset[Binding] = frozenset()
    first: date | None = None
    last: date | None = None
    is_carrying: bool = False
    entries: frozenset[str] | None = None
    apart: frozenset[Apart] = frozenset()
    chosen: frozenset[UUID] | None = None
    is_dated: bool = False
    post_ids: frozenset[int] = frozenset()
    is_late_registered: bool = False


@dataclass(frozen=True)
class Totals:
    """How many rows the ledger holds for a filter (合计), by part, and beside it what is counted apart. The parts have to make the whole.

    `is_kept`: counted up to a minute ago, because there are too many to count for each page.
    """

    whole: int
    parts: Mapping[LedgerPart, int] = field(default_factory=dict)
    apart: Mapping[Apart, int] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether the parts make the whole."""
        return sum(self.parts.values()) == self.whole

    def count(self, filters: LedgerFilter) -> int:
        """How many rows that filter lists, which differs from the one counted only in its part and in what it lists apart."""
        if filters.apart:
            return sum(self.apart.get(apart, 0) for apart in filters.apart)
        if filters.part is None:
            return self.whole
        return self.apart.get(Apart.CANCELLED, 0) if filters.part is LedgerPart.CANCELLED else self.parts.get(filters.part, 0)


@dataclass(frozen=True)
class EntryGroup:
    """Entries that belong together for a reader of the ledger (类别): a category of the catalogue, or one of its sections.

    `entries` maps codes to names. `heading` is the category of a section, empty for a category itself.
    """

    code: str
    label: str
    entries: Mapping[str, str]
    heading: str = ""


@dataclass(frozen=True)
class EntryCount:
    """How an entry of the catalogue stands in the ledger (按目录), by part."""

    entry: str
    parts: Mapping[LedgerPart, int]

    @property
    def whole(self) -> int:
        """All that is owed under it."""
        return sum(self.parts.values())


@dataclass(frozen=True)
class DayCount:
    """How many duties end on a day (日历), by part. A stopped one has no last day and is on none."""

    day: date
    parts: Mapping[LedgerPart, int]

    @property
    def whole(self) -> int:
        """All of them."""
        return sum(self.parts.values())


@dataclass(frozen=True, kw_only=True)
class UnpublishedCause:
    """A cause that is known, has no limit in the ledger and no publication (有事由、没有公开). `page` with `subject` leads to it."""

    entry: str
    title: str
    caused_on: date
    unit_id: int
    unit_name: str
    subject: UUID
    page: str


@dataclass(frozen=True)
class MissingEntry:
    """An entry under which something is due and not public (应公开未公开): so many overdue duties, and the causes that have no duty."""

    entry: str
    overdue: int
    causes: tuple[UnpublishedCause, ...] = ()

    @property
    def whole(self) -> int:
        """Both together."""
        return self.overdue + len(self.causes)


@dataclass(frozen=True)
class SavedViewRow:
    """A filter that an officer keeps under a name (视图). `query` is the list's address after the question mark."""

    uuid: UUID
    name: str
    query: str
