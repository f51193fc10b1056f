"""What a receipt says in one sentence that a citizen understands."""

from dataclasses import dataclass
from datetime import date, datetime

from gongkai.core.ledger.kinds import Limit, LimitUnit, MovementDraft, MovementKind, ReceiptDay
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
    movements: tuple[MovementDraft, ...] = ()
    begun_by: MovementDraft | None = None
    running: MovementDraft | None = None
    bare_day: date | None = None


def say_day(day: date) -> str:
    """A day in running text: 2026年10月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_weekday(day: date) -> str:
    """周一 to 周日."""
    return f"周{WEEKDAYS[day.weekday()]}"


def say_outcome(outcome: Outcome) -> str:
    """Why the limit ends on that day (期限说明), in a sentence or two; a surprising last day says why."""
    if outcome.running is not None:
        return _say_stopped(outcome.running)
    begun = _say_restart(outcome.begun_by) if outcome.begun_by else ""
    count = _say_moved(outcome) if outcome.movements else _say_count(outcome)
    return "".join([begun, count, _say_surprise(outcome), _say_provisional(outcome.missing_years)])


def _say_stopped(running: MovementDraft) -> str:
    """A limit that stands still has no last day: since when, and until when at the latest."""
    reason, latest = _lead(running.reason), say_day(running.latest_day) if running.latest_day else "尚未定"
    if running.kind is MovementKind.FEE:
        return f"{reason}{say_day(running.first_day)}发出收费通知，最迟 {latest}缴费；期限从缴费的次日起重新计算，现在没有最后一天。"
    return f"{reason}从 {say_day(running.first_day)}起暂停计算期限，最迟 {latest}恢复，现在没有最后一天。"


def _say_restart(begun_by: MovementDraft) -> str:
    if begun_by.kind is MovementKind.FEE:
        return f"{say_day(begun_by.last_day or begun_by.first_day)}缴费，期限重新起算。"
    return f"{_lead(begun_by.reason)}期限从 {say_day(begun_by.first_day)}重新起算。"


def _say_moved(outcome: Outcome) -> str:
    """A count that stops and extensions have moved: what was left out, what was added, from which day to which."""
    parts = [f"{say_day(outcome.caused_on)}不计，从次日起算 {say_limit(outcome.limit)}"]
    if outcome.limit.unit is LimitUnit.HOUR and outcome.caused_at:
        parts = [f"{say_day(outcome.caused_on)} {outcome.caused_at.astimezone(SHANGHAI):%H:%M} 起 {say_limit(outcome.limit)}"]
    stops = [one for one in outcome.movements if one.kind is MovementKind.STOP]
    if stops:
        number = sum(1 for day in outcome.days if day.is_stopped)
        reasons = "、".join(dict.fromkeys(one.reason for one in stops if one.reason))
        unit = "个工作日" if outcome.limit.unit is LimitUnit.WORKDAY else "日"
        parts.append(f"中间{reasons or '暂停'} {number} {unit}不计")
    added = [one for one in outcome.movements if one.kind is MovementKind.EXTEND]
    parts += [f"{one.first_day.month}月{one.first_day.day}日延长 {say_limit(Limit(one.unit, one.amount))}" for one in added if one.unit]
    return f"{'；'.join(parts)}，{_say_result(outcome)}。"


def _say_result(outcome: Outcome) -> str:
    last = f"{say_day(outcome.last_day)}（{say_weekday(outcome.last_day)}）"
    if outcome.limit.unit is LimitUnit.HOUR and outcome.due_at:
        return f"到 {say_day(outcome.due_at.astimezone(SHANGHAI).date())} {outcome.due_at.astimezone(SHANGHAI):%H:%M} 为止"
    if outcome.is_minimum:
        return f"至少到 {last}"
    if outcome.bare_day is None or outcome.bare_day == outcome.last_day:
        return f"最后一天是 {last}"
    return f"所以从原来的 {say_day(outcome.bare_day)}顺延到 {last}"


def _lead(reason: str) -> str:
    return f"{reason}，" if reason else ""


def _say_count(outcome: Outcome) -> str:
    last = f"{say_day(outcome.last_day)}（{say_weekday(outcome.last_day)}）"
    words, cause = say_limit(outcome.limit), say_day(outcome.caused_on)
    if outcome.limit.unit is LimitUnit.HOUR and outcome.caused_at and outcome.due_at:
        until = outcome.due_at.astimezone(SHANGHAI)
        begun = outcome.caused_at.astimezone(SHANGHAI)
        return f"{cause} {begun:%H:%M} 起 {words}，夜间和休息日照算，到 {say_day(until.date())} {until:%H:%M} 为止。"
    if outcome.limit.unit is LimitUnit.DATE:
        return f"{words}，这一次的最后一天是 {last}。"
    if outcome.limit.unit is LimitUnit.CADENCE:
        return f"{words}，这一期从 {say_day(outcome.days[0].day)}开始，最后一天是 {last}。"
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
