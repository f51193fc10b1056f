"""The week of the uploads and the share of what was registered first, in words."""

from datetime import date, timedelta

from gongkai.lib.workcalendar import CalendarMissing, WorkCalendar


def monday_of(day: date) -> date:
    """The Monday of a day's week (本周)."""
    return day - timedelta(days=day.weekday())


def choose_due_day(week: date, weekday: int, calendar: WorkCalendar) -> date:
    """Until which day of a week a sheet is to be uploaded (本周导入日). A day off moves on to the next working day."""
    day = week + timedelta(days=weekday - 1)
    try:
        return calendar.next_workday(day)
    except CalendarMissing:
        return day


def say_week(rows: int | None, due_day: date, *, is_late: bool) -> str:
    """How far a source is this week (本周导入): 41 行; 10-09 以前上传; 10-08 没有上传. `rows` None: nothing came yet."""
    if rows is not None:
        return f"{rows:,} 行"
    return f"{due_day:%m-%d} 没有上传" if is_late else f"{due_day:%m-%d} 以前上传"


def say_share(first: int, whole: int) -> str:
    """Share in words (登记覆盖率): 93.0%. Rounding never makes 100.0% of less than all nor 0.0% of more than none; empty without any."""
    if not whole:
        return "—"
    share = round(first * 1000 / whole)
    if first < whole:
        share = min(share, 999)
    if first:
        share = max(share, 1)
    return f"{share // 10}.{share % 10}%"
