"""The ledger as a file (导出): the rows of the list, in its order, as many as it says."""

import csv
from collections.abc import Iterator
from io import StringIO
from tempfile import TemporaryFile
from typing import cast

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.forms import read_chosen
from gongkai.core.ledger.kinds import LedgerFilter
from gongkai.core.ledger.views.frames import read_frame
from gongkai.core.ledger.views.lines import LedgerLine, lines_of
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, BadInput
from gongkai.lib.moments import SHANGHAI, day_of
from gongkai.lib.sheets import harmless

COLUMNS = (
    ("期限", 16),
    ("分类", 12),
    ("事项", 44),
    ("职责", 14),
    ("事由日", 12),
    ("承办单位", 22),
    ("承办人", 10),
    ("法定主体", 18),
    ("应办日", 12),
    ("约束力", 10),
    ("期限规定", 16),
    ("依据", 28),
    ("办结时间", 17),
    ("证据", 28),
    ("编号", 38),
)
# A workbook of more rows takes minutes, and Excel ends at 1,048,576.
SHEET_AT_MOST = 100_000
PIECE = 1000
BYTE_ORDER_MARK = "\ufeff"


@require_safe
def export_csv(request: HttpRequest) -> HttpResponseBase:
    """The rows of the list as CSV, row by row, however many."""
    desk = cast("DeskRequest", request)
    rows, _ = _read_rows(desk)
    response = StreamingHttpResponse(_write_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(desk)}.csv"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def export_sheet(request: HttpRequest) -> HttpResponseBase:
    """The rows of the list as a workbook. It is written to a temporary file a row at a time, then sent."""
    desk = cast("DeskRequest", request)
    rows, count = _read_rows(desk)
    if count > SHEET_AT_MOST:
        raise ActNotPossible(f"这里有 {count:,} 行，一个 Excel 文件最多导出 {SHEET_AT_MOST:,} 行。请缩小范围，或者导出 CSV。")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("应公开事项台账")
    sheet.freeze_panes = "A2"
    for number, (_, width) in enumerate(COLUMNS):
        sheet.column_dimensions["ABCDEFGHIJKLMNO"[number]].width = width
    sheet.append([name for name, _ in COLUMNS])
    for cells in rows:
        sheet.append([_as_text(sheet, cell) for cell in cells])
    target = TemporaryFile()  # noqa: SIM115 — the response closes it
    book.save(target)
    target.seek(0)
    response = FileResponse(target, as_attachment=True, filename=f"{_name(desk)}.xlsx")
    response["Cache-Control"] = "no-store"
    return response


def _read_rows(desk: DeskRequest) -> tuple[Iterator[list[str]], int]:
    """The rows that were asked for, and how many they are: those ticked, or all of the list's filter."""
    frame = read_frame(desk)
    if "row" in desk.GET or "only" in desk.GET:
        chosen = read_chosen(desk.GET.getlist("row"))
        if not chosen:
            raise BadInput("没有选中任何一行。请先在列表里勾选，再导出。", field="row")
        filters, count = LedgerFilter(chosen=chosen), len(chosen)
    else:
        filters = frame.choice.filters
        count = ledger.count_totals(unit_ids=frame.unit_ids, now=desk.now, filters=filters).count(filters)
    audit.record_read(actor=desk.actor, what="台账导出", count=count, at=desk.now)
    batches = ledger.export_rows(unit_ids=frame.unit_ids, filters=filters, now=desk.now, expected=count)
    return (_cells(line, desk) for rows in batches for line in lines_of(rows, desk)), count


def _cells(line: LedgerLine, desk: DeskRequest) -> list[str]:
    row = line.row
    cells = [
        line.chip.words,
        ledger.part_of(row, desk.now).label,
        row.label,
        row.duty_label,
        row.caused_on.isoformat(),
        row.unit_name,
        line.officer,
        row.holder,
        row.last_day.isoformat()
        if row.last_day
        else f"最迟 {row.resumes_by} {'缴费' if row.waits_for_fee else '恢复'}"
        if row.resumes_by
        else "",
        row.binding.label,
        line.limit_words,
        row.basis,
        f"{row.fulfilled_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if row.fulfilled_at else "",
        line.evidence,
        str(row.uuid),
    ]
    return [harmless(cell) for cell in cells]


def _write_csv(rows: Iterator[list[str]]) -> Iterator[str]:
    """The file in pieces of a thousand rows, with the mark by which Excel knows it is UTF-8."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([name for name, _ in COLUMNS])
    for number, cells in enumerate(rows, start=1):
        writer.writerow(cells)
        if number % PIECE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _as_text(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    """A cell that is text whatever it begins with."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _name(desk: DeskRequest) -> str:
    return f"ledger-{day_of(desk.now):%Y%m%d}"
