from datetime import datetime, timedelta

from gongkai.lib.errors import Refusal

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
