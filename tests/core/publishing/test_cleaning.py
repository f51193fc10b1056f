import pytest

from gongkai.core.publishing.cleaning import clean_body, plain_text


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


def test_plain_text_has_a_line_for_each_paragraph_and_row():
    body = clean_body("<p>一<strong>二</strong></p><table><tr><td>甲</td><td><p>乙</p><p>丙</p></td></tr></table><p>三<br>四</p>").html
    assert plain_text(body) == "一二\n甲\t乙 丙\n三\n四"
