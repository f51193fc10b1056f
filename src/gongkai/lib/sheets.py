"""Tables that people keep in a workbook or in a folder of CSV files, read as text.

Every complaint names sheet, row, column and value, and says what to do; all complaints of a file come together.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.lib.errors import BadInput

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ROWS = 20_000
SHOWN_PROBLEMS = 20
ZIP_BEGINS = b"PK\x03\x04"

_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class SheetForm:
    """What one table has to look like (表样): its sheet in a workbook, its file in a folder, its columns. All columns are required."""

    title: str
    file_name: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class SheetRow:
    """One row of a table (一行) as text, without blanks around it. `place` says where it stands, for complaints."""

    place: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The text of a column; empty when nothing stands there."""
        return self.cells[column]

    def problem(self, column: str, words: str) -> str:
        """A complaint about one cell of this row."""
        return _problem(self.place, column, self.cells[column], words)


def read_sheets(source: Path, forms: Sequence[SheetForm]) -> dict[str, list[SheetRow]]:
    """The rows of every form by its title: from a folder of CSV files, or from one .xlsx workbook. Empty rows are left out.

    Raises: BadInput with all that is wrong, one line each.
    """
    problems: list[str] = []
    if source.is_dir():
        rows = {form.title: _read_file(source / form.file_name, form, problems) for form in forms}
    elif source.is_file():
        rows = _read_workbook(source, forms, problems)
    else:
        raise BadInput(f"找不到“{source}”。请给一个放着 CSV 文件的文件夹，或一个 .xlsx 工作簿。")
    refuse(problems)
    return rows


def read_table(name: str, data: bytes, form: SheetForm) -> list[SheetRow]:
    """The rows of one table that was handed in as a file (一张表): CSV text, or a workbook with one sheet or one of that title.

    `name` is what the file is called, for complaints. Empty rows are left out. Raises: BadInput with all that is wrong, one line each.
    """
    problems: list[str] = []
    if len(data) > MAX_BYTES:
        raise BadInput(f"{name} 超过 20 MB。请确认拿对了文件。")
    if data.startswith(ZIP_BEGINS) or name.lower().endswith((".xlsx", ".xls")):
        sheets = _unpack(name, data).worksheets
        named = [sheet for sheet in sheets if sheet.title.strip() == form.title] or (sheets if len(sheets) == 1 else [])
        if not named:
            raise BadInput(f"{name} 里有 {len(sheets)} 张工作表，没有一张叫“{form.title}”。请把要装入的那张改成这个名字。")
        rows = _read_sheet(named[0], form, problems)
    else:
        rows = _read_text(name, data, form, problems)
    refuse(problems)
    return rows


def refuse(problems: Sequence[str]) -> None:
    """Do nothing when there are no complaints.

    Raises: BadInput that lists them, the first twenty in full.
    """
    if not problems:
        return
    more = len(problems) - SHOWN_PROBLEMS
    tail = [f"另有 {more} 处，改好上面的再装一次就会列出。"] if more > 0 else []
    raise BadInput("\n".join([f"有 {len(problems)} 处要改，一行也没有装入：", *problems[:SHOWN_PROBLEMS], *tail]))


def read_day(text: str) -> date:
    """A day as people write it: 2026-10-09, 2026/10/9, 2026.10.9, 2026年10月9日.

    Raises: ValueError.
    """
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return date(*map(int, found.groups()))


def _problem(place: str, column: str, value: str, words: str) -> str:
    shown = f"写的是“{value if len(value) <= 40 else value[:40] + '…'}”" if value else "没有填"
    return f"{place}，“{column}”{shown}：{words}"


def _read_file(path: Path, form: SheetForm, problems: list[str]) -> list[SheetRow]:
    if not path.is_file():
        problems.append(f"文件夹里没有 {path.name}（{form.title}表）。请补上这个文件。")
        return []
    if path.stat().st_size > MAX_BYTES:
        problems.append(f"{path.name} 超过 20 MB。请确认拿对了文件。")
        return []
    return _read_text(path.name, path.read_bytes(), form, problems)


def _read_text(name: str, data: bytes, form: SheetForm, problems: list[str]) -> list[SheetRow]:
    text = _decode(data)
    if text is None:
        problems.append(f"{name} 的文字编码认不出来。请另存为“CSV UTF-8（逗号分隔）”。")
        return []
    try:
        lines = list(_number_lines(text))
    except csv.Error:
        problems.append(f"{name} 不是完整的 CSV：引号没有成对，或一格太长。请在表格软件里打开，另存为“CSV UTF-8（逗号分隔）”。")
        return []
    return _name_cells(lines, form, name, problems)


def _decode(data: bytes) -> str | None:
    """Spreadsheet programs on Chinese desktops save CSV in GB18030 unless told otherwise."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _number_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line each begins on: a quoted cell may hold line ends."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _read_workbook(path: Path, forms: Sequence[SheetForm], problems: list[str]) -> dict[str, list[SheetRow]]:
    workbook = _open_workbook(path)
    rows: dict[str, list[SheetRow]] = {}
    for form in forms:
        sheet = next((sheet for sheet in workbook.worksheets if sheet.title.strip() == form.title), None)
        if sheet is None:
            problems.append(f"工作簿里没有工作表“{form.title}”。请补上，表名要一字不差。")
            rows[form.title] = []
            continue
        rows[form.title] = _read_sheet(sheet, form, problems)
    return rows


def _open_workbook(path: Path) -> Workbook:
    if path.stat().st_size > MAX_BYTES:
        raise BadInput(f"{path.name} 超过 20 MB。请确认拿对了文件。")
    return _unpack(path.name, path.read_bytes())


def _unpack(name: str, data: bytes) -> Workbook:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked <= MAX_UNPACKED_BYTES:
            return load_workbook(io.BytesIO(data))
    except Exception as error:  # whatever the library stumbles over: to the reader the file cannot be opened
        raise BadInput(
            f"{name} 打不开：不是 .xlsx 工作簿，或已加密、损坏。请在表格软件里打开，去掉密码，另存为“Excel 工作簿（.xlsx）”。"
        ) from error
    raise BadInput(f"{name} 展开后太大。请只留要装入的几张工作表，另存一份。")


def _read_sheet(sheet: Worksheet, form: SheetForm, problems: list[str]) -> list[SheetRow]:
    place = f"工作表“{form.title}”"
    if sheet.max_row > MAX_ROWS:
        problems.append(f"{place}有 {sheet.max_row:,} 行，超过 {MAX_ROWS:,} 行。请删掉下面空着的行再存一次。")
        return []
    merged = [f"{place}的 {area.coord} 是合并单元格。请取消合并，每一行都写上内容。" for area in sheet.merged_cells.ranges]
    problems.extend(sorted(merged))
    if merged:
        return []
    lines = [(number, [_cell_text(cell, place, problems) for cell in cells]) for number, cells in enumerate(sheet.iter_rows(), 1)]
    return _name_cells(lines, form, place, problems)


def _cell_text(cell: Cell | MergedCell, place: str, problems: list[str]) -> str:
    value = cell.value
    if cell.data_type == "f":
        problems.append(f"{place}的 {cell.coordinate} 是公式。请复制后“选择性粘贴”为数值。")
        return ""
    if cell.data_type == "e":
        problems.append(f"{place}的 {cell.coordinate} 是错误值“{value}”。请改成正确的内容。")
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _name_cells(lines: Iterable[tuple[int, list[str]]], form: SheetForm, place: str, problems: list[str]) -> list[SheetRow]:
    """The rows under their column names. The first row has to hold the names."""
    filled = [(number, [cell.strip() for cell in cells]) for number, cells in lines]
    names = filled[0][1] if filled else []
    found = _check_names(names, form, place)
    if found:
        problems.extend(found)
        return []
    rows = []
    for number, cells in filled[1:]:
        if not any(cells):
            continue
        at = f"{place} 第 {number} 行"
        if any(cells[len(names) :]) or any(cell for cell, name in zip(cells, names, strict=False) if not name):
            problems.append(f"{at}有内容写在没有列名的格里。请挪到该在的列，或给那一列写上列名。")
        named = dict(zip(names, [*cells, *[""] * len(names)], strict=False))
        row = SheetRow(at, {column: named[column] for column in form.columns})
        problems.extend(
            row.problem(column, "里面有看不见的控制字符，请重新输入。") for column in form.columns if _UNPRINTABLE.search(row[column])
        )
        rows.append(row)
    return rows


def _check_names(names: Sequence[str], form: SheetForm, place: str) -> list[str]:
    missing = [column for column in form.columns if column not in names]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    problems = []
    if missing:
        problems.append(f"{place}第 1 行要写列名，还缺：{'、'.join(missing)}。这些列都要有，没有内容可以空着。")
    if twice:
        problems.append(f"{place}有重复的列名：{'、'.join(twice)}。请只留一列。")
    return problems


def harmless(text: str) -> str:
    """A text that no spreadsheet runs as a formula, and that every file format can hold."""
    clean = _UNPRINTABLE.sub("", text)
    return f"'{clean}" if clean.lstrip(" ").startswith(_FORMULA_BEGINS) else clean
