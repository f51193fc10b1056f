"""`gongkai tool workdays`: the last day of a term, or the working days of a period, by the packaged calendars. No Django, no database."""

import argparse
import json
import re
from datetime import date

from gongkai.foundation.workdays.tables import packaged_calendar
from gongkai.lib.moments import end_of
from gongkai.lib.workcalendar import WorkCalendar

DAY_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
USAGE = "请写 --start 收到之日 --add 天数，或者 --from 起始日 --to 截止日，两种只用一种。"


def answer(options: argparse.Namespace) -> tuple[str, int]:
    """The tool's answer (算工作日) as one line of JSON, and its exit status.

    Raises: ValueError for a question that cannot be understood; CalendarMissing for a year without calendar.
    """
    adding = (options.start, options.add)
    counting = (options.first, options.last)
    result: dict[str, str] | dict[str, int]
    if None not in adding and counting == (None, None):
        result = _add(packaged_calendar(), options.start, options.add)
    elif None not in counting and adding == (None, None):
        result = _count(packaged_calendar(), options.first, options.last)
    else:
        raise ValueError(USAGE)
    return json.dumps(result, ensure_ascii=False) + "\n", 0


def _add(calendar: WorkCalendar, start: str, n: int) -> dict[str, str]:
    last_day = calendar.add_workdays(_day(start), n)
    return {"due_last_day": last_day.isoformat(), "due_at": end_of(last_day).isoformat()}


def _count(calendar: WorkCalendar, first: str, last: str) -> dict[str, int]:
    first_day, last_day = _day(first), _day(last)
    if last_day < first_day:
        raise ValueError(f"截止日 {last} 早于起始日 {first}，请把两个日子对调。")
    count = calendar.count_workdays(first_day, last_day)
    return {"workdays_inclusive": count, "workdays_excluding_first_day": count - calendar.is_workday(first_day)}


def _day(text: str) -> date:
    if not DAY_FORM.fullmatch(text):
        raise ValueError(f"“{text}”不是一个日子，请写成 2026-10-09 这样。")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"没有 {text} 这一天，请核对年月日。") from None
