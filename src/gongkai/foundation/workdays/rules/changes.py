"""What a new or an amended year does to the calendar (换日历). Editions are never edited: a change gives the days of the next one."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from gongkai.foundation.workdays.kinds import CalendarAct, CalendarChange, CalendarPlan, ChangedDay, DayLine, NoticeText
from gongkai.foundation.workdays.rules.calendars import DayRow, NoticeRow, build_calendar, digest_rows
from gongkai.lib.errors import ActNotPossible, BadInput
from gongkai.lib.sheets import SheetForm, SheetRow, read_day, refuse
from gongkai.lib.workcalendar import CalendarMissing, DayFact, WorkCalendar

DAYS = SheetForm("日历", "calendar.csv", ("日期", "放假/上班", "名称", "法定"))
OFF_WORDS = frozenset({"放假", "休", "休息", "补假"})
WORKED_WORDS = frozenset({"上班", "班", "调休上班"})
YES_WORDS = frozenset({"是", "法定"})
NO_WORDS = frozenset({"", "否", "不是"})
NAME_LENGTH = 30
TEXT_LENGTHS = {"agency": ("印发机关", 60), "title": ("标题", 120), "number": ("文号", 60)}
REASON_LENGTH = 200
FIRST_YEAR, LAST_YEAR = 2000, 2100
DECEMBER = 12
STATUTORY_DAYS, OLD_STATUTORY_DAYS, NEW_REGULATION = 13, 11, 2025

Years = dict[int, tuple[DayRow, ...]]
"""The special days of every year that has a calendar."""


def read_lines(rows: Iterable[SheetRow]) -> tuple[DayLine, ...]:
    """The lines of a table of days (日历表), in order of their days.

    Raises: BadInput that names row, column and value of everything that cannot be used.
    """
    problems: list[str] = []
    lines: dict[date, DayLine] = {}
    places: dict[date, str] = {}
    for row in rows:
        line = _read_line(row, problems)
        if line is None:
            continue
        if line.day in lines:
            problems.append(row.problem("日期", f"和{places[line.day]}是同一天。请删掉一行。"))
            continue
        lines[line.day], places[line.day] = line, row.place
    refuse(problems)
    if not lines:
        raise BadInput("表里一天也没有。请至少写一行：日期、放假还是上班、节日名称、是不是法定节日。", field="rows")
    return tuple(sorted(lines.values(), key=lambda line: line.day))


def _read_line(row: SheetRow, problems: list[str]) -> DayLine | None:
    before = len(problems)
    try:
        day = read_day(row["日期"])
    except ValueError:
        day = None
        problems.append(row.problem("日期", "不是一个日子。请写成 2027-01-01 这样。"))
    if row["放假/上班"] not in OFF_WORDS | WORKED_WORDS:
        problems.append(row.problem("放假/上班", "只能写“放假”或“上班”。"))
    if not row["名称"]:
        problems.append(row.problem("名称", "请写是哪个节日，调休上班的写为哪个节日上班。"))
    elif len(row["名称"]) > NAME_LENGTH:
        problems.append(row.problem("名称", f"最长 {NAME_LENGTH} 字。"))
    if row["法定"] not in YES_WORDS | NO_WORDS:
        problems.append(row.problem("法定", "只能写“是”或“否”，空着等于“否”。"))
    is_workday, is_statutory = row["放假/上班"] in WORKED_WORDS, row["法定"] in YES_WORDS
    if is_workday and is_statutory:
        problems.append(row.problem("法定", "法定节日当天不能是上班日。请核对这一行。"))
    if day is None or len(problems) > before:
        return None
    return DayLine(day, is_workday, row["名称"], is_statutory)


def find_year(lines: Sequence[DayLine]) -> int:
    """Which year a table of days is for (哪一年的日历): one year, to which December of the year before may belong.

    Raises: BadInput.
    """
    years = sorted({line.day.year for line in lines})
    year = years[-1]
    early = [line.day for line in lines if line.day.year != year]
    if any(day.year != year - 1 or day.month != DECEMBER for day in early):
        raise BadInput(
            f"表里有 {'、'.join(map(str, years))} 年的日子。一张表只装一年，元旦安排连到上一年 12 月的可以在一起。请分开装。", field="rows"
        )
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput(f"表里写的是 {year} 年，请核对年份。", field="rows")
    return year


def tidy_change(change: CalendarChange) -> CalendarChange:
    """The change with its texts tidied (整理). Raises: BadInput for what is missing, too long or a web address."""
    if change.act is CalendarAct.WITHDRAW:
        return replace(change, reason=_tidy("撤回理由", change.reason, REASON_LENGTH, field="reason"))
    return replace(change, notice=tidy_notice(change.notice))


def tidy_notice(notice: NoticeText | None) -> NoticeText:
    """The notice with its texts tidied (通知). Raises: BadInput for what is missing, too long or a web address."""
    if notice is None:
        raise BadInput("要写明依据的通知：印发机关和标题。", field="title")
    texts = {name: _tidy(label, getattr(notice, name), length, field=name) for name, (label, length) in TEXT_LENGTHS.items()}
    return NoticeText(**texts, issued_on=notice.issued_on)


def _tidy(what: str, text: str, length: int, *, field: str) -> str:
    tidy = " ".join(text.replace("\x00", "").split())
    if not tidy and field != "number":
        raise BadInput(f"{what}不能空着，请写上。", field=field)
    if len(tidy) > length:
        raise BadInput(f"{what}最长 {length} 字，现在 {len(tidy)} 字，请缩短。", field=field)
    if "://" in tidy or "www." in tidy:
        raise BadInput(f"{what}里不写网址：通知按机关、标题和文号指明，网址会失效。", field=field)
    return tidy


def name_code(notice: NoticeText, year: int, notices: Sequence[NoticeRow]) -> str:
    """The code of a notice (通知代码): the one it has already, else the next free one of its year."""
    for row in notices:
        if (row.year, row.agency, row.title, row.number) == (year, notice.agency, notice.title, notice.number):
            return row.code
    taken = {row.code for row in notices}
    return next(code for number in range(1, len(taken) + 2) if (code := str(year) if number == 1 else f"{year}-{number}") not in taken)


def draft_years(change: CalendarChange, now: Years, code: str, earlier: tuple[DayRow, ...] | None) -> Years:
    """The calendar of all years after a change (换了以后的日历). `earlier`: what holds again after a withdrawal; None: nothing does.

    A day that the table tells as it stands keeps the notice that first arranged it.

    Raises: ActNotPossible, in words, when days of a year without calendar should be amended; BadInput.
    """
    after = dict(now)
    if change.act is CalendarAct.WITHDRAW:
        after.pop(change.year, None)
        return after if earlier is None else {**after, change.year: earlier}
    if change.act is CalendarAct.REPLACE and not any(line.day.year == change.year for line in change.lines):
        raise BadInput(f"表里没有 {change.year} 年的日子。", field="rows")
    for year in sorted({line.day.year for line in change.lines}):
        is_whole = change.act is CalendarAct.REPLACE and year == change.year
        if not is_whole and year not in now:
            raise ActNotPossible(f"还没有 {year} 年的日历，不能只改几天。请先装入 {year} 年全年的放假安排。")
        there = {row.day: row for row in now.get(year, ())}
        wanted = {line.day: _keep(there.get(line.day), line, code) for line in change.lines if line.day.year == year}
        kept = {} if is_whole else there
        after[year] = tuple(row for _, row in sorted({**kept, **wanted}.items()))
    return after


def _keep(there: DayRow | None, line: DayLine, code: str) -> DayRow:
    wanted = DayRow(line.day, line.name, line.is_workday, line.is_statutory, there.notice if there else code)
    return wanted if there == wanted else DayRow(line.day, line.name, line.is_workday, line.is_statutory, code)


def weigh_change(now: Years, after: Years, notices: Sequence[NoticeRow], notices_after: Sequence[NoticeRow]) -> CalendarPlan:
    """What another calendar changes (换日历的结果): years that get an edition, and the days told differently."""
    old, new = build_years(now, notices), build_years(after, notices_after)
    years = tuple(sorted(year for year in now.keys() | after.keys() if now.get(year) != after.get(year)))
    gained = tuple(year for year in years if year not in now)
    lost = tuple(year for year in years if year not in after)
    days = sorted({row.day for year in years if year in now and year in after for row in {*now[year]} ^ {*after[year]}})
    changed = [ChangedDay(day, _find_fact(old, day), _find_fact(new, day)) for day in days]
    return CalendarPlan(
        years=years,
        before=old,
        after=new,
        changed=tuple(change for change in changed if change.before != change.after),
        gained=gained,
        lost=lost,
        digest=hashlib.sha256(f"{digest_calendar(now)} {digest_calendar(after)}".encode()).hexdigest(),
    )


def say_new_years(plan: CalendarPlan) -> tuple[str, ...]:
    """What the calendars of new years hold, in words (新日历概要), with a doubt where the statutory days cannot be all.

    Two holidays may share a day, so one day less is no doubt. Legal source: HOLIDAYS-2024 art. 2
    """
    said = []
    for year in plan.gained:
        facts = [fact for day, fact in plan.after.facts.items() if day.year == year]
        off, statutory = sum(not fact.is_workday for fact in facts), sum(fact.is_statutory for fact in facts)
        owed = STATUTORY_DAYS if year >= NEW_REGULATION else OLD_STATUTORY_DAYS
        doubt = "" if statutory in {owed, owed - 1} else f"放假办法规定法定节日 {owed} 天，请核对表里“法定”一列。"
        said.append(f"{year} 年：放假 {off} 天，其中法定 {statutory} 天；周末调休上班 {sum(fact.is_made_up for fact in facts)} 天。{doubt}")
    return tuple(said)


def build_years(years: Mapping[int, tuple[DayRow, ...]], notices: Iterable[NoticeRow]) -> WorkCalendar:
    """The calendar of these years (工作日历)."""
    return build_calendar(notices, (row for rows in years.values() for row in rows), years=years.keys())


def digest_calendar(years: Years, notices: Sequence[NoticeRow] = ()) -> str:
    """A digest of the calendar of all years (日历摘要): of their days, of which years have one at all, and of the notices where given."""
    days = digest_rows(notices, [row for rows in years.values() for row in rows])
    return hashlib.sha256(f"{days} {sorted(years)}".encode()).hexdigest()


def _find_fact(calendar: WorkCalendar, day: date) -> DayFact | None:
    try:
        return calendar.fact(day)
    except CalendarMissing:
        return None
