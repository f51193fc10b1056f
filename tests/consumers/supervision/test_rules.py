from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from gongkai.consumers.supervision.kinds import Group
from gongkai.consumers.supervision.rules import (
    arrange,
    choose_group,
    lay_strip,
    say_event,
    say_hands,
    say_headline,
    say_waiting,
    say_when,
    say_why,
)
from gongkai.core.ledger.kinds import (
    Binding,
    EventKind,
    EventRow,
    LimitState,
    ObligationRow,
    ObligationState,
    PublicDisplay,
)
from gongkai.core.publishing.kinds import DraftRow, EditionState, StepKind
from gongkai.lib.moments import SHANGHAI, end_of
from gongkai.lib.workcalendar import DayFact, WorkCalendar
from tests.factories.supervision import THING, a_desk_row

FRIDAY = date(2026, 10, 9)
NOW = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
SATURDAY = date(2026, 10, 10)
CALENDAR = WorkCalendar(facts={SATURDAY: DayFact(day=SATURDAY, is_workday=True, name="国庆节", is_made_up=True)}, years=frozenset({2026}))


def an_obligation(**known):
    values: dict[str, Any] = {
        "id": 1, "uuid": THING, "duty_code": "disclosure.publish", "duty_label": "主动公开", "entry": "land.result",
        "label": "17号地块成交",
        "subject": UUID(int=1), "unit_id": 1, "unit_name": "开发利用科", "post_id": 1, "holder": "市局", "binding": Binding.LAW,
        "public_display": PublicDisplay.YES, "basis": "", "limit_text": "P10WD", "caused_on": FRIDAY, "registered_at": NOW,
        "due_at": end_of(SATURDAY), "last_day": SATURDAY, "target_day": None, "is_provisional": False, "is_minimum": False,
        "state": ObligationState.OPEN, "fulfilled_at": None, "overdue_since": None, "page": "disclosure:cause",
    }  # fmt: skip
    return ObligationRow(**(values | known))


@pytest.mark.parametrize(
    ("row", "group"),
    [
        (a_desk_row(last_day=date(2026, 10, 8), state=LimitState.OVERDUE), Group.LATE),
        (a_desk_row(last_day=date(2026, 10, 8), state=LimitState.PROMISE_EXCEEDED, binding=Binding.PROMISE), Group.LATE),
        (a_desk_row(last_day=date(2026, 10, 8), state=LimitState.REMINDER, binding=Binding.INTERNAL), Group.REMINDER),
        (a_desk_row(last_day=FRIDAY, state=LimitState.OVERDUE), Group.LATE),  # an hour limit that ended this morning
        (a_desk_row(last_day=FRIDAY), Group.TODAY),
        (a_desk_row(last_day=FRIDAY, binding=Binding.INTERNAL), Group.TODAY),
        (a_desk_row(last_day=SATURDAY), Group.TOMORROW),
        (a_desk_row(last_day=date(2026, 10, 11)), Group.THIS_WEEK),
        (a_desk_row(last_day=date(2026, 10, 12)), Group.LATER),
        (a_desk_row(last_day=None), Group.RETURNED),
        (a_desk_row(last_day=date(2026, 10, 8), may_be_late=False), Group.LATER),  # a notice that hung long enough
    ],
)
def test_a_row_stands_where_its_last_day_puts_it(row, group):
    assert choose_group(row, FRIDAY) is group


def test_on_a_sunday_tomorrow_is_the_next_week():
    sunday = date(2026, 10, 11)
    assert choose_group(a_desk_row(last_day=date(2026, 10, 12)), sunday) is Group.TOMORROW
    assert choose_group(a_desk_row(last_day=date(2026, 10, 13)), sunday) is Group.LATER


def test_groups_stand_in_their_order_and_empty_ones_are_absent():
    rows = [a_desk_row(last_day=date(2026, 10, 20)), a_desk_row(), a_desk_row(last_day=date(2026, 10, 8), state=LimitState.OVERDUE)]
    assert [view.group for view in arrange(rows, FRIDAY, CALENDAR)] == [Group.LATE, Group.TODAY, Group.LATER]


def test_in_a_group_the_moment_comes_first_then_law_before_the_rest():
    noon = datetime(2026, 10, 9, 12, tzinfo=SHANGHAI)
    rows = [
        a_desk_row(title="丙", binding=Binding.INTERNAL),
        a_desk_row(title="乙", binding=Binding.SUPERIOR),
        a_desk_row(title="甲", binding=Binding.INTERNAL, due_at=noon),
    ]
    (view,) = arrange(rows, FRIDAY, CALENDAR)
    assert [row.title for row in view.rows] == ["甲", "乙", "丙"]


def test_a_made_up_day_is_named_beside_tomorrow():
    (view,) = arrange([a_desk_row(last_day=SATURDAY)], FRIDAY, CALENDAR)
    assert (view.heading, view.note) == ("明天 10-10 周六", "国庆节调休，要上班")


def headline(*rows):
    return say_headline(arrange(rows, FRIDAY, CALENDAR), FRIDAY)


LATE = a_desk_row(last_day=date(2026, 10, 8), state=LimitState.OVERDUE)
EXCEEDED = a_desk_row(last_day=date(2026, 10, 8), state=LimitState.PROMISE_EXCEEDED, binding=Binding.PROMISE)
REMINDED = a_desk_row(last_day=date(2026, 10, 8), state=LimitState.REMINDER, binding=Binding.INTERNAL)
TODAY = a_desk_row()
MONDAY = a_desk_row(last_day=date(2026, 10, 12))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([TODAY, TODAY, TODAY, LATE], "今天要办 3 件，另有 1 件已经逾期。"),
        ([TODAY], "今天要办 1 件。"),
        ([TODAY, a_desk_row(last_day=None)], "今天要办 2 件。"),
        ([TODAY, LATE, EXCEEDED], "今天要办 1 件，另有 1 件已经逾期，1 件超过承诺。"),
        ([LATE, MONDAY], "今天没有到期的，有 1 件已经逾期。"),
        ([MONDAY], "今天没有要办的。下一件 10月12日（周一）到期。"),
        ([REMINDED], "今天没有要办的，后面也没有等着到期的。"),
        ([], "今天没有要办的，后面也没有等着到期的。"),
    ],
)
def test_the_headline_says_it_in_words(rows, words):
    assert headline(*rows) == words


def test_the_strip_counts_what_is_due_and_names_special_days():
    strip = lay_strip([TODAY, LATE, MONDAY, MONDAY, a_desk_row(last_day=date(2026, 11, 2)), a_desk_row(last_day=None)], FRIDAY, CALENDAR)
    assert [day.count for day in strip] == [1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1]
    assert [day.note for day in strip[:4]] == ["今天", "上班", "休", ""]
    assert (strip[0].label, strip[-1].label) == ("9日周五", "19日起")
    assert (strip[1].is_made_up, strip[2].is_off) == (True, True)


def test_the_strip_stands_without_a_calendar_too():
    strip = lay_strip([], date(2026, 12, 28), CALENDAR)
    assert len(strip) == 11
    assert strip[6].note == ""  # 2027-01-03, of which nothing is known


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
    assert say_hands(draft, NOW) == "保密审查 · 已等 5 小时，限 1 个工作日"


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, "应于 10-10 周六"),
        ({"last_day": date(2027, 1, 4)}, "应于 2027-01-04"),
        ({"is_minimum": True}, "至少到 10-10 周六"),
        ({"is_provisional": True}, "暂定 10-10 周六"),
        ({"last_day": None}, ""),
    ],
)
def test_the_last_day_in_a_row(known, words):
    assert say_when(an_obligation(**known), FRIDAY) == words


def test_a_surprising_day_asks_why():
    assert say_why(SATURDAY, CALENDAR) == "为什么是周六"
    assert say_why(date(2026, 10, 12), CALENDAR) == "怎么算"
    assert say_why(date(2031, 10, 13), CALENDAR) == "怎么算"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EventKind.OPENED, "登记：17号地块成交，最后一天 10-10 周六"),
        (EventKind.FULFILLED, "办结：17号地块成交"),
        (EventKind.CANCELLED, "撤销：17号地块成交"),
        (EventKind.BECAME_OVERDUE, "变为逾期：17号地块成交，应于 10-10 周六"),
        (EventKind.PROMISE_EXCEEDED, "超过承诺：17号地块成交，应于 10-10 周六"),
        (EventKind.REMINDED, "提醒：17号地块成交，应于 10-10 周六。内部要求，不算逾期"),
    ],
)
def test_every_event_has_its_words(kind, words):
    assert say_event(EventRow(1, kind, NOW, an_obligation())) == words


def test_every_kind_of_event_says_something():
    assert all(say_event(EventRow(1, kind, NOW, an_obligation())).startswith(kind.label) for kind in EventKind)


def test_a_long_label_does_not_burst_the_notice():
    assert len(say_event(EventRow(1, EventKind.OPENED, NOW, replace(an_obligation(), label="长" * 200)))) <= 300
