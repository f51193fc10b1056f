"""Words of 我的今日 and of notices."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from gongkai.consumers.supervision.kinds import DeskRow, Group
from gongkai.core.ledger.kinds import EventKind, EventRow, LimitState, ObligationRow, Standing
from gongkai.core.publishing.kinds import DraftFacts, DraftRow, EditionState
from gongkai.lib.moments import SHANGHAI, day_of
from gongkai.lib.workcalendar import CalendarMissing, DayFact, WorkCalendar

WEEKDAYS = "一二三四五六日"
WEEKEND = 5
MAX_WORDS = 300
PASSED = frozenset({EventKind.BECAME_OVERDUE, EventKind.PROMISE_EXCEEDED, EventKind.REMINDED})
MOVED = frozenset({EventKind.RESUMED, EventKind.RESTARTED, EventKind.EXTENDED, EventKind.MOVED, EventKind.SETTLED})
CLOSED = frozenset({EventKind.FULFILLED, EventKind.CANCELLED})


def find_fact(calendar: WorkCalendar, day: date) -> DayFact | None:
    """What is known of a day (日历事实); None in a year without calendar."""
    try:
        return calendar.fact(day)
    except CalendarMissing:
        return None


def say_headline(counts: Mapping[Group, int], today: date, coming: date | None, *, is_provisional: bool = False) -> str:
    """What has to be done today, in words (今日标题): 今天要办 3 件，另有 1 件已经逾期。

    `coming`: the next day with something due, which is provisional when its year has no calendar.
    """
    due = counts.get(Group.TODAY, 0) + counts.get(Group.RETURNED, 0)
    late, exceeded = counts.get(Group.LATE, 0), counts.get(Group.EXCEEDED, 0)
    past = "，".join(words for words in (f"{late} 件已经逾期" if late else "", f"{exceeded} 件超过承诺" if exceeded else "") if words)
    if due:
        return f"今天要办 {due} 件，另有 {past}。" if past else f"今天要办 {due} 件。"
    if past:
        return f"今天没有到期的，有 {past}。"
    if coming is not None:
        day = f"{_say_month_day(coming, today)}（周{WEEKDAYS[coming.weekday()]}{'，暂定' if is_provisional else ''}）"
        return f"今天没有要办的。下一件 {day}到期。"
    return "今天没有要办的，后面也没有等着到期的。"


def _say_month_day(day: date, today: date) -> str:
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


def say_next_due(rows: Sequence[DeskRow], now: datetime) -> str:
    """What is due next (下一个到点): its moment where it is one, else its day, and what it is. Empty when nothing waits."""
    waiting = [row for row in rows if row.standing is Standing.RUNNING and row.moment is not None and row.moment > now]
    if not waiting:
        return ""
    first = min(waiting, key=lambda row: (row.moment or now, row.title))
    provisional = "（暂定）" if first.chip is not None and first.chip.state is LimitState.PROVISIONAL else ""
    return f"{_say_moment(first, now)}{provisional} {first.title}"


def _say_moment(row: DeskRow, now: datetime) -> str:
    moment = (row.moment or now).astimezone(SHANGHAI)
    is_clock = (moment.hour, moment.minute) != (0, 0)
    day = day_of(moment if is_clock else moment - timedelta(seconds=1))
    words = "今天" if day == day_of(now) else say_day(day)
    if not is_clock:
        return words
    return f"{moment:%H:%M}" if day == day_of(now) else f"{words} {moment:%H:%M}"


def say_day(day: date) -> str:
    """A day on the desk (短日期): 10-09 周五."""
    return f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"


def _say_near(day: date, today: date) -> str:
    if day == today:
        return "今天"
    return say_day(day) if day.year == today.year else day.isoformat()


def say_when(row: ObligationRow, today: date) -> str:
    """The day to keep in view, as a row of the desk says it (办理日): 应于 10-10 周六, or 目标 今天 where the bureau set one.

    The year is told when it is not this one.
    """
    if row.last_day is None:
        return ""
    if row.target_day is not None and row.target_day < row.last_day:
        passed = " 已过" if row.target_day < today <= row.last_day else ""
        return f"目标 {_say_near(row.target_day, today)}{passed}"
    day = say_day(row.last_day) if row.last_day.year == today.year else row.last_day.isoformat()
    if row.is_minimum:
        return f"至少到 {day}"
    if row.caused_on > today and row.last_day >= row.caused_on:
        return f"预计 {day}"
    return f"暂定 {day}" if row.is_provisional else f"应于 {day}"


def say_other_day(row: ObligationRow, today: date) -> str:
    """The second date of a row (期限), where it has two: 期限 11-03. Empty where there is one."""
    if row.last_day is None or row.target_day is None or row.target_day >= row.last_day:
        return ""
    return f"期限 {row.last_day:%m-%d}" if row.last_day.year == today.year else f"期限 {row.last_day.isoformat()}"


def say_cause(row: ObligationRow, today: date) -> str:
    """When it happened (事由日), and when it was registered if that was later: 09-21 事由，10-08 才登记.

    The year is told when it is not this one.
    """
    words = f"{_say_plain(row.caused_on, today)} 事由"
    registered = day_of(row.registered_at)
    return f"{words}，{_say_plain(registered, today)} 才登记" if registered > row.caused_on else words


def _say_plain(day: date, today: date) -> str:
    return f"{day:%m-%d}" if day.year == today.year else day.isoformat()


def say_why(row: ObligationRow, calendar: WorkCalendar, standing: Standing) -> str:
    """What the link to a receipt says (怎么算), more pointed where the day surprises: 为什么是周六."""
    if row.target_day is not None and row.last_day is not None and row.target_day < row.last_day:
        return "两个期限的来历"
    if standing is Standing.OVERDUE:
        return "为什么是这一天"
    if row.last_day is None:
        return "怎么算"
    fact = find_fact(calendar, row.last_day)
    surprises = row.last_day.weekday() >= WEEKEND or (fact is not None and fact.is_made_up)
    return f"为什么是周{WEEKDAYS[row.last_day.weekday()]}" if surprises else "怎么算"


def say_work(facts: DraftFacts) -> tuple[str, str, str]:
    """How far a text is (文稿进度): what comes before that which must be changed, that itself, and what comes after it."""
    if facts.state is not EditionState.DRAFT:
        return (f"已送审，等{facts.waiting_for.label}" if facts.waiting_for else "已送审", "", "")
    must = f"{facts.blocks} 处必须改" if facts.blocks else ""
    later = [f"{facts.warnings} 处提醒"] if facts.warnings else []
    found = f"草稿第 {facts.number} 版" + (" · 检查发现 " if must or later else "")
    if not must and later:
        found += later.pop()
    returned = f" · 已退回 {facts.returned_count} 次" if facts.returned_count else ""
    return (found, must, "".join(f"、{words}" for words in later) + returned)


def say_waiting(since: datetime, now: datetime) -> str:
    """How long something has waited (已等), in the largest unit that fits."""
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 60:
        return "刚送到" if minutes < 5 else f"已等 {minutes} 分钟"
    return f"已等 {minutes // 60} 小时" if minutes < 24 * 60 else f"已等 {minutes // (24 * 60)} 天"


def say_hands(row: DraftRow, now: datetime, limit: str) -> str:
    """Where a text is, how long, how long it may take (等别人): 保密审查 · 已等 5 小时，限 1 个工作日."""
    step = row.waiting_for.label if row.waiting_for else "审核"
    words = f"{step} · {say_waiting(row.waiting_since or row.saved_at, now)}"
    return f"{words}，限 {limit}" if limit else words


def say_pause(row: ObligationRow, today: date, reason: str) -> str:
    """Why a clock stands still and until when at the latest (暂停说明): 征求第三方意见，最迟 10-26 恢复."""
    until = ""
    if row.resumes_by is not None:
        is_over = row.resumes_by < today
        until = f"最迟 {_say_plain(row.resumes_by, today)} 恢复{'，已经过了，请恢复计算' if is_over else ''}"
        if row.waits_for_fee:
            until = f"最迟 {_say_plain(row.resumes_by, today)} 缴费{'，已经过了，没有缴费' if is_over else ''}"
    return "，".join(words for words in (reason.strip("。"), until) if words)


def say_event(event: EventRow, *, of_unit: str = "", is_step: bool = False) -> str:
    """An event in words for whoever is told (消息). `of_unit`: the reader leads the unit and does not hold the duty himself.

    `is_step`: it is about one step of a text, which has a limit of its own.
    """
    row = event.obligation
    whose = f"（{of_unit}）" if of_unit else ""
    # A duty that is done by its own text would say the same name twice.
    note = f"。{event.note.strip('。')}" if event.note and event.note != row.label else ""
    title = f"{row.duty_label}“{row.label}”" if is_step else row.label
    return f"{event.kind.label}：{title}{whose}{_say_event_day(event.kind, row)}{note}"[:MAX_WORDS]


def _say_event_day(kind: EventKind, row: ObligationRow) -> str:
    if kind in CLOSED:
        return ""
    if kind is EventKind.STOPPED:
        return f"，最迟 {say_day(row.resumes_by)} {'缴费' if row.waits_for_fee else '恢复'}" if row.resumes_by else ""
    if row.last_day is None:
        return ""
    if kind in PASSED:
        return f"，应于 {say_day(row.last_day)}" + ("。内部要求，不算逾期" if kind is EventKind.REMINDED else "")
    if kind is EventKind.DUE_SOON and row.target_day is not None and row.target_day < row.last_day:
        return f"，目标 {say_day(row.target_day)}，期限 {say_day(row.last_day)}"
    if kind in MOVED:
        return f"，最后一天现在是 {say_day(row.last_day)}{_say_provisional(row)}"
    return f"，至少到 {say_day(row.last_day)}" if row.is_minimum else f"，最后一天 {say_day(row.last_day)}{_say_provisional(row)}"


def _say_provisional(row: ObligationRow) -> str:
    """A date that was counted into a year without calendar is never shown bare."""
    return "（暂定）" if row.is_provisional else ""


def say_reassigned(event: EventRow, *, giver: str, taker: str, reason: str) -> str:
    """A reassignment in words for both (改派消息), from where, to where and why."""
    row = event.obligation
    day = f"，最后一天 {say_day(row.last_day)}{_say_provisional(row)}" if row.last_day else ""
    note = f"。理由：{reason.strip('。')}"
    return f"{event.kind.label}：{row.label}{day}，由{giver}改派给{taker}{note}"[:MAX_WORDS]


def is_today(at: datetime, now: datetime) -> bool:
    """Whether something happened on this day (今天): then its time is told, not its day."""
    return day_of(at) == day_of(now)
