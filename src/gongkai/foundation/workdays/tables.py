"""The calendars that come with the product, as they stand in `data/`. No Django: the console tool reads them without a database."""

import csv
from datetime import date
from functools import cache
from importlib.resources import files

from gongkai.foundation.workdays.rules import DayRow, NoticeRow, build_calendar
from gongkai.lib.workcalendar import WorkCalendar


@cache
def read_notices() -> tuple[NoticeRow, ...]:
    """The notices of holidays, oldest first."""
    return tuple(NoticeRow(row["code"], int(row["year"]), row["agency"], row["title"], row["number"]) for row in _read("notices"))


@cache
def read_days() -> tuple[DayRow, ...]:
    """The special days of all years, in their order."""
    return tuple(
        DayRow(date.fromisoformat(row["day"]), row["name"], row["is_workday"] == "yes", row["is_statutory"] == "yes", row["notice"])
        for row in _read("calendars")
    )


@cache
def packaged_calendar() -> WorkCalendar:
    """The calendar of the packaged years, without a database."""
    return build_calendar(read_notices(), read_days())


def _read(name: str) -> list[dict[str, str]]:
    text = files("gongkai.foundation.workdays").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
