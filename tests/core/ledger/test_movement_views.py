"""The page on which a clock is moved: looked at first, then done; a refusal keeps what was typed."""

from datetime import date

import pytest
from django.urls import reverse

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.models import Movement, Terms
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.organisations.models import Unit
from tests.core.ledger.test_views import text_of
from tests.factories.ledger import an_obligation, at

FRIDAY = at("2026-10-09")
STOP = {
    "sent_on": "2026-10-09",
    "latest_day": "2026-11-02",
    "reason": "征求邻户意见",
    "article": "条例32条",
    "document": "征求意见书",
    "seen": "0",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(clerk):
    """An open duty of the unit of 周岚, due on 2026-10-27."""
    Terms.objects.filter(entry="policy.rules").update(extend_amount=20, extend_unit="WORKDAY", extend_approval="工作机构负责人同意")
    return an_obligation(Unit.objects.get(pk=clerk.unit_id), caused_on=date(2026, 9, 22), now=FRIDAY)


@pytest.fixture
def browser(sign_in):
    """The browser of 周岚, who writes."""
    return sign_in("周岚")


def address(row, act: str = "stop") -> str:
    return reverse("ledger:move", args=[row.uuid, act])


def test_the_page_of_a_duty_offers_what_can_be_done(browser, row):
    page = text_of(browser.get(reverse("ledger:detail", args=[row.uuid])))
    assert "中止 重新起算 收费 提出延长" in page
    assert " 延长 " not in page.split("期限变动")[1].split("没有中止")[0]
    assert "没有中止、延长、重新起算，也没有收费。" in page


def test_it_is_looked_at_before_it_is_done(browser, row):
    page = browser.get(address(row), STOP)
    text = text_of(page)

    assert page.status_code == 200
    assert "现在 2026年10月27日（周二）" in text
    assert "改动后 暂停计算，最迟 2026年11月2日恢复" in text
    assert "从 2026年10月10日起暂停计算" in text
    assert not Movement.objects.exists()


def test_it_is_done_and_the_page_of_the_duty_says_so(browser, row):
    answer = browser.post(address(row), STOP, follow=True)
    text = text_of(answer)

    assert "从 2026年10月10日起暂停计算，最迟 2026年11月2日恢复" in text
    assert "中止 2026-10-10 至 今，最迟 2026-11-02 恢复" in text
    assert "恢复计算" in text
    assert ledger.get_obligation(row.uuid).stopped_since == date(2026, 10, 10)


def test_the_answer_gives_the_new_day_and_lists_the_change(browser, row):
    ledger.stop(
        obligation=row.uuid, first_day=date(2026, 9, 28), latest_day=date(2026, 11, 2), reason="征求意见", article="条例32条", document="",
        actor=SYSTEM, now=FRIDAY,
    )  # fmt: skip
    typed = {"answered_on": "2026-10-08", "document": "意见", "seen": "1"}
    looked = text_of(browser.get(address(row, "resume"), typed))
    assert "现在 暂停计算，最迟 2026年11月2日恢复" in looked
    assert "改动后 2026年11月2日（周一）" in looked
    assert "停到 2026年10月8日，恢复计算" in looked

    done = text_of(browser.post(address(row, "resume"), typed, follow=True))
    assert "已改，最后一天是 2026年11月2日（周一）" in done
    assert "2026-10-27 → 2026-11-02" in done


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refusal_keeps_what_was_typed_and_says_what_to_do(browser, row, method):
    page = getattr(browser, method)(address(row), {**STOP, "sent_on": "2026-12-01", "latest_day": "2026-12-24"})

    assert page.status_code == 422
    assert "没有期限可停" in text_of(page)
    assert 'value="征求邻户意见"' in page.content.decode()
    assert 'value="2026-12-01"' in page.content.decode()
    assert not Movement.objects.exists()


def test_what_cannot_be_read_is_said_beside_the_field(browser, row):
    page = browser.post(address(row), {**STOP, "sent_on": "明天", "reason": ""})
    assert page.status_code == 422
    assert "发出的日子要写成 2026-10-09 这样" in text_of(page)
    assert "要写理由" in text_of(page)


def test_who_sends_an_old_page_is_told_that_somebody_was_faster(browser, row):
    browser.post(address(row), STOP)
    page = browser.post(address(row, "restart"), {"new_cause": "2026-10-09", "reason": "补正", "article": "条例30条", "seen": "0"})

    assert page.status_code == 409
    assert "刚被别人改过" in text_of(page)
    assert Movement.objects.count() == 1


def test_only_who_may_approve_extends_and_the_law_is_named(browser, sign_in, row):
    typed = {"amount": "10", "reason": "材料多", "article": "条例33条", "document": "", "seen": "0"}
    assert browser.get(address(row, "extend")).status_code == 403

    office = sign_in("何静")
    page = office.get(address(row, "extend"))
    assert "最多可延长 20 个工作日；工作机构负责人同意" in text_of(page)
    proposer = next(value for value, name in page.context["form"].fields["proposed_by"].choices if name == "周岚")
    looked = text_of(office.get(address(row, "extend"), {**typed, "proposed_by": proposer}))
    assert "改动后 2026年11月10日" in looked
    assert "批准延长 10 个工作日" in looked

    office.post(address(row, "extend"), {**typed, "proposed_by": proposer})
    (moved,) = ledger.list_movements(row.uuid)
    assert (moved.proposed_by, moved.approved_by) == ("周岚", "何静")


def test_a_fee_and_its_payment(browser, row):
    fee = {"notified_on": "2026-10-09", "latest_day": "2026-11-06", "reason": "按量", "article": "国办函109号", "document": "", "seen": "0"}
    assert "等缴费，最迟 2026年11月6日缴" in text_of(browser.get(address(row, "fee"), fee))
    browser.post(address(row, "fee"), fee)
    assert "登记缴费" in text_of(browser.get(reverse("ledger:detail", args=[row.uuid])))
    browser.post(address(row, "payment"), {"paid_on": "2026-10-09", "document": "缴款书", "seen": "1"})
    assert ledger.get_obligation(row.uuid).restarted_on == date(2026, 10, 9)


def test_a_mistake_is_taken_back_with_a_reason(browser, row):
    browser.post(address(row), STOP)
    (moved,) = ledger.list_movements(row.uuid)
    void = reverse("ledger:void_movement", args=[row.uuid, moved.uuid])

    assert "作废这次中止" in text_of(browser.get(void))
    assert browser.post(void, {"reason": "", "seen": "1"}).status_code == 422
    assert "作废：没有发出" in text_of(browser.post(void, {"reason": "没有发出", "seen": "1"}, follow=True))
    assert browser.post(void, {"reason": "没有发出", "seen": "2"}).status_code == 409
    assert ledger.get_obligation(row.uuid).last_day == date(2026, 10, 27)


def test_what_others_own_or_nobody_knows_is_not_found(sign_in, browser, row, bureau):
    assert browser.get(address(row, "delete")).status_code == 404
    other = an_obligation(
        Unit.objects.exclude(pk=row.unit_id).filter(kind="DEPARTMENT").order_by("order")[0], caused_on=date(2026, 9, 22), now=FRIDAY
    )
    assert browser.get(address(other)).status_code in {403, 404}
    assert sign_in("林晓").get(address(row)).status_code in {403, 404}


def test_the_page_costs_a_constant_number_of_queries(browser, row, django_assert_max_num_queries):
    browser.get(address(row))
    with django_assert_max_num_queries(20):
        browser.get(address(row), STOP)
