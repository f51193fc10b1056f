from datetime import date, timedelta

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, ObligationState
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import registry
from gongkai.core.publishing.actions.withdrawal import lock_publication, remove_at_once
from gongkai.core.publishing.kinds import PageAfter, PublicationState, WithdrawalKind
from gongkai.core.publishing.models import Publication, Withdrawal
from gongkai.core.search import api as search
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations.models import Unit
from gongkai.foundation.outbox import api as outbox
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound
from tests.factories.ledger import an_obligation, some_terms
from tests.factories.publishing import a_content, a_draft, a_publication, an_actor
from tests.factories.withdrawal import grounds, withdraw

pytestmark = pytest.mark.django_db


def found(question="双桥村集体土地"):
    return {hit.uuid for hit in search.search(question=question).hits}


@pytest.fixture
def text(clerk, reviewers, friday):
    """A public text."""
    return a_publication(actor=clerk, by=reviewers, now=friday)


@pytest.fixture
def other(clerk, reviewers, friday):
    """Another one, which can stand in the first one's place."""
    return a_publication(actor=clerk, by=reviewers, now=friday, content=a_content(title="双桥村征收土地公告"))


def path_of(uuid):
    return publishing.get_published(uuid).path


def state_of(uuid):
    return PublicationState(Publication.objects.get(uuid=uuid).state)


def test_a_withdrawn_text_is_in_no_list_no_count_and_no_search(text, signer, friday):
    assert found() == {text}

    withdraw(text, actor=signer, now=friday)

    assert state_of(text) is PublicationState.WITHDRAWN
    assert found() == set()
    assert publishing.count_published() == 0
    assert list(publishing.iterate_published()) == []
    assert publishing.list_published_documents() == []
    assert publishing.find_public_page(text) == ""
    with pytest.raises(NotFound):
        publishing.get_published(text)


def test_each_reason_says_what_its_address_shows(text, other, signer, friday):
    shown = {"ERROR": PageAfter.GONE, "PERIOD_ENDED": PageAfter.GONE, "COURT": PageAfter.GONE}
    shown |= {"MERGED": PageAfter.MOVED, "REPLACED": PageAfter.BANNER}
    for reason, page in shown.items():
        done = withdraw(text, reason, actor=signer, now=friday, successor=path_of(other), paper="（2026）临01行终3号")
        withdrawn = publishing.find_withdrawn(text)
        assert withdrawn is not None
        assert withdrawn.page is page
        # What was published in error may be wrong in its very title.
        assert (withdrawn.title == "") == (reason == "ERROR")
        publishing.restore(withdrawal=done, reason="核对后无误", actor=signer, now=friday)
    assert publishing.find_withdrawn(text) is None


def test_a_replaced_text_can_still_be_read_and_is_counted_no_more(text, other, signer, friday):
    withdraw(text, "REPLACED", actor=signer, now=friday, successor=path_of(other))
    document = publishing.get_readable(text)
    assert document.withdrawn is not None
    assert document.withdrawn.successor is not None
    assert document.withdrawn.successor.title == "双桥村征收土地公告"
    assert publishing.count_published() == 1
    assert found("双桥村") == {other}


def test_a_successor_that_is_taken_back_itself_is_named_no_more(text, other, signer, openness_office, friday):
    withdraw(text, "REPLACED", actor=signer, now=friday, successor=path_of(other))
    noted = {note.key for note in outbox.list_dirty(100)}
    outbox.forget([note.id for note in outbox.list_dirty(100)])
    publishing.take_down(publication=other, note="", actor=openness_office, now=friday)
    document = publishing.get_readable(text)
    assert document.withdrawn is not None
    assert document.withdrawn.successor is None
    assert f"publication:{text}" in noted
    assert {note.key for note in outbox.list_dirty(100)} == {f"publication:{text}", f"publication:{other}"}


def test_a_reason_asks_for_what_it_needs(text, signer, friday):
    draft_path = "/d/2026/00099/"
    for reason, known, field in (
        ("", {}, "reason"),
        ("没有这一种", {}, "reason"),
        ("ERROR", {"note": ""}, "note"),
        ("MERGED", {}, "successor"),
        ("MERGED", {"successor": draft_path}, "successor"),
        ("MERGED", {"successor": path_of(text)}, "successor"),
        ("REPLACED", {"successor": "https://example.com/else"}, "successor"),
        ("COURT", {}, "paper"),
        ("COURT", {"paper": "长" * 101}, "paper"),
    ):
        with pytest.raises(BadInput) as refusal:
            withdraw(text, reason, actor=signer, now=friday, **known)
        assert refusal.value.field == field, reason
    assert state_of(text) is PublicationState.PUBLIC


def test_an_address_may_be_typed_whole_or_as_a_path(text, other, signer, friday, settings):
    withdraw(text, "MERGED", actor=signer, now=friday, successor=f"{settings.PORTAL_ADDRESS}{path_of(other)}")
    withdrawn = publishing.find_withdrawn(text)
    assert withdrawn is not None
    assert withdrawn.successor_path == path_of(other)


def test_only_who_holds_the_right_withdraws_and_only_office_head_and_duty_officer_take_down(text, clerk, unit_head, signer, friday):
    for actor in (clerk, unit_head):
        with pytest.raises(NotAllowed):
            withdraw(text, actor=actor, now=friday)
    # The signer signs and withdraws; 紧急下线 is the office head's and the duty officer's.
    for actor in (clerk, unit_head, signer):
        with pytest.raises(NotAllowed):
            publishing.take_down(publication=text, note="", actor=actor, now=friday)
    watch = an_actor("周岚", {Right.TAKE_DOWN: frozenset({clerk.unit_id})}, unit_id=clerk.unit_id)
    publishing.take_down(publication=text, note="", actor=watch, now=friday)
    assert state_of(text) is PublicationState.TAKEN_DOWN


def test_a_take_down_needs_no_reason_and_owes_it_by_the_next_working_day(text, openness_office, friday):
    done = publishing.take_down(publication=text, note="", actor=openness_office, now=friday)

    assert found() == set()
    (owed,) = ledger.list_obligations(subject=done)
    # Saturday the 10th is worked.
    assert (owed.duty_code, owed.last_day, owed.state) == ("publish.take_down", date(2026, 10, 10), ObligationState.OPEN)
    assert owed.unit_id == openness_office.unit_id

    publishing.explain(withdrawal=done, grounds=grounds(), actor=openness_office, now=friday + timedelta(hours=3))

    (owed,) = ledger.list_obligations(subject=done)
    assert owed.state is ObligationState.FULFILLED
    assert state_of(text) is PublicationState.WITHDRAWN
    row = publishing.get_withdrawal(done)
    assert row.reason is not None
    assert (row.kind, row.reason.code, row.lacks_reason) == (WithdrawalKind.TAKE_DOWN, "ERROR", False)
    with pytest.raises(ActNotPossible, match="已经补上"):
        publishing.explain(withdrawal=done, grounds=grounds(), actor=openness_office, now=friday)


def test_papers_after_a_take_down_always_say_what_happened(text, openness_office, friday):
    done = publishing.take_down(publication=text, note="", actor=openness_office, now=friday)
    with pytest.raises(BadInput):
        publishing.explain(withdrawal=done, grounds=grounds("PERIOD_ENDED", note=""), actor=openness_office, now=friday)
    assert publishing.get_withdrawal(done).lacks_reason


def test_a_replaced_page_can_be_taken_down_too(text, other, signer, openness_office, friday):
    first = withdraw(text, "REPLACED", actor=signer, now=friday, successor=path_of(other))
    publishing.take_down(publication=text, note="", actor=openness_office, now=friday)
    assert not publishing.get_withdrawal(first).is_standing
    withdrawn = publishing.find_withdrawn(text)
    assert withdrawn is not None
    assert (withdrawn.page, withdrawn.title, withdrawn.public_words) == (PageAfter.GONE, "", "正在核实")
    assert [row.kind for row in publishing.list_past_withdrawals(text)] == [WithdrawalKind.WITHDRAWAL, WithdrawalKind.TAKE_DOWN]


def test_restoring_makes_it_public_as_it_was(text, openness_office, friday):
    before = publishing.get_published(text)
    done = publishing.take_down(publication=text, note="", actor=openness_office, now=friday)
    publishing.restore(withdrawal=done, reason="核对后没有问题", actor=openness_office, now=friday + timedelta(days=3))

    after = publishing.get_published(text)
    assert (after.index_number, after.published_at, after.path) == (before.index_number, before.published_at, before.path)
    assert found() == {text}
    (hit,) = search.search(question="双桥村集体土地").hits
    assert hit.day == friday.date()
    (owed,) = ledger.list_obligations(subject=done)
    assert owed.state is ObligationState.FULFILLED
    with pytest.raises(ActNotPossible, match="已经结束"):
        publishing.restore(withdrawal=done, reason="再来一次看看", actor=openness_office, now=friday)


def test_restoring_says_why(text, openness_office, friday):
    done = publishing.take_down(publication=text, note="", actor=openness_office, now=friday)
    with pytest.raises(BadInput):
        publishing.restore(withdrawal=done, reason="无", actor=openness_office, now=friday)
    assert state_of(text) is PublicationState.TAKEN_DOWN


def a_duty(clerk, now):
    ledger.load_terms([some_terms()])
    return an_obligation(Unit.objects.get(pk=clerk.unit_id), caused_on=now.date(), now=now)


def a_text_with_a_duty(clerk, reviewers, friday):
    duty = a_duty(clerk, friday - timedelta(days=3))
    text = a_publication(actor=clerk, by=reviewers, now=friday, obligation=duty.uuid)
    assert ledger.get_obligation(duty.uuid).state is ObligationState.FULFILLED
    return text, duty


def test_what_was_published_in_error_never_discharged_its_duty(clerk, reviewers, signer, friday):
    text, duty = a_text_with_a_duty(clerk, reviewers, friday)
    later = friday + timedelta(days=100)

    done = withdraw(text, actor=signer, now=later)

    again = ledger.get_obligation(duty.uuid, now=later)
    assert (again.state, again.last_day) == (ObligationState.OPEN, duty.last_day)
    kinds = [line.kind for line in ledger.list_history(obligation_id=duty.id)]
    assert kinds[-1] is EventKind.REOPENED
    # The sweep tells what passed while it was thought to be done.
    ledger.sweep(now=later)
    assert EventKind.BECAME_OVERDUE in {line.kind for line in ledger.list_history(obligation_id=duty.id)}

    publishing.restore(withdrawal=done, reason="原来没有错", actor=signer, now=later + timedelta(hours=1))
    assert ledger.get_obligation(duty.uuid).state is ObligationState.FULFILLED


@pytest.mark.parametrize("reason", ["PERIOD_ENDED", "MERGED", "REPLACED", "COURT"])
def test_what_was_public_as_it_should_be_stays_done(clerk, reviewers, signer, other, friday, reason):
    text, duty = a_text_with_a_duty(clerk, reviewers, friday)
    withdraw(text, reason, actor=signer, now=friday, successor=path_of(other), paper="（2026）临01行终3号")
    assert ledger.get_obligation(duty.uuid).state is ObligationState.FULFILLED


def test_a_duty_that_was_done_otherwise_stays_done(clerk, reviewers, signer, friday):
    duty = a_duty(clerk, friday)
    ledger.cancel(obligation=duty.uuid, reason="登记错了", actor=clerk, now=friday)
    text = a_publication(actor=clerk, by=reviewers, now=friday, obligation=duty.uuid)
    withdraw(text, actor=signer, now=friday)
    assert ledger.get_obligation(duty.uuid).state is ObligationState.CANCELLED


def test_what_is_not_public_cannot_be_taken_back(clerk, signer, openness_office, text, friday):
    draft = a_draft(actor=clerk, now=friday)
    with pytest.raises(NotFound):
        withdraw(draft, actor=signer, now=friday)
    withdraw(text, actor=signer, now=friday)
    with pytest.raises(ActNotPossible, match="已撤回，不能撤回"):
        withdraw(text, actor=signer, now=friday)
    assert Withdrawal.objects.count() == 1


def test_the_second_look_takes_down_in_its_own_transaction_without_the_right(text, signer, friday):
    done = remove_at_once(lock_publication(text), note="第二次看没有通过", actor=signer, now=friday)
    assert state_of(text) is PublicationState.TAKEN_DOWN
    assert publishing.get_withdrawal(done).note == "第二次看没有通过"


def test_two_texts_cannot_be_merged_into_one_another(text, other, signer, friday):
    withdraw(text, "MERGED", actor=signer, now=friday, successor=path_of(other))
    with pytest.raises(BadInput, match="没有公开的信息"):
        withdraw(other, "MERGED", actor=signer, now=friday, successor="/d/2026/00001/")


def test_outlets_act_after_the_commit_and_what_they_cannot_is_said(
    text, openness_office, friday, monkeypatch, django_capture_on_commit_callbacks
):
    told = []

    def fail(uuid):
        told.append(uuid)
        raise ActNotPossible("门户目录写不进去。")

    monkeypatch.setattr(registry, "_outlets", {"broken": registry.OwnOutlet("本门户", told.append, fail, None)})
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        done = publishing.take_down(publication=text, note="", actor=openness_office, now=friday)
        assert told == [text]  # only the note, so far
    assert len(callbacks) == 1
    assert told == [text, text]
    assert publishing.get_withdrawal(done).fault == "本门户：门户目录写不进去。"
    assert state_of(text) is PublicationState.TAKEN_DOWN


def test_every_act_is_in_the_trail_without_what_was_typed(text, openness_office, friday):
    done = publishing.take_down(publication=text, note="有一处家庭住址", actor=openness_office, now=friday)
    publishing.restore(withdrawal=done, reason="核对后没有问题", actor=openness_office, now=friday)
    rows = audit.list_rows(subject=text)
    assert [row.act for row in rows][-2:] == ["publishing.take_down", "publishing.restore"]
    assert all("住址" not in str(row.about) for row in rows)
