"""The calendars that come with the product, as they stand in `data/`. No Django: the console tool reads them without a database."""

import csv
from datetime import date
from functools import cache
from importlib.resources import files

from gongkai.foundation.workdays.rules import DayRow, NoticeRow, build_calendar, stack_editions
from gongkai.lib.workcalendar import WorkCalendar


@cache
def read_notices() -> tuple[NoticeRow, ...]:
    """The notices of holidays, oldest first."""
    return tuple(
        NoticeRow(row["code"], int(row["year"]), row["agency"], row["title"], row["number"], _day(row["issued_on"]))
        for row in _read("notices")
    )


@cache
def read_editions() -> dict[int, list[tuple[str, tuple[DayRow, ...]]]]:
    """The editions of every packaged year, oldest first: the code of the notice that made it, and all its special days."""
    return stack_editions(read_notices(), _read_arranged())


@cache
def read_days() -> tuple[DayRow, ...]:
    """The special days of all years as they hold, in their order: of days arranged twice, the later arrangement."""
    return tuple(row for _, editions in sorted(read_editions().items()) for row in editions[-1][1])


def _read_arranged() -> tuple[DayRow, ...]:
    """Every day that a notice arranges, also those that a later notice arranged otherwise."""
    return tuple(
        DayRow(date.fromisoformat(row["day"]), row["name"], row["is_workday"] == "yes", row["is_statutory"] == "yes", row["notice"])
        for row in _read("calendars")
    )


@cache
def packaged_calendar() -> WorkCalendar:
    """The calendar of the packaged years, without a database."""
    return build_calendar(read_notices(), read_days())


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(name: str) -> list[dict[str, str]]:
    text = files("gongkai.foundation.workdays").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
