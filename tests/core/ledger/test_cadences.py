from datetime import date, timedelta

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import registry
from gongkai.core.ledger.kinds import Binding, ColumnRow, LimitState, ObligationState
from gongkai.core.ledger.models import CadenceRun, ColumnUpdate, Event, Obligation
from gongkai.foundation.accounts.kinds import SYSTEM
from tests.factories.ledger import a_unit, at, some_terms

pytestmark = pytest.mark.django_db

NEWS = ColumnRow(code="work_news", title="工作动态", order=10, cadence="monitor.daily", line="monitor.news")
POLICIES = ColumnRow(code="policies", title="政策文件", order=20, line="monitor.notice")
LISTS = ColumnRow(code="policies", title="政策文件", order=20, cadence="policy.list", line="monitor.notice", is_own=True)
SURVEYS = ColumnRow(code="participation", title="公众参与", order=30, cadence="decision.survey", is_own=True)
HOUSING = ColumnRow(code="housing", title="住房用地", order=40, cadence="land.housing_stock", is_own=True)
COLUMNS = {
    "news.work": NEWS,
    "policy.rules": POLICIES,
    "policy.list": LISTS,
    "decision.survey": SURVEYS,
    "land.housing_stock": HOUSING,
}
TERMS = [
    some_terms(
        "cadence:workday", entry="monitor.daily", clock_start="上一工作日", label="动态类信息每个工作日更新", binding=Binding.INTERNAL
    ),
    some_terms("P14D", entry="monitor.news", clock_start="最近更新时间", rolls=False, basis="国办秘函〔2019〕19号"),
    some_terms("P6M", entry="monitor.notice", clock_start="最近更新时间", rolls=False),
    some_terms("cadence:1Q", entry="policy.list", clock_start="上期编入之日", binding=Binding.SUPERIOR, label="依申请公开公文目录"),
    some_terms("cadence:2M", entry="decision.survey", clock_start="上次活动之日", binding=Binding.SUPERIOR, label="网上调查"),
    some_terms("P10D", entry="land.housing_stock", clock_start="季度首日", binding=Binding.SUPERIOR, label="存量住宅用地信息"),
]


@pytest.fixture(autouse=True)
def columns(monkeypatch, calendar):
    """A catalogue of five entries, and what watches over their columns."""
    monkeypatch.setattr(registry, "COLUMN_READERS", [lambda: COLUMNS])
    ledger.load_terms(TERMS)


@pytest.fixture
def unit():
    return a_unit()


def publish(unit, day, entry="news.work", clock="15:00"):
    ledger.note_update(entry=entry, unit_id=unit.pk, at=at(day, clock), actor=SYSTEM)


def tick(day, clock="10:20"):
    return ledger.tick_cadences(now=at(day, clock))


def runs(**wanted):
    return list(CadenceRun.objects.filter(**wanted).order_by("period_first", "id"))


def test_a_column_without_a_first_item_has_no_cadence(unit):
    assert tick("2026-10-09") == 0
    assert not CadenceRun.objects.exists()
    assert ledger.list_freshness(now=at("2026-10-09")) == []
    assert ledger.list_reminders(unit_ids=[unit.pk], now=at("2026-10-09")) == []


def test_a_publication_that_no_catalogue_knows_says_nothing(unit):
    ledger.note_update(entry="no.such", unit_id=unit.pk, at=at("2026-10-09"), actor=SYSTEM)
    assert not ColumnUpdate.objects.exists()


def test_a_missed_working_day_reminds_and_is_never_overdue(unit):
    publish(unit, "2026-09-30")
    tick("2026-10-09")
    (reminder,) = ledger.list_reminders(unit_ids=[unit.pk], now=at("2026-10-09"))

    assert (reminder.chip.state, reminder.chip.words) == (LimitState.REMINDER, "10-08 没有更新")
    assert reminder.line_on == date(2026, 10, 14)
    assert reminder.words == "“工作动态”10-08 没有更新。内部要求，不算逾期；国家监测线 10-14。"
    assert not Obligation.objects.exists()
    assert not Event.objects.exists()


def test_the_reminder_turns_cinnabar_two_days_before_the_inspection_line(unit):
    publish(unit, "2026-09-30")
    for day, state in (("2026-10-11", LimitState.REMINDER), ("2026-10-12", LimitState.REMINDER_NEAR)):
        tick(day)
        (reminder,) = ledger.list_reminders(unit_ids=[unit.pk], now=at(day))
        assert reminder.chip.state is state


def test_how_many_days_before_the_line_is_near_is_the_bureaus_setting(unit, settings):
    settings.LINE_NEAR_DAYS = 3
    publish(unit, "2026-09-30")
    tick("2026-10-11")
    (reminder,) = ledger.list_reminders(unit_ids=[unit.pk], now=at("2026-10-11"))
    assert reminder.chip.state is LimitState.REMINDER_NEAR
    (column,) = ledger.list_freshness(now=at("2026-10-11"))
    assert column.chip.state is LimitState.REMINDER_NEAR


def test_an_update_ends_the_reminder_and_what_passed_stays_passed(unit):
    publish(unit, "2026-09-30")
    tick("2026-10-09")
    publish(unit, "2026-10-09")

    assert ledger.list_reminders(unit_ids=[unit.pk], now=at("2026-10-09", "16:00")) == []
    missed, made = runs(period_first__gte=date(2026, 10, 1))
    assert (missed.lapsed_at, missed.updated_at) == (at("2026-10-09", "00:00"), None)
    assert (made.lapsed_at, made.updated_at) == (None, at("2026-10-09", "15:00"))
    (row,) = ledger.list_freshness(now=at("2026-10-09", "16:00"))
    assert (row.chip.words, row.due_on) == ("今天已更新", date(2026, 10, 10))  # the Saturday is made up


def test_what_one_unit_publishes_discharges_the_habit_of_the_whole_column(unit):
    other = a_unit("征地管理科")
    publish(unit, "2026-09-29")
    publish(other, "2026-09-30")
    tick("2026-10-08", "09:00")
    publish(unit, "2026-10-08")
    tick("2026-10-09")

    assert ledger.list_reminders(unit_ids=[unit.pk, other.pk], now=at("2026-10-09")) == []
    (row,) = ledger.list_freshness(now=at("2026-10-09"))
    assert row.unit_names == (unit.short_name, other.short_name)
    assert row.last_update == at("2026-10-08", "15:00")


def test_after_a_month_of_downtime_each_day_is_told_once(unit):
    publish(unit, "2026-09-09")
    first = tick("2026-10-09")
    again = tick("2026-10-09", "10:21")

    passed = runs(lapsed_at__isnull=False)
    assert (first, again) == (len(passed), 0)
    days = [run.period_first for run in passed]
    assert len(days) == len(set(days)) == 16  # 10 September to 8 October without weekends and holidays, with the made-up Sunday
    assert days[-1] == date(2026, 10, 8)
    assert all(run.lapsed_at == run.due_at for run in passed)
    assert len(ledger.list_reminders(unit_ids=[unit.pk], now=at("2026-10-09"))) == 1


def test_publishing_while_nobody_ticked_counts(unit):
    for day in ("2026-10-08", "2026-10-09", "2026-10-10"):
        publish(unit, day)
    tick("2026-10-12")

    assert [run.period_first.day for run in runs(updated_at__isnull=False)] == [8, 9, 10]
    assert not runs(lapsed_at__isnull=False)


def test_an_update_on_a_day_off_starts_no_period(unit):
    publish(unit, "2026-10-03")
    assert not CadenceRun.objects.exists()
    tick("2026-10-09")
    assert [run.period_first.day for run in runs()] == [8, 9]


def test_a_year_without_calendar_accuses_nobody_until_it_has_one(unit, monkeypatch):
    publish(unit, "2026-12-31")
    assert tick("2027-01-07") == 0
    assert ledger.list_reminders(unit_ids=[unit.pk], now=at("2027-01-07")) == []
    assert all(run.is_provisional for run in runs(period_first__gte=date(2027, 1, 1)))
    assert tick("2027-01-07", "23:00") == 0


def test_a_provisional_day_that_turns_out_to_be_off_goes(unit):
    publish(unit, "2026-12-31")
    tick("2027-01-05")
    # As if the notice for 2027 had come: 1 January is off, the 4th is worked.
    run_off, run_worked = runs(period_first__in=[date(2027, 1, 1), date(2027, 1, 4)])
    CadenceRun.objects.filter(pk=run_off.pk).update(period_first="2026-10-01", last_day="2026-10-01")
    CadenceRun.objects.filter(pk=run_worked.pk).update(period_first="2026-10-08", last_day="2026-10-08")
    tick("2027-01-06")

    assert not CadenceRun.objects.filter(pk=run_off.pk).exists()
    assert CadenceRun.objects.get(pk=run_worked.pk).is_provisional is False


def test_what_a_higher_office_asks_each_quarter_is_on_the_ledger(unit):
    publish(unit, "2026-08-20", entry="policy.list")
    tick("2026-10-01", "00:01")
    (owed,) = Obligation.objects.all()

    assert (owed.duty_code, owed.entry, owed.caused_on, owed.last_day) == (
        "ledger.cadence",
        "policy.list",
        date(2026, 10, 1),
        date(2026, 12, 31),
    )
    assert owed.unit_id == unit.pk
    tick("2026-10-02")
    assert Obligation.objects.count() == 1
    publish(unit, "2026-10-09", entry="policy.list")
    owed.refresh_from_db()
    assert owed.state == ObligationState.FULFILLED.value


def test_the_first_days_of_a_quarter_come_back_every_quarter(unit):
    publish(unit, "2026-07-06", entry="land.housing_stock")
    tick("2026-10-09")
    (owed,) = Obligation.objects.all()

    assert (owed.caused_on, owed.last_day) == (date(2026, 10, 1), date(2026, 10, 10))
    tick("2026-10-11")
    ledger.sweep(now=at("2026-10-11"))
    publish(unit, "2026-10-12", entry="land.housing_stock")
    owed.refresh_from_db()
    assert owed.state == ObligationState.FULFILLED.value
    fulfilled_at = ledger.get_obligation(owed.uuid, now=at("2026-10-12", "16:00")).fulfilled_at
    assert fulfilled_at is not None
    assert fulfilled_at >= owed.due_at


def test_a_rolling_period_begins_with_each_update(unit):
    publish(unit, "2026-08-20", entry="decision.survey")
    publish(unit, "2026-08-20", entry="decision.survey", clock="16:00")
    (owed,) = Obligation.objects.all()
    assert owed.last_day == date(2026, 10, 20)

    publish(unit, "2026-10-09", entry="decision.survey")
    owed.refresh_from_db()
    assert owed.state == ObligationState.FULFILLED.value
    assert Obligation.objects.exclude(pk=owed.pk).get().last_day == date(2026, 12, 9)
    assert tick("2026-10-09") == 0


def test_a_rolling_period_that_passed_is_owed_once_until_something_comes(unit):
    publish(unit, "2026-01-20", entry="decision.survey")
    tick("2026-10-09")
    ledger.sweep(now=at("2026-10-09"))
    tick("2026-10-10")

    assert Obligation.objects.count() == 1
    assert ledger.list_reminders(unit_ids=[unit.pk], now=at("2026-10-09")) == []  # it is overdue on the ledger instead


def test_the_list_shows_every_column_with_its_line(unit):
    other = a_unit("政策法规科")
    publish(unit, "2026-09-30")
    publish(other, "2026-05-06", entry="policy.rules")
    publish(other, "2026-07-06", entry="policy.list")
    tick("2026-10-09")
    rows = {row.title: row for row in ledger.list_freshness(now=at("2026-10-09"))}

    assert list(rows) == ["工作动态", "政策文件", "政策文件 · 依申请公开公文目录"]
    assert rows["工作动态"].cadence_words == "每个工作日"
    assert rows["政策文件"].line_on == date(2027, 1, 6)  # whoever published last, under whatever entry
    assert rows["政策文件"].binding is None
    assert rows["政策文件 · 依申请公开公文目录"].line_on is None


def test_the_periods_of_a_column_are_its_history(unit):
    publish(unit, "2026-09-30")
    tick("2026-10-09")
    (reminder,) = ledger.list_reminders(unit_ids=[unit.pk], now=at("2026-10-09"))
    found = ledger.list_runs(feed=reminder.uuid)
    assert [(run.first_day.day, run.updated_at is not None, run.lapsed_at is not None) for run in found] == [
        (9, False, False),
        (8, False, True),
        (30, True, False),
    ]


def test_lists_and_ticks_cost_the_same_however_many_columns(unit, monkeypatch, django_assert_num_queries):
    many = {f"news.{number}": ColumnRow(f"c{number}", f"栏目{number}", number, "monitor.daily", "monitor.news") for number in range(30)}
    monkeypatch.setattr(registry, "COLUMN_READERS", [lambda: many])
    for entry in many:
        publish(unit, "2026-09-30", entry=entry)
    tick("2026-10-09")

    with django_assert_num_queries(3):  # with the version of the calendar
        assert len(ledger.list_freshness(now=at("2026-10-09"))) == 30
    with django_assert_num_queries(3):
        assert len(ledger.list_reminders(unit_ids=[unit.pk], now=at("2026-10-09"))) == 30
    with django_assert_num_queries(2):
        assert tick("2026-10-09", "10:30") == 0


def test_two_updates_at_one_moment_make_one_row(unit):
    for _ in range(2):
        publish(unit, "2026-10-09")
    assert ColumnUpdate.objects.count() == 1
    assert CadenceRun.objects.count() == 1
    assert ColumnUpdate.objects.get().first_at + timedelta(0) == at("2026-10-09", "15:00")
