import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongkai.lib.workcalendar import SATURDAY, DayFact, WorkCalendar


@dataclass(frozen=True)
class NoticeRow:
    """One notice of holidays as it stands in the list (放假安排通知). `number` is empty where it is not known."""

    code: str
    year: int
    agency: str
    title: str
    number: str
    issued_on: date | None = None


@dataclass(frozen=True)
class DayRow:
    """One special day as it stands in the list (特殊日). `notice` is the code of the notice behind it."""

    day: date
    name: str
    is_workday: bool
    is_statutory: bool
    notice: str


def name_notice(notice: NoticeRow) -> str:
    """How a notice is cited (依据): agency, title and number, never a web address. A title that begins with the agency is not doubled."""
    title = notice.title if notice.title.startswith(notice.agency) else f"{notice.agency}《{notice.title}》"
    return f"{title}（{notice.number}）" if notice.number else title


def build_calendar(notices: Iterable[NoticeRow], days: Iterable[DayRow], years: Collection[int] | None = None) -> WorkCalendar:
    """The calendar that these rows make (工作日历). A year counts as known when a notice was issued for it.

    `years` None: whatever the notices say; else only these, so that a year whose calendar was withdrawn is unknown though its notice stays.

    Legal source: HOLIDAYS-2024 art. 2
    """
    known = {notice.code: notice for notice in notices}
    names = {code: name_notice(notice) for code, notice in known.items()}
    noticed = frozenset(notice.year for notice in known.values())
    return WorkCalendar(
        facts={row.day: _fact(row, names[row.notice]) for row in days}, years=noticed if years is None else noticed & frozenset(years)
    )


def stack_editions(notices: Sequence[NoticeRow], days: Iterable[DayRow]) -> dict[int, list[tuple[str, tuple[DayRow, ...]]]]:
    """The editions of every year (历年各版) as notices made them one after the other: the notice's code and all special days of the year.

    A later notice takes the place of an earlier one day by day: in 2020 the second took back a working Saturday of the first. A notice
    that arranges days of the year before, as for New Year, makes another edition of that year too.
    """
    arranged: dict[str, list[DayRow]] = {}
    for row in days:
        arranged.setdefault(row.notice, []).append(row)
    editions: dict[int, list[tuple[str, tuple[DayRow, ...]]]] = {}
    for notice in notices:
        rows = arranged.get(notice.code, [])
        for year in sorted({notice.year, *(row.day.year for row in rows)}):
            made = editions.setdefault(year, [])
            merged = {row.day: row for row in [*(made[-1][1] if made else ()), *(row for row in rows if row.day.year == year)]}
            made.append((notice.code, tuple(row for _, row in sorted(merged.items()))))
    return editions


def _fact(row: DayRow, notice: str) -> DayFact:
    is_made_up = row.is_workday and row.day.weekday() >= SATURDAY
    return DayFact(
        day=row.day, is_workday=row.is_workday, name=row.name, is_statutory=row.is_statutory, is_made_up=is_made_up, notice=notice
    )


def digest_rows(notices: Sequence[NoticeRow], days: Sequence[DayRow]) -> str:
    """A digest of the rows (日历版本), the same for the same rows in whatever order."""
    lines = sorted([*map(repr, notices), *map(repr, days)])
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def run_on(*, at: datetime, system_at: datetime, system_now: datetime) -> datetime:
    """Business time of a clock that stood at `at` when system time was `system_at` (演示时间).

    A system clock that was set back does not take business time before the moment it was set to.
    """
    return at + max(system_now - system_at, timedelta(0))
