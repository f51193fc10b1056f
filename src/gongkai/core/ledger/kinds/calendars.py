from dataclasses import dataclass
from datetime import date, datetime

from gongkai.core.ledger.kinds.rows import ObligationRow
from gongkai.foundation.workdays.kinds import CalendarPlan


@dataclass(frozen=True, kw_only=True)
class MovedDate:
    """One open clock that another calendar would move (改动的期限): from which day to which, and why.

    Of a stopped clock the days are those it would end on if it went on at the latest day; pages do not show them, but they move.
    """

    obligation: ObligationRow
    from_day: date
    to_day: date
    from_due_at: datetime
    to_due_at: datetime
    was_provisional: bool
    is_provisional: bool
    is_stopped: bool
    why: str


@dataclass(frozen=True)
class CalendarPreview:
    """What a change of the calendar would do (换日历预览): to the calendar, and to every open clock, soonest first.

    `digest` names exactly this: whoever confirms something else is told that somebody was faster.
    """

    plan: CalendarPlan
    moved: tuple[MovedDate, ...]
    digest: str
