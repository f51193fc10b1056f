import random
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from gongkai.consumers.portal.calculating import UNITS, Mistyped, read_day
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import PublicDisplay
from gongkai.core.ledger.models import Terms

pytestmark = [pytest.mark.django_db, pytest.mark.urls("gongkai.config.urls_portal")]


@pytest.fixture
def browser(bureau, demo_clock, settings):
    """A browser on the portal's dynamic pages."""
    settings.MIDDLEWARE = ["gongkai.foundation.workdays.middleware.BusinessTimeMiddleware"]
    return Client(headers={"host": "127.0.0.1"})


def ask(browser, **parameters) -> str:
    response = browser.get("/calculator/", parameters)
    assert response.status_code == 200
    return str(response.content.decode())


def text_of(page: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_the_page_without_a_question_offers_today_and_computes_nothing(browser):
    page = ask(browser)
    assert 'value="2026-10-09"' in page
    assert "怎么算出来的" not in page


def test_the_same_day_comes_out_as_on_the_desk_with_the_same_grid(browser):
    text = text_of(ask(browser, start="2026-09-09", amount="20", unit="workday", stop_from="2026-09-22", stop_to="2026-10-08"))
    assert "为什么是 2026年10月22日（周四）" in text
    assert "计入 20 + 停 7 + 休息日 16 = 43 天" in text
    assert "10月10日 周六 国庆节调休上班 第11个工作日" in text


@pytest.mark.parametrize(
    ("start", "amount", "unit", "time", "answer"),
    [
        ("2026-09-18", "15", "workday", "", "2026年10月15日（周四）"),
        ("2026-09-03", "30", "day", "", "2026年10月8日（周四）"),
        ("2026年1月31日", "1", "month", "", "2026年2月28日（周六）"),
        ("2026/2/28", "1", "year", "", "2027年3月1日（周一）"),
        ("20261009", "48", "hour", "15点40分", "2026年10月11日（周日）15:40"),
        ("２０２６－１０－０９", "１", "workday", "", "2026年10月10日（周六）"),
    ],
)
def test_every_kind_of_limit_is_computed(browser, start, amount, unit, time, answer):
    assert answer in text_of(ask(browser, start=start, amount=amount, unit=unit, time=time))


def test_a_duty_of_the_list_is_computed_under_its_own_terms(browser):
    text = text_of(ask(browser, start="2026-09-18", duty="expro.notice", amount="999", unit="year"))
    assert "为什么是 2026年10月15日（周四）" in text
    assert "15 个工作日" in text


def test_an_old_cause_gets_the_old_law_or_words(browser):
    text = text_of(ask(browser, start="2001-03-05", duty="foi.reply"))
    assert "没有可以对外说明的期限" in text or "政府信息公开" in text


def test_only_what_citizens_may_be_told_is_in_the_list(browser):
    shown = {duty.entry for duty in ledger.list_public_duties(on=date(2026, 10, 9))}
    hidden = set(Terms.objects.filter(is_current=True).exclude(public_display=PublicDisplay.YES.value).values_list("entry", flat=True))
    hidden -= set(Terms.objects.filter(is_current=True, public_display=PublicDisplay.YES.value).values_list("entry", flat=True))

    assert len(shown) > 40
    assert not shown & hidden
    for entry in sorted(hidden)[:5]:
        assert "不在可选的事项里" in text_of(ask(browser, start="2026-09-18", duty=entry))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"start": "昨天", "amount": "5"}, "“昨天”认不出是哪一天"),
        ({"start": "2026-02-30", "amount": "5"}, "2026年2月没有 30 日"),
        ({"start": "2026-13-01", "amount": "5"}, "里的月份要在 1 到 12 之间"),
        ({"start": "1898-01-01", "amount": "5"}, "太远了"),
        ({"start": "9999-12-31", "amount": "5"}, "太远了"),
        ({"amount": "5"}, "请写起算的事发生在哪一天"),
        ({"start": "2026-10-09"}, "请写期限是多少"),
        ({"start": "2026-10-09", "amount": "-3"}, "“-3”不是整数"),
        ({"start": "2026-10-09", "amount": "二十"}, "“二十”不是整数"),
        ({"start": "2026-10-09", "amount": "0"}, "请写 1 到 200 之间的数"),
        ({"start": "2026-10-09", "amount": "999999999"}, "请写 1 到 200 之间的数"),
        ({"start": "2026-10-09", "amount": "5", "unit": "世纪"}, "“世纪”不是期限的单位"),
        ({"start": "2026-10-09", "amount": "5", "unit": "hour"}, "按小时算，要写起算的时刻"),
        ({"start": "2026-10-09", "amount": "5", "unit": "hour", "time": "25:00"}, "不是一天里的时刻"),
        ({"start": "2026-10-09", "amount": "5", "unit": "hour", "time": "中午"}, "“中午”认不出是几点"),
        ({"start": "2026-10-09", "amount": "5", "stop_from": "2026-10-12"}, "暂停到哪一天为止"),
        ({"start": "2026-10-09", "amount": "5", "stop_from": "2026-10-13", "stop_to": "2026-10-12"}, "早于第一天"),
        ({"start": "2026-10-09", "amount": "5", "stop_from": "2026-10-08", "stop_to": "2026-10-12"}, "要从起算日以后开始"),
        ({"start": "2026-10-09", "amount": "5", "stop_from": "2026-10-12", "stop_to": "2028-10-12"}, "暂停最多算"),
        ({"start": "2026-10-09", "amount": "5", "unit": "month", "stop_from": "2026-10-12", "stop_to": "2026-10-14"}, "可以写中间暂停"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_what_was_typed_is_kept(browser, typed, words):
    page = ask(browser, **typed)
    assert words in text_of(page)
    assert 'role="alert"' in page
    assert "怎么算出来的" not in page
    for name, value in typed.items():
        if name not in {"unit"}:
            assert f'value="{value}"' in page


def test_a_year_without_calendar_is_said(browser):
    text = text_of(ask(browser, start="2027-02-01", amount="5"))
    assert "2027年的工作日历还没有发布" in text
    assert "为什么暂定" in text


def test_what_was_typed_is_text_and_nothing_else(browser):
    page = ask(browser, start='"><script>alert(1)</script>', amount="<b>", duty="<i>")
    assert "<script" not in page
    assert "<i>" not in page


def test_the_largest_question_stays_small(browser):
    for unit, (_, _, most) in UNITS.items():
        page = ask(browser, start="2026-01-09", amount=str(most), unit=unit, time="08:00")
        assert "怎么算出来的" in page
        assert len(page) < 400_000, (unit, len(page))


PIECES = [
    *["", "0", "20", "-1", "1e9", "二", "٣", "２０", "999999999999999999999999", "workday", "hour", "year", "month", "day"],
    *["2026-10-09", "0001-01-01", "9999-12-31", "2026-02-29", "20261009", "2026年10月9日", "24:00", "15:40", "\n", "null", "[]"],
    *["\x00", "\ud800".encode("utf-8", "replace").decode(), "🏠", "%", "' OR 1=1 --", "征" * 3000, "\u202e", "{{7*7}}"],
    *["foi.reply", "annual.report", "opinion.other", "plan.draft", "land.housing_stock"],
]


def test_no_input_whatever_is_an_error(browser):
    """Six hundred questions put together at random, the same every time."""
    chance = random.Random(20261009)
    names = ["start", "time", "amount", "unit", "duty", "stop_from", "stop_to", "x"]
    for _ in range(600):
        typed = {name: chance.choice(PIECES) for name in names if chance.random() < 0.7}
        response = browser.get("/calculator/", typed)
        assert response.status_code == 200, typed
        assert "期限计算器" in response.content.decode(), typed


def test_every_public_duty_can_be_computed_or_says_why_not(browser):
    for duty in ledger.list_public_duties(on=date(2026, 10, 9)):
        text = text_of(ask(browser, duty=duty.entry, start="2026-09-18", time="09:00"))
        assert "怎么算出来的" in text or "还不能算" in text, duty


def test_only_reading_is_allowed(browser):
    assert browser.post("/calculator/").status_code == 405


def test_the_number_of_queries_is_constant(browser, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        ask(browser, start="2026-09-18", duty="expro.notice")


@pytest.mark.parametrize("text", ["2026-10-09", "2026/10/9", "2026.10.9", "2026年10月9日", "20261009", "2026 年 10 月 9 日"])
def test_a_day_is_read_as_people_write_it(text):
    assert read_day(text) == date(2026, 10, 9)


@pytest.mark.parametrize("text", ["10-09", "2026-10", "09/10/2026", "明天", "2026-10-9x", "２０２６"])
def test_a_day_that_can_be_two_days_is_not_guessed(text):
    with pytest.raises(Mistyped):
        read_day(text)
