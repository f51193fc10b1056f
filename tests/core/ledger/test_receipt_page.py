import re
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from gongkai.core.ledger import api as ledger
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.organisations.models import Unit
from gongkai.lib.moments import start_of
from tests.factories.ledger import PUBLISH, an_obligation, at

FRIDAY = at("2026-10-09")
ARTICLE = "《条例》第三十二条"

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_unit(clerk) -> Unit:
    """The unit of 周岚."""
    return Unit.objects.get(pk=clerk.unit_id)


@pytest.fixture
def browser(sign_in):
    """The browser of 周岚."""
    return sign_in("周岚")


@pytest.fixture
def foi(own_unit, clerk):
    """The request of the picture: confirmed on 9 September, a third party asked from the 22nd to 8 October."""
    row = an_obligation(own_unit, caused_on=date(2026, 9, 9), now=at("2026-09-10"), entry="foi.reply", label="临澄公开申〔2026〕37号 答复")
    words: dict[str, Any] = {"reason": "征求邻户意见（个人隐私）", "article": ARTICLE, "document": "征求意见书〔2026〕8号"}
    ledger.stop(obligation=row.uuid, first_day=date(2026, 9, 22), latest_day=date(2026, 10, 26), actor=clerk, now=at("2026-09-21"), **words)
    ledger.resume(obligation=row.uuid, last_day=date(2026, 10, 8), document="五组 3 户意见", actor=clerk, now=at("2026-10-09", "09:12"))
    ledger.deliver_events(FRIDAY)
    return row


def page_of(browser, row) -> str:
    answer = browser.get(reverse("ledger:receipt", args=[row.uuid]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def text_of(page: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_the_receipt_is_that_of_the_picture(browser, foi):
    text = text_of(page_of(browser, foi))

    for words in (
        "为什么是 2026年10月22日（周四）",
        "法定主体",
        "承办单位",
        "约束力",
        "对外显示",
        "中间征求邻户意见（个人隐私） 7 个工作日不计",
        "10月10日 周六 国庆节调休上班 第11个工作日",
        "9月22日 周二 停",
        "10月9日 周五 恢复 第10个工作日 今天",
        "计入，数字是第几个工作日",
        "2026年9月22日至 2026年10月8日，7 个工作日",
        "征求意见书〔2026〕8号；五组 3 户意见",
        "周岚",
        "2019-05-15 起适用",
        "这个日期变过 2 次",
        "2026-10-13 → 2026-10-22",
        "2026-10-09 09:12",
        "计入 20 + 停 7 + 休息日 16 = 43 天",
        "打印回执",
        "看公众看到的样子",
        "第37周",
    ):
        assert words in text, words


def test_the_history_says_who_was_told(browser, foi):
    assert "已告知 自然资源开发利用科公开专员" in text_of(page_of(browser, foi))


def test_a_stopped_limit_prints_no_last_day(browser, own_unit, clerk):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 9), now=at("2026-09-10"), entry="foi.reply")
    words: dict[str, Any] = {"reason": "征求意见", "article": ARTICLE, "document": "征求意见书"}
    ledger.stop(obligation=row.uuid, first_day=date(2026, 9, 22), latest_day=date(2026, 10, 26), actor=clerk, now=at("2026-09-21"), **words)
    page = page_of(browser, row)

    assert "为什么现在没有最后一天" in text_of(page)
    assert "最迟 2026年10月26日恢复" in text_of(page)
    assert "is-last" not in page


def test_a_restarted_limit_shows_both_counts(browser, own_unit, clerk):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 10), now=at("2026-09-10"), entry="foi.reply")
    words: dict[str, Any] = {"reason": "申请人补正", "article": "《条例》第三十条", "document": "补正告知书"}
    ledger.restart(obligation=row.uuid, new_cause=date(2026, 9, 28), actor=clerk, now=at("2026-09-28"), **words)
    page = page_of(browser, row)

    assert page.count('<table class="calendar') == 2
    assert "第 1 次计算，2026年9月10日起，已作废" in text_of(page)
    assert "2026-10-14 → 2026-10-30" in text_of(page)


def test_hours_show_their_hours(browser, own_unit):
    row = ledger.open_obligation(
        duty=PUBLISH,
        entry="opinion.other",
        subject=uuid4(),
        label="舆情回应",
        unit_id=own_unit.pk,
        caused_on=date(2026, 10, 8),
        caused_at=at("2026-10-08", "15:40"),
        actor=SYSTEM,
        now=FRIDAY,
    )
    text = text_of(page_of(browser, row))
    assert "8 小时 20 分 2026年10月8日（周四） 15:40 至 24:00" in text
    assert "为什么是 2026年10月10日（周六）15:40" in text


def test_a_date_that_never_moved_says_so(browser, own_unit):
    assert "这个日期没有变过" in text_of(page_of(browser, an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY)))


def test_late_registration_shows_both_days(browser, own_unit):
    text = text_of(page_of(browser, an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY)))
    assert "2026年9月10日（次日）" in text
    assert "2026年10月9日登记" in text


def test_a_receipt_has_neither_inline_style_nor_script_nor_hash(browser, foi):
    page = page_of(browser, foi)
    assert "style=" not in page
    assert re.search(r"\bon[a-z]+=", page) is None
    assert not re.search(r"\b[0-9a-f]{32,}\b", page.replace("-", "x"))


def test_before_registering_the_date_is_explained_too(browser, own_unit):
    answer = browser.get(reverse("ledger:why"), {"entry": "expro.notice", "on": "2026-09-18"})
    text = text_of(answer.content.decode())

    assert answer.status_code == 200
    assert "为什么是 2026年10月15日（周四）" in text
    assert "登记前预览" in text
    assert "看公众看到的样子" not in text


@pytest.mark.parametrize(
    "query",
    [{}, {"entry": "expro.notice"}, {"entry": "没有", "on": "2026-09-18"}, {"entry": "opinion.other", "on": "2026-10-08"}, {"on": "x"}],
)
def test_a_preview_that_cannot_be_computed_is_refused_in_words(browser, own_unit, query):
    assert browser.get(reverse("ledger:why"), query).status_code in {409, 422}


def test_a_preview_by_the_hour_takes_the_moment(browser, own_unit):
    answer = browser.get(reverse("ledger:why"), {"entry": "opinion.other", "on": "2026-10-08", "at": "15:40"})
    assert "15:40 至 24:00" in text_of(answer.content.decode())


def test_the_number_of_queries_does_not_grow_with_the_movements(browser, own_unit, clerk, foi, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        page_of(browser, foi)


def test_every_page_of_the_desk_with_a_date_leads_to_its_receipt(browser, own_unit, foi):
    receipt = reverse("ledger:receipt", args=[foi.uuid])
    for address in (
        reverse("supervision:my_today"),
        reverse("ledger:list") + "?due=ALL",
        reverse("ledger:detail", args=[foi.uuid]),
        reverse("ledger:calendar") + "?month=2026-10&day=2026-10-22",
    ):
        assert receipt in browser.get(address).content.decode(), address


def test_a_saturday_is_asked_about_as_a_saturday(browser, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 7), now=FRIDAY)
    assert row.last_day == date(2026, 10, 10)
    assert row.due_at == start_of(date(2026, 10, 11))
    assert "为什么是周六" in browser.get(reverse("ledger:detail", args=[row.uuid])).content.decode()
