from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from gongkai.core.ledger.kinds import Binding, EventKind, LimitChip, LimitState, Standing
from gongkai.core.publishing.kinds import UnlookedRow
from gongkai.lib.enums import LabelledEnum

PRESSING = frozenset({LimitState.OVERDUE, LimitState.PROMISE_EXCEEDED, LimitState.DUE_SOON})


class Group(LabelledEnum):
    """The groups of 我的今日, in their order."""

    LATE = "LATE", "已逾期"
    EXCEEDED = "EXCEEDED", "超过承诺"
    TODAY = "TODAY", "今天"
    RETURNED = "RETURNED", "退回要改"
    TOMORROW = "TOMORROW", "明天"
    THIS_WEEK = "THIS_WEEK", "本周"
    LATER = "LATER", "下周起"
    REMINDER = "REMINDER", "提醒"
    COMING = "COMING", "还没到，会来的"


@dataclass(frozen=True)
class NoticeRow:
    """One line of 刚刚发生 (消息): what happened to a duty, and when. `obligation` opens it in the ledger."""

    id: int
    kind: EventKind
    words: str
    at: datetime
    obligation: UUID
    is_today: bool


@dataclass(frozen=True, kw_only=True)
class Step:
    """The one next action of a row (下一步): words of the work and its address. `is_post`: it changes something.

    `is_waiting`: others have it in hand now, one can only look.
    """

    words: str
    href: str
    is_post: bool = False
    is_waiting: bool = False


@dataclass(frozen=True, kw_only=True)
class DeskRow:
    """One thing to do on 我的今日 (要办的事). `day` None: it has no day. `obligation` leads to 怎么算; None where no clock runs.

    `standing` None: no duty of the ledger, so it stands by its day alone. `day` is that of the own target where there is one. `must`: what
    has to be changed in its text, in words; it stands between `context` and `after`.
    """

    title: str
    href: str
    step: Step
    context: str = ""
    standing: Standing | None = None
    chip: LimitChip | None = None
    tag: str = ""
    binding: Binding | None = None
    when: str = ""
    when_too: str = ""
    day: date | None = None
    moment: datetime | None = None
    obligation: UUID | None = None
    why: str = "怎么算"
    must: str = ""
    after: str = ""

    @property
    def is_pressing(self) -> bool:
        """Whether its button is the loud one: late, or due now and mine to write."""
        return self.chip is not None and self.chip.state in PRESSING and not self.tag and not self.step.is_waiting


@dataclass(frozen=True)
class GroupView:
    """A group of 我的今日 with its rows (分组). `note` stands beside its heading.

    `count` is how many there are, which may be more than are shown; `more` is where the rest can be seen.
    """

    group: Group
    heading: str
    note: str
    rows: tuple[DeskRow, ...]
    count: int
    more: str = ""

    @property
    def hidden(self) -> int:
        """How many rows are not on this page."""
        return self.count - len(self.rows)


@dataclass(frozen=True)
class StripDay:
    """One day of the strip (日历条). `count` is what is due on it, `group` where it is listed; `note` 今天, 休 or 上班.

    The last cell stands for all days after.
    """

    label: str
    note: str
    count: int
    group: Group
    is_today: bool = False
    is_off: bool = False
    is_made_up: bool = False


@dataclass(frozen=True)
class WaitingRow:
    """A text of mine that others have in hand (等别人): with whom, how long it has waited, how long they may take."""

    title: str
    publication: UUID
    words: str
    chip: LimitChip | None = None


@dataclass(frozen=True)
class PausedRow:
    """A duty of mine whose clock stands still (暂停的): why, and until when at the latest. It shows no last day."""

    title: str
    obligation: UUID
    words: str
    chip: LimitChip


@dataclass(frozen=True)
class VacancyRow:
    """A post that nobody holds and that still owes something (岗位空缺). `address`: where its rows are reassigned."""

    post_id: int
    words: str
    count: int
    late: int


@dataclass(frozen=True)
class MonthPart:
    """One part of 我这个月 (本月一类). `start` and `share` are percentages for the bar, as SVG writes them."""

    label: str
    count: int
    tone: str
    icon: str
    start: str = "0%"
    share: str = "0%"


@dataclass(frozen=True)
class MonthView:
    """What is due this month at somebody's posts (我这个月): 法定 and 上级要求 only. The parts add up to `whole`; `href` lists its rows."""

    parts: tuple[MonthPart, ...]
    whole: int
    href: str
    words: str

    @property
    def adds_up(self) -> bool:
        """Whether the parts make the whole."""
        return sum(part.count for part in self.parts) == self.whole


@dataclass(frozen=True)
class MyToday:
    """Everything 我的今日 shows (我的今日), finished."""

    headline: str
    next_due: str
    strip: tuple[StripDay, ...]
    groups: tuple[GroupView, ...]
    month: MonthView | None = None
    waiting: tuple[WaitingRow, ...] = field(default_factory=tuple)
    paused: tuple[PausedRow, ...] = field(default_factory=tuple)
    paused_count: int = 0
    vacancies: tuple[VacancyRow, ...] = field(default_factory=tuple)
    notices: tuple[NoticeRow, ...] = field(default_factory=tuple)
    unlooked: tuple[UnlookedRow, ...] = field(default_factory=tuple)
