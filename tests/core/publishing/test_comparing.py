from datetime import date

import pytest

from gongkai.core.publishing.kinds import PostingState
from gongkai.core.publishing.rules.comparing import compare, read_page
from gongkai.lib.errors import BadInput

TITLE = "双桥村征收土地预公告"
TEXT = "拟征收双桥村集体土地2.20公顷，用于道路建设。\n期限为十个工作日，有意见请向本局提出。"
TODAY = date(2026, 10, 9)


def look(html, *, title=TITLE, text=TEXT, formed=date(2026, 9, 30), number=""):
    return compare(read_page(html), title=title, document_number=number, text=text, formed_date=formed, today=TODAY)


def a_page(title=TITLE, day="发布日期：2026-10-08", text=TEXT):
    return f"<html><head><title>{title} - 临澄市人民政府</title></head><body><h1>{title}</h1><p>{day}</p><p>{text}</p></body></html>"


def test_a_page_with_our_title_our_words_and_a_day_is_checked():
    found = look(a_page())
    assert (found.state, found.day, found.share) == (PostingState.CHECKED, date(2026, 10, 8), 100)


def test_breadth_and_blanks_of_signs_do_not_matter():
    title = "关于印发《办法》(试行)的通知"
    assert look(a_page("关于印发《办法》（试行）的 通知"), title=title).state is PostingState.CHECKED


@pytest.mark.parametrize(
    "day",
    ["发布日期：2026-10-08", "发布时间: 2026年10月8日 09:30", "日期：2026.10.08", "<meta name='PubDate' content='2026-10-08 09:30'>",
     "<time datetime='2026-10-08'>昨天</time>", "信息公开日期：2026/10/8"],
)  # fmt: skip
def test_the_day_is_read_however_it_is_written(day):
    assert look(a_page(day=day)).day == date(2026, 10, 8)


def test_a_page_of_another_text_is_told_by_its_title():
    found = look(a_page("政务公开工作会议"))
    assert found.state is PostingState.TITLE_DIFFERS
    assert "政务公开工作会议" in found.words
    assert look("<p>没有标题</p>").state is PostingState.TITLE_DIFFERS


def test_our_title_over_other_words_is_not_our_text():
    found = look(a_page(text="本页正在建设中，敬请期待以后的内容。"))
    assert (found.state, found.share) == (PostingState.TEXT_DIFFERS, 0)


def test_a_day_that_is_missing_or_impossible_is_for_a_person():
    assert look(a_page(day="")).state is PostingState.DATE_UNREAD
    for impossible in ("发布日期：2026-10-10", "发布日期：2026-09-29", "发布日期：2026-13-40"):
        assert look(a_page(day=impossible)).state is PostingState.DATE_UNREAD


def test_what_no_reader_sees_does_not_count():
    hidden = f"<html><body><script>var t = '{TITLE}'</script><style>{TEXT}</style><h1>别的</h1><p>发布日期：2026-10-08</p></body></html>"
    found = look(hidden)
    assert (found.state, found.share) == (PostingState.TITLE_DIFFERS, 0)


def test_a_short_text_is_compared_by_title_and_day():
    found = look(a_page(), text="见附件。")
    assert (found.state, found.share) == (PostingState.CHECKED, None)


def test_a_missing_document_number_is_said():
    assert "没有读到文号" in look(a_page(), number="临澄自然资规〔2026〕3号").words


def test_a_page_that_would_hold_a_parser_up_is_refused():
    with pytest.raises(BadInput):
        read_page("<div>" * 5000)
    with pytest.raises(BadInput):
        read_page("x" * 2_000_001)
