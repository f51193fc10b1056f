"""Why a date moves when the calendar does, in words."""

from gongkai.core.ledger.kinds import Receipt
from gongkai.core.ledger.rules.sentences import say_weekday
from gongkai.foundation.workdays.kinds import CalendarPlan, ChangedDay

SHOWN = 3


def say_shift(plan: CalendarPlan, before: Receipt, after: Receipt) -> str:
    """Why a date moves (改动原因): the days in its span that became worked or free, or the year whose calendar came or went."""
    missing = set(before.missing_years) | set(after.missing_years)
    years = [f"{year} 年的日历已装入" for year in plan.gained if year in missing]
    years += [f"{year} 年的日历已撤回，按周一到周五暂算" for year in plan.lost if year in missing]
    ends = [day for receipt in (before, after) for day in (receipt.caused_on, receipt.start, receipt.last_day)]
    first, last = min(ends), max(ends)
    days = [change for change in plan.changed if change.moves_clocks and first <= change.day <= last]
    words = [*years, *map(_say_day, days[:SHOWN])]
    more = f"等 {len(days)} 天" if len(days) > SHOWN else ""
    return "，".join(words) + more if words else "按新的日历重算"


def _say_day(change: ChangedDay) -> str:
    is_workday = bool(change.after and change.after.is_workday)
    day = change.day
    return f"{day.month}月{day.day}日（{say_weekday(day)}）改为{'上班' if is_workday else '休息'}"
