import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from gongkai.lib.errors import BadInput
from gongkai.producers.disclosure import tables
from gongkai.producers.disclosure.tables import read_tables

MORNING = datetime(2026, 9, 7, 10, 20)  # noqa: DTZ001 — a cell of a workbook knows no zone
HEAD = "合同编号,项目名称,合同签订日期"
ROW = "临土合〔2026〕17号,双桥村17号地块,2026年9月7日"


def a_workbook(*rows, merged=(), title="Sheet1", more=None):
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    for name, lines in (more or {}).items():
        extra = book.create_sheet(name)
        for line in lines:
            extra.append(line)
    return saved(book)


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def lines_of(data, name="表.csv"):
    (table,) = read_tables(name, data)
    return list(table.lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_every_encoding_and_with_every_usual_separator(encoding, delimiter):
    text = f"{HEAD}\r\n{ROW}\r\n".replace(",", delimiter)
    assert lines_of(text.encode(encoding)) == [(1, HEAD.split(",")), (2, ROW.split(","))]


def test_the_line_that_names_the_separator_is_no_line():
    assert lines_of(f"sep=;\n{HEAD.replace(',', ';')}\n".encode()) == [(1, HEAD.split(","))]


def test_empty_lines_and_trailing_empty_cells_are_left_out_and_numbers_stay():
    assert lines_of(f"{HEAD},,,\n,,,\n\n{ROW},,\n , \n".encode()) == [(1, HEAD.split(",")), (4, ROW.split(","))]


def test_one_zero_byte_makes_no_other_encoding():
    assert lines_of("编号,名称\n17号,双桥\x00村地块和别的很长的一段文字\n".encode())[1] == (
        2,
        ["17号", "双桥\ufffd村地块和别的很长的一段文字"],
    )


def test_a_cell_with_line_ends_counts_its_lines():
    assert lines_of('编号,名称\n1号,"甲\n乙"\n2号,丙\n'.encode()) == [(1, ["编号", "名称"]), (2, ["1号", "甲 乙"]), (4, ["2号", "丙"])]


def test_control_characters_are_shown_and_invisible_ones_are_gone():
    assert lines_of("编号,名称\n1\x07号,\u200b双\ufeff桥\u3000村 \n".encode())[1] == (2, ["1\ufffd号", "双桥 村"])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b" \n,\n", "没有一行内容"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "旧式 .xls"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页表格"),
        (b"PK\x03\x04 nothing", "工作簿打不开"),
        (bytes(range(256)) * 20, "文字编码认不出来"),
        (b'a,b\n"' + b"x" * 200_000, "不是完整的 CSV"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3" + bytes(range(128, 256)) * 9, "文字编码认不出来"),
        (("a," * 150 + "b\n").encode(), "最多 100 列"),
        (b"a,b\n" * (tables.MAX_LINES + tables.HEAD_LINES + 1), "超过 50,000 行"),
        (b"a" * (tables.MAX_BYTES + 1), "超过 20 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(data, words):
    with pytest.raises(BadInput, match=words):
        read_tables("表.csv", data)


def test_days_and_numbers_of_a_workbook_are_text():
    data = a_workbook(["编号", "日期", "面积"], ["1号", date(2026, 9, 7), 2.5], ["2号", MORNING, 3.0], [3, True, None])
    assert lines_of(data)[1:] == [(2, ["1号", "2026-09-07", "2.5"]), (3, ["2号", "2026-09-07 10:20", "3"]), (4, ["3", "是"])]


def test_a_long_number_shows_that_its_end_is_lost():
    assert lines_of(a_workbook(["编号", "名称"], [4406062019017595123, "甲"]))[1][1][0] == "4.40606201901759E+18"


def test_merged_cells_say_the_same_in_each_of_their_cells():
    data = a_workbook(["供地登记表", None, None], ["编号", "成交", None], [None, "价格", "日期"], ["1号", 1, "2026-9-7"],
                      [None, 2, "2026-9-8"], merged=["A1:C1", "A2:A3", "B2:C2", "A4:A5"])  # fmt: skip
    assert lines_of(data) == [
        (1, ["供地登记表"] * 3), (2, ["编号", "成交", "成交"]), (3, ["编号", "价格", "日期"]), (4, ["1号", "1", "2026-9-7"]),
        (5, ["1号", "2", "2026-9-8"]),
    ]  # fmt: skip


def test_a_formula_counts_as_what_was_seen_and_is_shown_where_nothing_was():
    data = with_cached_value(
        a_workbook(["编号", "名称"], ["1号", '=CONCATENATE("双桥","村")'], ["2号", '=HYPERLINK("内网页","点我")']), row=2, text="双桥村"
    )
    assert [cells for _, cells in lines_of(data)][1:] == [["1号", "双桥村"], ["2号", '=HYPERLINK("内网页","点我")']]


def with_cached_value(data, *, row, text):
    """The workbook as a spreadsheet program saves it: with the value of the formula beside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(f'<c r="B{row}"><f>'.encode(), f'<c r="B{row}" t="str"><f>'.encode())
                begin = content.index(b"<v", content.index(f'<c r="B{row}"'.encode()))
                end = content.index(b"</c>", begin)
                content = content[:begin] + f"<v>{text}</v>".encode() + content[end:]
            new.writestr(part, content)
    return out.getvalue()


def test_every_visible_sheet_that_holds_something_is_read():
    data = a_workbook(["编号"], ["1号"], title="九月", more={"空的": [], "十月": [["编号"], ["2号"]]})
    assert [table.title for table in read_tables("表.xlsx", data)] == ["九月", "十月"]


def test_a_hidden_sheet_is_not_read():
    book = Workbook()
    book.worksheets[0].append(["编号"])
    hidden = book.create_sheet("暗")
    hidden.append(["别看"])
    hidden.sheet_state = "hidden"
    assert [table.title for table in read_tables("表.xlsx", saved(book))] == ["Sheet"]


def test_a_workbook_that_unpacks_to_far_too_much_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(tables.MAX_UNPACKED // (1 << 20) + 1):
            part.write(b"\0" * (1 << 20))
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(BadInput, match="展开后太大"):
        read_tables("表.xlsx", out.getvalue())


def test_a_cell_at_the_far_edge_of_a_sheet_makes_no_million_cells():
    book = Workbook()
    book.worksheets[0]["XFD3"] = "远"
    book.worksheets[0]["A1"] = "编号"
    assert lines_of(saved(book)) == [(1, ["编号"])]


def test_bare_numbers_of_the_other_date_system_are_marked():
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append(["编号", 44000])
    (table,) = read_tables("表.xlsx", saved(book))
    assert table.is_1904
