from dataclasses import dataclass
from datetime import date, datetime

from gongkai.lib.enums import LabelledEnum
from gongkai.lib.workcalendar import DayFact, WorkCalendar


class CalendarAct(LabelledEnum):
    """What is done to the calendar of a year (换日历的办法). An edition is never edited: the next one takes its place."""

    REPLACE = "REPLACE", "整年换成这张表"
    AMEND = "AMEND", "只改表里的日子"
    WITHDRAW = "WITHDRAW", "撤回最新一版"


@dataclass(frozen=True)
class NoticeText:
    """How a notice of holidays is named (放假安排通知): agency, title and number, never a web address. `issued_on` None: not known."""

    agency: str
    title: str
    number: str = ""
    issued_on: date | None = None


@dataclass(frozen=True)
class DayLine:
    """One line of a table of days (日历表的一行), as it was typed in."""

    day: date
    is_workday: bool
    name: str
    is_statutory: bool = False


@dataclass(frozen=True, kw_only=True)
class CalendarChange:
    """What somebody wants to do to the calendar of a year (换日历), before it is done.

    `lines` may hold December days of the year before, which a notice of New Year arranges too. WITHDRAW has neither notice nor lines, but
    a reason, and names the edition that has to be the newest.
    """

    act: CalendarAct
    year: int
    notice: NoticeText | None = None
    lines: tuple[DayLine, ...] = ()
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True)
class ChangedDay:
    """One day that another edition tells differently (有变化的日子). None where the year has no calendar."""

    day: date
    before: DayFact | None
    after: DayFact | None

    @property
    def moves_clocks(self) -> bool:
        """Whether a working day became a day off or the other way round."""
        return (self.before and self.before.is_workday) != (self.after and self.after.is_workday)


@dataclass(frozen=True)
class CalendarPlan:
    """What a change would do (换日历的结果): the whole calendar before and after, and the days told differently.

    `years` are those that get another edition. `digest` names what was looked at: the calendar before and after. `changed` leaves out the
    days of a year that had no calendar, or will have none: those are all its days.
    """

    years: tuple[int, ...]
    before: WorkCalendar
    after: WorkCalendar
    changed: tuple[ChangedDay, ...]
    gained: tuple[int, ...]
    lost: tuple[int, ...]
    digest: str

    @property
    def is_empty(self) -> bool:
        """Whether it would change nothing."""
        return not self.changed and not self.gained and not self.lost


@dataclass(frozen=True, kw_only=True)
class EditionRow:
    """One edition of the calendar of a year (日历的一版). `loaded_at` None: it came with the product. `notice` is how it is cited."""

    year: int
    version: int
    notice: str
    issued_on: date | None
    act: CalendarAct
    loaded_at: datetime | None
    loaded_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    withdraw_reason: str
    is_current: bool


@dataclass(frozen=True)
class YearRow:
    """A year with its editions, newest first (一年的日历). No edition is current when the last one was withdrawn."""

    year: int
    editions: tuple[EditionRow, ...]
    off: int
    made_up: int
    statutory: int

    @property
    def current(self) -> EditionRow | None:
        """The edition that holds."""
        return next((edition for edition in self.editions if edition.is_current), None)
