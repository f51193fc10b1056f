"""Another calendar moves every open clock, as it was previewed, or none."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.actions.calendars import load_packaged_calendars
from gongkai.core.ledger.kinds import ChangeCause, EventKind, LedgerPart
from gongkai.core.ledger.models import DateChange, Event, Obligation
from gongkai.core.ledger.queries.calendars import select_concerned
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit.models import AuditRecord
from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.actions import note_digest
from gongkai.foundation.workdays.kinds import CalendarAct, CalendarChange, DayLine, NoticeText
from gongkai.foundation.workdays.models import CalendarDay, CalendarEdition
from gongkai.lib.errors import ActNotPossible, SomebodyWasFaster
from tests.factories.ledger import PUBLISH, Papers, a_proof, an_obligation, at, some_terms

FRIDAY = at("2026-10-09")
CAUSE = date(2026, 9, 9)
SATURDAY = date(2026, 10, 10)
NOTICE = NoticeText("国务院办公厅", "关于调整2026年国庆节假期安排的通知", "国办发明电〔2026〕9号")
NEXT_NOTICE = NoticeText("国务院办公厅", "国务院办公厅关于2027年部分节假日安排的通知", "国办发明电〔2026〕10号")

pytestmark = pytest.mark.django_db


def amendment(day: date = SATURDAY, *, is_workday: bool = False, year: int = 2026) -> CalendarChange:
    """2026-10-10 becomes a day off, unless told otherwise."""
    return CalendarChange(act=CalendarAct.AMEND, year=year, notice=NOTICE, lines=(DayLine(day, is_workday, "国庆节"),))


def next_year() -> CalendarChange:
    """A calendar of 2027 with New Year and nothing else."""
    lines = (DayLine(date(2027, 1, 1), is_workday=False, name="元旦", is_statutory=True),)
    return CalendarChange(act=CalendarAct.REPLACE, year=2027, notice=NEXT_NOTICE, lines=lines)


def withdrawal(year: int, version: int) -> CalendarChange:
    return CalendarChange(act=CalendarAct.WITHDRAW, year=year, version=version, reason="装错了")


def apply(change: CalendarChange) -> int:
    """Look, then do."""
    digest = ledger.preview_calendar(change=change, now=FRIDAY).digest
    return ledger.apply_calendar(change=change, seen_digest=digest, actor=SYSTEM, now=FRIDAY)


def moves_of(change: CalendarChange) -> dict[str, tuple[date, date]]:
    return {row.obligation.label: (row.from_day, row.to_day) for row in ledger.preview_calendar(change=change, now=FRIDAY).moved}


def some_days(entry: str, limit: str, **changed):
    return some_terms(limit, entry=entry, label=entry, **changed)


def last_day_of(row) -> date:
    return Obligation.objects.get(uuid=row.uuid).last_day


def kinds_of(row) -> list[str]:
    return [event.kind.value for event in ledger.list_history(obligation_id=row.id)]


# What would move


def test_a_made_up_day_that_becomes_a_day_off_moves_the_clocks_that_counted_it(unit):
    counted = an_obligation(unit, caused_on=CAUSE, now=FRIDAY, label="数到十月十三日")
    an_obligation(unit, caused_on=date(2026, 10, 10), now=at("2026-10-11"), label="事由在那天，不计")
    an_obligation(unit, caused_on=date(2026, 8, 3), now=FRIDAY, label="早就到期")
    preview = ledger.preview_calendar(change=amendment(), now=FRIDAY)

    assert [(row.obligation.uuid, row.from_day, row.to_day) for row in preview.moved] == [
        (counted.uuid, date(2026, 10, 13), date(2026, 10, 14))
    ]
    moved = preview.moved[0]
    assert moved.why == "10月10日（周六）改为休息"
    assert (moved.was_provisional, moved.is_provisional, moved.is_stopped) == (False, False, False)
    assert moved.to_due_at == at("2026-10-15", "00:00")


def test_a_preview_changes_nothing(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    ledger.preview_calendar(change=amendment(), now=FRIDAY)

    assert last_day_of(row) == date(2026, 10, 13)
    assert CalendarEdition.objects.filter(year=2026).count() == 1
    assert kinds_of(row) == ["OPENED"]


def test_a_last_day_that_becomes_a_day_off_rolls_and_one_that_becomes_worked_comes_back(unit):
    ledger.load_terms([some_days("policy.ten", "P10D")])
    an_obligation(unit, caused_on=date(2026, 9, 30), now=FRIDAY, label="十日，期满在补班的周六", entry="policy.ten")
    an_obligation(unit, caused_on=date(2026, 9, 25), now=FRIDAY, label="十日，期满在假里", entry="policy.ten")

    assert moves_of(amendment()) == {"十日，期满在补班的周六": (SATURDAY, date(2026, 10, 12))}
    assert moves_of(amendment(date(2026, 10, 6), is_workday=True)) == {"十日，期满在假里": (date(2026, 10, 8), date(2026, 10, 6))}


def test_a_day_counted_back_moves_too(unit):
    ledger.load_terms([some_days("land.notice", "min:P3WD", clock_start="开始前，倒算")])
    an_obligation(unit, caused_on=date(2026, 10, 12), now=FRIDAY, label="开始前三个工作日", entry="land.notice")

    assert moves_of(amendment()) == {"开始前三个工作日": (date(2026, 10, 8), date(2026, 9, 30))}


def test_hours_a_fixed_date_and_calendar_days_do_not_move(unit):
    ledger.load_terms([some_days("policy.thirty", "P30D")])
    an_obligation(unit, caused_on=date(2026, 9, 14), now=FRIDAY, label="三十日", entry="policy.thirty")
    an_obligation(unit, caused_on=date(2026, 9, 14), now=FRIDAY, label="一月三十一日", entry="annual.report")
    ledger.open_obligation(
        duty=PUBLISH, entry="opinion.other", subject=uuid4(), label="四十八小时", unit_id=unit.pk,
        caused_on=date(2026, 10, 9), caused_at=FRIDAY, actor=SYSTEM, now=FRIDAY,
    )  # fmt: skip

    assert moves_of(amendment()) == {}


def test_what_only_changes_its_name_moves_nothing_and_looks_at_no_clock(unit):
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    change = CalendarChange(act=CalendarAct.AMEND, year=2026, notice=NOTICE, lines=(DayLine(SATURDAY, is_workday=True, name="国庆"),))

    assert not select_concerned(workdays.plan_change(change)).exists()
    assert apply(change) == 0
    assert workdays.get_calendar().fact(SATURDAY).name == "国庆"


def test_the_preview_costs_a_constant_number_of_queries(unit, django_assert_num_queries):
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    with django_assert_num_queries(6):
        ledger.preview_calendar(change=amendment(), now=FRIDAY)
    for number in range(20):
        an_obligation(unit, caused_on=CAUSE - timedelta(days=number % 3), now=FRIDAY)
    with django_assert_num_queries(6):
        assert len(ledger.preview_calendar(change=amendment(), now=FRIDAY).moved) > 10


# Moving them


def test_confirmed_every_clock_moves_with_a_change_an_event_and_a_notice(unit, heard):
    rows = [an_obligation(unit, caused_on=CAUSE, now=FRIDAY, label=f"第{number}件") for number in range(3)]
    ledger.deliver_events(FRIDAY)
    heard.clear()

    assert apply(amendment()) == 3
    assert {last_day_of(row) for row in rows} == {date(2026, 10, 14)}
    change = ledger.list_date_changes(rows[0].uuid)[0]
    assert (change.cause, change.from_day, change.to_day) == (ChangeCause.CALENDAR, date(2026, 10, 13), date(2026, 10, 14))
    assert change.why == "10月10日（周六）改为休息"
    assert change.calendar_version == "2026 年第 2 版"
    assert kinds_of(rows[0]) == ["OPENED", "MOVED"]
    assert ledger.list_history(obligation_id=rows[0].id)[-1].note == "2026-10-13 → 2026-10-14。10月10日（周六）改为休息"
    ledger.deliver_events(FRIDAY)
    assert [event.kind for event in heard] == [EventKind.MOVED] * 3
    assert AuditRecord.objects.get(act="ledger.apply_calendar").about["moved"] == 3


def test_the_receipt_ends_one_working_day_later_and_keeps_its_history(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    before = ledger.get_receipt(uuid=row.uuid, now=FRIDAY)
    apply(amendment())
    after = ledger.get_receipt(uuid=row.uuid, now=FRIDAY)

    assert (before.last_day, after.last_day) == (date(2026, 10, 13), date(2026, 10, 14))
    assert (before.counted, after.counted) == (20, 20)
    assert [(change.from_day, change.to_day) for change in after.history] == [(before.last_day, after.last_day)]
    day = next(day for day in after.days if day.day == SATURDAY)
    assert (day.number, day.notice) == (None, "国务院办公厅《关于调整2026年国庆节假期安排的通知》（国办发明电〔2026〕9号）")


def test_done_again_it_changes_nothing_and_tells_nothing(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    digest = ledger.preview_calendar(change=amendment(), now=FRIDAY).digest
    done = [ledger.apply_calendar(change=amendment(), seen_digest=digest, actor=SYSTEM, now=FRIDAY) for _ in range(2)]

    assert done == [1, 0]
    assert kinds_of(row) == ["OPENED", "MOVED"]
    assert CalendarEdition.objects.filter(year=2026).count() == 2


def test_withdrawn_again_they_move_back(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    apply(amendment())

    assert moves_of(withdrawal(2026, 2)) == {row.label: (date(2026, 10, 14), date(2026, 10, 13))}
    assert apply(withdrawal(2026, 2)) == 1
    assert last_day_of(row) == date(2026, 10, 13)
    changes = [(change.from_day, change.to_day) for change in ledger.list_date_changes(row.uuid)]
    assert changes == [(date(2026, 10, 13), date(2026, 10, 14)), (date(2026, 10, 14), date(2026, 10, 13))]
    assert ledger.list_date_changes(row.uuid)[-1].calendar_version == "2026 年第 1 版"
    assert kinds_of(row) == ["OPENED", "MOVED", "MOVED"]


def test_closed_cases_keep_the_date_they_had(unit):
    done = an_obligation(unit, caused_on=CAUSE, now=FRIDAY, label="已办")
    wrong = an_obligation(unit, caused_on=CAUSE, now=FRIDAY, label="撤销")
    ledger.fulfil(obligation=done.uuid, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)
    ledger.cancel(obligation=wrong.uuid, reason="重复登记", actor=SYSTEM, now=FRIDAY)

    assert apply(amendment()) == 0
    assert {last_day_of(row) for row in (done, wrong)} == {date(2026, 10, 13)}
    assert not DateChange.objects.exists()


def test_who_was_overdue_by_the_old_calendar_only_is_so_no_longer_and_the_event_stays(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    late = at("2026-10-14", "09:00")
    ledger.sweep(now=late)
    assert ledger.get_obligation(row.uuid, now=late).overdue_since
    digest = ledger.preview_calendar(change=amendment(), now=late).digest
    ledger.apply_calendar(change=amendment(), seen_digest=digest, actor=SYSTEM, now=late)

    assert ledger.get_obligation(row.uuid, now=late).overdue_since is None
    ledger.sweep(now=at("2026-10-15", "00:00"))
    told = Event.objects.filter(obligation__uuid=row.uuid, kind="BECAME_OVERDUE").order_by("at").values_list("at", flat=True)
    assert list(told) == [at("2026-10-14", "00:00"), at("2026-10-15", "00:00")]


def test_what_had_become_overdue_unswept_is_told_before_the_date_goes(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    late = at("2026-10-14", "09:00")
    digest = ledger.preview_calendar(change=amendment(), now=late).digest
    ledger.apply_calendar(change=amendment(), seen_digest=digest, actor=SYSTEM, now=late)

    assert "BECAME_OVERDUE" in kinds_of(row)


# Somebody was faster, something broke


def test_a_duty_registered_meanwhile_makes_what_was_seen_stale(unit):
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    digest = ledger.preview_calendar(change=amendment(), now=FRIDAY).digest
    late_comer = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    with pytest.raises(SomebodyWasFaster, match="什么也没有动"):
        ledger.apply_calendar(change=amendment(), seen_digest=digest, actor=SYSTEM, now=FRIDAY)
    assert last_day_of(late_comer) == date(2026, 10, 13)
    assert CalendarEdition.objects.filter(year=2026).count() == 1


def test_another_calendar_meanwhile_makes_what_was_seen_stale(unit):
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    digest = ledger.preview_calendar(change=amendment(), now=FRIDAY).digest
    apply(amendment(date(2026, 7, 1)))

    with pytest.raises(SomebodyWasFaster):
        ledger.apply_calendar(change=amendment(), seen_digest=digest, actor=SYSTEM, now=FRIDAY)
    with pytest.raises(ActNotPossible, match="现在是第 2 版"):
        apply(withdrawal(2026, 1))


def test_broken_off_in_the_middle_nothing_is_half_done(unit, monkeypatch):
    rows = [an_obligation(unit, caused_on=CAUSE, now=FRIDAY) for _ in range(5)]
    monkeypatch.setattr("gongkai.core.ledger.actions.calendars.BATCH", 2)
    digest = ledger.preview_calendar(change=amendment(), now=FRIDAY).digest
    written = []

    def fail_at_the_second(events):
        written.append(1)
        if len(written) == 2:
            raise KeyboardInterrupt
        Event.objects.bulk_create(list(events))

    monkeypatch.setattr("gongkai.core.ledger.actions.calendars.write_events", fail_at_the_second)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        ledger.apply_calendar(change=amendment(), seen_digest=digest, actor=SYSTEM, now=FRIDAY)

    assert {last_day_of(row) for row in rows} == {date(2026, 10, 13)}
    assert not DateChange.objects.exists()
    assert not Event.objects.filter(kind="MOVED").exists()
    assert workdays.get_calendar().is_workday(SATURDAY)


# A year without calendar


def test_a_year_that_gets_its_calendar_settles_what_was_provisional(unit, heard):
    row = an_obligation(unit, caused_on=date(2026, 12, 10), now=FRIDAY, label="数到明年")
    assert row.is_provisional
    preview = ledger.preview_calendar(change=next_year(), now=FRIDAY)

    assert [(moved.was_provisional, moved.is_provisional, moved.why) for moved in preview.moved] == [(True, False, "2027 年的日历已装入")]
    assert (preview.moved[0].from_day, preview.moved[0].to_day) == (date(2027, 1, 7), date(2027, 1, 8))
    assert apply(next_year()) == 1
    settled = ledger.get_obligation(row.uuid, now=FRIDAY)
    assert (settled.is_provisional, settled.last_day) == (False, date(2027, 1, 8))
    assert ledger.part_of(settled, FRIDAY) is LedgerPart.NOT_DUE
    assert kinds_of(row) == ["OPENED", "SETTLED"]
    assert ledger.list_date_changes(row.uuid)[0].cause is ChangeCause.SETTLED
    ledger.deliver_events(FRIDAY)
    assert [event.kind for event in heard] == [EventKind.OPENED, EventKind.SETTLED]


def test_a_provisional_day_that_proves_right_is_settled_too(unit):
    row = an_obligation(unit, caused_on=date(2026, 12, 28), now=FRIDAY)
    plain = CalendarChange(
        act=CalendarAct.REPLACE, year=2027, notice=NEXT_NOTICE, lines=(DayLine(date(2027, 5, 1), is_workday=False, name="劳动节"),)
    )
    apply(plain)

    assert ledger.list_history(obligation_id=row.id)[-1].note == "2027-01-25 不变，不再是暂定。2027 年的日历已装入"
    assert not Obligation.objects.get(uuid=row.uuid).is_provisional


def test_a_year_whose_calendar_is_withdrawn_is_provisional_again_and_loaded_again_settles(unit):
    row = an_obligation(unit, caused_on=date(2026, 12, 10), now=FRIDAY)
    apply(next_year())
    assert apply(withdrawal(2027, 1)) == 1

    again = ledger.get_obligation(row.uuid, now=FRIDAY)
    assert (again.is_provisional, again.last_day) == (True, date(2027, 1, 7))
    assert ledger.list_history(obligation_id=row.id)[-1].kind is EventKind.MOVED
    assert "2027 年的日历已撤回" in ledger.list_history(obligation_id=row.id)[-1].note
    assert apply(next_year()) == 1
    assert last_day_of(row) == date(2027, 1, 8)
    assert kinds_of(row) == ["OPENED", "SETTLED", "MOVED", "SETTLED"]


def test_loading_the_packaged_years_moves_what_waited_for_them(unit):
    CalendarDay.objects.filter(edition__year=2026).delete()
    CalendarEdition.objects.filter(year=2026).delete()
    note_digest()
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY)
    assert row.is_provisional

    assert len(load_packaged_calendars(actor=SYSTEM, now=FRIDAY)[1].moved) == 1
    assert last_day_of(row) == date(2026, 10, 13)
    assert load_packaged_calendars(actor=SYSTEM, now=FRIDAY)[1].moved == ()


def test_the_number_of_those_who_wait_is_told(unit):
    an_obligation(unit, caused_on=date(2026, 12, 10), now=FRIDAY)
    an_obligation(unit, caused_on=CAUSE, now=FRIDAY)

    assert ledger.count_provisional() == 1


# Clocks that stand still


def test_a_stopped_clock_is_listed_and_counts_by_the_new_calendar_when_it_goes_on(unit):
    row = an_obligation(unit, caused_on=CAUSE, now=FRIDAY, label="暂停的一件")
    papers = Papers(reason="征求第三方意见", article="条例三十二条", document="征〔2026〕1号")
    then = at("2026-09-21")
    ledger.stop(obligation=row.uuid, first_day=date(2026, 9, 21), latest_day=date(2026, 9, 28), actor=SYSTEM, now=then, **papers)
    preview = ledger.preview_calendar(change=amendment(), now=FRIDAY)

    assert [(moved.obligation.label, moved.is_stopped) for moved in preview.moved] == [("暂停的一件", True)]
    assert apply(amendment()) == 1
    stopped = Obligation.objects.get(uuid=row.uuid)
    assert (stopped.stopped_since, stopped.last_day, stopped.moves) == (date(2026, 9, 21), date(2026, 10, 13), row.moves + 2)
    change = ledger.list_date_changes(row.uuid)[-1]
    assert (change.from_day, change.to_day) == (None, None)
    assert change.why.startswith("暂停中，恢复后按新的日历算")
    ledger.resume(obligation=row.uuid, last_day=date(2026, 9, 24), document="复函", actor=SYSTEM, now=at("2026-09-25"))
    assert last_day_of(row) > date(2026, 10, 14)
    assert last_day_of(row) == ledger.get_receipt(uuid=row.uuid, now=FRIDAY).last_day
