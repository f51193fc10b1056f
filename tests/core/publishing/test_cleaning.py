import re
import time

import pytest

from gongkai.core.publishing.cleaning import ALLOWED_ATTRIBUTES, BLOCKS, INLINE, clean_body, plain_text


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("第一段\n\n第二段 <3 个", "<p>第一段</p>\n<p>第二段 &lt;3 个</p>\n"),
        ("<p style='color:red'>红</p>", "<p>红</p>\n"),
        ("<div>一<b>重</b>点</div>", "<p>一<strong>重</strong>点</p>\n"),
        ("<h1>题</h1><h6>尾</h6>", "<h2>题</h2>\n<h4>尾</h4>\n"),
        ("<p>　　缩进</p>", "<p>缩进</p>\n"),
        ("<p></p><p> </p><p>留</p>", "<p>留</p>\n"),
        ("散字<p>段</p>", "<p>散字</p>\n<p>段</p>\n"),
        ('<a href="javascript:alert(1)">点</a>', "<p>点</p>\n"),
        (
            '<p><a href="https://example.com/a?b=1&amp;c=2" onclick="x()">点</a></p>',
            '<p><a href="https://example.com/a?b=1&amp;c=2">点</a></p>\n',
        ),
        ("<script>alert(1)</script><p>留</p>", "<p>留</p>\n"),
        (
            '<table><tbody><tr><td colspan="2" class="x">甲</td><td colspan="1">乙</td></tr></tbody></table>',
            '<td colspan="2">甲</td><td>乙</td>',
        ),
        ("<table><caption>表一</caption><tr><td>甲</td></tr></table>", "<p>表一</p>\n<table>"),
        ("<table><tr><td><p>甲</p></td><td><p>乙</p><p>丙</p></td></tr></table>", "<td>甲</td><td><p>乙</p><p>丙</p></td>"),
        ("<ul><li><p>一</p></li><li><p>二</p><ul><li><p>三</p></li></ul></li></ul>", "<li>一</li><li><p>二</p><ul><li>三</li></ul></li>"),
        ("<p>10<sup>3</sup> CO<sub>2</sub></p>", "<p>10<sup>3</sup> CO<sub>2</sub></p>\n"),
    ],
)
def test_what_belongs_to_a_text_is_kept_in_one_form(source, kept):
    assert kept in clean_body(source).html


@pytest.mark.parametrize(
    "source",
    [
        "<div><p>一</p>二<table><tr><th>甲</th><td><p>乙</p><p>丙</p></td></tr></table></div>",
        "<p>a &lt; b &amp; c</p><ul><li>一</li><li><p>二</p></li></ul>",
        '<p>一<a href="/d/2026/00231/">二<strong>三</strong></a></p>',
        "普通文字\n第二行",
        "<p>一<p>二<li>三",
    ],
)
def test_cleaning_twice_changes_nothing(source):
    once = clean_body(source).html
    assert clean_body(once).html == once


def test_what_was_dropped_is_told_in_words():
    dropped = clean_body('<p style="x">一<img src="a"><img src="b"></p><script>x</script><a href="file:///c">三</a>').dropped
    assert set(dropped) == {"样式 1 处", "图片 2 处", "脚本 1 处", "不能公开的链接 1 处"}


def test_letters_and_colours_of_a_word_text_are_told_by_their_name():
    word = '<p class="MsoNormal"><span style="font-family:仿宋;color:red">红</span><font color="red">字</font></p>'
    assert clean_body(word).dropped == ("字体和颜色 2 处",)


def test_plain_text_has_a_line_for_each_paragraph_and_row():
    body = clean_body("<p>一<strong>二</strong></p><table><tr><td>甲</td><td><p>乙</p><p>丙</p></td></tr></table><p>三<br>四</p>").html
    assert plain_text(body) == "一二\n甲\t乙 丙\n三\n四"


def test_no_tag_keeps_an_attribute_that_was_not_declared():
    hidden = 'title="不给人看的字" lang="秘密" dir="rtl" class="x" id="y" data-x="z"'
    tags = sorted(BLOCKS | INLINE)
    body = clean_body("".join(f"<{tag} {hidden}>字</{tag}>" for tag in tags) + f'<p><a href="/d/" {hidden}>字</a></p>').html
    assert "不给人看的字" not in body
    names = {
        (tag, name) for tag, attributes in re.findall(r"<(\w+)((?: [^>]*)?)>", body) for name in re.findall(r' ([\w-]+)="', attributes)
    }
    assert names <= {(tag, name) for tag, allowed in ALLOWED_ATTRIBUTES.items() for name in allowed}


@pytest.mark.parametrize("piece", ["<p></p>", "<p>字<br>", "<td><p>甲<p>乙", "<p><em><strong> </strong></em></p>"])
def test_cleaning_takes_time_with_the_length_and_not_with_its_square(piece):
    began = time.perf_counter()
    clean_body("<table><tr>" + piece * (300_000 // len(piece)))
    assert time.perf_counter() - began < 8


def test_what_is_empty_goes_while_it_is_closed_and_the_rest_stays():
    assert clean_body("<p><strong><em> <br></em></strong></p><p>一<strong><sub></sub></strong></p>").html == "<p>一</p>\n"
