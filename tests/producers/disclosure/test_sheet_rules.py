from datetime import date

import pytest

from gongkai.lib.workcalendar import WorkCalendar
from gongkai.producers.disclosure.kinds import LineState, LineValues, SheetField, SheetReading
from gongkai.producers.disclosure.rules.cells import find_number_problem, read_sheet_day, tidy_key
from gongkai.producers.disclosure.rules.lines import KnownEntry, Surroundings, judge_line, list_differences, read_line
from gongkai.producers.disclosure.rules.sheets import explain_aside, find_header, guess_columns, letter_of, list_known, name_columns
from gongkai.producers.disclosure.rules.weeks import choose_due_day, monday_of, say_share

USUAL = {
    SheetField.NUMBER: ("合同编号", "电子监管号"), SheetField.TITLE: ("项目名称",), SheetField.DAY: ("签订日期", "合同签订日期"),
    SheetField.UNIT: ("承办单位",),
}  # fmt: skip
KNOWN = list_known(USUAL, {})
TODAY = date(2026, 10, 9)


@pytest.mark.parametrize(
    "text",
    ["2026-09-07", "2026/9/7", "2026.9.7", "2026年9月7日", "2026年09月07", "20260907", "2026-09-07 10:20", "2026-09-07T00:00:00+08:00",
     "46272", "46272.43", "２０２６年９月７日", "2026 年 9 月 7 日", "2026年9月7日 10时20分"],
)  # fmt: skip
def test_a_day_is_read_however_people_write_it(text):
    assert read_sheet_day(text) == date(2026, 9, 7)


@pytest.mark.parametrize(
    "text", ["9月7日", "2026年9月", "26.9.7", "2026-02-30", "2026-13-01", "7/9/2026", "12", "昨天", "2026", "99999", "46272天"]
)
def test_a_day_that_is_not_clear_is_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match="例如 2026-09-07"):
        read_sheet_day(text)


def test_a_bare_number_of_the_other_date_system_is_not_guessed():
    with pytest.raises(ValueError, match="1904"):
        read_sheet_day("44810", is_1904=True)


@pytest.mark.parametrize(
    ("text", "words"), [("4.4E+15", "后几位已经丢了"), ("=A1", "像公式"), ("1\ufffd", "读不出的字符"), ("长" * 121, "像是别的列")]
)
def test_a_number_that_cannot_be_one_is_refused(text, words):
    assert words in find_number_problem(text)


def test_brackets_blanks_and_width_make_no_other_number():
    assert (
        len({tidy_key(text) for text in ("临土合〔2026〕17号", "临土合【2026】17号", "临土合(2026)17号", " 临土合 [２０２６] 17号")}) == 1
    )


TITLE = (1, ["临澄市2026年9月供地登记表"] * 4)
NAMES = (3, ["合同编号", "项目名称", "签订日期", "承办单位"])
ROW = (4, ["17号", "双桥村地块", "2026-9-7", "利用科"])


@pytest.mark.parametrize(
    ("lines", "header"),
    [
        ([NAMES, ROW], (3,)),
        ([TITLE, (2, ["单位：万元"]), NAMES, ROW], (3,)),
        ([ROW, (5, ["18号", "另一块", "2026-9-8", "利用科"])], ()),
        ([(1, ["合同编号", "项目名称", "成交", "成交"]), (2, ["合同编号", "项目名称", "签订日期", "价格"]), ROW], (1, 2)),
        ([(1, ["合同编号", "项目名称", "成交", ""]), (2, ["", "", "签订日期", "价格"]), ROW], (1, 2)),
        ([(1, ["合同编号", "项目名称", "签订日期"]), (2, ["17号", "", "2026-9-7"])], (1,)),
        ([], ()),
    ],
)
def test_the_header_is_found_below_titles_over_two_lines_or_not_at_all(lines, header):
    assert find_header(lines, KNOWN) == header


def test_columns_of_a_header_of_two_lines_have_both_names_and_no_name_twice():
    header = [["合同编号", "成交", "", "备注", "备注"], ["", "日期", "价格", "", ""]]
    assert name_columns(header, 6) == ("合同编号", "成交／日期", "成交／价格", "备注", "备注（2）", "F 列")


def test_columns_without_a_header_have_letters():
    assert name_columns([], 3) == ("A 列", "B 列", "C 列")
    assert (letter_of(25), letter_of(26)) == ("Z", "AA")


def test_columns_are_guessed_as_last_time_first_then_by_usual_names():
    names = ("电子监管号", "合同编号", "名称", "成交／签订日期", "项目名称*")
    assert guess_columns(names, {}, USUAL) == {SheetField.NUMBER: 1, SheetField.TITLE: 4, SheetField.DAY: 3}
    assert guess_columns(names, {"TITLE": "名称", "NUMBER": "没有了"}, USUAL)[SheetField.TITLE] == 2


@pytest.mark.parametrize(
    ("number", "cells", "why"),
    [
        (1, ["临澄市2026年9月供地登记表"], "表头上面的标题"),
        (3, NAMES[1], "表头"),
        (40, NAMES[1], "表头"),
        (41, ["合计", "", "", "12"], "合计"),
        (41, ["合  计", "合  计", "3"], "合计"),
        (41, ["12", "小计", "3"], "合计"),
        (42, ["制表人：何静", "", "", ""], "表下的说明"),
        (42, ["说明：单位为万元"], "表下的说明"),
        (5, ROW[1], ""),
        (5, ["合计划拨17号", "地块"], ""),
    ],
)
def test_titles_headers_again_totals_and_notes_are_no_data(number, cells, why):
    assert explain_aside(number, cells, [NAMES]) == why


READING = SheetReading(
    sheet=0, header=(1,), names=("编号", "名称", "日期", "类别", "单位"), columns={part: at for at, part in enumerate(SheetField)},
    kinds={"挂牌": "land.contract_result", "旧": "expro.notice_old", "拍卖公告": "land.auction_notice"}, units={"顺德": 7},
)  # fmt: skip
AROUND = Surroundings(
    today=TODAY,
    entries={
        "land.contract_result": KnownEntry("land.contract_result", "供应结果", True, False, 5),
        "expro.notice_old": KnownEntry("expro.notice_old", "旧公告", False, False, 6),
        "land.auction_notice": KnownEntry("land.auction_notice", "出让公告", True, True, 5),
    },
    units={"利用科": 5, "征地科": 6}, unit_names={5: "开发利用科", 6: "征地科", 7: "顺德分局"}, writable={5, 7}, number_label="合同编号",
)  # fmt: skip
GOOD = ["17号", "双桥村地块", "2026-9-7", "挂牌", "利用科"]


def read(**changed):
    cells = [changed.get(part.value.lower(), GOOD[at]) for at, part in enumerate(SheetField)]
    return read_line(cells, READING, AROUND)


def test_a_line_is_read():
    assert read().values == LineValues("17号", "双桥村地块", date(2026, 9, 7), "land.contract_result", 5)


def test_a_line_without_a_unit_goes_to_the_one_that_usually_does_the_work_and_a_translated_name_counts():
    assert read(unit="").values.unit_id == 5
    assert read(unit="顺德").values.unit_id == 7


@pytest.mark.parametrize(
    ("changed", "part", "words"),
    [
        ({"number": ""}, SheetField.NUMBER, "没有合同编号"),
        ({"title": ""}, SheetField.TITLE, "没有写是哪一件事"),
        ({"title": "=1+1"}, SheetField.TITLE, "像公式"),
        ({"title": "长" * 201}, SheetField.TITLE, "超过 200 字"),
        ({"day": ""}, SheetField.DAY, "期限没有起点"),
        ({"day": "9月"}, SheetField.DAY, "认不出是哪一天"),
        ({"day": "2026-10-10"}, SheetField.DAY, "在今天之后"),
        ({"day": "1900-01-01"}, SheetField.DAY, "认不出|不合情理"),
        ({"kind": "租赁"}, SheetField.KIND, "不知道对应哪一项"),
        ({"kind": ""}, SheetField.KIND, "没有写类别"),
        ({"kind": "旧"}, SheetField.KIND, "已经停用"),
        ({"unit": "火星分局"}, SheetField.UNIT, "没有单位叫这个名字"),
        ({"unit": "征地科"}, SheetField.UNIT, "没有替征地科登记的权限"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(changed, part, words):
    line = read(**changed)
    assert line.values is None
    (problem,) = line.problems
    assert problem.field is part
    assert any(word in problem.words for word in words.split("|"))


def test_all_that_is_wrong_with_a_line_is_said_at_once():
    assert {problem.field for problem in read(number="", day="x", unit="火星").problems} == {
        SheetField.NUMBER,
        SheetField.DAY,
        SheetField.UNIT,
    }


def test_the_day_of_an_event_from_which_is_counted_back_may_lie_ahead():
    assert read(kind="拍卖公告", day="2026-11-20").values.happened_on == date(2026, 11, 20)


def test_a_short_line_is_a_line_with_empty_cells():
    assert {problem.field for problem in read_line(["17号"], READING, AROUND).problems} == {
        SheetField.TITLE,
        SheetField.DAY,
        SheetField.KIND,
    }


def test_a_line_is_new_known_changed_doubled_or_at_odds_with_another():
    line, other = read(), read(title="别的")
    assert judge_line(line, registered=None, first=None)[0] is LineState.READY
    assert judge_line(line, registered=line.values, first=None)[0] is LineState.SAME
    assert judge_line(line, registered=other.values, first=None)[0] is LineState.CHANGED
    assert judge_line(line, registered=None, first=(2, line))[0] is LineState.DOUBLE
    state, (problem,) = judge_line(line, registered=None, first=(2, other))
    assert (state, problem.field) == (LineState.ERROR, SheetField.NUMBER)
    assert "和第 2 行相同" in problem.words


def test_what_is_new_is_said_with_old_and_new_value():
    old, new = read().values, read(title="新名", day="2026-9-8").values
    said = list_differences(old, new, {}, {})
    assert [(one.label, one.old, one.new) for one in said] == [("名称", "双桥村地块", "新名"), ("事由日", "2026-09-07", "2026-09-08")]


@pytest.mark.parametrize(
    ("first", "whole", "said"),
    [(412, 443, "93.0%"), (0, 0, "—"), (0, 7, "0.0%"), (7, 7, "100.0%"), (9999, 10000, "99.9%"), (1, 10000, "0.1%")],
)
def test_a_share_is_never_rounded_to_all_or_none(first, whole, said):
    assert say_share(first, whole) == said


def test_the_day_of_the_week_moves_past_days_off(calendar):
    assert isinstance(calendar, WorkCalendar)
    assert choose_due_day(monday_of(TODAY), 3, calendar) == date(2026, 10, 8)  # Wednesday the 7th is a holiday
    assert choose_due_day(monday_of(date(2027, 5, 5)), 1, calendar) == date(2027, 5, 3)  # no calendar: as it stands
