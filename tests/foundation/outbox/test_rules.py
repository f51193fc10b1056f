from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from gongkai.foundation.outbox import rules
from gongkai.lib.errors import ActNotPossible

NOON = datetime(2026, 10, 9, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 5), (1, 5), (2, 20), (3, 80), (4, 320), (5, 1280), (6, 3600), (8, 3600), (1000, 3600)]
)
def test_each_failure_waits_four_times_as_long_up_to_an_hour(failures: int, seconds: int) -> None:
    assert rules.back_off(failures) == timedelta(seconds=seconds)


def test_after_eight_failures_a_person_has_to_look() -> None:
    assert not rules.is_hopeless(7)
    assert rules.is_hopeless(8)


def test_a_refusal_speaks_for_itself() -> None:
    assert rules.describe_error(ActNotPossible("这份文件已经撤下，不能再生成页面。")) == "这份文件已经撤下，不能再生成页面。"


def test_a_fault_of_ours_is_named_as_one_and_fits_its_column() -> None:
    words = rules.describe_error(OSError("磁盘满了" * 500))
    assert words.startswith("程序出错（OSError）：磁盘满了")
    assert len(words) == rules.ERROR_LENGTH


@pytest.mark.parametrize(
    ("waited", "minutes"), [(timedelta(seconds=119), 0), (timedelta(minutes=2), 2), (timedelta(hours=1, seconds=30), 60)]
)
def test_work_that_waits_two_minutes_has_no_worker(waited: timedelta, minutes: int) -> None:
    assert rules.stalled_minutes(NOON - waited, NOON) == minutes


def test_nothing_waiting_is_not_stalled() -> None:
    assert rules.stalled_minutes(None, NOON) == 0


def test_a_database_s_own_words_stay_in_the_log() -> None:
    words = rules.describe_error(IntegrityError("Key (name)=(周岚) already exists."))
    assert words == "数据库出错（IntegrityError），详情见运行日志。"
