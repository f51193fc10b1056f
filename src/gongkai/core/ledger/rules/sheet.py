"""A receipt as a page shows it, the same for the desk, the portal and the calculator: title, grids or rows, legend, steps, check sum."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from gongkai.core.ledger.kinds import (
    Binding,
    CellMark,
    LegendItem,
    LimitUnit,
    PublicDisplay,
    Receipt,
    ReceiptDay,
    ReceiptLine,
    ReceiptSheet,
    SheetGrid,
    SheetRow,
)
from gongkai.core.ledger.rules.explain import add_up, explain
from gongkai.core.ledger.rules.grid import lay_out
from gongkai.core.ledger.rules.sentences import say_day, say_weekday
from gongkai.lib.moments import SHANGHAI, end_of, start_of

GRIDDED = frozenset({LimitUnit.WORKDAY, LimitUnit.DAY})
DENSITIES = ((8, ""), (14, "dense"), (32, "tight"))
"""Up to so many weeks, how high they are on the one page of paper; more are tiny."""

NUMBER_WORDS = {LimitUnit.WORKDAY: "计入，数字是第几个工作日", LimitUnit.DAY: "计入，数字是第几日"}
MANY_ROWS = 24
STOP, FEE, EXTENDED, NONE = "停", "收费", "延长", "没有"
AFTER_STOP = frozenset({"不计", "调休", "顺延", EXTENDED})
"""Steps of `explain` that come after a stop."""

NO_DAY = date.min
"""Today, for pages that are kept: files on disk never say it."""


def lay_receipt(receipt: Receipt, today: date = NO_DAY) -> ReceiptSheet:
    """Everything that a page of a receipt shows (期限回执页). `today` is marked in the calendar; without it nothing is."""
    receipt = _until_it_goes_on(receipt) if receipt.is_stopped else receipt
    has_grids = receipt.unit in GRIDDED or _is_one_day(receipt)
    grids = _lay_grids(receipt, today) if has_grids else ()
    return ReceiptSheet(
        headline=say_headline(receipt),
        answer=say_answer(receipt),
        sentence=receipt.sentence,
        notes=tuple(_list_notes(receipt)),
        grids=grids,
        rows=tuple(_row(receipt, day) for day in receipt.days) if not has_grids else (),
        legend=_list_legend(receipt, grids),
        steps=_with_absent(explain(receipt), receipt),
        sum=add_up(receipt),
        density="tight" if not has_grids and len(receipt.days) > MANY_ROWS else "",
    )


def may_be_shown(receipt: Receipt) -> bool:
    """Whether a citizen may see the date (对外显示): decided so, from a verified source, and demanded by more than the house itself."""
    return receipt.public_display is PublicDisplay.YES and receipt.is_verified and receipt.binding is not Binding.INTERNAL


def say_headline(receipt: Receipt) -> str:
    """The question that a receipt answers (回执标题): 为什么是 2026年10月22日（周四）."""
    if receipt.is_stopped:
        return "为什么现在没有最后一天"
    return f"为什么{_say_kind(receipt)} {say_answer(receipt)}"


def _say_kind(receipt: Receipt) -> str:
    if receipt.is_backward:
        return "最迟是"
    if receipt.is_minimum:
        return "至少到"
    return "暂定" if receipt.is_provisional else "是"


def say_answer(receipt: Receipt) -> str:
    """The date of a receipt in words (最后一天): a moment where hours count; a stopped limit has only the day it goes on at the latest."""
    if receipt.is_stopped:
        return f"暂停计算，最迟 {_say_full(receipt.resumes_by)}恢复" if receipt.resumes_by else "暂停计算，恢复的日子未定"
    if receipt.unit is LimitUnit.HOUR:
        until = receipt.due_at.astimezone(SHANGHAI)
        return f"{_say_full(until.date())}{until:%H:%M}"
    return _say_full(receipt.last_day)


def _say_full(day: date) -> str:
    return f"{say_day(day)}（{say_weekday(day)}）"


def _is_one_day(receipt: Receipt) -> bool:
    return receipt.unit not in {LimitUnit.HOUR, LimitUnit.DATE} and len(receipt.days) == 1


def _list_notes(receipt: Receipt) -> list[str]:
    """What has to be known before the date is used."""
    notes = []
    if receipt.is_provisional:
        years = "、".join(str(year) for year in receipt.missing_years)
        notes.append(f"{years}年的工作日历还没有发布，按周一到周五上班暂定，发布后可能变。")
    if receipt.is_minimum:
        notes.append("这是最短时间，不是最后办理日。")
    return notes


def _until_it_goes_on(receipt: Receipt) -> Receipt:
    """A receipt that stands still, without the days that would be counted if it went on at the latest: none of them is promised."""
    until = receipt.resumes_by or receipt.stopped_since
    return replace(receipt, days=tuple(replace(day, is_last=False) for day in receipt.days if until is None or day.day < until))


def _with_absent(steps: Sequence[ReceiptLine], receipt: Receipt) -> tuple[ReceiptLine, ...]:
    """The steps, with those in words that did not occur but could have (没有停、没有延长): where days are counted one by one."""
    if receipt.unit not in GRIDDED or receipt.is_backward or receipt.is_minimum:
        return tuple(steps)
    titles = {step.title for step in steps}
    place = next((number for number, step in enumerate(steps) if step.title in AFTER_STOP), len(steps))
    stopped = () if titles & {STOP, FEE} else (ReceiptLine(STOP, NONE),)
    extended = () if EXTENDED in titles else (ReceiptLine(EXTENDED, NONE),)
    return (*steps[:place], *stopped, *steps[place:], *extended)


def _lay_grids(receipt: Receipt, today: date) -> tuple[SheetGrid, ...]:
    """One calendar for each count: those that a restart ended come first."""
    counts = [(f"第 {number} 次计算，{say_day(one.caused_on)}起，已作废", replace(receipt, caused_on=one.caused_on, days=one.days))
              for number, one in enumerate(receipt.earlier, start=1)]  # fmt: skip
    now = (
        f"重新起算，{say_day(receipt.caused_on)}起"
        if counts
        else f"从 {say_day(receipt.days[0].day)}起的每一天，计入的有序号，不计的有原因"
    )
    laid = [(caption, lay_out(one, today)) for caption, one in [*counts, (now, receipt)]]
    weeks = sum(len(found) for _, found in laid)
    density = next((name for most, name in DENSITIES if weeks <= most), "tiny")
    return tuple(SheetGrid(caption, found, density, is_named=bool(counts)) for caption, found in laid)


def _list_legend(receipt: Receipt, grids: Sequence[SheetGrid]) -> tuple[LegendItem, ...]:
    marks = {cell.mark for grid in grids for week in grid.weeks for cell in week.cells if cell}
    return tuple(LegendItem(mark, _say_mark(receipt, mark)) for mark in CellMark if mark in marks)


def _say_mark(receipt: Receipt, mark: CellMark) -> str:
    if mark is CellMark.COUNTED:
        return NUMBER_WORDS.get(receipt.unit, mark.label)
    if mark is CellMark.CAUSE and receipt.is_backward:
        return "开始之日，不计"
    return mark.label


def _row(receipt: Receipt, day: ReceiptDay) -> SheetRow:
    if receipt.unit is LimitUnit.HOUR:
        return _hour_row(receipt, day)
    name = f"满 {day.number} {receipt.unit.label}" if day.number else "事由" if day.day == receipt.caused_on and not day.is_last else ""
    last = "最后一天" if day.is_last and "最后一天" not in day.reason else ""
    return SheetRow(name, _say_full(day.day), "，".join(part for part in (day.reason, day.note, last) if part), day.is_last)


def _hour_row(receipt: Receipt, day: ReceiptDay) -> SheetRow:
    """How much of a day counts towards hours: nights and days off are not skipped."""
    begun, until = start_of(day.day), min(end_of(day.day), receipt.due_at)
    if receipt.caused_at is not None:
        begun = max(begun, receipt.caused_at)
    if day.is_stopped or until <= begun:
        return SheetRow("", _say_full(day.day), day.reason or "不计", day.is_last)
    minutes = int((until - begun).total_seconds() // 60)
    amount = f"{minutes // 60} 小时" + (f" {minutes % 60} 分" if minutes % 60 else "")
    span = f"{_say_clock(begun)} 至 {'24:00' if until == end_of(day.day) else _say_clock(until)}"
    return SheetRow(amount, _say_full(day.day), span, day.is_last)


def _say_clock(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%H:%M}"
