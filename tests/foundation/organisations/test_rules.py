import pytest

from gongkai.foundation.organisations.rules import (
    check_holdings,
    check_officers,
    check_posts,
    check_units,
    clean_name,
    order_from_the_top,
    read_holdings,
    read_officers,
    read_posts,
    read_units,
)
from gongkai.foundation.organisations.tables import HOLDINGS, OFFICERS, POSTS, UNITS
from gongkai.lib.sheets import SheetRow


def rows(form, *cells):
    return [
        SheetRow(f"{form.file_name} 第 {number} 行", dict(zip(form.columns, [*line, *[""] * len(form.columns)], strict=False)))
        for number, line in enumerate(cells, 2)
    ]


def units(*cells):
    problems: list[str] = []
    lines = read_units(rows(UNITS, *cells), problems)
    return lines, problems + check_units(lines)


BUREAU = ("LC00", "临澄市自规局", "市局", "本机关")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" 周岚 ", "周岚"),
        ("周　岚", "周岚"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("John  Smith", "John  Smith"),
        ("周\0岚\u200b\ud800", "周岚"),
        ("张三(规划科)", "张三(规划科)"),
        ("张三（规划科）", "张三(规划科)"),
    ],
)
def test_a_name_has_one_form_however_it_is_typed(typed, stored):
    assert clean_name(typed) == stored


def test_a_sound_tree_has_no_complaints():
    lines, problems = units(BUREAU, ("LC02", "办公室", "", "内设机构", "LC00", "0000-8866102", "综合科；信访科", "是"))

    assert problems == []
    assert lines[1].short_name == "办公室"
    assert lines[1].usual_names == ("综合科", "信访科")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([("LC02", "办公室", "办", "内设机构", "LC00")], "没有类型为“本机关”的一行"),
        ([BUREAU, ("LC01", "别的局", "别", "本机关")], "本机关只能有一个，上面已有临澄市自规局"),
        ([BUREAU, ("LC02", "办公室", "办", "科室", "LC00")], "“类型”写的是“科室”：只能是"),
        ([BUREAU, ("LC02", "办公室", "办", "内设机构", "LC9")], "“上级代码”写的是“LC9”：单位表里没有这个代码"),
        ([BUREAU, ("LC02", "办公室", "办", "内设机构", "")], "“上级代码”没有填"),
        ([(*BUREAU, "LC02"), ("LC02", "办公室", "办", "内设机构", "LC00")], "本机关没有上级"),
        ([BUREAU, ("LC02", "办公室", "办", "内设机构", "LC02")], "绕成了一圈"),
        ([BUREAU, ("A", "甲", "甲", "内设机构", "B"), ("B", "乙", "乙", "内设机构", "A")], "绕成了一圈"),
        (
            [BUREAU, ("LC02", "办公室", "办", "内设机构", "LC00"), ("LC02", "甲", "甲", "内设机构", "LC00")],
            "“代码”写的是“LC02”：和units.csv 第 3 行重复",
        ),
        ([BUREAU, ("A", "甲科", "甲", "内设机构", "LC00"), ("B", "乙科", "乙", "内设机构", "LC00", "", "甲科")], "“甲科”已经是甲科的叫法"),
        ([BUREAU, ("A", "甲科", "甲", "内设机构", "LC00", "", "", "停用")], "“在用”写的是“停用”：只能写是或否"),
        ([BUREAU, ("A", "甲" * 61, "甲", "内设机构", "LC00")], "有 61 个字，最多 60 个"),
        ([BUREAU, ("A", "甲", "甲", "内设机构", "LC00", "", "", "否"), ("B", "乙", "乙", "内设机构", "A")], "上级甲已不在用"),
    ],
)
def test_what_is_wrong_with_a_tree_is_named(cells, words):
    _, problems = units(*cells)

    assert any(words in problem for problem in problems), problems


def test_units_are_saved_from_the_top_down_whatever_their_order():
    lines, _ = units(("C", "丙", "丙", "内设机构", "B"), ("B", "乙", "乙", "内设机构", "LC00"), BUREAU)

    assert [line.code for line in order_from_the_top(lines)] == ["LC00", "B", "C"]


def test_a_unit_has_one_duty_post_and_it_stands_in_a_unit_in_use():
    lines, _ = units(BUREAU, ("A", "甲", "甲", "内设机构", "LC00", "", "", "否"))
    problems: list[str] = []
    posts = read_posts(
        rows(POSTS, ("P1", "LC00", "专员", "是"), ("P2", "LC00", "联络员", "是"), ("P3", "A", "专员"), ("P4", "X", "专员")), problems
    )
    problems += check_posts(posts, lines)

    assert problems == [
        "posts.csv 第 3 行，“承担公开事项”写的是“是”：这个单位已由专员（P1）承担。一个单位只能有一个。",
        "posts.csv 第 4 行，“单位代码”写的是“A”：甲已不在用。请换单位，或把岗位也改为不在用。",
        "posts.csv 第 5 行，“单位代码”写的是“X”：单位表里没有这个代码。请填岗位所在单位的代码。",
    ]


def test_two_people_of_one_name_are_refused_also_when_typed_differently():
    problems: list[str] = []
    officers = read_officers(rows(OFFICERS, ("周岚",), ("周 岚",)), problems)

    assert "同名的请加注" in check_officers(officers)[0]


def holdings(*cells):
    problems: list[str] = []
    posts = read_posts(rows(POSTS, ("P1", "LC00", "专员"), ("P2", "LC00", "旧岗", "", "否")), problems)
    officers = read_officers(rows(OFFICERS, ("周岚",), ("陈默",), ("林晓", "否")), problems)
    lines = read_holdings(rows(HOLDINGS, *cells), problems)
    return problems + check_holdings(lines, posts, officers)


@pytest.mark.parametrize(
    "cells",
    [
        [("P1", "周岚", "2024-01-01", "2025-12-31"), ("P1", "陈默", "2026-01-01")],
        [("P1", "陈默", "2026-01-01"), ("P1", "周岚", "2024年1月1日", "2025/12/31")],
        [("P1", "周岚", "2024-01-01", "2024-01-01")],
        [("P2", "林晓", "2024-01-01", "2025-12-31")],
    ],
)
def test_holders_may_follow_one_another(cells):
    assert holdings(*cells) == []


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([("P1", "周岚", "2024-01-01", "2026-01-01"), ("P1", "陈默", "2026-01-01")], "到2026-01-01还由周岚担任"),
        ([("P1", "周岚", "2024-01-01"), ("P1", "陈默", "2026-01-01")], "到现在还由周岚担任"),
        ([("P1", "周岚", "2024-01-01", "2023-12-31")], "早于开始的 2024-01-01"),
        ([("P1", "周岚", "")], "“起”没有填"),
        ([("P1", "周岚", "去年")], "“起”写的是“去年”：不是一个日子"),
        ([("P9", "周岚", "2024-01-01")], "岗位表里没有这个代码"),
        ([("P1", "高远", "2024-01-01")], "人员表里没有这个人"),
        ([("P1", "林晓", "2024-01-01")], "林晓已离职。请写上任职的最后一天"),
        ([("P2", "周岚", "2024-01-01")], "岗位旧岗已不在用"),
    ],
)
def test_what_is_wrong_with_a_holding_is_named(cells, words):
    assert any(words in problem for problem in holdings(*cells)), holdings(*cells)
