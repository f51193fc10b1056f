"""Whether a limit of our own house is stricter than the law's, whatever the calendar says. What cannot be shown is refused."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import cache

from gongkai.core.ledger.kinds import Limit, LimitUnit
from gongkai.core.ledger.rules.counting import add_months
from gongkai.core.ledger.rules.limits import parse_limit, say_limit

SHORTEST_DAYS = {"D": 1, "W": 7, "M": 28, "Q": 90, "Y": 365}
LONGEST_DAYS = {"D": 1, "W": 7, "M": 31, "Q": 92, "Y": 366}
LONGEST_HOLIDAY = 14  # days: more than ever lay between two working days (2020: ten), so that “every working day” is within it
A_LEAP_CYCLE = range(2021, 2025)
MONTHS = {LimitUnit.MONTH: 1, LimitUnit.YEAR: 12}


def refuse_laxer(local_text: str, legal_text: str) -> str:
    """Why a local limit may not stand beside the law's (局内期限比较), in words; empty when it is stricter on every calendar.

    A limit within which something has to be done is stricter when it always ends earlier or on the same day, and can end earlier; a
    minimum is stricter when it is longer. Working days against calendar days: n calendar days never end after n working days; the other
    way round a long holiday may lie between, so that nothing can be shown. Where the law gives no number, any limit is stricter.

    Raises: ValueError for a limit that cannot be read.
    """
    local, legal = parse_limit(local_text), parse_limit(legal_text)
    said, law = f"局内期限“{say_limit(local)}”", f"法定期限“{say_limit(legal)}”"
    if local.unit is LimitUnit.NONE:
        return "局内期限要写数字，“没有写天数”不是期限。"
    if local == legal:
        return f"{said}和{law}一样，用不着另定。"
    if legal.unit is LimitUnit.NONE:
        return "依据没有写天数，局内期限请写“不迟于”多少天。" if local.is_minimum or local.unit is LimitUnit.CADENCE else ""
    if local.is_minimum != legal.is_minimum:
        wanted = "不少于" if legal.is_minimum else "不迟于"
        return f"{law}是“{wanted}”，{said}不是，两个不能比。局内期限也要写成“{wanted}”。"
    if _is_shown(local, legal):
        return ""
    if {local.unit, legal.unit} in (
        {LimitUnit.WORKDAY, LimitUnit.DAY},
        {LimitUnit.WORKDAY, LimitUnit.MONTH},
        {LimitUnit.WORKDAY, LimitUnit.YEAR},
    ):
        return f"{said}不能证明总比{law}严：工作日遇到长假会拖长。请改用同一种单位，或者更短的日历天数。"
    if legal.is_minimum:
        return f"{said}比{law}短，局内期限只能更长。"
    compared = f"比{law}长" if local.unit is legal.unit else f"不能证明比{law}严"
    return f"{said}{compared}。局内期限只能更严，请改短。"


def _is_shown(local: Limit, legal: Limit) -> bool:
    short, long = (legal, local) if legal.is_minimum else (local, legal)
    compare = COMPARISONS.get((short.unit, long.unit))
    return compare is not None and compare(short, long)


def _by_amount(short: Limit, long: Limit) -> bool:
    return short.amount < long.amount


def _not_more(short: Limit, long: Limit) -> bool:
    """Calendar days against working days: n calendar days end on or before the n-th working day, also when both roll."""
    return short.amount <= long.amount


def _months(short: Limit, long: Limit) -> bool:
    return short.amount * MONTHS[short.unit] < long.amount * MONTHS[long.unit]


def _days_in_months(short: Limit, long: Limit) -> bool:
    return short.amount <= _month_days(long.amount * MONTHS[long.unit])[0]


def _months_in_days(short: Limit, long: Limit) -> bool:
    return _month_days(short.amount * MONTHS[short.unit])[1] <= long.amount


def _by_date(early: Limit, late: Limit) -> bool:
    return (early.month, early.day) < (late.month, late.day)


def _by_rhythm(often: Limit, seldom: Limit) -> bool:
    return _gap(often.cadence, LONGEST_DAYS, LONGEST_HOLIDAY) <= _gap(seldom.cadence, SHORTEST_DAYS, 1)


def _gap(cadence: str, lengths: dict[str, int], of_a_workday: int) -> int:
    return of_a_workday if cadence == "workday" else int(cadence[:-1]) * lengths[cadence[-1]]


@cache
def _month_days(months: int) -> tuple[int, int]:
    """The fewest and the most days that so many months have, over a leap cycle: from each month's first and last day."""
    starts = [date(year, month, day) for year in A_LEAP_CYCLE for month in range(1, 13) for day in (1, monthrange(year, month)[1])]
    spans = [(add_months(start, months) - start).days for start in starts]
    return min(spans), max(spans)


# (unit of the shorter, unit of the longer): whether the first can be shown to end no later than the second.
COMPARISONS: dict[tuple[LimitUnit, LimitUnit], Callable[[Limit, Limit], bool]] = {
    (LimitUnit.WORKDAY, LimitUnit.WORKDAY): _by_amount,
    (LimitUnit.DAY, LimitUnit.DAY): _by_amount,
    (LimitUnit.HOUR, LimitUnit.HOUR): _by_amount,
    (LimitUnit.DAY, LimitUnit.WORKDAY): _not_more,
    (LimitUnit.MONTH, LimitUnit.MONTH): _months,
    (LimitUnit.YEAR, LimitUnit.YEAR): _months,
    (LimitUnit.MONTH, LimitUnit.YEAR): _months,
    (LimitUnit.YEAR, LimitUnit.MONTH): _months,
    (LimitUnit.DAY, LimitUnit.MONTH): _days_in_months,
    (LimitUnit.DAY, LimitUnit.YEAR): _days_in_months,
    (LimitUnit.MONTH, LimitUnit.DAY): _months_in_days,
    (LimitUnit.YEAR, LimitUnit.DAY): _months_in_days,
    (LimitUnit.DATE, LimitUnit.DATE): _by_date,
    (LimitUnit.CADENCE, LimitUnit.CADENCE): _by_rhythm,
}
