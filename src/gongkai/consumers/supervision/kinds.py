from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from gongkai.core.ledger.kinds import Binding, EventKind, LimitChip, LimitState
from gongkai.lib.enums import LabelledEnum

PRESSING = frozenset({LimitState.OVERDUE, LimitState.PROMISE_EXCEEDED, LimitState.DUE_SOON})


class Group(LabelledEnum):
    """The groups of 我的今日, in their order."""

    LATE = "LATE", "已逾期"
    TODAY = "TODAY", "今天"
    RETURNED = "RETURNED", "退回要改"
    TOMORROW = "TOMORROW", "明天"
    THIS_WEEK = "THIS_WEEK", "本周"
    LATER = "LATER", "下周起"
    REMINDER = "REMINDER", "提醒"


@dataclass(frozen=True)
class NoticeRow:
    """One line of 刚刚发生 (消息): what happened to a duty, and when. `obligation` opens it in the ledger."""

    kind: EventKind
    words: str
    at: datetime
    obligation: UUID
    is_today: bool


@dataclass(frozen=True, kw_only=True)
class Step:
    """The one next action of a row (下一步): words of the work, the address name and its uuid. `is_post`: it changes something."""

    words: str
    page: str
    uuid: UUID
    is_post: bool = False


@dataclass(frozen=True, kw_only=True)
class DeskRow:
    """One thing to do on 我的今日 (要办的事). `last_day` None: it has no day. `obligation` leads to 怎么算; None where no clock runs.

    `may_be_late` False: the day is one until which it has to last, not one by which it has to be done.
    """

    title: str
    page: str
    uuid: UUID
    context: str
    step: Step
    chip: LimitChip | None = None
    tag: str = ""
    binding: Binding | None = None
    when: str = ""
    last_day: date | None = None
    due_at: datetime | None = None
    obligation: UUID | None = None
    why: str = "怎么算"
    may_be_late: bool = True

    @property
    def is_pressing(self) -> bool:
        """Whether its button is the loud one: late, or due now and mine to write."""
        return self.chip is not None and self.chip.state in PRESSING and not self.tag


@dataclass(frozen=True)
class GroupView:
    """A group of 我的今日 with its rows (分组). `note` stands beside its heading."""

    group: Group
    heading: str
    note: str
    rows: tuple[DeskRow, ...]


@dataclass(frozen=True)
class StripDay:
    """One day of the strip (日历条). `count` is what is due on it; `note` 今天, 休 or 上班. The last cell stands for all days after."""

    label: str
    note: str
    count: int
    is_today: bool = False
    is_off: bool = False
    is_made_up: bool = False


@dataclass(frozen=True)
class WaitingRow:
    """A text of mine that others have in hand (等别人)."""

    title: str
    publication: UUID
    words: str


@dataclass(frozen=True)
class MyToday:
    """Everything 我的今日 shows (我的今日), finished."""

    headline: str
    strip: tuple[StripDay, ...]
    groups: tuple[GroupView, ...]
    waiting: tuple[WaitingRow, ...] = field(default_factory=tuple)
    notices: tuple[NoticeRow, ...] = field(default_factory=tuple)
