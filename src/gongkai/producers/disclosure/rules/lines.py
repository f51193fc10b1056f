"""What one line of a register says and what is wrong with it. Pure: all it has to know is handed in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from gongkai.producers.disclosure.kinds import CellProblem, Difference, LineState, LineValues, SheetField, SheetReading
from gongkai.producers.disclosure.rules.causes import MAX_TITLE
from gongkai.producers.disclosure.rules.cells import find_cell_problem, find_number_problem, read_sheet_day, tidy_key

EARLIEST = date(1949, 10, 1)


@dataclass(frozen=True)
class KnownEntry:
    """An entry as a line is checked against it. `unit_id` None: no unit answers to its usual owner. `also`: owed besides."""

    code: str
    name: str
    is_active: bool
    counts_back: bool
    unit_id: int | None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What a line is checked against (核对依据). `writable` are units for which the person may register."""

    today: date
    entries: Mapping[str, KnownEntry]
    units: Mapping[str, int]
    unit_names: Mapping[int, str]
    writable: Collection[int]
    number_label: str
    is_1904: bool = False


@dataclass(frozen=True)
class ReadLine:
    """A line, read (读出的一行): its values, or what is wrong with it. `key` is its number as it is compared, empty without one."""

    key: str
    values: LineValues | None
    problems: tuple[CellProblem, ...] = ()


@dataclass
class _Reader:
    cells: Sequence[str]
    reading: SheetReading
    known: Surroundings
    problems: list[CellProblem] = field(default_factory=list)

    def text(self, part: SheetField) -> str:
        at = self.reading.columns.get(part)
        return self.cells[at] if at is not None and at < len(self.cells) else ""

    def complain(self, part: SheetField, words: str) -> None:
        self.problems.append(CellProblem(part, words))


def read_line(cells: Sequence[str], reading: SheetReading, known: Surroundings) -> ReadLine:
    """What a line says under a reading of its columns (读一行), with all that is wrong with it."""
    reader = _Reader(cells, reading, known)
    number = _read_number(reader)
    title = _read_title(reader)
    entry = _read_entry(reader)
    day = _read_day(reader, may_lie_ahead=entry is not None and entry.counts_back)
    unit_id = _read_unit(reader, entry)
    key = tidy_key(number)
    if reader.problems or day is None or entry is None or unit_id is None:
        return ReadLine(key, None, tuple(reader.problems))
    return ReadLine(key, LineValues(number, title, day, entry.code, unit_id, entry.also))


def _read_number(reader: _Reader) -> str:
    text = reader.text(SheetField.NUMBER)
    if not text:
        reader.complain(SheetField.NUMBER, f"没有{reader.known.number_label}，认不出是不是登记过。请补上。")
        return ""
    if words := find_number_problem(text):
        reader.complain(SheetField.NUMBER, words)
        return ""
    return text


def _read_title(reader: _Reader) -> str:
    text = reader.text(SheetField.TITLE)
    if not text:
        reader.complain(SheetField.TITLE, "没有写是哪一件事。请补上项目或文件的名称。")
    elif words := find_cell_problem(text):
        reader.complain(SheetField.TITLE, words)
    elif len(text) > MAX_TITLE:
        reader.complain(SheetField.TITLE, f"名称 {len(text)} 字，超过 {MAX_TITLE} 字。请写短些。")
    return text


def _read_entry(reader: _Reader) -> KnownEntry | None:
    text = reader.text(SheetField.KIND)
    code = reader.reading.kinds.get(text, "") if text else reader.reading.entry
    entry = reader.known.entries.get(code)
    if entry is None:
        words = "不知道对应哪一项公开事项。请在“认列”里选，或改成认得的写法。" if text else "没有写类别，也没有选统一的公开事项。请补上。"
        reader.complain(SheetField.KIND, words)
        return None
    if not entry.is_active:
        reader.complain(SheetField.KIND, f"“{entry.name}”已经停用。请在“认列”里改选现行的事项。")
        return None
    return entry


def _read_day(reader: _Reader, *, may_lie_ahead: bool) -> date | None:
    text = reader.text(SheetField.DAY)
    if not text:
        reader.complain(SheetField.DAY, "没有写日期，期限没有起点。请补上。")
        return None
    try:
        day = read_sheet_day(text, is_1904=reader.known.is_1904)
    except ValueError as error:
        reader.complain(SheetField.DAY, str(error))
        return None
    if day > reader.known.today and not may_lie_ahead:
        reader.complain(SheetField.DAY, f"{day.isoformat()} 在今天之后。请核对；事情发生以后再登记。")
        return None
    if day < EARLIEST or day.year > reader.known.today.year + 10:
        reader.complain(SheetField.DAY, f"{day.isoformat()} 不合情理。请核对年份。")
        return None
    return day


def _read_unit(reader: _Reader, entry: KnownEntry | None) -> int | None:
    text = reader.text(SheetField.UNIT)
    if text:
        unit_id = reader.reading.units.get(text) or reader.known.units.get(text)
        if unit_id is None:
            reader.complain(SheetField.UNIT, "没有单位叫这个名字。请在“认列”里选是哪个单位，或改成单位表里的名称。")
            return None
    else:
        unit_id = reader.reading.unit_id or (entry.unit_id if entry else None)
        if unit_id is None:
            if entry is not None:
                reader.complain(SheetField.UNIT, "没有写承办单位，也没有单位通常承办这一项。请补上，或在“认列”里选一个单位。")
            return None
    if unit_id not in reader.known.writable:
        name = reader.known.unit_names.get(unit_id, "这个单位")
        reader.complain(SheetField.UNIT, f"您没有替{name}登记的权限。请由它的公开专员或政务公开办导入这一行。")
        return None
    return unit_id


def judge_line(
    read: ReadLine, *, registered: LineValues | None, first: tuple[int, ReadLine] | None
) -> tuple[LineState, tuple[CellProblem, ...]]:
    """What is to become of a line (行状态). `registered` and `first`: what has its number on record and in the sheet."""
    if read.values is None:
        return LineState.ERROR, read.problems
    if first is not None:
        number, other = first
        if other.values == read.values:
            return LineState.DOUBLE, ()
        words = f"编号和第 {number} 行相同，别的内容不同。请核对编号，或在来源系统里删去一行。"
        return LineState.ERROR, (CellProblem(SheetField.NUMBER, words),)
    if registered is None:
        return LineState.READY, ()
    return (LineState.CHANGED if is_changed(registered, read.values) else LineState.SAME), ()


def is_changed(old: LineValues, new: LineValues) -> bool:
    """Whether a sheet says something else about a registered thing (有改动). How its number is written does not count."""
    return replace(old, number="") != replace(new, number="")


def list_differences(old: LineValues, new: LineValues, entries: Mapping[str, str], units: Mapping[int, str]) -> tuple[Difference, ...]:
    """What a sheet says otherwise (改动), value by value in words. The names of entries and units are handed in."""
    pairs = (
        ("名称", old.title, new.title),
        ("事由日", old.happened_on.isoformat(), new.happened_on.isoformat()),
        ("公开事项", entries.get(old.entry_code, old.entry_code), entries.get(new.entry_code, new.entry_code)),
        ("同时要公开", _say_entries(old.also, entries), _say_entries(new.also, entries)),
        ("承办单位", units.get(old.unit_id, ""), units.get(new.unit_id, "")),
    )
    return tuple(Difference(label, before, after) for label, before, after in pairs if before != after)


def _say_entries(codes: Sequence[str], entries: Mapping[str, str]) -> str:
    return "、".join(entries.get(code, code) for code in codes) or "没有"
