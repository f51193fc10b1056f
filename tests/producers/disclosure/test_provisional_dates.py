"""A date that was counted into a year without calendar is marked wherever it is shown, and certain once the year is loaded."""

import re
from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.kinds import CalendarAct, CalendarChange, DayLine, NoticeText
from gongkai.lib.moments import SHANGHAI
from gongkai.producers.disclosure import api as disclosure

pytestmark = pytest.mark.django_db

DECEMBER = datetime(2026, 12, 22, 10, 20, tzinfo=SHANGHAI)
DATE = re.compile(r"01-19(?! 周二 第)|(?<!从 )1月19日(?!  ?周二 最后)")
# What tells of then: a filter of the ledger, the history, and the message that was sent when it was registered.
PAST = re.compile("期限暂定|暂定转确定|不再是暂定|最后一天 01-19 周二（暂定）")
MARKED = re.compile("暂定|第20个工作日|第 20")


@pytest.fixture
def cause(clerk, demo_clock):
    """Something that happened on 2026-12-22, due 20 working days later."""
    workdays.anchor_demo_clock(at=DECEMBER, system_now=timezone.now())
    return disclosure.register_cause(
        entry_code="policy.rules", title="年底的规范性文件", happened_on=date(2026, 12, 22), note="",
        unit_id=clerk.unit_id, actor=clerk, now=DECEMBER,
    )  # fmt: skip


@pytest.fixture
def pages(cause, clerk, sign_in):
    """Every page of the desk that shows the date, by what it is; sign_in sets the clock, so it is set again."""
    browser = sign_in("周岚")
    workdays.anchor_demo_clock(at=DECEMBER, system_now=timezone.now())
    duty = ledger.list_obligations(subject=cause.uuid)[0]
    draft = disclosure.start_writing(cause=cause.uuid, actor=clerk, now=DECEMBER)
    ledger.deliver_events(timezone.now())
    typed = {"title": "另一件", "happened_on": "2026-12-22", "unit": clerk.unit_id, "preview": "1"}
    return {
        "登记表": lambda: browser.post(reverse("disclosure:new") + "?entry=policy.rules", typed),
        "事由": lambda: browser.get(reverse("disclosure:cause", args=[cause.uuid])),
        "台账": lambda: browser.get(reverse("ledger:list") + "?due=ALL&binding=ALL"),
        "事项": lambda: browser.get(reverse("ledger:detail", args=[duty.uuid])),
        "回执": lambda: browser.get(reverse("ledger:receipt", args=[duty.uuid])),
        "今日": lambda: browser.get(reverse("supervision:my_today")),
        "文稿": lambda: browser.get(reverse("publishing:draft", args=[draft])),
    }


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def load_2027() -> None:
    """New Year and nothing else: every date that was counted into the year is certain from now on, one working day later."""
    change = CalendarChange(
        act=CalendarAct.REPLACE,
        year=2027,
        notice=NoticeText("国务院办公厅", "国务院办公厅关于2027年部分节假日安排的通知"),
        lines=(DayLine(date(2027, 1, 1), is_workday=False, name="元旦", is_statutory=True),),
    )
    digest = ledger.preview_calendar(change=change, now=DECEMBER).digest
    ledger.apply_calendar(change=change, seen_digest=digest, actor=SYSTEM, now=DECEMBER)
    ledger.deliver_events(timezone.now())


def test_the_date_is_marked_on_every_page_that_shows_it(pages):
    for name, open_page in pages.items():
        text = text_of(open_page())
        shown = [text[max(0, found.start() - 60) : found.end() + 30] for found in DATE.finditer(text)]
        assert shown, name
        bare = [words for words in shown if not MARKED.search(words)]
        assert not bare, (name, bare)


def test_once_the_year_is_loaded_nothing_is_marked_any_more_and_the_new_day_stands_everywhere(pages, cause):
    load_2027()
    duty = ledger.list_obligations(subject=cause.uuid)[0]

    assert (duty.last_day, duty.is_provisional) == (date(2027, 1, 20), False)
    assert ledger.list_history(obligation_id=duty.id)[-1].kind is EventKind.SETTLED
    for name, open_page in pages.items():
        text = PAST.sub("", text_of(open_page()))
        assert re.search(r"01-20|1月20日", text), name
        assert "暂定" not in text, name
