"""Two contents side by side: every changed word is marked, nothing else is, and hostile lengths cost no time."""

import time

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.side_by_side import FORMAT_ONLY, compare, compare_lines, compare_words
from tests.factories.publishing import a_content, a_draft


def changed(runs):
    return [run.words for run in runs if run.is_changed]


def test_a_changed_figure_is_marked_whole():
    before, after = compare_words("共供应 60 宗，面积 128.4462 公顷。", "共供应 45 宗，面积 128.4462 公顷。")
    assert (changed(before), changed(after)) == (["60"], ["45"])


def test_only_the_changed_characters_of_a_sentence_are_marked():
    before, after = compare_words("缴入市财政非税收入帐户。", "缴入市财政非税收入账户。")
    assert (changed(before), changed(after)) == (["帐"], ["账"])


@given(st.text("甲乙丙1２a \n", max_size=30), st.text("甲乙丙1２a \n", max_size=30))
def test_both_sides_hold_every_word_of_theirs(before, after):
    left, right = compare_words(before, after)
    assert "".join(run.words for run in left) == before
    assert "".join(run.words for run in right) == after


def test_unchanged_lines_are_counted_and_one_beside_a_change_is_shown():
    old = "\n".join(f"第{number}段" for number in range(20))
    lines = compare_lines(old, old.replace("第10段", "第十段"))
    assert [line.skipped for line in lines] == [9, 0, 0]
    assert changed(lines[1].before) == ["10"]


def test_a_line_that_is_only_on_one_side_stands_beside_nothing():
    (line, *_), (other, *_) = compare_lines("甲\n乙", "甲\n新\n乙")[1:], compare_lines("甲\n新\n乙", "甲\n乙")[1:]
    assert (line.before, changed(line.after)) == ((), ["新"])
    assert (changed(other.before), other.after) == (["新"], ())


def test_every_part_that_changed_is_there_and_no_other():
    one = a_content(title="甲", elements={"征收范围": "东"})
    two = a_content(title="乙", elements={"征收范围": "西", "征收目的": "路"})
    parts = compare(one, two, files_before=["图.png"], files_after=["图.png"])
    assert [part.label for part in parts] == ["标题", "要素：征收范围", "要素：征收目的"]
    assert compare(one, one, files_before=[], files_after=[]) == []


def test_a_change_of_form_alone_is_said_in_words():
    (part,) = compare(a_content(body_html="<p>甲</p>"), a_content(body_html="<h2>甲</h2>"), files_before=[], files_after=[])
    assert part.note == FORMAT_ONLY


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("甲" * 200_000, "乙" * 200_000),
        ("甲\n" * 20_000, "乙\n" * 20_000),
        ("甲乙" * 50_000, "乙甲" * 50_000),
        ("a1" * 3000, "1a" * 3000),
    ],
)
def test_hostile_lengths_take_no_long_time(before, after):
    begin = time.perf_counter()
    compare_lines(before, after)
    assert time.perf_counter() - begin < 5


@pytest.mark.django_db
def test_a_text_with_one_edition_says_so(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    page = sign_in("周岚").get(reverse("publishing:compare", args=[uuid]), {"before": "7", "after": "x"})
    assert page.status_code == 200
    assert "只有第 1 版" in page.content.decode()
    assert publishing.list_edition_numbers(uuid) == [1]


@pytest.mark.django_db
def test_editions_of_another_unit_are_not_compared(sign_in, clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    assert sign_in("罗安琪").get(reverse("publishing:compare", args=[uuid])).status_code == 404
