"""Duties given to another post: seen first, all or none, once, told to both, refused without the right."""

from collections.abc import Sequence
from datetime import date

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind
from gongkai.core.ledger.models import Event, Obligation, PendingEvent, Reassignment
from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.models import Post
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from tests.factories.disclosure import a_cause, the_duty
from tests.factories.ledger import a_proof
from tests.factories.publishing import a_text_in_review

pytestmark = pytest.mark.django_db
REASON = "原专员调离，暂由政务公开办接手"


def post_of(code: str) -> Post:
    return Post.objects.get(code=code)


@pytest.fixture
def duties(clerk, friday):
    """Two open duties of 自然资源开发利用科, held by its clerk's post LC05-1."""
    return [the_duty(a_cause(actor=clerk, now=friday, title=f"第{number}件")) for number in range(2)]


def give(duties: Sequence, to: str, actor: Actor, now, **known) -> int:
    values = {"reason": REASON} | known
    return ledger.reassign(obligations=[row.uuid for row in duties], to_post_id=post_of(to).pk, actor=actor, now=now, **values)


def test_the_duties_move_to_the_post_and_its_unit_and_their_clocks_go_on(duties, openness_office, friday):
    assert give(duties, "LC07-1", openness_office, friday) == 2
    target = post_of("LC07-1")
    for row in duties:
        moved = ledger.get_obligation(row.uuid)
        assert (moved.post_id, moved.unit_id) == (target.pk, target.unit_id)
        assert (moved.due_at, moved.caused_on, moved.registered_at) == (row.due_at, row.caused_on, row.registered_at)


def test_each_tells_it_with_from_where_and_to_where_and_the_audit_names_who(duties, openness_office, friday):
    give(duties, "LC07-1", openness_office, friday)
    events = Event.objects.filter(kind=EventKind.REASSIGNED.value)
    words = f"由自然资源开发利用科公开专员改派给国土空间规划科公开专员。{REASON}"
    assert {(event.obligation.uuid, event.note) for event in events} == {(row.uuid, words) for row in duties}
    moved = ledger.get_reassigned(event_id=events[0].pk)
    assert (moved.from_post_id, moved.to_post_id) == (post_of("LC05-1").pk, post_of("LC07-1").pk)
    (entry,) = [row for row in audit.list_rows(subject=duties[0].uuid) if row.act == "ledger.reassign"]
    assert (entry.actor_name, entry.about["reason"]) == ("何静", REASON)


def test_the_same_again_changes_and_tells_nothing(duties, openness_office, friday):
    give(duties, "LC07-1", openness_office, friday)
    waiting = PendingEvent.objects.count()
    assert give(duties, "LC07-1", openness_office, friday) == 0
    assert (Reassignment.objects.count(), PendingEvent.objects.count()) == (2, waiting)


def test_a_confirmation_sent_twice_moves_once(duties, openness_office, friday):
    seen = preview(duties, "LC07-1", openness_office, friday).digest
    assert give(duties, "LC07-1", openness_office, friday, seen_digest=seen) == 2
    assert give(duties, "LC07-1", openness_office, friday, seen_digest=seen) == 0


def test_of_two_people_at_once_the_second_is_told_and_nothing_of_his_is_done(duties, openness_office, unit_head, friday):
    first = preview(duties, "LC07-1", openness_office, friday).digest
    second = preview(duties, "LC03-2", openness_office, friday).digest
    give(duties[:1], "LC07-1", openness_office, friday)
    with pytest.raises(SomebodyWasFaster, match="什么也没有动"):
        give(duties, "LC03-2", openness_office, friday, seen_digest=second)
    assert first == second
    assert ledger.get_obligation(duties[1].uuid).post_id == post_of("LC05-1").pk


def preview(duties, to, actor, now):
    return ledger.preview_reassign(obligations=[row.uuid for row in duties], to_post_id=post_of(to).pk, actor=actor, now=now)


def test_the_preview_says_which_and_to_whom_and_changes_nothing(duties, openness_office, friday):
    seen = preview(duties, "LC07-1", openness_office, friday)
    assert (seen.count, seen.staying, seen.to_words) == (2, 0, "国土空间规划科公开专员（叶知秋）")
    assert {row.uuid for row in seen.rows} == {row.uuid for row in duties}
    assert seen.units == (("开发利用科", 2),)
    assert not Reassignment.objects.exists()


def test_who_may_not_give_for_the_unit_is_refused(duties, friday):
    stranger = Actor(officer_id=1, name="沈图南", rights={Right.REASSIGN: frozenset({post_of("LC07-1").unit_id})})
    with pytest.raises(NotAllowed, match="自然资源开发利用科承办"):
        give(duties, "LC07-1", stranger, friday)


def test_who_may_not_give_to_the_unit_is_refused(duties, unit_head, friday):
    with pytest.raises(NotAllowed, match="您不能改派给国土空间规划科"):
        give(duties, "LC07-1", unit_head, friday)


def test_a_clerk_reassigns_nothing(duties, clerk, friday):
    with pytest.raises(NotAllowed):
        give(duties, "LC05-1", clerk, friday)


def test_the_head_of_a_unit_reassigns_within_it(clerk, unit_head, friday):
    row = the_duty(a_cause(actor=clerk, now=friday))
    Obligation.objects.filter(uuid=row.uuid).update(post=post_of("LC05-2"))
    assert give([row], "LC05-1", unit_head, friday) == 1


def test_a_post_that_cannot_write_takes_over_nothing(duties, openness_office, friday):
    with pytest.raises(BadInput, match="没有“登记和起草”权限"):
        give(duties, "LC05-2", openness_office, friday)


def test_a_vacant_post_can_take_over(duties, openness_office, friday):
    post_of("LC07-1").holdings.update(to_date=date(2026, 10, 8))
    assert "空缺" in preview(duties, "LC07-1", openness_office, friday).to_words
    assert give(duties, "LC07-1", openness_office, friday) == 2


def test_a_closed_duty_stops_the_whole(duties, openness_office, clerk, friday):
    ledger.fulfil(obligation=duties[1].uuid, evidence=a_proof(), actor=clerk, now=friday)
    with pytest.raises(ActNotPossible, match="“第1件”已办"):
        give(duties, "LC07-1", openness_office, friday)
    assert ledger.get_obligation(duties[0].uuid).post_id == post_of("LC05-1").pk


@pytest.mark.parametrize("reason", ["", "   ", "长" * 201])
def test_a_reason_is_asked_for(duties, openness_office, friday, reason):
    with pytest.raises(BadInput):
        give(duties, "LC07-1", openness_office, friday, reason=reason)


def test_nothing_chosen_and_unknown_rows_are_refused_in_words(duties, openness_office, friday):
    with pytest.raises(BadInput, match="还没有选"):
        give([], "LC07-1", openness_office, friday)
    with pytest.raises(NotFound):
        ledger.reassign(obligations=[duties[0].subject], to_post_id=post_of("LC07-1").pk, reason=REASON, actor=openness_office, now=friday)
    with pytest.raises(BadInput, match="没有这个在用的岗位"):
        ledger.reassign(obligations=[duties[0].uuid], to_post_id=10**6, reason=REASON, actor=openness_office, now=friday)


def test_everything_of_a_post_is_found_for_a_leaver(duties, friday):
    assert set(ledger.list_held(post_id=post_of("LC05-1").pk)) == {row.uuid for row in duties}


def test_only_posts_that_can_take_over_are_offered(openness_office, unit_head, friday):
    everywhere = ledger.list_target_posts(actor=openness_office, on=friday.date())
    assert {post.title for post in everywhere} <= {"公开专员", "公开联络员", "联络员", "政务公开办主任"}
    assert [post.code for post in ledger.list_target_posts(actor=unit_head, on=friday.date())] == ["LC05-1"]


def test_a_leaver_moves_nothing(duties, friday):
    post_of("LC05-1").holdings.update(to_date=date(2026, 10, 8))
    assert [ledger.get_obligation(row.uuid).post_id for row in duties] == [row.post_id for row in duties]
    unmanned = organisations.list_unmanned_posts(unit_ids={duties[0].unit_id}, on=friday.date())
    assert [(post.code, post.holder) for post in unmanned] == [("LC05-1", None)]


# Pages

ADDRESS = "/desk/ledger/reassign/"


def test_chosen_rows_are_looked_at_and_then_confirmed(sign_in, duties, openness_office, friday):
    browser, target = sign_in("何静"), post_of("LC07-1")
    rows = [str(row.uuid) for row in duties]
    first = browser.post(ADDRESS, {"row": rows})
    assert "改派 2 件事项" in first.content.decode()
    form = {"row": rows, "to_post": target.pk, "reason": REASON}

    page = browser.post(ADDRESS, form).content.decode()
    assert "把这 2 件改派给国土空间规划科公开专员（叶知秋）" in page
    assert "第0件" in page
    assert not Reassignment.objects.exists()

    seen = ledger.preview_reassign(obligations=[row.uuid for row in duties], to_post_id=target.pk, actor=openness_office, now=friday).digest
    answer = browser.post(ADDRESS, form | {"confirm": "1", "seen": seen}, follow=True)
    assert "已把 2 件改派给国土空间规划科公开专员（叶知秋）" in answer.content.decode()
    assert Reassignment.objects.count() == 2


def test_a_whole_post_is_chosen_by_its_address(sign_in, duties):
    page = sign_in("何静").get(ADDRESS, {"post": post_of("LC05-1").pk}).content.decode()
    assert "自然资源开发利用科公开专员（周岚）" in page
    assert "名下在办的 2 件全部改派" in page


def test_what_is_missing_is_said_beside_its_field(sign_in, duties):
    answer = sign_in("何静").post(ADDRESS, {"row": [str(duties[0].uuid)], "to_post": "", "reason": ""})
    assert answer.status_code == 422
    assert "改派给" in answer.content.decode()


def test_rows_that_are_there_already_are_said_to_be(sign_in, duties):
    form = {"row": [str(duties[0].uuid)], "to_post": post_of("LC05-1").pk, "reason": REASON}
    assert "已经在这个岗位名下" in sign_in("何静").post(ADDRESS, form).content.decode()


def test_a_stale_confirmation_is_refused_in_words(sign_in, duties):
    form = {"row": [str(duties[0].uuid)], "to_post": post_of("LC07-1").pk, "reason": REASON, "confirm": "1", "seen": "old"}
    answer = sign_in("何静").post(ADDRESS, form)
    assert answer.status_code == 409
    assert "什么也没有动" in answer.content.decode()


def test_nothing_chosen_says_where_to_choose(sign_in):
    answer = sign_in("何静").get(ADDRESS)
    assert answer.status_code == 422
    assert "还没有选要改派的事项。" in answer.content.decode()


def test_the_page_is_only_for_those_who_may(sign_in):
    assert sign_in("周岚").get(ADDRESS).status_code == 403


def test_a_review_step_is_not_reassigned(clerk, openness_office, friday):
    text = a_text_in_review(actor=clerk, now=friday)
    (step,) = ledger.list_open(subjects=[publishing.get_draft(text).steps[0].uuid], now=friday).values()
    with pytest.raises(ActNotPossible, match="是审核步骤"):
        give([step], "LC07-1", openness_office, friday)
    assert step.uuid not in ledger.list_held(post_id=post_of("LC05-1").pk)


def test_the_page_of_a_row_shows_the_day_and_the_late_registration(sign_in, duties):
    page = sign_in("周岚").get(f"/desk/ledger/{duties[0].uuid}/").content.decode()
    assert "事由日以后 1 日才登记" in page
