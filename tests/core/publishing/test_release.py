from datetime import date
from uuid import UUID

import pytest
from django.conf import settings

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Evidence, ObligationState
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import registry
from gongkai.core.publishing.kinds import Origin
from gongkai.core.publishing.models import IndexCounter, Publication
from gongkai.core.search import api as search
from gongkai.lib.errors import ActNotPossible
from gongkai.lib.gate import Finding, Severity
from tests.factories.publishing import (
    a_content,
    a_publication,
    a_text_in_review,
    pass_all_steps,
    pass_waiting_step,
    the_step_of,
    the_unit_of,
)

pytestmark = pytest.mark.django_db
DUTY = ledger.register_duty(code="test.release", label="主动公开", page="publishing:draft", entry=None)


class Broken(Exception):
    pass


def found(question):
    return {hit.uuid for hit in search.search(question=question).hits}


def test_a_release_makes_its_column_fresh(clerk, reviewers, friday):
    a_publication(actor=clerk, by=reviewers, now=friday)
    (row,) = ledger.list_freshness(now=friday)
    assert (row.last_update, len(row.unit_names)) == (friday, 1)


def test_release_makes_a_text_public_findable_and_counted_at_once(clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)

    document = publishing.get_published(uuid)
    assert document.index_number == f"{settings.AGENCY_CODE}/202610-00001"
    assert document.published_at == friday
    assert document.path == "/d/2026/00001/"
    assert publishing.count_published() == 1
    assert found("双桥村集体土地") == {uuid}
    assert found("入户") == {uuid}  # what stands in an element is found too


def test_before_the_signature_nothing_can_be_found(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.secrecy, now=friday)

    assert found("双桥村") == set()
    assert publishing.count_published() == 0
    assert publishing.find_published_by_path(2026, 1) is None


def test_index_numbers_have_no_holes_even_after_a_release_that_failed(clerk, reviewers, friday, monkeypatch):
    first = a_publication(actor=clerk, by=reviewers, now=friday)
    failed = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=failed, actor=reviewers.head, now=friday)
    pass_waiting_step(publication=failed, actor=reviewers.secrecy, now=friday)

    def break_down(uuid: UUID) -> None:
        raise Broken

    with monkeypatch.context() as patch:
        patch.setitem(registry._outlets, "broken", registry.OwnOutlet("坏的", break_down, None, None))
        with pytest.raises(Broken):
            pass_waiting_step(publication=failed, actor=reviewers.signer, now=friday)

    # All or nothing: the step waits, nothing is public, the number is free again.
    assert publishing.get_draft(failed).waiting is not None
    assert Publication.objects.get(uuid=failed).index_number is None
    third = a_publication(actor=clerk, by=reviewers, now=friday)
    pass_waiting_step(publication=failed, actor=reviewers.signer, now=friday)
    numbers = [publishing.get_published(uuid).index_number[-5:] for uuid in (first, third, failed)]
    assert numbers == ["00001", "00002", "00003"]
    assert IndexCounter.objects.get().last == 3


def test_each_month_counts_anew(clerk, reviewers, friday):
    a_publication(actor=clerk, by=reviewers, now=friday)
    november = friday.replace(month=11)
    later = a_publication(actor=clerk, by=reviewers, now=november)
    assert publishing.get_published(later).index_number.endswith("/202611-00001")


def test_an_outlet_is_told_inside_the_transaction(clerk, reviewers, friday, monkeypatch):
    told = []
    witness = registry.OwnOutlet("见证", lambda uuid: told.append((uuid, publishing.get_published(uuid).title)), None, None)
    monkeypatch.setitem(registry._outlets, "witness", witness)

    uuid = a_publication(actor=clerk, by=reviewers, now=friday)

    assert told == [(uuid, "双桥村征收土地预公告")]


def an_obligation(clerk, friday, subject):
    return ledger.open_obligation(
        duty=DUTY,
        entry="land.result",
        subject=subject,
        label="成交结果",
        unit_id=the_unit_of(clerk),
        caused_on=date(2026, 10, 8),
        actor=clerk,
        now=friday,
    )


def test_release_fulfils_the_duty_with_the_page_as_evidence(clerk, reviewers, friday):
    obligation = an_obligation(clerk, friday, UUID(int=1))
    uuid = a_publication(actor=clerk, by=reviewers, now=friday, obligation=obligation.uuid)

    done = ledger.get_obligation(obligation.uuid)
    assert (done.state, done.fulfilled_at) == (ObligationState.FULFILLED, friday)
    assert ledger.list_evidence(obligation_ids=[done.id])[done.id] == [Evidence("publication", "/d/2026/00001/", "双桥村征收土地预公告")]
    assert publishing.find_by_obligation(obligation.uuid) == uuid


def test_a_duty_that_was_cancelled_meanwhile_keeps_its_end_and_the_text_is_public(clerk, reviewers, friday):
    obligation = an_obligation(clerk, friday, UUID(int=2))
    uuid = a_text_in_review(actor=clerk, now=friday, obligation=obligation.uuid)
    ledger.cancel(obligation=obligation.uuid, reason="重复登记", actor=clerk, now=friday)

    pass_all_steps(publication=uuid, by=reviewers, now=friday)

    assert ledger.get_obligation(obligation.uuid).state is ObligationState.CANCELLED
    assert publishing.get_draft(uuid).is_public


def test_nothing_is_released_twice(clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)

    with pytest.raises(ActNotPossible, match="已经公开"):
        publishing.release(publication=uuid, actor=reviewers.signer, now=friday)
    assert IndexCounter.objects.get().last == 1


def test_the_gate_runs_again_at_release(clerk, reviewers, friday, monkeypatch):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.secrecy, now=friday)
    finding = Finding(rule="duplicate", severity=Severity.BLOCK, message="同一份文件昨天已经公开。", advice="请核对。")
    monkeypatch.setitem(registry._checks, "duplicate", lambda *_: (finding,))

    with pytest.raises(ActNotPossible, match="还不能公开：1 处必须改。第一处：同一份文件"):
        pass_waiting_step(publication=uuid, actor=reviewers.signer, now=friday)
    # Nothing was decided: the signer can still send it back.
    seen = publishing.get_draft(uuid).content_hash
    publishing.return_step(step=the_step_of(uuid), seen_hash=seen, reason="昨天已经公开", actor=reviewers.signer, now=friday)


def test_an_imported_original_is_found_under_its_own_day(clerk, reviewers, friday):
    uuid = a_publication(
        actor=clerk, by=reviewers, now=friday, content=a_content(formed_date=date(2021, 3, 5)), origin=Origin.IMPORTED, source="旧网站"
    )
    (hit,) = search.search(question="双桥村").hits
    assert (hit.uuid, hit.day) == (uuid, date(2021, 3, 5))
    assert publishing.get_published(uuid).source == "旧网站"


def test_registering_an_outlet_or_check_twice_is_a_mistake_of_ours(monkeypatch):
    monkeypatch.setattr(registry, "_outlets", {})
    registry.register_outlet("x", lambda *_: None)
    with pytest.raises(ValueError, match="twice"):
        registry.register_outlet("x", lambda *_: None)
    with pytest.raises(ValueError, match="twice"):
        registry.register_gate_check("element", lambda *_: ())
