"""Workbooks that are handed out: the empty form of a register, rows that could not be imported. Every cell is text, none a formula."""

import io
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 22


def write_workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet (工作簿): a header and rows, all as text that no spreadsheet program runs."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for at in range(len(head)):
        sheet.column_dimensions[get_column_letter(at + 1)].width = WIDTH
    sheet.append(list(_cells(sheet, head, Font(bold=True))))
    for row in rows:
        sheet.append(list(_cells(sheet, row, None)))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cells(sheet: WriteOnlyWorksheet, texts: Sequence[str], font: Font | None) -> Iterator[Cell]:
    for text in texts:
        cell = WriteOnlyCell(sheet, value="")
        cell.value = text
        # A text that begins with = would become a formula; told to be text it stays one, also when it is edited.
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
        if font is not None:
            cell.font = font
        yield cell
