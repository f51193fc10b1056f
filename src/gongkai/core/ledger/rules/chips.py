from datetime import date, datetime, timedelta

from gongkai.core.ledger.kinds import ENFORCEABLE, Binding, LedgerPart, LimitChip, LimitState, ObligationRow, ObligationState
from gongkai.core.ledger.rules.soon import soon_day
from gongkai.lib.moments import SHANGHAI, day_of
from gongkai.lib.workcalendar import CalendarMissing, WorkCalendar

ONE_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
LATE_STATES = {
    Binding.LAW: LimitState.OVERDUE,
    Binding.SUPERIOR: LimitState.OVERDUE,
    Binding.PROMISE: LimitState.PROMISE_EXCEEDED,
    Binding.INTERNAL: LimitState.REMINDER,
}


def part_of(row: ObligationRow, now: datetime) -> LedgerPart:
    """In which part of the ledger a row stands at that moment (台账分类): exactly one. A provisional date accuses nobody."""
    if row.state is ObligationState.CANCELLED:
        return LedgerPart.CANCELLED
    if row.stopped_since is not None:
        return LedgerPart.STOPPED
    if row.is_provisional or row.due_at is None:
        return LedgerPart.PROVISIONAL
    is_done = row.state is ObligationState.FULFILLED
    if (row.fulfilled_at or now) < row.due_at or (is_done and row.is_minimum):
        return LedgerPart.DONE_IN_TIME if is_done else LedgerPart.NOT_DUE
    if row.binding not in ENFORCEABLE or row.is_minimum:
        return LedgerPart.PAST
    return LedgerPart.DONE_LATE if is_done else LedgerPart.OVERDUE


def chip_of(row: ObligationRow, now: datetime, calendar: WorkCalendar) -> LimitChip:
    """What the limit of a row says at that moment (期限标签). The words are complete alone.

    Days are working days after today up to the last day; where there is none between, or no calendar for them, calendar days (天).
    """
    if row.state is ObligationState.CANCELLED:
        return LimitChip(LimitState.NOT_APPLICABLE, "已撤销，有说明")
    if row.stopped_since is not None or row.due_at is None or row.last_day is None:
        return LimitChip(LimitState.STOPPED, _say_stopped(row, day_of(now), calendar))
    if row.state is ObligationState.FULFILLED and row.fulfilled_at is not None:
        return _done(row, row.fulfilled_at, row.due_at, row.last_day, calendar)
    if row.is_minimum:
        return LimitChip(LimitState.RUNNING, f"至少到 {row.last_day:%m-%d}" if now < row.due_at else "期满，可以结束")
    if row.is_provisional:
        return LimitChip(LimitState.PROVISIONAL, "暂定，日历未发布")
    if now >= row.due_at:
        return _late(row, now, row.due_at, row.last_day, calendar)
    return _running(row, now, row.due_at, row.last_day, calendar)


def _say_stopped(row: ObligationRow, today: date, calendar: WorkCalendar) -> str:
    """How long counting has stood still, in working days; that it should have gone on, when its latest day has come."""
    since = row.stopped_since
    if since is None:
        return "暂停"
    if row.waits_for_fee:
        return _say_unpaid(row, since, today, calendar)
    if row.resumes_by is not None and today >= row.resumes_by:
        return f"暂停，{row.resumes_by:%m-%d} 该恢复了"
    if today < since:
        return f"{since:%m-%d} 起暂停"
    try:
        workdays = calendar.count_workdays(since, today)
    except CalendarMissing:
        workdays = 0
    return f"暂停第 {workdays} 个工作日" if workdays else f"{since:%m-%d} 起暂停"


def _say_unpaid(row: ObligationRow, since: date, today: date, calendar: WorkCalendar) -> str:
    """How long it has waited for a fee, in working days; that nobody paid, when the last day for it has passed."""
    if row.resumes_by is not None and today > row.resumes_by:
        return f"过了 {row.resumes_by:%m-%d} 缴费期，没有缴费"
    try:
        workdays = calendar.count_workdays(since, today) if today >= since else 0
    except CalendarMissing:
        workdays = 0
    return f"等缴费第 {workdays} 个工作日" if workdays else f"{since:%m-%d} 起等缴费"


def _running(row: ObligationRow, now: datetime, due_at: datetime, last_day: date, calendar: WorkCalendar) -> LimitChip:
    today = day_of(now)
    left = (last_day - today).days
    if left == 0:
        words = f"今天 {due_at.astimezone(SHANGHAI):%H:%M} 前" if _ends_by_day(row, due_at, last_day) else "今天到期"
        return LimitChip(LimitState.DUE_SOON, words)
    if row.is_by_the_hour:
        hours = (due_at - now) // AN_HOUR
        return LimitChip(LimitState.DUE_SOON, f"还剩 {max(hours, 1)} 小时")
    words = _say_days(today, last_day, calendar)
    is_soon = today >= soon_day(row.restarted_on or row.caused_on, last_day, row.target_day, calendar)
    return LimitChip(LimitState.DUE_SOON if is_soon else LimitState.RUNNING, f"还剩 {words}")


def _ends_by_day(row: ObligationRow, due_at: datetime, last_day: date) -> bool:
    """Whether the limit ends at a moment of its last day, not with it."""
    return row.is_by_the_hour and day_of(due_at) == last_day


def _late(row: ObligationRow, now: datetime, due_at: datetime, last_day: date, calendar: WorkCalendar) -> LimitChip:
    state = LATE_STATES[row.binding]
    if state is LimitState.REMINDER:
        return LimitChip(state, f"{last_day:%m-%d} 没有办完")
    words = _say_lateness(row, now, due_at, last_day, calendar)
    return LimitChip(state, f"{'逾期' if state is LimitState.OVERDUE else '超过承诺'} {words}")


def _say_lateness(row: ObligationRow, at: datetime, due_at: datetime, last_day: date, calendar: WorkCalendar) -> str:
    if row.is_by_the_hour:
        return f"{max((at - due_at) // AN_HOUR, 1)} 小时"
    return _say_days(last_day, day_of(at), calendar)


def _done(row: ObligationRow, fulfilled_at: datetime, due_at: datetime, last_day: date, calendar: WorkCalendar) -> LimitChip:
    if row.is_provisional:
        return LimitChip(LimitState.DONE, "已办，期限暂定")
    if row.is_minimum:
        return LimitChip(LimitState.DONE, "已办")
    if fulfilled_at < due_at:
        early = (last_day - day_of(fulfilled_at)).days
        return LimitChip(LimitState.DONE, "按时" if row.is_by_the_hour else f"按时，早 {early} 天" if early > 0 else "按时，最后一天")
    if row.binding is Binding.INTERNAL:
        return LimitChip(LimitState.DONE, "已办")
    return LimitChip(LimitState.DONE_LATE, f"已办，迟 {_say_lateness(row, fulfilled_at, due_at, last_day, calendar)}")


def _say_days(first: date, last: date, calendar: WorkCalendar) -> str:
    """The days after `first` up to `last` in words: working days, calendar days where no calendar says which those are."""
    try:
        workdays = calendar.count_workdays(first + ONE_DAY, last)
    except CalendarMissing:
        workdays = 0
    return f"{workdays} 个工作日" if workdays else f"{(last - first).days} 天"
