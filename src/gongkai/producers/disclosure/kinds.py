from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from gongkai.core.catalogue.kinds import EntryRow
from gongkai.core.ledger.kinds import LimitChip, ObligationRow, Receipt
from gongkai.lib.enums import LabelledEnum
from gongkai.lib.moments import day_of


class CauseOrigin(LabelledEnum):
    """How a cause became known (事由来源)."""

    REGISTERED = "REGISTERED", "登记"
    SHEET = "SHEET", "登记表导入"
    IMPORTED = "IMPORTED", "导入"


@dataclass(frozen=True)
class CauseRow:
    """Something that happened and has to be made public (事由). `publication` and `obligation` are None until they exist."""

    id: int
    uuid: UUID
    entry_code: str
    entry_name: str
    title: str
    happened_on: date
    unit_id: int
    unit_name: str
    registered_at: datetime
    registered_by: str
    note: str
    origin: CauseOrigin
    obligation: UUID | None
    publication: UUID | None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class CausePage:
    """A cause with what stands around it. `obligation`, `chip` and the last day in words are empty where there is no limit to compute."""

    cause: CauseRow
    entry: EntryRow
    obligation: ObligationRow | None = None
    chip: LimitChip | None = None
    last_day_words: str = ""

    @property
    def days_late(self) -> int:
        """How many days after it happened it was registered (登记滞后); 0 when on the same day or before."""
        return max((day_of(self.cause.registered_at) - self.cause.happened_on).days, 0)


@dataclass(frozen=True)
class Preview:
    """The limit a cause would have (期限预告). Without `receipt`, `words` says why; `refusal`: the day itself cannot stand."""

    receipt: Receipt | None
    words: str = ""
    refusal: bool = False

    @property
    def last_day_text(self) -> str:
        """The last day as a form carries it; empty when there is none."""
        return self.receipt.last_day.isoformat() if self.receipt else ""


@dataclass(frozen=True)
class EntryGroup:
    """Entries to choose from under one heading (可选事项)."""

    title: str
    entries: tuple[EntryRow, ...]


@dataclass(frozen=True)
class FoundFile:
    """A file handed in for import (待导入的文件): what it is called and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class ImportedRow:
    """A document that came in (导入成功的文件). `remark` says what a person should know about it; empty when nothing."""

    name: str
    title: str
    entry_code: str
    entry_name: str
    remark: str


@dataclass(frozen=True)
class RefusedRow:
    """A document that did not come in (未导入的文件), with the reason in words."""

    name: str
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or on a dry run would do. `known` are names of documents that had come in before."""

    imported: tuple[ImportedRow, ...]
    known: tuple[str, ...]
    refused: tuple[RefusedRow, ...]


class SheetField(LabelledEnum):
    """What a column of a register says (登记表的列)."""

    NUMBER = "NUMBER", "编号"
    TITLE = "TITLE", "名称"
    DAY = "DAY", "事由日"
    KIND = "KIND", "类别"
    UNIT = "UNIT", "承办单位"


class UploadState(LabelledEnum):
    """Where an uploaded sheet stands (登记表状态)."""

    READING = "READING", "待认列"
    CHECKED = "CHECKED", "已核对"
    IMPORTING = "IMPORTING", "导入中"
    IMPORTED = "IMPORTED", "已导入"
    UNDOING = "UNDOING", "撤销中"
    UNDONE = "UNDONE", "导入已撤销"
    DISCARDED = "DISCARDED", "已放弃"


class LineState(LabelledEnum):
    """What becomes of one line of a sheet (登记表行状态)."""

    NEW = "NEW", "没有核对"
    ASIDE = "ASIDE", "不是数据"
    READY = "READY", "可以导入"
    ERROR = "ERROR", "要改"
    SAME = "SAME", "早已登记"
    CHANGED = "CHANGED", "有改动"
    DOUBLE = "DOUBLE", "表内重复"
    IMPORTED = "IMPORTED", "已登记"
    APPLIED = "APPLIED", "已更正"
    REFUSED = "REFUSED", "未导入"
    UNDONE = "UNDONE", "登记已撤销"


@dataclass(frozen=True)
class SourceEntryRow:
    """An entry to which rows of a source lead (来源对应事项). `words`: what the kind column says then. `also`: codes of the entries that
    the same row owes besides.
    """

    code: str
    name: str
    words: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceRow:
    """A register that another system keeps (登记来源)."""

    id: int
    code: str
    name: str
    number_label: str
    unit_id: int
    unit_name: str
    weekday: int
    is_active: bool
    entries: tuple[SourceEntryRow, ...]
    names: Mapping[SheetField, tuple[str, ...]] = field(default_factory=dict)
    memory: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetReading:
    """How a sheet is read (认列). `header` holds the numbers of the header's lines, empty when there is none; `names` the columns' names.

    `columns` is which column says what, by position. Without a kind column, or where it is empty, `entry` counts; without a unit column,
    or where it is empty, `unit_id`, else the unit that usually does this work. `kinds` and `units` translate what the sheet says.
    """

    sheet: int
    header: tuple[int, ...]
    names: tuple[str, ...]
    columns: Mapping[SheetField, int] = field(default_factory=dict)
    entry: str = ""
    unit_id: int | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class LineValues:
    """What a line of a register says (一行的内容), read. `also`: codes of what it owes besides, in their order."""

    number: str
    title: str
    happened_on: date
    entry_code: str
    unit_id: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell of a line (一格的问题), and what to do."""

    field: SheetField
    words: str


@dataclass(frozen=True)
class Difference:
    """One value of a thing that a sheet says otherwise than the register (改动): old and new in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class WeekRow:
    """One source in the strip of the week (本周导入). `is_late_reminder`: its day has passed without an upload; never overdue."""

    source: SourceRow
    due_day: date
    rows: int
    imported_at: datetime | None
    is_late_reminder: bool


@dataclass(frozen=True)
class CoverageRow:
    """Of a unit's publications, how many had a cause that was registered first (登记覆盖率). `unit_id` None: all units together."""

    unit_id: int | None
    unit_name: str
    first: int
    whole: int

    @property
    def rest(self) -> int:
        """Publications whose item was not registered first."""
        return self.whole - self.first


@dataclass(frozen=True)
class UncoveredRow:
    """A publication whose item was not registered first (没有先登记的信息), with why."""

    id: int
    uuid: UUID
    title: str
    entry_name: str
    unit_name: str
    published_at: datetime
    why: str


@dataclass(frozen=True)
class UploadRow:
    """An uploaded sheet (上传的登记表) with what its lines came to. `counts` holds only states that occur in the chosen sheet."""

    id: int
    uuid: UUID
    source: SourceRow
    file_name: str
    uploaded_at: datetime
    uploaded_by: str
    state: UploadState
    sheets: tuple[str, ...]
    reading: SheetReading
    asides: tuple[tuple[int, str, str], ...]
    counts: Mapping[LineState, int]
    with_changes: bool
    imported_at: datetime | None
    job: int | None
    is_1904: bool = False

    def count(self, *states: LineState) -> int:
        """How many lines are in these states."""
        return sum(self.counts.get(state, 0) for state in states)


@dataclass(frozen=True)
class CellView:
    """One cell of a line as the page shows it (一格). `words`: what is wrong with it; empty when nothing is. `at`: its column, from 0."""

    field: SheetField
    at: int | None
    text: str
    words: str = ""


@dataclass(frozen=True)
class LineView:
    """One line of a sheet as the page shows it (一行). `texts` are all its cells, `cells` those that are read.

    `words`: what is wrong where no cell can be blamed, or why it was not imported.
    """

    id: int
    number: int
    key: str
    state: LineState
    cells: tuple[CellView, ...]
    texts: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    words: str = ""
    cause: UUID | None = None


@dataclass(frozen=True)
class UnknownWord:
    """A word of the kind or unit column that the sheet's reading does not know (认不得的写法), with how many lines have it."""

    field: SheetField
    word: str
    lines: int
    choice: str = ""
