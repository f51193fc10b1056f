from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from gongkai.consumers.supervision.kinds import Group
from gongkai.consumers.supervision.rules import (
    arrange,
    choose_group,
    count_groups,
    lay_month,
    lay_strip,
    say_cause,
    say_event,
    say_hands,
    say_headline,
    say_next_due,
    say_other_day,
    say_pause,
    say_reassigned,
    say_waiting,
    say_when,
    say_why,
    say_work,
)
from gongkai.core.ledger.kinds import Binding, DeskCount, EventKind, EventRow, LedgerPart, Standing, Totals
from gongkai.core.publishing.kinds import DraftFacts, DraftRow, EditionState, StepKind
from gongkai.lib.moments import SHANGHAI, end_of
from gongkai.lib.workcalendar import DayFact, WorkCalendar
from tests.factories.ledger import a_row
from tests.factories.supervision import THING, a_desk_row

FRIDAY = date(2026, 10, 9)
NOW = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
SATURDAY = date(2026, 10, 10)
SUNDAY = date(2026, 10, 11)
MONDAY = date(2026, 10, 12)
LONG_AGO = date(2026, 10, 8)
CALENDAR = WorkCalendar(facts={SATURDAY: DayFact(day=SATURDAY, is_workday=True, name="国庆节", is_made_up=True)}, years=frozenset({2026}))


def an_obligation(last_day=SATURDAY, **known):
    values = {"label": "17号地块成交", "unit_name": "开发利用科", "caused_on": FRIDAY, "registered_at": NOW}
    return a_row(last_day, **(values | known))


@pytest.mark.parametrize(
    ("standing", "day", "group"),
    [
        (Standing.OVERDUE, LONG_AGO, Group.LATE),
        (Standing.OVERDUE, FRIDAY, Group.LATE),  # an hour limit that ended this morning
        (Standing.EXCEEDED, LONG_AGO, Group.EXCEEDED),
        (Standing.REMINDED, LONG_AGO, Group.REMINDER),
        (Standing.ENDED, LONG_AGO, Group.LATER),  # a notice that hung long enough
        (Standing.COMING, date(2026, 10, 30), Group.COMING),
        (Standing.STOPPED, SATURDAY, None),
        (Standing.RUNNING, FRIDAY, Group.TODAY),
        (Standing.RUNNING, LONG_AGO, Group.TODAY),  # the own target has passed, the limit has not
        (Standing.RUNNING, SATURDAY, Group.TOMORROW),
        (Standing.RUNNING, SUNDAY, Group.THIS_WEEK),
        (Standing.RUNNING, MONDAY, Group.LATER),
        (None, None, Group.RETURNED),
    ],
)
def test_a_thing_stands_where_its_standing_and_its_day_put_it(standing, day, group):
    assert choose_group(standing, day, FRIDAY) is group


def test_on_a_sunday_tomorrow_is_the_next_week():
    assert choose_group(Standing.RUNNING, MONDAY, SUNDAY) is Group.TOMORROW
    assert choose_group(Standing.RUNNING, date(2026, 10, 13), SUNDAY) is Group.LATER


def test_groups_stand_in_their_order_and_empty_ones_are_absent():
    rows = [a_desk_row(day=date(2026, 10, 20)), a_desk_row(), a_desk_row(day=LONG_AGO, standing=Standing.OVERDUE)]
    assert [view.group for view in arrange(rows, {}, FRIDAY, CALENDAR)] == [Group.LATE, Group.TODAY, Group.LATER]


def test_in_a_group_the_moment_comes_first_then_law_before_the_rest():
    noon = datetime(2026, 10, 9, 12, tzinfo=SHANGHAI)
    rows = [
        a_desk_row(title="丙", binding=Binding.INTERNAL),
        a_desk_row(title="乙", binding=Binding.SUPERIOR),
        a_desk_row(title="甲", binding=Binding.INTERNAL, moment=noon),
    ]
    (view,) = arrange(rows, {}, FRIDAY, CALENDAR)
    assert [row.title for row in view.rows] == ["甲", "乙", "丙"]


def test_a_group_tells_how_many_there_are_whatever_it_shows():
    (view,) = arrange([a_desk_row()], {Group.TODAY: 1200}, FRIDAY, CALENDAR, {Group.TODAY: "?part=NOT_DUE"})
    assert (view.count, view.hidden, view.more) == (1200, 1199, "?part=NOT_DUE")


def test_counts_by_day_become_counts_by_group():
    counts = [DeskCount(Standing.RUNNING, FRIDAY, 2), DeskCount(Standing.RUNNING, LONG_AGO, 1), DeskCount(Standing.STOPPED, FRIDAY, 9)]
    assert count_groups(counts, FRIDAY) == {Group.TODAY: 3}


def test_a_made_up_day_is_named_beside_tomorrow():
    (view,) = arrange([a_desk_row(day=SATURDAY)], {}, FRIDAY, CALENDAR)
    assert (view.heading, view.note) == ("明天 10-10 周六", "国庆节调休，要上班")


@pytest.mark.parametrize(
    ("counts", "coming", "words"),
    [
        ({Group.TODAY: 3, Group.LATE: 1}, None, "今天要办 3 件，另有 1 件已经逾期。"),
        ({Group.TODAY: 1}, None, "今天要办 1 件。"),
        ({Group.TODAY: 1, Group.RETURNED: 1}, None, "今天要办 2 件。"),
        ({Group.TODAY: 1, Group.LATE: 1, Group.EXCEEDED: 1}, None, "今天要办 1 件，另有 1 件已经逾期，1 件超过承诺。"),
        ({Group.LATE: 1, Group.LATER: 1}, MONDAY, "今天没有到期的，有 1 件已经逾期。"),
        ({Group.LATER: 1}, MONDAY, "今天没有要办的。下一件 10月12日（周一）到期。"),
        ({Group.LATER: 1}, date(2027, 1, 4), "今天没有要办的。下一件 2027年1月4日（周一）到期。"),
        ({Group.REMINDER: 1}, None, "今天没有要办的，后面也没有等着到期的。"),
        ({}, None, "今天没有要办的，后面也没有等着到期的。"),
    ],
)
def test_the_headline_says_it_in_words(counts, coming, words):
    assert say_headline(counts, FRIDAY, coming) == words


NOON = datetime(2026, 10, 9, 17, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([a_desk_row(title="甲", day=MONDAY), a_desk_row(title="乙")], "今天 乙"),
        ([a_desk_row(title="甲", moment=NOON), a_desk_row(title="乙")], "17:30 甲"),
        ([a_desk_row(title="甲", day=SATURDAY)], "10-10 周六 甲"),
        ([a_desk_row(title="甲", day=SATURDAY, moment=NOON + timedelta(days=1))], "10-10 周六 17:30 甲"),
        ([a_desk_row(title="甲", day=LONG_AGO, standing=Standing.OVERDUE)], ""),
        ([], ""),
    ],
)
def test_what_is_due_next_is_told_with_its_moment(rows, words):
    assert say_next_due(rows, NOW) == words


def test_the_strip_counts_what_is_due_and_names_special_days():
    counts = [
        DeskCount(Standing.RUNNING, FRIDAY, 1),
        DeskCount(Standing.RUNNING, LONG_AGO, 1),
        DeskCount(Standing.OVERDUE, LONG_AGO, 5),
        DeskCount(Standing.RUNNING, MONDAY, 2),
        DeskCount(Standing.RUNNING, date(2026, 11, 2), 1),
        DeskCount(Standing.COMING, date(2026, 11, 2), 7),
    ]
    strip = lay_strip(counts, FRIDAY, CALENDAR)
    assert [day.count for day in strip] == [2, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1]
    assert [day.note for day in strip[:4]] == ["今天", "上班", "休", ""]
    assert (strip[0].label, strip[-1].label) == ("9日 周五", "19日 起")
    assert [strip[number].group for number in (0, 1, 2, 3, 10)] == [Group.TODAY, Group.TOMORROW, Group.THIS_WEEK, Group.LATER, Group.LATER]
    assert (strip[1].is_made_up, strip[2].is_off) == (True, True)


def test_the_strip_stands_without_a_calendar_too():
    strip = lay_strip([], date(2026, 12, 28), CALENDAR)
    assert len(strip) == 11
    assert strip[6].note == ""  # 2027-01-03, of which nothing is known


def test_the_parts_of_the_month_add_up_and_fill_the_bar():
    parts = {LedgerPart.DONE_IN_TIME: 5, LedgerPart.NOT_DUE: 12, LedgerPart.STOPPED: 1, LedgerPart.OVERDUE: 1}
    month = lay_month(Totals(whole=19, parts=parts), today=FRIDAY, href="?x", apart=3)
    assert [(part.label, part.count) for part in month.parts] == [("按时", 5), ("未到期", 12), ("暂停", 1), ("逾期", 1)]
    assert month.adds_up
    assert (month.parts[1].start, month.parts[1].share) == ("26.32%", "63.16%")
    assert month.words == "内部要求和对外承诺 3 件另计，不在这 19 件里。10月到期的都算。"


def test_a_month_without_duties_is_no_division_by_zero():
    month = lay_month(Totals(whole=0, parts={}), today=FRIDAY, href="?x", apart=0)
    assert [part.count for part in month.parts] == [0, 0, 0, 0]
    assert month.words == "10月没有到期的法定和上级要求事项。"
    assert month.adds_up


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "刚送到"), (5, "已等 5 分钟"), (119, "已等 1 小时"), (23 * 60, "已等 23 小时"), (24 * 60, "已等 1 天"), (3000, "已等 2 天")],
)
def test_waiting_is_told_in_the_largest_unit_that_fits(minutes, words):
    assert say_waiting(NOW - timedelta(minutes=minutes), NOW) == words


def test_where_a_text_is_and_how_long():
    draft = DraftRow(
        uuid=THING, title="公告", entry_name="", unit_name="", author_name="周岚", state=EditionState.IN_REVIEW, saved_at=NOW,
        waiting_for=StepKind.SECRECY, waiting_since=NOW - timedelta(hours=5), returned_count=0,
    )  # fmt: skip
    assert say_hands(draft, NOW, "1 个工作日") == "保密审查 · 已等 5 小时，限 1 个工作日"
    assert say_hands(draft, NOW, "") == "保密审查 · 已等 5 小时"


def some_facts(*, number=3, state=EditionState.DRAFT, waiting_for=None, returned_count=0, blocks=0, warnings=0):
    return DraftFacts(number=number, state=state, waiting_for=waiting_for, returned_count=returned_count, blocks=blocks, warnings=warnings)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "草稿第 3 版"),
        ({"blocks": 2, "warnings": 2, "returned_count": 1}, "草稿第 3 版 · 检查发现 2 处必须改、2 处提醒 · 已退回 1 次"),
        ({"warnings": 2}, "草稿第 3 版 · 检查发现 2 处提醒"),
        ({"state": EditionState.IN_REVIEW, "waiting_for": StepKind.UNIT}, "已送审，等科室审核"),
    ],
)
def test_how_far_a_text_is(facts, words):
    assert "".join(say_work(some_facts(**facts))) == words


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, "应于 10-10 周六"),
        ({"last_day": date(2027, 1, 4)}, "应于 2027-01-04"),
        ({"is_minimum": True}, "至少到 10-10 周六"),
        ({"is_provisional": True}, "暂定 10-10 周六"),
        ({"last_day": date(2026, 10, 30), "caused_on": date(2026, 10, 16)}, "预计 10-30 周五"),
        ({"last_day": date(2026, 11, 3), "target_day": FRIDAY}, "目标 今天"),
        ({"last_day": date(2026, 11, 3), "target_day": MONDAY}, "目标 10-12 周一"),
        ({"last_day": date(2026, 11, 3), "target_day": LONG_AGO}, "目标 10-08 周四 已过"),
    ],
)
def test_the_day_to_keep_in_view(known, words):
    assert say_when(an_obligation(**known), FRIDAY) == words


def test_a_row_with_two_dates_tells_both():
    assert say_other_day(an_obligation(date(2026, 11, 3), target_day=FRIDAY), FRIDAY) == "期限 11-03"
    assert say_other_day(an_obligation(), FRIDAY) == ""


def test_a_late_registration_tells_both_days():
    assert say_cause(an_obligation(caused_on=date(2026, 9, 21)), FRIDAY) == "09-21 事由，10-09 才登记"
    assert say_cause(an_obligation(caused_on=FRIDAY), FRIDAY) == "10-09 事由"
    assert say_cause(an_obligation(caused_on=date(2025, 12, 30)), FRIDAY) == "2025-12-30 事由，10-09 才登记"


@pytest.mark.parametrize(
    ("row", "standing", "words"),
    [
        (an_obligation(), Standing.RUNNING, "为什么是周六"),
        (an_obligation(MONDAY), Standing.RUNNING, "怎么算"),
        (an_obligation(date(2031, 10, 13)), Standing.RUNNING, "怎么算"),
        (an_obligation(LONG_AGO), Standing.OVERDUE, "为什么是这一天"),
        (an_obligation(date(2026, 11, 3), target_day=FRIDAY), Standing.RUNNING, "两个期限的来历"),
    ],
)
def test_a_surprising_day_asks_why(row, standing, words):
    assert say_why(row, CALENDAR, standing) == words


def test_a_pause_says_why_and_until_when_at_the_latest():
    paused = replace(an_obligation(), last_day=None, due_at=None, stopped_since=FRIDAY, resumes_by=date(2026, 10, 26))
    assert say_pause(paused, FRIDAY, "征求第三方意见（商业秘密）") == "征求第三方意见（商业秘密），最迟 10-26 恢复"
    assert say_pause(paused, date(2026, 10, 27), "") == "最迟 10-26 恢复，已经过了，请恢复计算"


@pytest.mark.parametrize(
    ("kind", "note", "words"),
    [
        (EventKind.OPENED, "", "登记：17号地块成交，最后一天 10-10 周六"),
        (EventKind.FULFILLED, "", "办结：17号地块成交"),
        (EventKind.CANCELLED, "登记错了", "撤销：17号地块成交。登记错了"),
        (EventKind.BECAME_OVERDUE, "", "变为逾期：17号地块成交，应于 10-10 周六"),
        (EventKind.PROMISE_EXCEEDED, "", "超过承诺：17号地块成交，应于 10-10 周六"),
        (EventKind.REMINDED, "", "提醒：17号地块成交，应于 10-10 周六。内部要求，不算逾期"),
        (EventKind.DUE_SOON, "", "快到期：17号地块成交，最后一天 10-10 周六"),
        (EventKind.SETTLED, "", "期限确定：17号地块成交，最后一天现在是 10-10 周六"),
        (EventKind.EXTENDED, "案情复杂", "延长：17号地块成交，最后一天现在是 10-10 周六。案情复杂"),
    ],
)
def test_events_have_their_words(kind, note, words):
    assert say_event(EventRow(1, kind, NOW, an_obligation(), note)) == words


def test_a_duty_done_by_its_own_text_is_named_once():
    assert say_event(EventRow(1, EventKind.FULFILLED, NOW, an_obligation(), "17号地块成交")) == "办结：17号地块成交"


def test_every_kind_of_event_says_something():
    assert all(say_event(EventRow(1, kind, NOW, an_obligation())).startswith(kind.label) for kind in EventKind)


def test_a_stop_tells_when_it_ends_at_the_latest_and_no_last_day():
    stopped = replace(an_obligation(), last_day=None, due_at=None, stopped_since=FRIDAY, resumes_by=date(2026, 10, 26))
    assert say_event(EventRow(1, EventKind.STOPPED, NOW, stopped)) == "暂停计算：17号地块成交，最迟 10-26 周一 恢复"
    assert say_event(EventRow(1, EventKind.BECAME_OVERDUE, NOW, stopped)) == "变为逾期：17号地块成交"


def test_a_target_that_is_reached_tells_both_days():
    row = an_obligation(date(2026, 11, 3), target_day=FRIDAY, target_at=end_of(FRIDAY))
    assert say_event(EventRow(1, EventKind.DUE_SOON, NOW, row)) == "快到期：17号地块成交，目标 10-09 周五，期限 11-03 周二"


def test_the_head_of_a_unit_is_told_whose_it_is():
    words = say_event(EventRow(1, EventKind.BECAME_OVERDUE, NOW, an_obligation()), of_unit="开发利用科")
    assert words == "变为逾期：17号地块成交（开发利用科），应于 10-10 周六"


def test_an_event_of_a_review_step_says_that_it_is_one():
    step = an_obligation(duty_label="科室审核")
    assert say_event(EventRow(1, EventKind.OPENED, NOW, step), is_step=True) == "登记：科室审核“17号地块成交”，最后一天 10-10 周六"


def test_a_reassignment_tells_from_where_to_where_and_why():
    event = EventRow(1, EventKind.REASSIGNED, NOW, an_obligation())
    words = say_reassigned(event, giver="规划科公开专员", taker="政务公开办主任", reason="原专员调离。")
    assert words == "改派：17号地块成交，最后一天 10-10 周六，由规划科公开专员改派给政务公开办主任。理由：原专员调离"


def test_a_long_label_does_not_burst_the_notice():
    assert len(say_event(EventRow(1, EventKind.OPENED, NOW, an_obligation(label="长" * 200), "理" * 200))) <= 300
