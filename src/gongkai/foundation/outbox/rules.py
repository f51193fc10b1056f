from datetime import datetime, timedelta

from gongkai.foundation.outbox.kinds import Cadence
from gongkai.lib.errors import Refusal
from gongkai.lib.moments import SHANGHAI

MAX_ATTEMPTS = 8
"""After so many failures in a row an intent stops and waits for a person."""

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
ERROR_LENGTH = 500

STALLED_AFTER = timedelta(minutes=2)
"""Work is taken within a second; what waits longer than this waits for a worker that is not there."""


def back_off(failures: int) -> timedelta:
    """How long to wait after this many failures in a row (退避): 5 s, 20 s, 80 s … at most an hour."""
    factor: int = 4 ** min(max(failures - 1, 0), MAX_ATTEMPTS)
    return min(FIRST_PAUSE * factor, LONGEST_PAUSE)


def is_hopeless(failures: int) -> bool:
    """Whether to stop trying and show the intent to a person."""
    return failures >= MAX_ATTEMPTS


def describe_error(error: BaseException) -> str:
    """What went wrong, in words for the jobs page (错误说明). A refusal speaks for itself; anything else is named as a fault of ours.

    A database's own words can quote a row: they stay in the log and never reach the page.
    """
    if isinstance(error, Refusal):
        return str(error)[:ERROR_LENGTH]
    kind = type(error)
    if any(base.__name__ in {"DatabaseError", "InterfaceError"} for base in kind.__mro__):
        return f"数据库出错（{kind.__name__}），详情见运行日志。"
    return f"程序出错（{kind.__name__}）：{error}"[:ERROR_LENGTH]


def stalled_minutes(oldest: datetime | None, at_system: datetime) -> int:
    """For how many minutes work has waited without a worker taking it (停滞分钟数); 0 when all is well."""
    if oldest is None or at_system - oldest < STALLED_AFTER:
        return 0
    return int((at_system - oldest).total_seconds() // 60)


KEPT_FINISHED = timedelta(days=30)
KEPT_PERIODS = timedelta(days=90)
CLEANED_AT_ONCE = 1000

NIGHT_HOUR = 2
"""Nightly work begins at this hour in Shanghai, or when the first worker runs after it."""


def period_of(cadence: Cadence, at_system: datetime) -> str:
    """The period that a moment lies in (所在周期): `2026-10-09T10` for an hour, the day for a night."""
    local = at_system.astimezone(SHANGHAI)
    if cadence is Cadence.HOURLY:
        return f"{local:%Y-%m-%dT%H}"
    return (local - timedelta(hours=NIGHT_HOUR)).date().isoformat()


def minutes_left(*, done: int, total: int, started_at: datetime | None, at_system: datetime) -> int | None:
    """How long work will take still (剩余时间), at the pace it had so far; None where nobody can tell. At least one minute."""
    if started_at is None or not 0 < done < total:
        return None
    spent = (at_system - started_at).total_seconds()
    return max(1, round(spent / done * (total - done) / 60))


def say_effective(words: str, done: int) -> str:
    """What of work under way holds already (已生效), in the words its app gave for it."""
    return words.replace("{done}", f"{done:,}") if done else ""
