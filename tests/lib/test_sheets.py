import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from gongkai.lib.errors import BadInput
from gongkai.lib.sheets import MAX_BYTES, MAX_UNPACKED_BYTES, SheetForm, read_day, read_sheets

FORM = SheetForm("人员", "officers.csv", ("姓名", "在职"))


def read_csv(tmp_path, text, encoding="utf-8"):
    (tmp_path / "officers.csv").write_bytes(text.encode(encoding))
    return read_sheets(tmp_path, [FORM])["人员"]


def read_book(tmp_path, fill):
    book = Workbook()
    sheet = book.create_sheet("人员", 0)
    sheet.append(["姓名", "在职"])
    fill(sheet)
    book.save(tmp_path / "officers.xlsx")
    return read_sheets(tmp_path / "officers.xlsx", [FORM])["人员"]


def test_rows_are_named_by_file_and_line(tmp_path):
    rows = read_csv(tmp_path, "姓名,在职\n周岚,是\n\n陈默,\n")

    assert [(row.place, dict(row.cells)) for row in rows] == [
        ("officers.csv 第 2 行", {"姓名": "周岚", "在职": "是"}),
        ("officers.csv 第 4 行", {"姓名": "陈默", "在职": ""}),
    ]


def test_a_line_end_inside_a_cell_does_not_shift_the_line_numbers(tmp_path):
    rows = read_csv(tmp_path, '姓名,在职\n"周\n岚",是\n陈默,否\n')

    assert rows[1].place == "officers.csv 第 4 行"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_of_every_usual_encoding_is_read(tmp_path, encoding):
    (row,) = read_csv(tmp_path, "姓名,在职\n周岚,是\n", encoding)

    assert row["姓名"] == "周岚"


def test_the_order_of_columns_does_not_matter_and_others_may_stand_beside(tmp_path):
    (row,) = read_csv(tmp_path, "备注,在职,姓名\n老同志,是,周岚\n")

    assert (row["姓名"], row["在职"]) == ("周岚", "是")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "第 1 行要写列名，还缺：姓名、在职"),
        ("姓名\n周岚\n", "还缺：在职"),
        ("姓名,在职,姓名\n周岚,是,陈默\n", "有重复的列名：姓名"),
        ("姓名,在职\n周岚,是,多出来\n", "第 2 行有内容写在没有列名的格里"),
        ('姓名,在职\n"周岚,是\n', "不是完整的 CSV"),
        ("姓名,在职\n周\0岚,是\n", "控制字符"),
    ],
)
def test_what_is_wrong_with_a_csv_is_said_in_words(tmp_path, text, words):
    with pytest.raises(BadInput, match=words):
        read_csv(tmp_path, text)


def test_a_csv_in_an_unknown_encoding_is_refused(tmp_path):
    (tmp_path / "officers.csv").write_bytes(b"\xff\xfe\x59\x54\xff")

    with pytest.raises(BadInput, match="CSV UTF-8"):
        read_sheets(tmp_path, [FORM])


def test_all_missing_files_are_named_together(tmp_path):
    with pytest.raises(BadInput, match=r"没有 officers\.csv(?s:.)*没有 units\.csv"):
        read_sheets(tmp_path, [FORM, SheetForm("单位", "units.csv", ("代码",))])


def test_a_source_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadInput, match="找不到"):
        read_sheets(tmp_path / "nowhere", [FORM])


def test_numbers_days_and_ticks_of_a_workbook_become_text(tmp_path):
    def fill(sheet):
        sheet.append([101, True])
        sheet.append([101.0, datetime(2026, 1, 1)])  # noqa: DTZ001 - what the workbook holds
        sheet.append([None, None])
        sheet.append(["  周岚　", False])

    rows = read_book(tmp_path, fill)

    assert [tuple(row.cells.values()) for row in rows] == [("101", "是"), ("101", "2026-01-01"), ("周岚", "否")]
    assert rows[2].place == "工作表“人员” 第 5 行"


@pytest.mark.parametrize(
    ("cell", "words"),
    [("=A1", "A2 是公式"), ("=1/0", "A2 是公式"), ("#REF!", "A2 是错误值“#REF!”")],
)
def test_formulas_and_error_values_are_refused_with_their_cell(tmp_path, cell, words):
    with pytest.raises(BadInput, match=words):
        read_book(tmp_path, lambda sheet: sheet.append([cell, "是"]))


def test_merged_cells_are_refused_with_their_area(tmp_path):
    def fill(sheet):
        sheet.append(["周岚", "是"])
        sheet.append(["陈默", ""])
        sheet.merge_cells("B2:B3")

    with pytest.raises(BadInput, match="B2:B3 是合并单元格"):
        read_book(tmp_path, fill)


def test_a_sheet_that_is_missing_is_named(tmp_path):
    book = Workbook()
    book.save(tmp_path / "officers.xlsx")

    with pytest.raises(BadInput, match="没有工作表“人员”"):
        read_sheets(tmp_path / "officers.xlsx", [FORM])


def test_a_sheet_with_formatted_emptiness_below_is_refused(tmp_path):
    with pytest.raises(BadInput, match="超过 20,000 行"):
        read_book(tmp_path, lambda sheet: sheet.cell(30_000, 1, "周岚"))


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_what_is_not_a_workbook_is_refused_in_words(tmp_path, data):
    (tmp_path / "officers.xlsx").write_bytes(data)

    with pytest.raises(BadInput, match="打不开"):
        read_sheets(tmp_path / "officers.xlsx", [FORM])


@pytest.mark.parametrize("name", ["officers.csv", "officers.xlsx"])
def test_a_file_of_more_than_twenty_megabytes_is_refused(tmp_path, name):
    with (tmp_path / name).open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    with pytest.raises(BadInput, match="超过 20 MB"):
        read_sheets(tmp_path if name.endswith("csv") else tmp_path / name, [FORM])


def test_a_workbook_that_unpacks_to_something_huge_is_not_opened(tmp_path):
    with (
        zipfile.ZipFile(tmp_path / "officers.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(MAX_UNPACKED_BYTES // 2**20 + 1):
            part.write(bytes(2**20))

    with pytest.raises(BadInput, match="展开后太大"):
        read_sheets(tmp_path / "officers.xlsx", [FORM])


@pytest.mark.parametrize("text", ["2026-10-09", "2026/10/9", "2026.10.9", "2026年10月9日"])
def test_a_day_is_read_in_every_usual_form(text):
    assert read_day(text).isoformat() == "2026-10-09"


@pytest.mark.parametrize("text", ["2026-02-30", "46000", "明天", "2026-10", "26-10-09"])
def test_what_is_no_day_raises(text):
    with pytest.raises(ValueError):  # noqa: PT011 - date's own words are not ours
        read_day(text)
