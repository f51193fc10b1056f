import re
from datetime import date, datetime
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.consumers.portal import actions, limits
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.actions.terms import note_terms
from gongkai.core.ledger.kinds import Binding, PublicDisplay
from gongkai.core.ledger.models import Obligation, Terms
from gongkai.core.publishing.models import Publication
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.organisations.models import Unit
from gongkai.foundation.outbox import api as outbox
from tests.factories.ledger import PUBLISH
from tests.factories.portal import a_public_text

pytestmark = pytest.mark.django_db

ENTRY = "expro.notice"
FOI = "foi.reply"
SECRETS = ("张某某的宅基地", "征求意见书〔2026〕8号", "邻户答复")


@pytest.fixture
def unit(clerk) -> Unit:
    """The unit of 周岚."""
    return Unit.objects.get(pk=clerk.unit_id)


def a_duty(unit: Unit, now: datetime, *, entry: str = ENTRY, caused_on: date = date(2026, 9, 18)):
    return ledger.open_obligation(
        duty=PUBLISH, entry=entry, subject=uuid4(), label="张某某的宅基地", unit_id=unit.pk, caused_on=caused_on, actor=SYSTEM, now=now
    )


def a_text_of(duty, at: datetime) -> UUID:
    """A public text whose release fulfils a duty; the duty itself stays open, so that it can still be moved."""
    return a_public_text(at=at, entry_code=ENTRY, title="征收土地公告", obligation_id=duty.uuid)


def build() -> None:
    """Everything that waits, as the worker does it: events, jobs, pages."""
    ledger.deliver_events(timezone.now())
    actions.build_pages(at_system=timezone.now())


def text_of(path) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")).split()))


@pytest.fixture
def home(portal_root, demo_clock):
    """The folder of the first text of 2026."""
    return portal_root / "d/2026/00001"


def test_a_public_limit_stands_in_the_header_and_has_a_page_that_says_why(home, unit, friday):
    a_text_of(a_duty(unit, friday), friday)
    build()
    article, receipt = (home / "index.html").read_text(encoding="utf-8"), text_of(home / "limit/index.html")

    assert "法定期限" in article
    assert "15 个工作日，最后一天 2026年10月15日（周四）" in article
    assert 'href="/d/2026/00001/limit/"' in article
    assert "为什么是 2026年10月15日（周四）" in receipt
    assert "9月20日 周日 国庆节调休上班 第1个工作日" in receipt
    assert "9月26日 周六 中秋节" in receipt
    assert "征收土地公告" in receipt
    assert "/calculator/?duty=expro.notice&amp;start=2026-09-18" in (home / "limit/index.html").read_text(encoding="utf-8")


def test_a_page_on_disk_says_neither_today_nor_a_hash_nor_what_staff_wrote(home, unit, friday):
    a_text_of(a_duty(unit, friday), friday)
    build()
    page = (home / "limit/index.html").read_text(encoding="utf-8")

    assert "今天" not in page
    assert "is-today" not in page
    assert not re.search(r"\b[0-9a-f]{16,}\b", page)
    assert not any(secret in page for secret in SECRETS)
    assert "<script" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    "changed",
    [
        {"public_display": PublicDisplay.NO.value},
        {"public_display": PublicDisplay.REVIEW.value},
        {"is_verified": False},
        {"binding": Binding.INTERNAL.value},
        {"is_current": False, "withdrawn_at": datetime(2026, 10, 9, tzinfo=timezone.get_default_timezone())},
    ],
)
def test_a_date_that_citizens_may_not_see_has_neither_line_nor_page(home, unit, friday, changed):
    duty = a_duty(unit, friday)
    Terms.objects.filter(pk=Obligation.objects.get(uuid=duty.uuid).terms_id).update(**changed)
    a_text_of(duty, friday)
    build()

    assert "怎么算" not in (home / "index.html").read_text(encoding="utf-8")
    assert not (home / "limit").exists()


def test_a_text_without_a_duty_has_neither_line_nor_page(home, bureau, friday):
    a_public_text(at=friday)
    build()
    assert "怎么算" not in (home / "index.html").read_text(encoding="utf-8")
    assert not (home / "limit").exists()


def test_a_moved_date_is_moved_on_the_portal_and_third_parties_stay_out_of_it(home, unit, friday, clerk):
    duty = a_duty(unit, friday, entry=FOI, caused_on=date(2026, 9, 9))
    a_text_of(duty, friday)
    build()
    assert "2026年10月13日" in text_of(home / "limit/index.html")

    words: dict[str, Any] = {"reason": SECRETS[0], "article": "《条例》第三十二条", "document": SECRETS[1]}
    ledger.stop(obligation=duty.uuid, first_day=date(2026, 9, 22), latest_day=date(2026, 10, 26), actor=clerk, now=friday, **words)
    build()
    stopped = text_of(home / "limit/index.html")
    assert "为什么现在没有最后一天" in stopped
    assert "暂停计算，最迟 2026年10月26日（周一）恢复" in text_of(home / "index.html")
    assert "2026年11月" not in stopped

    ledger.resume(obligation=duty.uuid, last_day=date(2026, 10, 8), document=SECRETS[2], actor=clerk, now=friday)
    build()
    page = text_of(home / "limit/index.html")
    assert "为什么是 2026年10月22日（周四）" in page
    assert "《条例》第三十二条" in page
    assert not any(words in page for words in (*SECRETS, clerk.name))
    assert "用期限计算器自己算一遍" not in page


def test_when_the_legal_office_decides_otherwise_the_page_goes_and_comes_back(home, unit, friday):
    duty = a_duty(unit, friday)
    a_text_of(duty, friday)
    build()
    terms = Terms.objects.filter(pk=Obligation.objects.get(uuid=duty.uuid).terms_id)

    for display, is_there in ((PublicDisplay.NO, False), (PublicDisplay.YES, True)):
        terms.update(public_display=display.value)
        note_terms(ENTRY)
        build()
        while outbox.run_once(timezone.now, "test"):
            pass
        assert (home / "limit/index.html").exists() is is_there


def test_a_cancelled_duty_explains_no_date(home, unit, friday):
    duty = a_duty(unit, friday)
    a_text_of(duty, friday)
    build()
    ledger.cancel(obligation=duty.uuid, reason="登记错了", actor=SYSTEM, now=friday)
    build()
    assert not (home / "limit").exists()


def test_a_date_that_waits_to_be_confirmed_is_not_explained(home, unit, friday):
    duty = a_duty(unit, friday)
    Obligation.objects.filter(uuid=duty.uuid).update(last_day=date(2026, 10, 14), due_at=datetime(2026, 10, 15, tzinfo=friday.tzinfo))
    a_text_of(duty, friday)
    build()
    assert not (home / "limit").exists()


def test_many_texts_cost_as_many_queries_as_one(unit, friday):
    duties = [a_duty(unit, friday) for _ in range(12)]
    with CaptureQueriesContext(connection) as one:
        ledger.list_public_receipts(uuids=[duties[0].uuid])
    with CaptureQueriesContext(connection) as many:
        assert len(ledger.list_public_receipts(uuids=[duty.uuid for duty in duties])) == 12
    assert len(many) == len(one)


def test_a_rebuild_makes_the_same_files(home, portal_root, unit, friday):
    a_text_of(a_duty(unit, friday), friday)
    build()
    before = (home / "limit/index.html").read_bytes()
    actions.rebuild_pages(at_system=timezone.now())
    assert (home / "limit/index.html").read_bytes() == before
    assert actions.verify_pages(at_system=timezone.now(), is_repairing=False).faults == 0


def test_staff_see_what_citizens_see_and_nothing_more(sign_in, unit, friday):
    duty = a_duty(unit, friday)
    page = sign_in("周岚").get(reverse("portal_desk:limit", args=[duty.uuid]))
    text = page.content.decode()

    assert page.status_code == 200
    assert "为什么是 2026年10月15日（周四）" in text
    assert not any(words in text for words in (*SECRETS, "周岚"))


def test_a_date_that_is_not_public_has_no_public_face_on_the_desk_either(sign_in, unit, friday):
    duty = a_duty(unit, friday)
    Terms.objects.filter(pk=Obligation.objects.get(uuid=duty.uuid).terms_id).update(public_display=PublicDisplay.NO.value)
    browser = sign_in("周岚")

    assert browser.get(reverse("portal_desk:limit", args=[duty.uuid])).status_code == 404
    assert "看公众看到的样子" not in browser.get(reverse("ledger:receipt", args=[duty.uuid])).content.decode()


def test_another_units_limit_cannot_be_previewed(sign_in, unit, friday):
    other = Unit.objects.filter(parent=unit.parent, kind=unit.kind).exclude(pk=unit.pk).order_by("order")[0]
    assert sign_in("周岚").get(reverse("portal_desk:limit", args=[a_duty(other, friday).uuid])).status_code == 404


def test_what_does_not_move_a_date_asks_for_no_page(unit, friday):
    duty = a_duty(unit, friday)
    uuid = a_text_of(duty, friday)
    Publication.objects.get(uuid=uuid)
    build()
    ledger.deliver_events(timezone.now())
    assert not outbox.list_dirty(5)
    assert limits.find_limit(None) is None
