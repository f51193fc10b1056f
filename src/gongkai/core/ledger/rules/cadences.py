"""Periods of a cadence (更新周期): when the next one begins and on which day it ends."""

from datetime import date, timedelta

from gongkai.core.ledger.kinds import LimitChip, LimitState, LimitUnit, Period, TermsRow
from gongkai.core.ledger.rules.counting import QUARTER_MARK, add_months
from gongkai.core.ledger.rules.limits import parse_limit, say_limit
from gongkai.lib.workcalendar import CalendarMissing, WorkCalendar

ONE_DAY = timedelta(days=1)
SATURDAY = 5
EACH_WORKDAY = "workday"
QUARTERLY = "1Q"
ROLLING_MARKS = ("上次", "最近更新")
FIRST_WORKDAY_MARK = "首个工作日"
MONTHS = {"M": 1, "Q": 3, "Y": 12}


def rhythm_of(terms: TermsRow) -> str:
    """How often a duty comes back (周期写法): `workday`, `1D`, `2W`, `1M`, `1Q`, `1Y`; empty for one that does not.

    The first days of each quarter (季度首日) come back every quarter, though the limit is a number of days.
    """
    limit = parse_limit(terms.limit_text)
    if limit.unit is LimitUnit.CADENCE:
        return limit.cadence
    return QUARTERLY if QUARTER_MARK in terms.clock_start else ""


def say_rhythm(terms: TermsRow) -> str:
    """How often a duty comes back, in words: 每个工作日, 每个季度一次, 每季度首 10 日."""
    limit = parse_limit(terms.limit_text)
    if limit.unit is LimitUnit.CADENCE:
        return say_limit(limit)
    return f"每季度首 {limit.amount} {limit.unit.label}" if rhythm_of(terms) else ""


def is_rolling(terms: TermsRow) -> bool:
    """Whether a period begins with the last update (从上次起算), not with the month, quarter or year."""
    return bool(rhythm_of(terms)) and any(mark in terms.clock_start for mark in ROLLING_MARKS)


def roll_period(terms: TermsRow, updated_on: date) -> Period:
    """The period that an update begins (滚动周期): from the day after it to the corresponding day.

    An inspection counts plain days: it never moves to a working day.
    """
    return Period(updated_on + ONE_DAY, _add(rhythm_of(terms), updated_on))


def period_on(terms: TermsRow, day: date, calendar: WorkCalendar) -> Period | None:
    """The period that a day lies in (所在周期), counted by the calendar: that working day, that week, month, quarter or year.

    None for a day off under a cadence of working days. A year without calendar is read as plain weeks, which is provisional.
    """
    rhythm = rhythm_of(terms)
    if rhythm == EACH_WORKDAY:
        is_workday, is_known = _read(day, calendar)
        return Period(day, day, not is_known) if is_workday else None
    first = _first_of(rhythm, day)
    last = _add(rhythm, first) - ONE_DAY
    limit = parse_limit(terms.limit_text)
    if limit.unit is LimitUnit.DAY:
        return Period(first, first + ONE_DAY * (limit.amount - 1))
    if FIRST_WORKDAY_MARK in terms.clock_start:
        return _until_first_workday(first, last, calendar)
    return Period(first, last)


def next_first_day(terms: TermsRow, day: date) -> date:
    """The first day after `day` on which a period can begin (下一周期首日). Of working days the very next day: it may be off."""
    rhythm = rhythm_of(terms)
    return day + ONE_DAY if rhythm == EACH_WORKDAY else _add(rhythm, _first_of(rhythm, day))


def list_periods(terms: TermsRow, after: date, until: date, calendar: WorkCalendar, *, most: int) -> list[Period]:
    """The newest periods that begin after one day and not after another (应有周期), oldest first, at most so many."""
    found, day = [], next_first_day(terms, after)
    while day <= until:
        period = period_on(terms, day, calendar)
        if period is not None:
            found.append(period)
        day = next_first_day(terms, day)
    return found[-most:]


def judge_column(
    *,
    today: date,
    updated_on: date,
    due_on: date | None,
    lapsed_on: date | None,
    line_on: date | None,
    near_days: int,
) -> LimitChip:
    """What a column's habit says on a day (栏目提醒). A missed period reminds, in ochre; near the inspection line in cinnabar.

    Near is from `near_days` before it. The line itself is the last day on which something new is in time for it.
    """
    is_near = line_on is not None and today >= line_on - ONE_DAY * near_days
    if lapsed_on is not None:
        return LimitChip(LimitState.REMINDER_NEAR if is_near else LimitState.REMINDER, f"{lapsed_on:%m-%d} 没有更新")
    if line_on is not None and is_near:
        words = f"{line_on:%m-%d} 已过国家监测线" if today > line_on else f"{line_on:%m-%d} 到国家监测线"
        return LimitChip(LimitState.REMINDER_NEAR, words)
    if due_on == today:
        return LimitChip(LimitState.DUE_SOON, "今天还没有更新")
    if updated_on == today:
        return LimitChip(LimitState.DONE, "今天已更新")
    if due_on is not None:
        return LimitChip(LimitState.RUNNING, f"{due_on:%m-%d} 前更新")
    return LimitChip(LimitState.RUNNING, f"{updated_on:%m-%d} 更新")


def _read(day: date, calendar: WorkCalendar) -> tuple[bool, bool]:
    """Whether a day is worked, and whether a calendar says so."""
    try:
        return calendar.is_workday(day), True
    except CalendarMissing:
        return day.weekday() < SATURDAY, False


def _until_first_workday(first: date, last: date, calendar: WorkCalendar) -> Period:
    day, all_known = first, True
    while day < last:
        is_workday, is_known = _read(day, calendar)
        all_known = all_known and is_known
        if is_workday:
            break
        day += ONE_DAY
    return Period(first, day, not all_known)


def _first_of(rhythm: str, day: date) -> date:
    """First day of the stretch of the calendar that a day lies in. Several months count from January, weeks begin on Monday."""
    number, letter = int(rhythm[:-1]), rhythm[-1]
    if letter == "D":
        return day - ONE_DAY * ((day.toordinal() - 1) % number)
    if letter == "W":
        return day - ONE_DAY * ((day.toordinal() - 1) % (7 * number))
    months = number * MONTHS[letter]
    past = (day.year * 12 + day.month - 1) % months
    return add_months(day.replace(day=1), -past)


def _add(rhythm: str, day: date) -> date:
    number, letter = int(rhythm[:-1]), rhythm[-1]
    if letter in MONTHS:
        return add_months(day, number * MONTHS[letter])
    return day + ONE_DAY * (number * (7 if letter == "W" else 1))
