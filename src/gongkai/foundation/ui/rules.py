from datetime import date, timedelta

from gongkai.lib.workcalendar import CalendarMissing, WorkCalendar

SATURDAY = 5
WEEKDAYS = "一二三四五六日"
LOOK_AHEAD_DAYS = 21
"""How far the top bar looks for the next weekend day that is worked: beyond three weeks nobody plans by it."""

SHORT_HOLIDAYS = ("国庆节", "中秋节", "端午节", "清明节")


def say_weekday(day: date) -> str:
    """Weekday as people write it (周几): 周五."""
    return f"周{WEEKDAYS[day.weekday()]}"


def say_day(day: date) -> str:
    """Day in running text (日期): 2026年10月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_day_short(day: date) -> str:
    """Day on the desk, this year (短日期): 10-09 周五."""
    return f"{day:%m-%d} {say_weekday(day)}"


def say_why(day: date | None) -> str:
    """What the link to a receipt says (怎么算), more pointed where the day surprises: 为什么是周六."""
    return f"为什么是{say_weekday(day)}" if day and day.weekday() >= SATURDAY else "怎么算"


def say_month_day(day: date) -> str:
    """Day in a sentence of this year (月日): 10月9日."""
    return f"{day.month}月{day.day}日"


def say_next_make_up_day(today: date, calendar: WorkCalendar) -> str:
    """The next weekend day that is worked, in words for the top bar (调休提示). Empty when none is near or the year has no calendar."""
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=ahead)
        try:
            fact = calendar.fact(day)
        except CalendarMissing:
            return ""
        if fact.is_made_up:
            return f"{_say_when(day, ahead)}上班（{_short(fact.name)}调休）"
    return ""


def _say_when(day: date, ahead: int) -> str:
    near = {0: "今天", 1: "明天", 2: "后天"}
    return f"{near[ahead]}{say_weekday(day)}" if ahead in near else f"{say_month_day(day)}{say_weekday(day)}"


def _short(name: str) -> str:
    return name.removesuffix("节") if name in SHORT_HOLIDAYS else name
