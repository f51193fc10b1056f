from dataclasses import dataclass
from datetime import date

from gongkai.lib.enums import LabelledEnum


class CellMark(LabelledEnum):
    """How a day of the grid looks (格子)."""

    CAUSE = "CAUSE", "事由日，不计"
    COUNTED = "COUNTED", "计入，数字是第几个"
    MAKEUP = "MAKEUP", "调休上班，计入"
    STOPPED = "STOPPED", "停，不计"
    OFF = "OFF", "休，不计"
    PLAIN = "PLAIN", "不计"
    LAST = "LAST", "最后一天"


@dataclass(frozen=True)
class GridCell:
    """One day of the grid. `spoken` is the whole cell in words, for those who hear it; `date_words` has the month where it is needed."""

    day: date
    date_words: str
    words: str
    number: int | None
    mark: CellMark
    is_today: bool
    spoken: str


@dataclass(frozen=True)
class GridWeek:
    """One row of the grid: seven cells, None outside the receipt. `is_after_gap`: weeks with nothing to tell were left out before it."""

    number: int
    cells: tuple[GridCell | None, ...]
    is_after_gap: bool


@dataclass(frozen=True)
class ReceiptLine:
    """One step of a computation (怎么算出来的): its name, what it came to, and the paper behind it."""

    title: str
    words: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetGrid:
    """One calendar of a receipt. `is_named`: its caption is seen, there are several. `density`: how close its weeks stand on paper."""

    caption: str
    weeks: tuple[GridWeek, ...]
    density: str = ""
    is_named: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One line of a receipt that is no calendar: what it is, which day, and why."""

    name: str
    day: str
    words: str
    is_last: bool = False


@dataclass(frozen=True)
class LegendItem:
    """What a mark of the calendar means (图例)."""

    mark: CellMark
    words: str


@dataclass(frozen=True, kw_only=True)
class ReceiptSheet:
    """A receipt as a page shows it (期限回执页): finished words. `headline` asks the question, `answer` is the date in words.

    It has either grids or rows: hours, months, years and dates are not counted day by day. `density`: how close rows stand on paper.
    """

    headline: str
    answer: str
    sentence: str
    notes: tuple[str, ...]
    grids: tuple[SheetGrid, ...]
    rows: tuple[SheetRow, ...]
    legend: tuple[LegendItem, ...]
    steps: tuple[ReceiptLine, ...]
    sum: str
    density: str = ""
