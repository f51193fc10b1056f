"""What a receipt says in one sentence that a citizen understands."""

from dataclasses import dataclass
from datetime import date, datetime

from gongkai.core.ledger.kinds import Limit, LimitUnit, ReceiptDay
from gongkai.core.ledger.rules.limits import say_limit
from gongkai.lib.moments import SHANGHAI

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What counting a limit gave, as far as the sentence needs it."""

    limit: Limit
    caused_on: date
    caused_at: datetime | None
    last_day: date
    due_at: datetime | None
    days: tuple[ReceiptDay, ...]
    is_backward: bool
    is_minimum: bool
    missing_years: tuple[int, ...]


def say_day(day: date) -> str:
    """A day in running text: 2026年10月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_weekday(day: date) -> str:
    """周一 to 周日."""
    return f"周{WEEKDAYS[day.weekday()]}"


def say_outcome(outcome: Outcome) -> str:
    """Why the limit ends on that day (期限说明), in a sentence or two; a surprising last day says why."""
    return "".join([_say_count(outcome), _say_surprise(outcome), _say_provisional(outcome.missing_years)])


def _say_count(outcome: Outcome) -> str:
    last = f"{say_day(outcome.last_day)}（{say_weekday(outcome.last_day)}）"
    words, cause = say_limit(outcome.limit), say_day(outcome.caused_on)
    if outcome.limit.unit is LimitUnit.HOUR and outcome.caused_at and outcome.due_at:
        until = outcome.due_at.astimezone(SHANGHAI)
        begun = outcome.caused_at.astimezone(SHANGHAI)
        return f"{cause} {begun:%H:%M} 起 {words}，夜间和休息日照算，到 {say_day(until.date())} {until:%H:%M} 为止。"
    if outcome.limit.unit is LimitUnit.DATE:
        return f"{words}，这一次的最后一天是 {last}。"
    if outcome.is_backward:
        return f"{cause}开始，往前倒数{words.removeprefix('不少于')}，最迟 {last}。"
    if outcome.limit.amount == 0:
        return f"{cause}当天就要办，最后一天是 {last}。"
    if outcome.days[0].is_counted:
        return f"从 {say_day(outcome.days[0].day)} 起算，当天计入，{words}，最后一天是 {last}。"
    if outcome.is_minimum:
        return f"{cause}的次日起算，{words}，至少到 {last}。这是最短时间，不是最后办理日。"
    return f"{cause}不计，从次日起算 {words}，最后一天是 {last}。"


def _say_surprise(outcome: Outcome) -> str:
    if outcome.limit.unit not in {LimitUnit.WORKDAY, LimitUnit.DAY, LimitUnit.MONTH, LimitUnit.YEAR}:
        return ""
    last = next(day for day in outcome.days if day.is_last)
    moved = next((day for day in outcome.days if day.reason.endswith("，顺延")), None)
    said = f"期满那天是 {say_day(moved.day)}（{moved.reason.removesuffix('，顺延')}），顺延到下一个工作日。" if moved else ""
    if last.is_made_up:
        said += f"这天{last.reason.removeprefix('顺延到这天，')}。"
    return said


def _say_provisional(missing_years: tuple[int, ...]) -> str:
    if not missing_years:
        return ""
    years = "、".join(str(year) for year in missing_years)
    return f"还没有 {years} 年的工作日历，这一天是暂定的：先按周一到周五上班算，日历装入后可能变。"
