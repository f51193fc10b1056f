"""Words a pasted text holds and nobody saw do not become public, and a person is told."""

import time

import pytest

from gongkai.core.publishing.cleaning import clean_body
from gongkai.core.publishing.unseen import drop_unseen


@pytest.mark.parametrize(
    ("source", "kept", "told"),
    [
        ('<p>甲<span style="display:none">密</span>乙</p>', "<p>甲乙</p>\n", "隐藏的字 1 处"),
        ("<p>甲<span style='mso-hide:all'>密<span>里</span>密</span>乙</p>", "<p>甲乙</p>\n", "隐藏的字 1 处"),
        ("<p>甲</p><div hidden><p>密</p></div><p>乙</p>", "<p>甲</p>\n<p>乙</p>\n", "隐藏的字 1 处"),
        ("<p>共<del cite='x'>60</del><ins cite='x'>45</ins>宗</p>", "<p>共45宗</p>\n", "修订里删去的字 1 处"),
        ("<p>共<span class=msoDel>60</span><span class=msoIns>45</span>宗</p>", "<p>共45宗</p>\n", "修订标记（字留下） 1 处"),
        (
            "<p>甲<a class=msocomanchor href='#_msocom_1'>[周1]</a></p><div style='mso-element:comment-list'><p>这里要改</p></div>",
            "<p>甲</p>\n",
            "批注 2 处",
        ),
        ("<p style='display:none'>密<p>看得见", "<p>看得见</p>\n", "隐藏的字 1 处"),
        ("<p>五</p><p style='font-size:0'>密</p>", "<p>五</p>\n", "隐藏的字 1 处"),
    ],
)
def test_what_nobody_saw_goes_and_is_told(source, kept, told):
    cleaned = clean_body(source)
    assert cleaned.html == kept
    assert told in cleaned.dropped


@pytest.mark.parametrize(
    "source",
    [
        "<p>甲<span style='display:none'>乙</p><p>丙</p>",
        "<p style='font-size:10.5pt'>甲</p>",
        "<p>a &lt; b &amp;amp; c &#20013;</p>",
        "<s>甲</s>",
    ],
)
def test_nothing_else_goes(source):
    rest, found = drop_unseen(source)
    assert rest == source
    assert not found


def test_a_hostile_paste_takes_no_long_time():
    begin = time.perf_counter()
    drop_unseen("<span hidden>" * 20_000 + "甲" + "</b>" * 20_000)
    assert time.perf_counter() - begin < 2
