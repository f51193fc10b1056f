"""Where things stand on 我的今日: groups in their order, and the strip of days."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from gongkai.consumers.supervision.kinds import DeskRow, Group, GroupView, StripDay
from gongkai.consumers.supervision.rules.words import WEEKDAYS, find_fact, say_day
from gongkai.core.ledger.kinds import ENFORCEABLE, DeskCount, Standing
from gongkai.lib.moments import end_of
from gongkai.lib.workcalendar import WorkCalendar

STRIP_DAYS = 10
ONE_DAY = timedelta(days=1)
BY_STANDING = {
    Standing.OVERDUE: Group.LATE,
    Standing.EXCEEDED: Group.EXCEEDED,
    Standing.REMINDED: Group.REMINDER,
    Standing.ENDED: Group.LATER,
    Standing.COMING: Group.COMING,
}
NOTES = {
    Group.LATE: "只有法定和上级要求的事项会逾期",
    Group.EXCEEDED: "对外承诺过了日子，不算逾期",
    Group.REMINDER: "内部要求，不算逾期，不考核",
    Group.RETURNED: "看退回的理由，改好再送",
    Group.COMING: "事由登记当天自动起算，不用记",
}


def choose_group(standing: Standing | None, day: date | None, today: date) -> Group | None:
    """Where something stands on 我的今日 (分组), from how it stands and under which day. None: beside the groups, because it is stopped.

    A target that has passed while the limit has not is work for today: the target is the bureau's own, nobody is late.
    """
    if standing is Standing.STOPPED:
        return None
    if standing in BY_STANDING:
        return BY_STANDING[standing]
    if day is None:
        return Group.RETURNED
    if day <= today:
        return Group.TODAY
    if day == today + ONE_DAY:
        return Group.TOMORROW
    return Group.THIS_WEEK if day <= today + timedelta(days=6 - today.weekday()) else Group.LATER


def list_edges(today: date) -> list[date]:
    """The last days of the stretches in which things are listed: today, tomorrow, Sunday."""
    return [today, today + ONE_DAY, today + timedelta(days=max(6 - today.weekday(), 1))]


def count_groups(counts: Iterable[DeskCount], today: date) -> Counter[Group]:
    """How many duties each group holds (各组件数), whatever of them is shown."""
    found: Counter[Group] = Counter()
    for one in counts:
        group = choose_group(one.standing, one.day, today)
        if group is not None:
            found[group] += one.count
    return found


def arrange(
    rows: Iterable[DeskRow], counts: Mapping[Group, int], today: date, calendar: WorkCalendar, more: Mapping[Group, str] | None = None
) -> tuple[GroupView, ...]:
    """The groups in their order (分组), each with its rows: the moment due comes first, then law before the rest. Empty groups are absent.

    `counts` are the whole numbers of each group; where one is missing or smaller the rows that are there are counted.
    """
    placed: dict[Group, list[DeskRow]] = {}
    for row in sorted(rows, key=order_of):
        group = choose_group(row.standing, row.day, today)
        if group is not None:
            placed.setdefault(group, []).append(row)
    return tuple(
        GroupView(
            group=group,
            heading=_say_heading(group, today),
            note=_say_note(group, today, calendar),
            rows=tuple(placed[group]),
            count=max(counts.get(group, 0), len(placed[group])),
            more=(more or {}).get(group, ""),
        )
        for group in Group
        if group in placed
    )


def order_of(row: DeskRow) -> tuple[datetime, bool, str]:
    """The order of rows (先后): the moment due, then law before the rest."""
    return (row.moment or end_of(date.max - timedelta(days=1)), row.binding not in ENFORCEABLE, row.title)


def _say_heading(group: Group, today: date) -> str:
    if group is Group.TODAY:
        return f"今天 {say_day(today)}"
    if group is Group.TOMORROW:
        return f"明天 {say_day(today + ONE_DAY)}"
    return group.label


def _say_note(group: Group, today: date, calendar: WorkCalendar) -> str:
    if group is not Group.TOMORROW:
        return NOTES.get(group, "")
    fact = find_fact(calendar, today + ONE_DAY)
    if fact is None:
        return ""
    return f"{fact.name}调休，要上班" if fact.is_made_up else "" if fact.is_workday else "休息日"


def lay_strip(counts: Sequence[DeskCount], today: date, calendar: WorkCalendar) -> tuple[StripDay, ...]:
    """Ten days from today and one cell for everything after (日历条), with what is due on each; days off and made-up days are named.

    What is late, stopped or has not begun is on no day. A target that has passed is on today.
    """
    due: Counter[date] = Counter()
    for one in counts:
        if one.standing is Standing.RUNNING:
            due[max(one.day, today)] += one.count
    days = [today + timedelta(days=number) for number in range(STRIP_DAYS)]
    after = today + timedelta(days=STRIP_DAYS)
    rest = sum(count for day, count in due.items() if day >= after)
    return (
        *(_strip_day(day, due[day], today, calendar) for day in days),
        StripDay(f"{after.day}日 起", "", rest, _group_of_day(after, today)),
    )


def _strip_day(day: date, count: int, today: date, calendar: WorkCalendar) -> StripDay:
    fact = find_fact(calendar, day)
    is_off, is_made_up = bool(fact and not fact.is_workday), bool(fact and fact.is_made_up)
    note = "上班" if is_made_up else "休" if is_off else "今天" if day == today else ""
    return StripDay(f"{day.day}日 周{WEEKDAYS[day.weekday()]}", note, count, _group_of_day(day, today), day == today, is_off, is_made_up)


def _group_of_day(day: date, today: date) -> Group:
    """Where what is due on a day is listed."""
    return choose_group(Standing.RUNNING, day, today) or Group.LATER
