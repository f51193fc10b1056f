from datetime import UTC, datetime, timedelta

import pytest

from gongkai.foundation.outbox import actions, registry, rules
from gongkai.foundation.outbox.kinds import Cadence, IntentState, Job, Periodic, Step
from gongkai.foundation.outbox.models import Intent, Tick
from tests.factories.outbox import NOON, a_stopped_intent, an_intent, later
from tests.races import at_once


@pytest.fixture
def hourly(monkeypatch):
    """One piece of periodic work and no other."""
    monkeypatch.setattr(registry, "PERIODIC", {"test.work": Periodic("test.work", Cadence.HOURLY)})
    monkeypatch.setattr(actions, "PERIODIC", registry.PERIODIC)


def test_an_hour_and_a_night_have_names_by_the_clock_of_shanghai():
    assert rules.period_of(Cadence.HOURLY, datetime(2026, 10, 8, 16, 30, tzinfo=UTC)) == "2026-10-09T00"
    assert rules.period_of(Cadence.NIGHTLY, datetime(2026, 10, 8, 17, 59, tzinfo=UTC)) == "2026-10-08"
    assert rules.period_of(Cadence.NIGHTLY, datetime(2026, 10, 8, 18, 0, tzinfo=UTC)) == "2026-10-09"


@pytest.mark.parametrize(
    ("done", "total", "minutes", "left"),
    [(0, 100, 5, None), (50, 100, 10, 10), (25, 100, 10, 30), (99, 100, 1, 1), (100, 100, 5, None), (5, 0, 5, None)],
)
def test_time_left_follows_the_pace_so_far(done, total, minutes, left):
    assert rules.minutes_left(done=done, total=total, started_at=NOON, at_system=later(minutes=minutes)) == left


def test_nobody_can_tell_the_time_left_of_work_that_has_not_begun():
    assert rules.minutes_left(done=0, total=9, started_at=None, at_system=NOON) is None


def test_what_holds_already_is_said_with_its_number():
    assert rules.say_effective("已导入的 {done} 行已经生效", 1204) == "已导入的 1,204 行已经生效"
    assert rules.say_effective("已导入的 {done} 行已经生效", 0) == ""


@pytest.mark.django_db
def test_each_period_is_begun_once(hourly):
    assert actions.begin_periods(NOON) == 1
    assert actions.begin_periods(later(minutes=59)) == 0
    assert Intent.objects.get().key == "2026-10-09T12"
    Intent.objects.update(state=IntentState.DONE.value, finished_at=NOON)
    assert actions.begin_periods(later(minutes=30)) == 0
    assert actions.begin_periods(later(hours=1)) == 1


@pytest.mark.django_db
def test_the_tick_of_the_products_own_work_is_known():
    assert {"outbox.clean", "audit.nightly"} <= set(registry.PERIODIC)
    assert set(registry.PERIODIC) <= set(registry.HANDLERS)


@pytest.mark.django_db
def test_finished_work_is_cleaned_away_after_a_month_and_stopped_work_stays(monkeypatch):
    monkeypatch.setattr(rules, "CLEANED_AT_ONCE", 2)
    old, new = NOON - timedelta(days=31), NOON - timedelta(days=29)
    for number, finished in enumerate([old, old, old, new]):
        intent = an_intent(key=str(number))
        Intent.objects.filter(pk=intent.pk).update(state=IntentState.DONE.value, finished_at=finished)
    stopped = a_stopped_intent(key="stopped")
    Intent.objects.filter(pk=stopped.pk).update(finished_at=old)
    Tick.objects.create(name="x", period="old", begun_at=NOON - timedelta(days=91))
    Tick.objects.create(name="x", period="new", begun_at=NOON - timedelta(days=89))
    job = Job(1, "outbox.clean", "2026-10-09", {}, {}, 0, 0)

    first = actions.clean_away(job, NOON)
    second = actions.clean_away(Job(1, "outbox.clean", "2026-10-09", {}, {}, first.done, 0), NOON)

    assert (first.cursor, first.done) == ({}, 2)
    assert (second.cursor, second.done) == (None, 3)
    assert sorted(Intent.objects.values_list("key", flat=True)) == ["3", "stopped"]
    assert Tick.objects.get().period == "new"


@pytest.mark.django_db
def test_the_pace_counts_from_the_first_step_of_all():
    intent = an_intent()
    job = actions.claim_intent(holder="a", at_system=later(minutes=5))
    assert job is not None
    actions.save_step(job=job, step=Step(done=1, total=4, cursor={"at": 1}), holder="a", at_system=later(minutes=6))
    actions.claim_intent(holder="a", at_system=later(minutes=7))
    intent.refresh_from_db()
    assert intent.started_at == later(minutes=5)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_workers_of_several_machines_begin_a_period_once(hourly):
    begun = at_once(*[lambda: actions.begin_periods(NOON)] * 4)

    assert sorted(begun) == [0, 0, 0, 1]  # type: ignore[type-var]
    assert Intent.objects.count() == 1
    assert Tick.objects.count() == 1
