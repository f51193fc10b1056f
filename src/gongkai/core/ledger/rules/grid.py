"""A receipt as a calendar: weeks from Monday to Sunday, every cell readable alone."""

from datetime import date, timedelta

from gongkai.core.ledger.kinds import CellMark, GridCell, GridWeek, LimitUnit, Receipt, ReceiptDay
from gongkai.core.ledger.rules.sentences import say_weekday

NUMBERED = {LimitUnit.WORKDAY: "第{}个工作日", LimitUnit.DAY: "第{}日", LimitUnit.MONTH: "满{}个月", LimitUnit.YEAR: "满{}年"}

MADE_UP = "调休上班"
"""What a made-up day says where there is little room; for which holiday it is worked is heard and stands in the steps."""


def lay_out(receipt: Receipt, today: date) -> tuple[GridWeek, ...]:
    """The days of a receipt in weeks (回执日历). Weeks in which no day is listed are left out: months and years list only what decides."""
    by_day = {day.day: day for day in receipt.days}
    mondays = sorted({day - timedelta(days=day.weekday()) for day in by_day})
    weeks, before = [], None
    for monday in mondays:
        days = [by_day.get(monday + timedelta(days=number)) for number in range(7)]
        cells = tuple(_cell(day, receipt, today) if day else None for day in days)
        is_after_gap = before is not None and monday - before > timedelta(days=7)
        weeks.append(GridWeek(monday.isocalendar().week, cells, is_after_gap))
        before = monday
    return tuple(weeks)


def _cell(day: ReceiptDay, receipt: Receipt, today: date) -> GridCell:
    words = "，".join(part for part in (day.reason, day.note) if part) or ("最后一天" if day.is_last else "")
    seen = words.replace(day.reason, MADE_UP, 1) if day.is_made_up and not day.reason.startswith("顺延") else words
    is_cause = day.day == receipt.caused_on and not day.is_counted
    numbered = NUMBERED.get(receipt.unit, "").format(day.number) if day.is_counted else ""
    spoken = [f"{day.day.month}月{day.day.day}日", say_weekday(day.day), words, numbered]
    if day.is_last and words != "最后一天":
        spoken.append("最后一天")
    is_first = day.day.day == 1 or day.day.weekday() == 0 or day == receipt.days[0]
    return GridCell(
        day=day.day,
        date_words=f"{day.day:%m-%d}" if is_first else str(day.day.day),
        words=seen,
        number=day.number,
        mark=_mark(day, is_cause=is_cause),
        is_today=day.day == today,
        spoken=" ".join(part for part in spoken if part),
    )


def _mark(day: ReceiptDay, *, is_cause: bool) -> CellMark:
    if day.is_last:
        return CellMark.LAST
    if is_cause:
        return CellMark.CAUSE
    if day.is_stopped:
        return CellMark.STOPPED
    if day.is_counted:
        return CellMark.MAKEUP if day.is_made_up else CellMark.COUNTED
    return CellMark.OFF if day.reason else CellMark.PLAIN
