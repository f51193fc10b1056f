"""Counting one day after the other, with the days on which a limit stands still."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from gongkai.core.ledger.kinds import LimitUnit, ReceiptDay
from gongkai.lib.moments import day_of, end_of, start_of
from gongkai.lib.workcalendar import CalendarMissing, DayFact, WorkCalendar

ONE_DAY = timedelta(days=1)
SATURDAY = 5
QUARTER_MARK = "季度首日"
STOPPED = "停"


@dataclass
class Reader:
    """Reads days from a calendar; a year that has none is read as plain weeks and remembered."""

    calendar: WorkCalendar
    missing: set[int] = field(default_factory=set)

    def fact(self, day: date) -> DayFact:
        """What is known of the day."""
        try:
            return self.calendar.fact(day)
        except CalendarMissing as missing:
            self.missing.add(missing.year)
            return DayFact(day=day, is_workday=day.weekday() < SATURDAY)


@dataclass(frozen=True)
class Span:
    """Days on which a limit stands still, both included (停). `ends`: the last of them is known, not only thought of."""

    first: date
    last: date
    ends: bool = True

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Count:
    """What counting gave: the days in their order and the last one. `due_at` None: the end of the last day."""

    days: tuple[ReceiptDay, ...]
    start: date
    last_day: date
    due_at: datetime | None = None
    is_backward: bool = False


@dataclass
class Walk:
    """A count under way: from `day` on, the next day is looked at. `number` is the last that was given."""

    reader: Reader
    spans: tuple[Span, ...]
    day: date
    days: list[ReceiptDay]
    number: int = 0
    counted_on: date | None = None

    def step(self, unit: LimitUnit, amount: int) -> None:
        """Count so many days more, working days or all. Days in a span do not count; a day off is a day off, in a span or not."""
        left = amount
        while left:
            self.day += ONE_DAY
            fact = self.reader.fact(self.day) if unit is LimitUnit.WORKDAY else DayFact(day=self.day, is_workday=True)
            if not fact.is_workday:
                self.days.append(skipped(fact))
            elif self.is_stopped(self.day):
                self.days.append(self._stopped(self.day))
            else:
                self.number += 1
                left -= 1
                self.days.append(self._noted(counted(fact, self.number)))
                self.counted_on = self.day

    def add_months(self, months: int, step: int) -> None:
        """Count so many months, a line for each `step` of them; as many days as it stood still in them are put behind."""
        begun = self.day
        marks = {add_months(begun, number): number // step for number in range(step, months + 1, step)}
        nominal = add_months(begun, months)
        end, stood = nominal, self._list_stood(begun, nominal)
        while end < nominal + ONE_DAY * len(stood):
            end = nominal + ONE_DAY * len(stood)
            stood = self._list_stood(begun, end)
        still = set(stood)
        shown = {**{day: self._stopped(day) for day in stood}, **{day: ReceiptDay(day=day, number=number) for day, number in marks.items()}}
        if end != nominal:
            shown[end] = ReceiptDay(day=end, reason=f"停的 {len(still)} 天补在后面")
        self.days.extend(shown[day] for day in sorted(shown))
        self.day, self.number = end, months // step

    def close(self, *, rolls: bool) -> None:
        """End the count here: roll a last day that is a day off or stands still to the next that is neither, when the terms say so."""
        fact = self.reader.fact(self.day) if rolls else None
        final = self.days.pop()
        if fact is None or (fact.is_workday and not self.is_stopped(self.day)):
            worked = fact if fact is not None and fact.is_made_up and not final.reason else None
            self.days.append(_last(final, worked))
            return
        why = name_off(fact) if not fact.is_workday else STOPPED
        self.days.append(_changed(final, reason=f"{why}，顺延", notice=fact.notice))
        while True:
            self.day += ONE_DAY
            fact = self.reader.fact(self.day)
            if fact.is_workday and not self.is_stopped(self.day):
                break
            self.days.append(self._stopped(self.day) if fact.is_workday else skipped(fact))
        made_up = f"，{fact.name}调休上班" if fact.is_made_up else ""
        notice = fact.notice if fact.is_made_up else ""
        reason = f"顺延到这天{made_up}"
        self.days.append(ReceiptDay(day=self.day, reason=reason, notice=notice, is_made_up=fact.is_made_up, is_last=True))

    def is_stopped(self, day: date) -> bool:
        """Whether the limit stands still on that day."""
        return any(span.holds(day) for span in self.spans)

    def _list_stood(self, after: date, until: date) -> list[date]:
        span = (until - after).days
        return [day for day in (after + ONE_DAY * number for number in range(1, span + 1)) if self.is_stopped(day)]

    def _stopped(self, day: date) -> ReceiptDay:
        is_first = any(span.first == day for span in self.spans)
        is_final = any(span.last == day and span.ends for span in self.spans)
        words = "，开始" if is_first and not is_final else "，到此" if is_final and not is_first else ""
        return ReceiptDay(day=day, reason=f"{STOPPED}{words}", is_stopped=True)

    def _noted(self, day: ReceiptDay) -> ReceiptDay:
        """A counted day on which counting goes on, or the last before it stops, says so."""
        before = self.counted_on or self.days[0].day
        if any(span.ends and before < span.last < day.day for span in self.spans):
            return _changed(day, note="恢复")
        is_last_before = any(span.first - ONE_DAY == day.day for span in self.spans)
        return _changed(day, note="次日起停") if is_last_before else day


def cause_day(day: date, *, is_restart: bool = False) -> ReceiptDay:
    """The day of a cause: it does not count."""
    return ReceiptDay(day=day, reason="重新起算，当天不计" if is_restart else "事由日，不计")


def skipped(fact: DayFact) -> ReceiptDay:
    """A day off, with its name."""
    return ReceiptDay(day=fact.day, reason=name_off(fact), notice=fact.notice)


def name_off(fact: DayFact) -> str:
    """What a day off is called: 国庆, 周末, 休息日."""
    return fact.name or ("周末" if fact.day.weekday() >= SATURDAY else "休息日")


def counted(fact: DayFact, number: int, *, is_last: bool = False) -> ReceiptDay:
    """A day that counts, and how manieth it is."""
    made_up = f"{fact.name}调休上班" if fact.is_made_up else ""
    return ReceiptDay(
        day=fact.day,
        number=number,
        reason=made_up,
        notice=fact.notice if fact.is_made_up else "",
        is_made_up=fact.is_made_up,
        is_last=is_last,
    )


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later (到期月的对应日); the last day of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def count_hours(caused_at: datetime, hours: int, spans: Iterable[Span]) -> tuple[datetime, tuple[ReceiptDay, ...]]:
    """When so many hours are over, with the days they run through. Nights and days off count; days that stand still do not."""
    still = tuple(spans)
    at, left = caused_at, timedelta(hours=hours)
    while left:
        begun = max(at, start_of(day_of(at)))
        until = end_of(day_of(at))
        if any(span.holds(day_of(at)) for span in still):
            at = until
            continue
        passed = min(left, until - begun)
        at, left = begun + passed, left - passed
    first = day_of(caused_at)
    last = max(first, day_of(at - timedelta(microseconds=1)))
    days = (first + ONE_DAY * number for number in range((last - first).days + 1))
    return at, tuple(_hour_day(day, still, is_last=day == last) for day in days)


def _hour_day(day: date, spans: Iterable[Span], *, is_last: bool) -> ReceiptDay:
    if any(span.holds(day) for span in spans):
        return ReceiptDay(day=day, reason=STOPPED, is_stopped=True)
    return ReceiptDay(day=day, reason="按小时连续算，休息日不跳过", is_last=is_last)


def _last(final: ReceiptDay, worked: DayFact | None) -> ReceiptDay:
    if worked is None:
        return _changed(final, is_last=True)
    return _changed(counted(worked, final.number or 0, is_last=True), note=final.note)


def _changed(day: ReceiptDay, **values: object) -> ReceiptDay:
    return ReceiptDay(**{**day.__dict__, **values})
