"""Working days (工作日): pure arithmetic over the years whose calendar is known. foundation.workdays knows where the years come from."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

SATURDAY = 5


class CalendarMissing(LookupError):
    """A day was asked about whose year has no calendar yet (日历未更新). `year` is that year."""

    def __init__(self, year: int) -> None:
        super().__init__(f"还没有 {year} 年的工作日历：等放假安排的通知印发并装入日历以后，才能算到这一年。")
        self.year = year


@dataclass(frozen=True, slots=True)
class DayFact:
    """What is known of one day (一天的三个事实): worked or off, made up or not, statutory holiday or not.

    `name` is the holiday that the notice names, also on a made-up day (the holiday it is worked for); empty on plain days.
    `notice` names the paper behind it by agency, title and number; empty where the plain week is the reason.
    """

    day: date
    is_workday: bool
    name: str = ""
    is_statutory: bool = False
    is_made_up: bool = False
    notice: str = ""


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """The working days of some years (工作日历). `facts` holds the days that differ from the plain week or carry a name.

    Any day of a year that is not in `years` raises CalendarMissing as soon as it is looked at: nothing is guessed.
    """

    facts: Mapping[date, DayFact]
    years: frozenset[int]
    _workdays: dict[int, list[date]] = field(init=False, default_factory=dict, repr=False)

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked (工作日). Raises: CalendarMissing."""
        return self.fact(day).is_workday

    def fact(self, day: date) -> DayFact:
        """What is known of the day (日期事实). Raises: CalendarMissing."""
        if day.year not in self.years:
            raise CalendarMissing(day.year)
        return self.facts.get(day) or DayFact(day=day, is_workday=day.weekday() < SATURDAY)

    def list_facts(self, first: date, last: date) -> list[DayFact]:
        """Every day from `first` to `last`, both included; empty when `last` is earlier. Raises: CalendarMissing."""
        return [self.fact(date.fromordinal(number)) for number in range(first.toordinal(), last.toordinal() + 1)]

    def next_workday(self, day: date) -> date:
        """The day itself when it is worked, else the next one that is (顺延). Raises: CalendarMissing."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def previous_workday(self, day: date) -> date:
        """The day itself when it is worked, else the last one before it that is. Raises: CalendarMissing."""
        return day if self.is_workday(day) else self.subtract_workdays(day, 1)

    def add_workdays(self, start: date, n: int) -> date:
        """The last day of a term of `n` working days (期限末日). `start` is not counted, so it may lie in a year without calendar.

        0 gives `start` itself, worked or not. Raises: CalendarMissing; ValueError for a negative number.
        """
        left = _checked(n)
        if left == 0:
            return start
        year = start.year + (start.month == 12 and start.day == 31)
        while True:
            days = self._list_workdays(year)
            passed = bisect_right(days, start)
            if passed + left <= len(days):
                return days[passed + left - 1]
            left -= len(days) - passed
            year += 1

    def subtract_workdays(self, day: date, n: int) -> date:
        """The day that lies `n` working days before (倒推). `day` is not counted; 0 gives `day` itself.

        Raises: CalendarMissing; ValueError for a negative number.
        """
        left = _checked(n)
        if left == 0:
            return day
        year = day.year - (day.month == 1 and day.day == 1)
        while True:
            days = self._list_workdays(year)
            before = bisect_left(days, day)
            if left <= before:
                return days[before - left]
            left -= before
            year -= 1

    def count_workdays(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both included (工作日数); 0 when `last` is earlier. Raises: CalendarMissing."""
        if last < first:
            return 0
        count = 0
        for year in range(first.year, last.year + 1):
            days = self._list_workdays(year)
            count += bisect_right(days, last) - bisect_left(days, first)
        return count

    def _list_workdays(self, year: int) -> list[date]:
        """The working days of a year in order, made once. Two threads may both make it: they make the same."""
        if year not in self.years:
            raise CalendarMissing(year)
        days = self._workdays.get(year)
        if days is None:
            days = [fact.day for fact in self.list_facts(date(year, 1, 1), date(year, 12, 31)) if fact.is_workday]
            self._workdays[year] = days
        return days


def _checked(n: int) -> int:
    if n < 0:
        raise ValueError("工作日的个数不能是负数。")
    return n
