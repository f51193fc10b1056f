from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.forms import DueSpan, LedgerChoice, last_of_month, month_after, read_day, read_month
from gongkai.core.ledger.kinds import DayCount, LedgerPart
from gongkai.core.ledger.views.frames import LOOKS, STRIP, frame_context, read_frame
from gongkai.core.ledger.views.lines import lines_of
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import day_of
from gongkai.lib.paging import read_cursor
from gongkai.lib.workcalendar import CalendarMissing, DayFact, WorkCalendar

WEEK = 7


@dataclass(frozen=True)
class DayPart:
    """How many duties of one part end on a day, as the calendar shows it."""

    part: LedgerPart
    count: int
    icon: str
    tone: str


@dataclass(frozen=True)
class DayCell:
    """One day of the calendar. `mark`: 上班 on a weekend that works, 休 on a working day off; both with the reason in `name`."""

    day: date
    is_inside: bool
    is_today: bool
    is_chosen: bool
    is_off: bool
    mark: str
    name: str
    whole: int
    parts: tuple[DayPart, ...]
    href: str


@require_safe
def show_calendar(request: HttpRequest) -> HttpResponse:
    """The duties of a month by their last day (日历), and the rows of one day."""
    desk = cast("DeskRequest", request)
    frame = read_frame(desk)
    today = day_of(desk.now)
    month = read_month(request.GET.get("month", ""), today)
    chosen = _choose_day(read_day(request.GET.get("day", "")), month, today)
    first, last = month - timedelta(days=month.weekday()), _end_of_week(last_of_month(month))
    asked = replace(frame.choice.filters, part=None, apart=frozenset(), is_carrying=False)
    counts = ledger.count_by_day(unit_ids=frame.unit_ids, filters=replace(asked, first=first, last=last), now=desk.now)
    by_day = {count.day: count for count in counts}
    on_day = replace(asked, first=chosen, last=chosen, is_dated=True)
    expected = by_day[chosen].whole if chosen in by_day else 0
    after = read_cursor(request.GET.get("after", ""))
    page = ledger.list_page(unit_ids=frame.unit_ids, filters=on_day, after=after, now=desk.now, expected=expected)
    cells = _lay_out(first, last, by_day, _Sight(frame.choice, month, today, chosen))
    context = frame_context(frame, desk, "ledger:calendar") | {
        "month": month,
        "chosen": chosen,
        "weeks": [cells[start : start + WEEK] for start in range(0, len(cells), WEEK)],
        "whole": sum(count.whole for count in counts if count.day.month == month.month),
        "legend": [(part, *LOOKS[part]) for part in STRIP if part is not LedgerPart.STOPPED],
        "earlier": _address(frame.choice, month_after(month, -1)),
        "later": _address(frame.choice, month_after(month)),
        "page": page,
        "lines": lines_of(page.rows, desk),
        "words": f"这一页 {len(page.rows)} 行，共 {expected:,} 行",
        "list_href": f"{reverse('ledger:list')}{_day_address(frame.choice, chosen)}",
        "no_calendar": _find_missing_year(workdays.get_calendar(), month),
    }
    return render(request, "ledger/calendar.html", context)


@dataclass(frozen=True)
class _Sight:
    """What the cells of a month are laid out for."""

    choice: LedgerChoice
    month: date
    today: date
    chosen: date


def _lay_out(first: date, last: date, by_day: Mapping[date, DayCount], sight: _Sight) -> list[DayCell]:
    calendar = workdays.get_calendar()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [_cell(day, _fact(calendar, day), by_day.get(day), sight) for day in days]


def _cell(day: date, fact: DayFact, count: DayCount | None, sight: _Sight) -> DayCell:
    is_weekend = day.weekday() >= 5
    mark = "上班" if is_weekend and fact.is_workday else "休" if not is_weekend and not fact.is_workday else ""
    parts = count.parts if count else {}
    return DayCell(
        day=day,
        is_inside=day.month == sight.month.month,
        is_today=day == sight.today,
        is_chosen=day == sight.chosen,
        is_off=not fact.is_workday,
        mark=mark,
        name=fact.name,
        whole=count.whole if count else 0,
        parts=tuple(DayPart(part, parts[part], *LOOKS[part]) for part in STRIP if parts.get(part)),
        href=_address(sight.choice, sight.month, day),
    )


def _fact(calendar: WorkCalendar, day: date) -> DayFact:
    """What is known of the day; a year without calendar is shown as plain weeks, and the page says so."""
    try:
        return calendar.fact(day)
    except CalendarMissing:
        return DayFact(day=day, is_workday=day.weekday() < 5)


def _find_missing_year(calendar: WorkCalendar, month: date) -> int | None:
    return None if month.year in calendar.years else month.year


def _choose_day(day: date | None, month: date, today: date) -> date:
    if day is not None:
        return day
    return today if (today.year, today.month) == (month.year, month.month) else month


def _end_of_week(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


def _address(choice: LedgerChoice, month: date, day: date | None = None) -> str:
    kept = choice.address(due="", part="", apart="", **{"from": "", "to": ""}).removeprefix("?")
    own = f"month={month:%Y-%m}" + (f"&day={day.isoformat()}#day" if day else "")
    return f"?{kept}&{own}" if kept else f"?{own}"


def _day_address(choice: LedgerChoice, day: date) -> str:
    return choice.address(due=DueSpan.RANGE.value, part="", apart="", **{"from": day.isoformat(), "to": day.isoformat()})
