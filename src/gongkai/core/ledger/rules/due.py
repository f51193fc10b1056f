"""The day on which a limit ends, and why. The only place that computes one."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from gongkai.core.ledger.kinds import Limit, LimitUnit, Receipt, ReceiptDay, TermsRow
from gongkai.core.ledger.rules.limits import parse_limit, say_limit
from gongkai.core.ledger.rules.sentences import Outcome, say_outcome
from gongkai.lib.errors import ActNotPossible, BadInput
from gongkai.lib.moments import day_of, end_of
from gongkai.lib.workcalendar import CalendarMissing, DayFact, WorkCalendar

ONE_DAY = timedelta(days=1)
BACKWARD_MARK = "倒算"
QUARTER_MARK = "季度首日"
SATURDAY = 5


@dataclass
class _Reader:
    """Reads days from a calendar; a year that has none is read as plain weeks and remembered."""

    calendar: WorkCalendar
    missing: set[int] = field(default_factory=set)

    def fact(self, day: date) -> DayFact:
        try:
            return self.calendar.fact(day)
        except CalendarMissing as missing:
            self.missing.add(missing.year)
            return DayFact(day=day, is_workday=day.weekday() < SATURDAY)


@dataclass(frozen=True)
class _Count:
    """What counting gave: the days in their order and the last one. `due_at` None: the end of the last day."""

    days: tuple[ReceiptDay, ...]
    start: date
    last_day: date
    due_at: datetime | None = None
    is_backward: bool = False


def compute_due(terms: TermsRow, caused_on: date, calendar: WorkCalendar, *, caused_at: datetime | None = None) -> Receipt:
    """When a limit ends that began with a cause on that day (期限计算), with every day that counted and every day that did not.

    The day of the cause is not counted. Working days: the last one counted is the last day. Calendar days, months and years: a last day
    that is a day off moves to the next working day when the terms say so; a month ends on the same day of the month, or on the month's
    last. Hours run through nights and holidays and need `caused_at`. A minimum counted back from an event gives the latest day before
    it; any other minimum gives the day until which it has to last. A date in the year is the first on or after the cause and never
    moves. A year without calendar is read as plain weeks and makes the receipt provisional.

    Raises: ActNotPossible, in words, for a limit without a number, a cadence, or hours from an unknown moment; BadInput when `caused_at` is
    on another day. Legal source: ALIT-INT art. 48.
    """
    limit = parse_limit(terms.limit_text)
    reader = _Reader(calendar)
    count = _count(limit, terms, caused_on, caused_at, reader)
    is_minimum = limit.is_minimum and not count.is_backward
    outcome = Outcome(
        limit=limit,
        caused_on=caused_on,
        caused_at=caused_at,
        last_day=count.last_day,
        due_at=count.due_at,
        days=count.days,
        is_backward=count.is_backward,
        is_minimum=is_minimum,
        missing_years=tuple(sorted(reader.missing)),
    )
    return Receipt(
        caused_on=caused_on,
        start=count.start,
        last_day=count.last_day,
        due_at=count.due_at or end_of(count.last_day),
        days=count.days,
        unit=limit.unit,
        limit_words=say_limit(limit),
        sentence=say_outcome(outcome),
        article=terms.basis,
        source=terms.source,
        is_verified=terms.is_verified,
        binding=terms.binding,
        public_display=terms.public_display,
        holder=terms.holder,
        clock_start=terms.clock_start,
        effective_from=terms.effective_from,
        effective_to=terms.effective_to,
        is_minimum=is_minimum,
        is_backward=count.is_backward,
        is_provisional=bool(reader.missing),
        missing_years=outcome.missing_years,
    )


def _count(limit: Limit, terms: TermsRow, caused_on: date, caused_at: datetime | None, reader: _Reader) -> _Count:
    if limit.unit is LimitUnit.NONE:
        raise ActNotPossible(f"“{terms.label}”的依据没有写天数，算不出最后一天。先由法规科配一个局内期限，再登记。")
    if limit.unit is LimitUnit.CADENCE:
        raise ActNotPossible(f"“{terms.label}”是周期性要求（{say_limit(limit)}），不按事由算期限。")
    if limit.unit is LimitUnit.HOUR:
        return _count_hours(limit, terms, caused_on, caused_at)
    if limit.unit is LimitUnit.DATE:
        return _count_to_date(limit, caused_on)
    if limit.is_minimum and BACKWARD_MARK in terms.clock_start:
        return _count_back(limit, caused_on, reader)
    if limit.unit is LimitUnit.DAY and QUARTER_MARK in terms.clock_start:
        return _count_from_quarter(limit, caused_on)
    if limit.amount == 0:
        return _Count((ReceiptDay(day=caused_on, reason="当天", is_last=True),), caused_on, caused_on)
    if limit.unit is LimitUnit.WORKDAY:
        return _count_workdays(limit, caused_on, reader)
    counted = _count_days(limit, caused_on) if limit.unit is LimitUnit.DAY else _count_months(limit, caused_on)
    return _end(counted, caused_on, rolls=terms.rolls, reader=reader)


def _cause(day: date) -> ReceiptDay:
    return ReceiptDay(day=day, reason="事由日，不计")


def _skipped(fact: DayFact) -> ReceiptDay:
    return ReceiptDay(day=fact.day, reason=_name_off(fact), notice=fact.notice)


def _name_off(fact: DayFact) -> str:
    return fact.name or ("周末" if fact.day.weekday() >= SATURDAY else "休息日")


def _counted(fact: DayFact, number: int, *, is_last: bool = False) -> ReceiptDay:
    made_up = f"{fact.name}调休上班" if fact.is_made_up else ""
    return ReceiptDay(
        day=fact.day,
        number=number,
        reason=made_up,
        notice=fact.notice if fact.is_made_up else "",
        is_made_up=fact.is_made_up,
        is_last=is_last,
    )


def _count_workdays(limit: Limit, caused_on: date, reader: _Reader) -> _Count:
    days, day, number = [_cause(caused_on)], caused_on, 0
    while number < limit.amount:
        day += ONE_DAY
        fact = reader.fact(day)
        number += fact.is_workday
        days.append(_counted(fact, number, is_last=number == limit.amount) if fact.is_workday else _skipped(fact))
    return _Count(tuple(days), caused_on + ONE_DAY, day)


def _count_days(limit: Limit, caused_on: date) -> list[ReceiptDay]:
    """Calendar days all count, whatever they are called: the calendar is asked only about the last one."""
    return [ReceiptDay(day=caused_on + ONE_DAY * number, number=number) for number in range(1, limit.amount + 1)]


def _count_months(limit: Limit, caused_on: date) -> list[ReceiptDay]:
    """The corresponding day of each month (or year), the month's last day where there is none."""
    months = 12 if limit.unit is LimitUnit.YEAR else 1
    return [ReceiptDay(day=add_months(caused_on, number * months), number=number) for number in range(1, limit.amount + 1)]


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later (到期月的对应日); the last day of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end(counted: list[ReceiptDay], caused_on: date, *, rolls: bool, reader: _Reader) -> _Count:
    """Close a count of calendar days, months or years: roll a last day that is a day off, when the terms say so."""
    days = [_cause(caused_on), *counted]
    fact = reader.fact(days[-1].day) if rolls else None
    if fact is None or fact.is_workday:
        final = days.pop()
        days.append(_counted(fact or DayFact(day=final.day, is_workday=True), final.number or 0, is_last=True))
        return _Count(tuple(days), caused_on + ONE_DAY, final.day)
    nominal = days.pop()
    days.append(ReceiptDay(day=nominal.day, number=nominal.number, reason=f"{_name_off(fact)}，顺延", notice=fact.notice))
    while not (fact := reader.fact(fact.day + ONE_DAY)).is_workday:
        days.append(_skipped(fact))
    made_up = f"，{fact.name}调休上班" if fact.is_made_up else ""
    notice = fact.notice if fact.is_made_up else ""
    days.append(ReceiptDay(day=fact.day, reason=f"顺延到这天{made_up}", notice=notice, is_made_up=fact.is_made_up, is_last=True))
    return _Count(tuple(days), caused_on + ONE_DAY, fact.day)


def _count_back(limit: Limit, event_on: date, reader: _Reader) -> _Count:
    """At least so long before an event: the latest day on which it is still in time. It never moves, later would be too late."""
    days, day, number = [ReceiptDay(day=event_on, reason="开始之日，不计")], event_on, 0
    while number < limit.amount:
        day -= ONE_DAY
        fact = reader.fact(day) if limit.unit is LimitUnit.WORKDAY else DayFact(day=day, is_workday=True)
        number += fact.is_workday
        days.append(_counted(fact, number, is_last=number == limit.amount) if fact.is_workday else _skipped(fact))
    return _Count(tuple(reversed(days)), event_on - ONE_DAY, day, is_backward=True)


def _count_from_quarter(limit: Limit, caused_on: date) -> _Count:
    """The first days of a quarter: its first day counts, the last one is a date and does not move."""
    first = date(caused_on.year, caused_on.month - (caused_on.month - 1) % 3, 1)
    last = limit.amount
    days = tuple(ReceiptDay(day=first + ONE_DAY * (number - 1), number=number, is_last=number == last) for number in range(1, last + 1))
    return _Count(days, first, days[-1].day)


def _count_to_date(limit: Limit, caused_on: date) -> _Count:
    year = caused_on.year
    last = _date_in(year, limit)
    if last < caused_on:
        last = _date_in(year + 1, limit)
    final = ReceiptDay(day=last, reason="每年的这一天", is_last=True)
    return _Count((final,) if last == caused_on else (_cause(caused_on), final), min(caused_on + ONE_DAY, last), last)


def _date_in(year: int, limit: Limit) -> date:
    return date(year, limit.month, min(limit.day, monthrange(year, limit.month)[1]))


def _count_hours(limit: Limit, terms: TermsRow, caused_on: date, caused_at: datetime | None) -> _Count:
    if caused_at is None:
        raise ActNotPossible(f"“{terms.label}”的期限按小时算（{say_limit(limit)}），只有日期算不出来，要登记到几点几分。")
    if day_of(caused_at) != caused_on:
        raise BadInput("事由的时刻不在事由日那一天，请改成同一天。", field="caused_at")
    due_at = caused_at + timedelta(hours=limit.amount)
    last_day = day_of(due_at - timedelta(microseconds=1))
    span = (last_day - caused_on).days
    days = tuple(
        ReceiptDay(day=caused_on + ONE_DAY * number, reason="按小时连续算，休息日不跳过", is_last=number == span)
        for number in range(span + 1)
    )
    return _Count(days, caused_on, last_day, due_at)
