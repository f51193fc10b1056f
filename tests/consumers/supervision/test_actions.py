from dataclasses import replace
from datetime import date, timedelta

import pytest

from gongkai.consumers.supervision.actions import take_notice
from gongkai.consumers.supervision.models import Notice
from gongkai.consumers.supervision.queries import list_notice_page, list_notices
from gongkai.consumers.supervision.queries.told import list_told
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, EventRow
from gongkai.core.publishing import api as publishing
from gongkai.foundation.organisations.models import Post
from gongkai.producers.disclosure import api as disclosure
from tests.factories.disclosure import a_cause, the_duty

pytestmark = pytest.mark.django_db


def post_of(code: str) -> Post:
    return Post.objects.get(code=code)


@pytest.fixture
def duty(clerk, friday):
    return the_duty(a_cause(actor=clerk, now=friday))


@pytest.fixture
def late_duty(clerk, friday):
    return the_duty(a_cause(actor=clerk, now=friday, happened_on=date(2026, 9, 1)))


def told(**known):
    return set(Notice.objects.filter(**known).values_list("post__code", flat=True))


def test_an_event_becomes_one_notice_for_the_post_that_holds_the_duty(duty, friday):
    event = EventRow(17, EventKind.DUE_SOON, friday, duty)
    take_notice(event)
    take_notice(event)
    notice = Notice.objects.get()
    assert (notice.post_id, notice.unit_id, notice.obligation_id) == (duty.post_id, duty.unit_id, duty.uuid)
    assert (notice.at, notice.kind) == (friday, "DUE_SOON")


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind is not EventKind.REASSIGNED])
def test_every_kind_of_event_is_told_to_the_post_that_holds_the_duty(duty, friday, kind):
    take_notice(EventRow(17, kind, friday, duty))
    assert "LC05-1" in told(kind=kind.value)


def test_what_became_overdue_is_also_told_to_the_head_of_the_unit_each_once(duty, friday):
    for _ in range(2):
        take_notice(EventRow(17, EventKind.BECAME_OVERDUE, friday, duty))
    assert sorted(Notice.objects.values_list("post__code", flat=True)) == ["LC05-1", "LC05-2"]
    assert "（自然资源开发利用科）" in Notice.objects.get(post__code="LC05-2").words


def test_an_extension_that_is_asked_for_is_told_to_those_who_may_approve_it(duty, friday):
    take_notice(EventRow(17, EventKind.EXTENSION_PROPOSED, friday, duty, "周岚申请延长 10 个工作日：材料多"))
    assert {"LC05-1", "LC03-2"} < told()
    assert post_of("LC05-2").code not in told()  # who leads the unit approves no extension
    assert "周岚申请延长 10 个工作日" in Notice.objects.get(post__code="LC03-2").words


def test_while_nobody_holds_the_post_the_openness_office_is_told_too(duty, friday):
    post_of("LC05-1").holdings.update(to_date=date(2026, 10, 8))
    take_notice(EventRow(17, EventKind.BECAME_OVERDUE, friday, duty))
    assert told() == {"LC05-1", "LC05-2", "LC03-2"}
    assert "公开专员岗位空缺" in Notice.objects.get(post__code="LC03-2").words


def test_a_duty_that_no_post_holds_is_told_to_its_unit(duty, friday):
    take_notice(EventRow(17, EventKind.DUE_SOON, friday, replace(duty, post_id=None)))
    take_notice(EventRow(17, EventKind.DUE_SOON, friday, replace(duty, post_id=None)))
    assert Notice.objects.get().post_id is None


def test_the_ledgers_events_arrive_by_themselves_once(duty, friday):
    ledger.deliver_events(friday)
    ledger.deliver_events(friday + timedelta(minutes=1))
    (notice,) = Notice.objects.all()
    assert notice.words == "登记：2026-17号地块挂牌出让成交，最后一天 10-21 周三"


def test_what_became_overdue_while_nobody_looked_is_told_with_its_own_day(late_duty, friday):
    ledger.sweep(now=friday)
    ledger.deliver_events(friday)
    notice = Notice.objects.get(kind="BECAME_OVERDUE", post__code="LC05-1")
    assert notice.at < friday - timedelta(days=20)


def test_a_reassignment_is_told_to_who_gives_and_to_who_takes(duty, openness_office, friday):
    ledger.reassign(obligations=[duty.uuid], to_post_id=post_of("LC07-1").pk, reason="业务划转", actor=openness_office, now=friday)
    ledger.deliver_events(friday)
    ledger.deliver_events(friday + timedelta(minutes=1))
    notices = Notice.objects.filter(kind="REASSIGNED")
    assert sorted(notices.values_list("post__code", flat=True)) == ["LC05-1", "LC07-1"]
    (words,) = set(notices.values_list("words", flat=True))
    assert "由自然资源开发利用科公开专员改派给国土空间规划科公开专员。理由：业务划转" in words


def test_the_cause_and_its_draft_follow_their_duty(clerk, openness_office, friday):
    cause = a_cause(actor=clerk, now=friday)
    text = disclosure.start_writing(cause=cause.uuid, actor=clerk, now=friday)
    target = post_of("LC07-1")
    assert cause.obligation is not None
    ledger.reassign(obligations=[cause.obligation], to_post_id=target.pk, reason="业务划转", actor=openness_office, now=friday)
    ledger.deliver_events(friday)
    assert disclosure.get_cause(cause.uuid).unit_id == target.unit_id
    assert publishing.get_draft(text).unit_id == target.unit_id


def test_a_receipt_can_say_which_posts_were_told(duty, friday):
    ledger.deliver_events(friday)
    assert [(one.who, one.at) for one in list_told(duty.uuid)] == [("自然资源开发利用科公开专员", friday)]


def test_a_successor_reads_what_his_predecessor_was_told(duty, friday):
    ledger.deliver_events(friday)
    rows = list_notices(unit_ids={duty.unit_id}, post_ids={duty.post_id}, now=friday + timedelta(days=90))
    assert [row.kind for row in rows] == [EventKind.OPENED]


def test_notices_come_page_by_page_without_doubles_or_gaps(duty, friday):
    for number in range(7):
        take_notice(EventRow(100 + number, EventKind.DUE_SOON, friday - timedelta(hours=number // 2), duty))
    seen, after = [], None
    while True:
        page = list_notice_page(unit_ids={duty.unit_id}, post_ids={duty.post_id}, after=after, now=friday, size=3)
        seen += [row.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 7
