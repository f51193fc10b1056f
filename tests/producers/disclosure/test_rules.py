from datetime import date

import pytest

from gongkai.lib.errors import BadInput
from gongkai.producers.disclosure.rules import check_cause, check_entry, choose_entries, choose_unit, explain_day, find_day
from tests.factories.catalogue import a_section, an_entry

TODAY = date(2026, 10, 9)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-01-26", date(2025, 1, 26)),
        ("2025年1月26日", date(2025, 1, 26)),
        ("2025/1/26", date(2025, 1, 26)),
        ("2024-08-19（9-02印发）", date(2024, 8, 19)),
        ("文内2019-09-24；页面路径20200119", date(2019, 9, 24)),
        ("落款2025-02-22，网页路径2025-03-04", date(2025, 2, 22)),
        ("2024-05-16公布 2024-07-01施行", date(2024, 5, 16)),
        ("批准2024-12-31", date(2024, 12, 31)),
        ("2026-10-09", TODAY),
    ],
)
def test_the_first_full_day_counts(text, day):
    found = find_day(text, TODAY)
    assert (found.formed_on, found.caused_on, found.remark) == (day, day, "")


@pytest.mark.parametrize(
    ("text", "caused_on", "words"),
    [
        ("2026-01", date(2026, 1, 31), "日期只写到月（2026-01），事由日按当月最后一天计。"),
        ("2024-02", date(2024, 2, 29), "当月最后一天"),
        ("2008年度（页面发布时间2020-07-15）", date(2008, 12, 31), "日期只写到年（2008），事由日按当年最后一天计。"),
        ("2019后", date(2019, 12, 31), "只写到年"),
        ("2026", TODAY, "当年还没有过完，事由日按导入日计。"),
        ("2026-10", TODAY, "当月还没有过完"),
    ],
)
def test_a_month_or_a_year_gives_its_last_day_and_no_formed_day(text, caused_on, words):
    found = find_day(text, TODAY)
    assert (found.formed_on, found.caused_on) == (None, caused_on)
    assert words in found.remark


@pytest.mark.parametrize("text", ["", "unknown", "20XX", "6月25日"])
def test_a_date_nobody_can_read_gives_the_day_of_the_import(text):
    found = find_day(text, TODAY)
    assert found.formed_on is None
    assert found.caused_on == TODAY
    assert found.remark
    assert not found.is_known


def test_a_page_date_in_brackets_counts_when_nothing_else_is_said():
    assert find_day("unknown（页面 2020-07-15）", TODAY).formed_on == date(2020, 7, 15)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-10-10", "2026-10-10 在今天之后"),
        ("2099-13-45", "“2099-13-45”：没有这一天"),
        ("2025-13-45", "“2025-13-45”：没有这一天"),
        ("2025年2月30日", "没有这一天"),
        ("2025-13", "没有 13 月"),
        ("2026-11", "2026-11 在今天之后"),
        ("2027", "2027 年在今天之后"),
        ("2345-01-01", "2345-01-01 在今天之后"),
    ],
)
def test_a_day_that_cannot_be_or_has_not_come_is_refused_with_the_reason(text, words):
    with pytest.raises(BadInput, match=words):
        find_day(text, TODAY)


def test_a_month_or_year_that_is_not_over_leaves_the_day_unknown():
    assert not any(find_day(text, TODAY).is_known for text in ("2026", "2026-10"))
    assert all(find_day(text, TODAY).is_known for text in ("2026-09", "2025", "2025-03-01"))


@pytest.mark.parametrize("title", ["", "  \n "])
def test_a_cause_needs_a_title(title):
    with pytest.raises(BadInput, match="请写明是哪一件事") as refused:
        check_cause(title=title, happened_on=TODAY, today=TODAY)
    assert refused.value.field == "title"


def test_a_title_has_an_end():
    check_cause(title="宗" * 200, happened_on=TODAY, today=TODAY)
    with pytest.raises(BadInput, match="201 字"):
        check_cause(title="宗" * 201, happened_on=TODAY, today=TODAY)


def test_a_cause_cannot_lie_in_the_future():
    with pytest.raises(BadInput, match="事情发生以后再登记") as refused:
        check_cause(title="成交", happened_on=date(2026, 10, 10), today=TODAY)
    assert refused.value.field == "happened_on"


def test_the_day_of_a_coming_event_may_lie_ahead():
    check_cause(title="拍卖", happened_on=date(2026, 10, 30), today=TODAY, may_lie_ahead=True)


@pytest.mark.parametrize(
    ("clock_start", "words"),
    [
        ("活动结束", "事由：成交。起算：活动结束，当天不计。"),
        ("招标拍卖挂牌开始日（倒算）", "事由：成交。从招标拍卖挂牌开始日往前倒数：填那一天，可以在今天以后。"),
        ("", "事由：成交。"),
    ],
)
def test_what_the_day_means_stands_under_the_field(clock_start, words):
    assert explain_day("成交", clock_start) == words


def test_words_choose_entries_and_the_own_units_come_first():
    entries = [an_entry(), an_entry(code="geo.plan", name="防治方案", owner_usual_name="地环科", section=a_section(title="地质灾害"))]
    own, other = choose_entries(entries, "", {"地环科"})
    assert (own.title, own.entries[0].code, other.title) == ("本单位承办的", "geo.plan", "供应结果")
    (found,) = choose_entries(entries, "成交 供应", {"地环科"})
    assert (found.title, [entry.code for entry in found.entries]) == ("供应结果", ["land.result"])
    assert choose_entries(entries, "成交 预算", ()) == []


def test_the_form_offers_the_usual_unit_first_then_the_own():
    assert choose_unit([1, 2, 3], 2, 3) == 2
    assert choose_unit([1, 3], 2, 3) == 3
    assert choose_unit([1], 2, 3) == 1
    assert choose_unit([], 2, 3) is None


def test_nothing_new_comes_under_an_entry_that_is_out_of_use():
    check_entry(an_entry())
    with pytest.raises(BadInput, match="已经停用，请改选现行的事项"):
        check_entry(an_entry(is_active=False))
