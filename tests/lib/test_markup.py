import time

import pytest

from gongkai.lib.errors import BadInput
from gongkai.lib.markup import MAX_DEPTH, MAX_LENGTH, check_markup

ATTACK = 300_000


@pytest.mark.parametrize(
    "piece", ["<ul><li>", "<strong>", "<sub>", "<blockquote>", "<span>", "<table><tr><td></p>", "<span><ul></span>", '<p><b id="{}">字</p>']
)
def test_deep_nesting_is_refused_at_once(piece):
    source = "".join(piece.format(number) for number in range(ATTACK // len(piece)))
    began = time.perf_counter()
    with pytest.raises(BadInput, match=f"超过 {MAX_DEPTH} 层"):
        check_markup(source)
    assert time.perf_counter() - began < 1


def test_what_is_too_long_is_refused():
    with pytest.raises(BadInput, match="请先粘贴为纯文本"):
        check_markup("字" * (MAX_LENGTH + 1))


@pytest.mark.parametrize(
    "source",
    [
        "<p>一<br>" * 1000,
        "<ul>" + "<li>一" * 1000 + "</ul>",
        "<table>" + "<tr><td><p>甲<td><p>乙" * 1000 + "</table>",
        "<p><a href='x'>一" * 1000,
        "<p><span>一<p>" * 1000,
        "<dl>" + "<dt>一<dd>二" * 1000 + "</dl>",
        "<div><p><b>一</b></p></div>" * 1000,
    ],
)
def test_tags_that_were_left_open_are_no_nesting(source):
    assert check_markup(source) == source


@pytest.mark.parametrize(
    ("source", "bare"),
    [
        ("<!--[if gte mso 9]><xml/><![endif]--><p>一</p>", "<p>一</p>"),
        ("<!DOCTYPE html><p>一<![if !x]>1.<![endif]></p>", "<p>一1.</p>"),
        ("<p>一</p><!-- 没有写完 <p>二</p>", "<p>一</p>"),
        ("<p>一</p> a <b", "<p>一</p> a &lt;b"),
    ],
)
def test_comments_and_declarations_go(source, bare):
    assert check_markup(source) == bare


@pytest.mark.parametrize("piece", ["<!--", "<a<a", "<!", "<a x='"])
def test_what_never_ends_holds_nobody_up(piece):
    began = time.perf_counter()
    check_markup("<p>一</p>" + piece * (ATTACK // len(piece)))
    assert time.perf_counter() - began < 2
