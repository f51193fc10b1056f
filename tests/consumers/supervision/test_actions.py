from datetime import date, timedelta

import pytest

from gongkai.consumers.supervision.actions import take_notice
from gongkai.consumers.supervision.models import Notice
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, EventRow
from tests.factories.disclosure import a_cause, the_duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(clerk, friday):
    return the_duty(a_cause(actor=clerk, now=friday))


def test_an_event_becomes_one_notice_for_the_post_that_holds_the_duty(duty, friday):
    event = EventRow(17, EventKind.BECAME_OVERDUE, friday, duty)
    take_notice(event)
    take_notice(event)
    notice = Notice.objects.get()
    assert (notice.post_id, notice.unit_id, notice.obligation_id) == (duty.post_id, duty.unit_id, duty.uuid)
    assert (notice.at, notice.kind) == (friday, "BECAME_OVERDUE")


def test_the_ledgers_events_arrive_by_themselves_once(duty, friday):
    ledger.deliver_events(friday)
    ledger.deliver_events(friday + timedelta(minutes=1))
    (notice,) = Notice.objects.all()
    assert notice.words == "登记：2026-17号地块挂牌出让成交，最后一天 10-21 周三"


def test_what_became_overdue_while_nobody_looked_is_told_with_its_own_day(clerk, friday):
    a_cause(actor=clerk, now=friday, happened_on=date(2026, 9, 1))
    ledger.sweep(now=friday)
    ledger.deliver_events(friday)
    notice = Notice.objects.get(kind="BECAME_OVERDUE")
    assert notice.at < friday - timedelta(days=20)
