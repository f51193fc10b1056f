"""A year of the calendar as twelve tables of weeks, every day readable alone."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from gongkai.lib.enums import LabelledEnum
from gongkai.lib.workcalendar import SATURDAY, DayFact, WorkCalendar

WEEKDAYS = "一二三四五六日"


class DayMark(LabelledEnum):
    """How a day of the year looks (日子). A weekend that is merely off is no holiday."""

    PLAIN = "PLAIN", "上班日"
    WEEKEND = "WEEKEND", "周末"
    OFF = "OFF", "休"
    STATUTORY = "STATUTORY", "法定"
    MADE_UP = "MADE_UP", "上班"


NOTED = frozenset({DayMark.OFF, DayMark.STATUTORY, DayMark.MADE_UP})


@dataclass(frozen=True)
class DayCell:
    """One day of the year (一天). `note` is the word beside the number, `spoken` the whole in words."""

    day: date
    mark: DayMark
    note: str
    name: str
    notice: str
    spoken: str


@dataclass(frozen=True)
class MonthView:
    """One month (一个月): weeks of seven days, None outside the month; `workdays` is how many are worked."""

    month: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    workdays: int


def lay_months(calendar: WorkCalendar, year: int) -> tuple[MonthView, ...]:
    """The months of a year (年历). Raises: CalendarMissing."""
    return tuple(_lay_month(calendar, year, month) for month in range(1, 13))


def _lay_month(calendar: WorkCalendar, year: int, month: int) -> MonthView:
    weeks = tuple(
        tuple(_cell(calendar.fact(day)) if day.month == month else None for day in week)
        for week in Calendar().monthdatescalendar(year, month)
    )
    days = [cell.day for week in weeks for cell in week if cell]
    return MonthView(month, weeks, calendar.count_workdays(days[0], days[-1]))


def _cell(fact: DayFact) -> DayCell:
    mark = _mark(fact)
    said = "法定节日，休" if mark is DayMark.STATUTORY else "调休上班" if mark is DayMark.MADE_UP else "上班" if fact.is_workday else "休"
    spoken = f"{fact.day.month}月{fact.day.day}日 周{WEEKDAYS[fact.day.weekday()]} {said} {fact.name}".strip()
    return DayCell(fact.day, mark, mark.label if mark in NOTED else "", fact.name, fact.notice, spoken)


def _mark(fact: DayFact) -> DayMark:
    if fact.is_workday:
        return DayMark.MADE_UP if fact.is_made_up else DayMark.PLAIN
    if fact.is_statutory:
        return DayMark.STATUTORY
    return DayMark.OFF if fact.name else DayMark.WEEKEND if fact.day.weekday() >= SATURDAY else DayMark.OFF
