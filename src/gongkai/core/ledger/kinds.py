from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from gongkai.lib.enums import LabelledEnum


class Binding(LabelledEnum):
    """Who demands it (约束力). Only the first two can become overdue; a promise is exceeded, an internal habit only reminds."""

    LAW = "LAW", "法定"
    SUPERIOR = "SUPERIOR", "上级要求"
    PROMISE = "PROMISE", "对外承诺"
    INTERNAL = "INTERNAL", "内部要求"


ENFORCEABLE = frozenset({Binding.LAW, Binding.SUPERIOR})


class PublicDisplay(LabelledEnum):
    """Whether a citizen may be shown the date (对外显示)."""

    YES = "YES", "可以"
    NO = "NO", "不可以"
    REVIEW = "REVIEW", "待法规科确认"


class ObligationState(LabelledEnum):
    """Where a duty stands (事项状态). Overdue is no state: it is a question asked of an open row."""

    OPEN = "OPEN", "进行中"
    FULFILLED = "FULFILLED", "已办"
    CANCELLED = "CANCELLED", "已撤销"


class EventKind(LabelledEnum):
    """What happened to an obligation (事件)."""

    OPENED = "OPENED", "登记"
    FULFILLED = "FULFILLED", "办结"
    CANCELLED = "CANCELLED", "撤销"
    BECAME_OVERDUE = "BECAME_OVERDUE", "变为逾期"
    PROMISE_EXCEEDED = "PROMISE_EXCEEDED", "超过承诺"
    REMINDED = "REMINDED", "提醒"
    SETTLED = "SETTLED", "期限确定"


class LimitState(LabelledEnum):
    """What a limit looks like to a reader (期限状态). The words beside it are complete alone; the state gives shape and colour."""

    RUNNING = "RUNNING", "计算中"
    DUE_SOON = "DUE_SOON", "快到期"
    OVERDUE = "OVERDUE", "逾期"
    PROMISE_EXCEEDED = "PROMISE_EXCEEDED", "超过承诺"
    REMINDER = "REMINDER", "提醒"
    STOPPED = "STOPPED", "暂停"
    DONE = "DONE", "按时"
    DONE_LATE = "DONE_LATE", "已办，迟"
    MISSING = "MISSING", "应公开未公开"
    NOT_YET_PUBLIC = "NOT_YET_PUBLIC", "尚未公开"
    PROVISIONAL = "PROVISIONAL", "暂定"
    NOT_APPLICABLE = "NOT_APPLICABLE", "不适用"


class LimitUnit(LabelledEnum):
    """What a limit counts (期限单位). Never guessed from the number: each law says for itself what a day is."""

    WORKDAY = "WORKDAY", "个工作日"
    DAY = "DAY", "日"
    MONTH = "MONTH", "个月"
    YEAR = "YEAR", "年"
    HOUR = "HOUR", "小时"
    DATE = "DATE", "每年的一天"
    CADENCE = "CADENCE", "周期"
    NONE = "NONE", "没有数字"


class LedgerPart(LabelledEnum):
    """The parts that make up the whole ledger (台账分类). Every obligation is in exactly one of them at any moment."""

    DONE_IN_TIME = "DONE_IN_TIME", "按时办结"
    DONE_LATE = "DONE_LATE", "逾期办结"
    NOT_DUE = "NOT_DUE", "未到期"
    OVERDUE = "OVERDUE", "逾期未办"
    PAST = "PAST", "过了日子，不算逾期"
    PROVISIONAL = "PROVISIONAL", "期限暂定"
    CANCELLED = "CANCELLED", "已撤销"


@dataclass(frozen=True)
class Duty:
    """A kind of obligation that some app opens (职责). `page` is the address name that shows its subject, by the subject's uuid.

    `entry` names the terms; None: told each time one is opened.
    """

    code: str
    label: str
    page: str
    entry: str | None = None


@dataclass(frozen=True, kw_only=True)
class TermsRow:
    """One dated version of a limit (期限条款). Both days included, None is open.

    `limit_text` as in the duty list: `P20WD`, `min:P30D`, `fixed:01-31`, `PT48H`, `cadence:1Q`, `none`. `rolls`: whether a last day that
    is a day off moves to the next working day; it speaks only of calendar days, months and years.
    """

    entry: str
    label: str
    limit_text: str
    basis: str
    source: str
    is_verified: bool
    deadline_id: str
    binding: Binding
    public_display: PublicDisplay
    holder: str
    clock_start: str
    effective_from: date | None = None
    effective_to: date | None = None
    note: str = ""
    rolls: bool = True


@dataclass(frozen=True)
class Limit:
    """A limit as the rules read it (期限). `is_minimum`: at least that long. `month` and `day` only for a date in the year."""

    unit: LimitUnit
    amount: int = 0
    is_minimum: bool = False
    month: int = 0
    day: int = 0
    cadence: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptDay:
    """One day of a receipt (回执上的一天). `number` is the how manieth counted day (or month) it is, None where it does not count.

    `reason` is empty on a plain counted day; `notice` names the calendar notice behind the day, empty where none is.
    """

    day: date
    number: int | None = None
    reason: str = ""
    notice: str = ""
    is_made_up: bool = False
    is_last: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether it counts towards the limit."""
        return self.number is not None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Why a limit ends on that day (期限回执): every day counted and every day skipped, with the reason.

    `start` is the day on which counting begins, worked or not. `last_day` is the last on which it is in time, `due_at` the moment after.
    `is_minimum`: until `last_day` at least; there is no latest day. `is_backward`: counted back from the day of the event.
    `is_provisional`: some year has no calendar.
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

    @property
    def counted(self) -> int:
        """How many of the days listed count."""
        return sum(1 for day in self.days if day.is_counted)

    @property
    def skipped(self) -> int:
        """How many of the days listed do not count, the day of the cause left out."""
        return sum(1 for day in self.days if not day.is_counted and day.day != self.caused_on)


@dataclass(frozen=True)
class LimitChip:
    """A limit in a few words (期限标签): what the chip shows."""

    state: LimitState
    words: str


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


@dataclass(frozen=True)
class LedgerFilter:
    """What a reader of the ledger asks for (筛选). None and empty: no restriction."""

    part: LedgerPart | None = None
    unit_id: int | None = None
    bindings: frozenset[Binding] = frozenset()


@dataclass(frozen=True)
class Totals:
    """How many rows the ledger holds for a filter (合计), by part. `whole` was counted apart: the parts have to add up to it."""

    whole: int
    parts: Mapping[LedgerPart, int] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Whether the parts make the whole."""
        return sum(self.parts.values()) == self.whole
