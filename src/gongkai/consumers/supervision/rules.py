from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from gongkai.consumers.supervision.kinds import DeskRow, Group, GroupView, StripDay
from gongkai.core.ledger.kinds import ENFORCEABLE, EventKind, EventRow, LimitState, ObligationRow
from gongkai.core.publishing.kinds import DraftRow
from gongkai.lib.moments import day_of, end_of
from gongkai.lib.workcalendar import CalendarMissing, DayFact, WorkCalendar

WEEKDAYS = "一二三四五六日"
STRIP_DAYS = 10
LATE = frozenset({LimitState.OVERDUE, LimitState.PROMISE_EXCEEDED})
PASSED = frozenset({EventKind.BECAME_OVERDUE, EventKind.PROMISE_EXCEEDED, EventKind.REMINDED})
MAX_WORDS = 300
LATE_NOTE = "只有法定和上级要求的事项会逾期"
NOTES = {Group.LATE: LATE_NOTE, Group.REMINDER: "内部要求，不算逾期，不考核", Group.RETURNED: "看退回的理由，改好再送"}


def choose_group(row: DeskRow, today: date) -> Group:
    """Where a thing to do stands on 我的今日 (分组)."""
    if row.last_day is None:
        return Group.RETURNED
    if row.chip is not None and row.chip.state in LATE:
        return Group.LATE
    if row.last_day < today:
        return Group.REMINDER if row.may_be_late else Group.LATER
    days = (row.last_day - today).days
    if days <= 1:
        return Group.TODAY if days == 0 else Group.TOMORROW
    return Group.THIS_WEEK if row.last_day <= _sunday(today) else Group.LATER


def arrange(rows: Iterable[DeskRow], today: date, calendar: WorkCalendar) -> tuple[GroupView, ...]:
    """The groups in their order, each with its rows: what is due first comes first, then law before the rest. Empty groups are left out."""
    placed: dict[Group, list[DeskRow]] = {}
    for row in sorted(rows, key=_order):
        placed.setdefault(choose_group(row, today), []).append(row)
    return tuple(
        GroupView(group, _say_heading(group, today), _say_note(group, today, calendar), tuple(placed[group]))
        for group in Group
        if group in placed
    )


def _order(row: DeskRow) -> tuple[datetime, bool, str]:
    return (row.due_at or end_of(date.max - timedelta(days=1)), row.binding not in ENFORCEABLE, row.title)


def _say_heading(group: Group, today: date) -> str:
    if group is Group.TODAY:
        return f"今天 {say_day(today)}"
    if group is Group.TOMORROW:
        return f"明天 {say_day(today + timedelta(days=1))}"
    return group.label


def _say_note(group: Group, today: date, calendar: WorkCalendar) -> str:
    if group is not Group.TOMORROW:
        return NOTES.get(group, "")
    fact = _find_fact(calendar, today + timedelta(days=1))
    return f"{fact.name}调休，要上班" if fact and fact.is_made_up else ""


def say_headline(groups: Sequence[GroupView], today: date) -> str:
    """What has to be done today, in words (今日标题): 今天要办 3 件，另有 1 件已经逾期。"""
    counts = {view.group: len(view.rows) for view in groups}
    due, late, exceeded = counts.get(Group.TODAY, 0) + counts.get(Group.RETURNED, 0), 0, 0
    for view in groups:
        if view.group is Group.LATE:
            exceeded = sum(row.chip is not None and row.chip.state is LimitState.PROMISE_EXCEEDED for row in view.rows)
            late = len(view.rows) - exceeded
    past = "，".join(words for words in (f"{late} 件已经逾期" if late else "", f"{exceeded} 件超过承诺" if exceeded else "") if words)
    if due:
        return f"今天要办 {due} 件，另有 {past}。" if past else f"今天要办 {due} 件。"
    if past:
        return f"今天没有到期的，有 {past}。"
    coming = [row.last_day for view in groups for row in view.rows if row.last_day and row.last_day > today]
    if coming:
        first = min(coming)
        return f"今天没有要办的。下一件 {first.month}月{first.day}日（周{WEEKDAYS[first.weekday()]}）到期。"
    return "今天没有要办的，后面也没有等着到期的。"


def lay_strip(rows: Iterable[DeskRow], today: date, calendar: WorkCalendar) -> tuple[StripDay, ...]:
    """Ten days from today and one cell for everything after (日历条), with what is due on each; days off and made-up days are named."""
    counts: dict[date, int] = {}
    for row in rows:
        if row.last_day and row.last_day >= today:
            counts[row.last_day] = counts.get(row.last_day, 0) + 1
    days = [today + timedelta(days=number) for number in range(STRIP_DAYS)]
    after = today + timedelta(days=STRIP_DAYS)
    rest = sum(count for day, count in counts.items() if day >= after)
    return (*(_strip_day(day, counts.get(day, 0), today, calendar) for day in days), StripDay(f"{after.day}日起", "", rest))


def _strip_day(day: date, count: int, today: date, calendar: WorkCalendar) -> StripDay:
    fact = _find_fact(calendar, day)
    is_off, is_made_up = bool(fact and not fact.is_workday), bool(fact and fact.is_made_up)
    note = "上班" if is_made_up else "休" if is_off else "今天" if day == today else ""
    return StripDay(f"{day.day}日周{WEEKDAYS[day.weekday()]}", note, count, day == today, is_off, is_made_up)


def _find_fact(calendar: WorkCalendar, day: date) -> DayFact | None:
    """What is known of a day; None in a year without calendar."""
    try:
        return calendar.fact(day)
    except CalendarMissing:
        return None


def _sunday(today: date) -> date:
    return today + timedelta(days=6 - today.weekday())


def say_day(day: date) -> str:
    """A day on the desk (短日期): 10-09 周五."""
    return f"{day:%m-%d} 周{WEEKDAYS[day.weekday()]}"


def say_when(row: ObligationRow, today: date) -> str:
    """The last day as a row of the desk says it (最后一天): 应于 10-10 周六. The year is told when it is not this one."""
    if row.last_day is None:
        return ""
    day = say_day(row.last_day) if row.last_day.year == today.year else row.last_day.isoformat()
    return f"至少到 {day}" if row.is_minimum else f"暂定 {day}" if row.is_provisional else f"应于 {day}"


def say_cause(row: ObligationRow, today: date) -> str:
    """When it happened (事由日): 09-21 事由. The year is told when it is not this one."""
    return f"{row.caused_on:%m-%d} 事由" if row.caused_on.year == today.year else f"{row.caused_on.isoformat()} 事由"


def say_why(day: date, calendar: WorkCalendar) -> str:
    """What the link to a receipt says (怎么算), more pointed where the day surprises: 为什么是周六."""
    fact = _find_fact(calendar, day)
    return f"为什么是周{WEEKDAYS[day.weekday()]}" if day.weekday() > 4 or (fact and fact.is_made_up) else "怎么算"


def say_waiting(since: datetime, now: datetime) -> str:
    """How long something has waited (已等), in the largest unit that fits."""
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 60:
        return "刚送到" if minutes < 5 else f"已等 {minutes} 分钟"
    return f"已等 {minutes // 60} 小时" if minutes < 24 * 60 else f"已等 {minutes // (24 * 60)} 天"


def say_hands(row: DraftRow, now: datetime) -> str:
    """Where a text is and how long (等别人): 保密审查 · 已等 5 小时，限 1 个工作日."""
    step = row.waiting_for.label if row.waiting_for else "审核"
    return f"{step} · {say_waiting(row.waiting_since or row.saved_at, now)}，限 1 个工作日"


def say_event(event: EventRow) -> str:
    """An event in words for whoever holds the duty (消息)."""
    row = event.obligation
    return f"{event.kind.label}：{row.label}{_say_event_day(event.kind, row)}"[:MAX_WORDS]


def _say_event_day(kind: EventKind, row: ObligationRow) -> str:
    if row.last_day is None or kind in {EventKind.FULFILLED, EventKind.CANCELLED}:
        return ""
    if kind in PASSED:
        return f"，应于 {say_day(row.last_day)}" + ("。内部要求，不算逾期" if kind is EventKind.REMINDED else "")
    return f"，至少到 {say_day(row.last_day)}" if row.is_minimum else f"，最后一天 {say_day(row.last_day)}"


def is_today(at: datetime, now: datetime) -> bool:
    """Whether something happened on this day (今天): then its time is told, not its day."""
    return day_of(at) == day_of(now)
