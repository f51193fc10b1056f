"""Reading a sheet somebody exported from another system (.xlsx, .csv): bytes in, lines of text out. No Django, no disk.

Nothing of the file is run: a formula counts as the value that stood in the cell when the file was saved.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import zip_longest

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from gongkai.lib.errors import BadInput
from gongkai.producers.disclosure.reading import decode

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 160 * 1024 * 1024
MAX_PARTS = 2_000
MAX_LINES = 50_000
HEAD_LINES = 50
"""Titles, headers and totals come on top of the rows."""
MAX_COLUMNS = 100
MAX_CELL = 2_000
MAX_MERGED = 200_000
EXACT_DIGITS = 15
"""A spreadsheet keeps fifteen digits of a number; the rest of a longer one is lost."""

_CHUNK = 1 << 20
_OVERLAP = 256
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_DELIMITERS = ",\t;|"
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"

Line = tuple[int, list[str]]
"""Number of the line in the sheet, from 1, and its cells."""


@dataclass(frozen=True)
class Table:
    """One sheet of a file (工作表): the lines that hold something, of their first hundred columns.

    `is_1904`: its bare numbers are no days as others count them.
    """

    title: str
    lines: tuple[Line, ...]
    is_1904: bool = False


def check_size(size: int) -> None:
    """Refuse a file that is too big (大小), by its size alone. `size` in bytes. Raises: BadInput."""
    if size > MAX_BYTES:
        raise BadInput("文件超过 20 MB。请只导出这一次要报的行，或分成几份。")


def read_tables(name: str, data: bytes) -> list[Table]:
    """The sheets of a file that hold something. Its kind is told by its content, not by its name.

    Raises: BadInput, in words that say how to save it so that it can be read.
    """
    if not data:
        raise BadInput("文件是空的。请在来源系统里重新导出。")
    check_size(len(data))
    if data.startswith(_OLE):
        raise BadInput("这是旧式 .xls，或加了密码的工作簿。请在表格软件里打开，去掉密码，另存为“Excel 工作簿（.xlsx）”。")
    if data.startswith(_ZIP):
        tables = list(_read_workbook(data))
    elif data.lstrip()[:200].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise BadInput("这份文件是网页表格，只是名字像工作簿。请在表格软件里打开，另存为“Excel 工作簿（.xlsx）”。")
    else:
        tables = [_read_csv(name, data)]
    tables = [table for table in tables if table.lines]
    if not tables:
        raise BadInput("文件里没有一行内容。请确认拿对了文件。")
    if sum(len(table.lines) for table in tables) > MAX_LINES + HEAD_LINES:
        raise BadInput(f"超过 {MAX_LINES:,} 行。请按月份分成几份，一份一份上传；传过的行不会重复登记。")
    return tables


def clean_cell(text: str) -> str:
    """A cell's text in one line without blanks around it; what no computer can show becomes �, so that a person sees it."""
    shown = _UNREADABLE.sub("\ufffd", _INVISIBLE.sub("", text.replace("\t", " ").replace("\r", " ").replace("\n", " ")))
    tidy = " ".join(shown.split())
    return tidy if len(tidy) <= MAX_CELL else tidy[: MAX_CELL - 1] + "…"


def _read_csv(name: str, data: bytes) -> Table:
    text = _decode(data)
    if text.startswith("sep=") and "\n" in text:
        text = text.split("\n", 1)[1]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text))
    lines: list[Line] = []
    begins = 1
    try:
        for cells in reader:
            _keep(lines, begins, (clean_cell(cell) for cell in cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadInput("不是完整的 CSV：引号没有成对，或一格太长。请在表格软件里打开，另存为“CSV UTF-8（逗号分隔）”或 .xlsx。") from error
    return Table(name, tuple(lines))


def _decode(data: bytes) -> str:
    even, odd = data[:4000:2].count(0), data[1:4000:2].count(0)
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and max(even, odd) > max(min(even, odd) * 10, len(data[:4000]) // 100):
        # UTF-16 without its mark: of separators and figures one byte of two is zero, always the same one.
        try:
            return decode(data.decode("utf-16-le" if odd > even else "utf-16-be").encode())
        except UnicodeDecodeError:
            pass
    try:
        return decode(data)
    except BadInput:
        return _decode_with_noise(data)


def _decode_with_noise(data: bytes) -> str:
    """Text with a few control characters in it is still a sheet: the cells that hold them are named one by one. Raises: BadInput."""
    # Bytes that happen to be GB18030 are no proof; UTF-8 does not happen.
    for encoding, share in (("utf-8-sig", 10), ("gb18030", 50)):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(_UNREADABLE.findall(text)) * share <= len(text) and not re.search("[\ue000-\uf8ff]", text):
            return text
    raise BadInput("文字编码认不出来，或不是表格文件。请在表格软件里打开，另存为“CSV UTF-8（逗号分隔）”或 .xlsx。")


def _find_delimiter(text: str) -> str:
    head = "\n".join(text.splitlines()[:20])
    return max(_DELIMITERS, key=lambda mark: (head.count(mark), -_DELIMITERS.index(mark)))


def _keep(lines: list[Line], number: int, cells: Iterable[str]) -> None:
    """Add a line that holds something, without the empty cells at its end. Raises: BadInput once there are far too many."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    if not kept:
        return
    if len(kept) > MAX_COLUMNS:
        raise BadInput(f"第 {number} 行有 {len(kept)} 列以上，最多 {MAX_COLUMNS} 列。请只留要登记的几列再传。")
    if len(lines) > MAX_LINES + HEAD_LINES:
        raise BadInput(f"超过 {MAX_LINES:,} 行。请按月份分成几份，一份一份上传；传过的行不会重复登记。")
    lines.append((number, kept))


def _read_workbook(data: bytes) -> Iterator[Table]:
    try:
        _refuse_bomb(data)
        values = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for position, sheet in enumerate(values.worksheets):
            if sheet.sheet_state == "visible":
                yield _read_sheet(data, values, position)
    except BadInput:
        raise
    except Exception as error:  # whatever the library stumbles over: to the reader the file cannot be opened
        raise BadInput("工作簿打不开：可能已损坏，或不是 .xlsx。请在表格软件里打开，另存为“Excel 工作簿（.xlsx）”。") from error


def _refuse_bomb(data: bytes) -> None:
    """What a workbook says of its size before anything is unpacked; the unpacking stops where it says. Raises: BadInput."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise BadInput("工作簿展开后太大。请只留要登记的那张表，去掉图片和整列的格式，另存一份再传。")


def _read_sheet(data: bytes, values: Workbook, position: int) -> Table:
    sheet = values.worksheets[position]
    merged, has_formulas = _scan(data, str(getattr(sheet, "_worksheet_path", "")))
    rows: Iterable[Sequence[object]] = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
    if has_formulas:
        formulas = load_workbook(io.BytesIO(data), read_only=True).worksheets[position].iter_rows(max_col=MAX_COLUMNS + 1)
        rows = (_with_formulas(pair) for pair in zip_longest(rows, formulas, fillvalue=()))
    lines: list[Line] = []
    copies = _Copies(merged)
    for number, row in enumerate(rows, 1):
        cells = copies.fill(number, [_say(value) for value in row])
        _keep(lines, number, cells)
    return Table(sheet.title, tuple(lines), is_1904=values.epoch == CALENDAR_MAC_1904)


def _with_formulas(pair: tuple[Sequence[object], Sequence[Cell | MergedCell]]) -> list[object]:
    """The values, but for a formula that was saved without one its text: a person then sees what stands there."""
    row, formulas = pair
    both = zip_longest(row, formulas)
    return [cell.value if value is None and cell is not None and cell.data_type == "f" else value for value, cell in both]


def _scan(data: bytes, path: str) -> tuple[list[str], bool]:
    """The merged areas of a sheet, which a streaming reader does not tell, and whether it holds formulas."""
    areas: list[str] = []
    has_formulas = False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if path not in archive.namelist():
            return [], True
        with archive.open(path) as part:
            rest = b""
            while chunk := part.read(_CHUNK):
                text = rest + chunk
                has_formulas = has_formulas or _FORMULA.search(text) is not None
                areas.extend(match.decode() for match in _MERGED.findall(text))
                rest = text[text.rfind(b"<", -_OVERLAP) :] if b"<" in text[-_OVERLAP:] else b""
    return list(dict.fromkeys(areas)), has_formulas


class _Copies:
    """Fills the cells of merged areas with what stands in their first one, line by line."""

    def __init__(self, areas: Sequence[str]) -> None:
        self._open: list[tuple[int, int, int, str]] = []
        self._starting: dict[int, list[tuple[int, int, int]]] = {}
        for area in areas:
            left, top, right, bottom = (side or 1 for side in range_boundaries(area))
            if (right - left + 1) * (bottom - top + 1) <= MAX_MERGED:
                self._starting.setdefault(top, []).append((left, min(right, MAX_COLUMNS), bottom))

    def fill(self, number: int, cells: list[str]) -> list[str]:
        """The cells of a line with the copies in them. Lines come in their order, each once."""
        for left, right, bottom in self._starting.pop(number, ()):
            if left <= len(cells) and cells[left - 1]:
                self._open.append((left, right, bottom, cells[left - 1]))
        if not self._open:
            return cells
        cells = cells + [""] * (max(right for _, right, _, _ in self._open) - len(cells))
        for left, right, _, text in self._open:
            cells[left - 1 : right] = [text] * (right - left + 1)
        self._open = [area for area in self._open if area[2] > number]
        return cells


def _say(value: object) -> str:
    """A cell's value as text: days as 2026-10-09, whole numbers without a point, numbers that lost digits as 1.2E+17."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _say_number(value)
    return clean_cell(str(value))


def _say_number(value: float) -> str:
    if abs(value) >= 10**EXACT_DIGITS:
        return f"{value:.14E}"
    return str(int(value)) if float(value).is_integer() else repr(value)
