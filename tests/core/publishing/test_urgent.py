"""先发后审: for named duties and posts, with a reason; the second look is owed; what it refuses goes off at once."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from gongkai.core.catalogue import api as catalogue
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Binding, ObligationState
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import EditionState, PublicationState, StepKind, StepState
from gongkai.core.publishing.models import Publication, UrgentRelease
from gongkai.core.publishing.tables import read_urgent_duties
from gongkai.foundation.accounts.kinds import SYSTEM, Right
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, SomebodyWasFaster
from tests.factories.delegations import the_person
from tests.factories.publishing import a_content, a_draft, pass_waiting_step, the_step_of

pytestmark = pytest.mark.django_db
WARNING = "geo.warning"
ELEMENTS = {"预警等级": "黄色", "区域": "白浦县北部山区", "时段": "10月9日13时至10日8时", "防范建议": "远离陡坡。"}
WHY = "13时起有大到暴雨，须立即提醒"


@pytest.fixture
def head_of_office(bureau):
    """何静: of a post that may release before the review."""
    return the_person("何静")


def a_warning(head, now, **known):
    """A warning that the openness office wrote itself; the gate finds nothing."""
    content = a_content(title="地质灾害气象风险黄色预警", body_html="<p>请注意防范。</p>", elements=ELEMENTS)
    return a_draft(actor=head, now=now, content=content, **{"entry_code": WARNING} | known)


def release(uuid, actor, now, *, reason=WHY, has_checked=True, seen=None):
    seen = seen or publishing.get_draft(uuid).content_hash
    publishing.release_urgently(publication=uuid, seen_hash=seen, reason=reason, has_checked=has_checked, actor=actor, now=now)


def test_every_named_duty_is_an_entry_of_the_catalogue(bureau):
    for code, duty in read_urgent_duties().items():
        assert catalogue.get_entry(code).name == duty.label


def test_it_is_public_at_once_and_the_second_look_is_owed_within_a_day(head_of_office, friday):
    uuid = a_warning(head_of_office, friday)
    release(uuid, head_of_office, friday)

    draft = publishing.get_draft(uuid)
    assert draft.waiting
    assert draft.urgent
    assert (draft.is_public, draft.state, draft.waiting.kind) == (True, EditionState.APPROVED, StepKind.SECOND_LOOK)
    assert draft.urgent.reason == WHY
    (duty,) = ledger.list_obligations(subject=draft.waiting.uuid)
    assert (duty.duty_code, duty.binding, duty.due_at) == ("publish.second_look", Binding.INTERNAL, friday + timedelta(hours=24))
    line = next(line for line in audit.list_rows(subject=uuid) if line.act == "publishing.release_urgently")
    assert (line.actor_name, line.about["reason"]) == ("何静", WHY)
    assert publishing.get_published(uuid).index_number


def test_a_signer_who_had_no_hand_in_it_looks_again_and_then_nothing_is_owed(head_of_office, signer, friday):
    uuid = a_warning(head_of_office, friday)
    release(uuid, head_of_office, friday)
    step = the_step_of(uuid)
    assert [row.step for row in publishing.list_review_queue(actor=signer)] == [step]

    pass_waiting_step(publication=uuid, actor=signer, now=friday)

    draft = publishing.get_draft(uuid)
    assert (draft.waiting, draft.is_public, draft.steps[-1].state) == (None, True, StepState.PASSED)
    assert ledger.list_obligations(subject=step)[0].state is ObligationState.FULFILLED
    assert publishing.list_unlooked(actor=signer, now=friday) == []


def test_a_second_look_that_fails_takes_it_down_at_once(head_of_office, signer, friday):
    uuid = a_warning(head_of_office, friday)
    release(uuid, head_of_office, friday)
    seen = publishing.get_draft(uuid).content_hash
    publishing.return_step(step=the_step_of(uuid), seen_hash=seen, reason="等级写错了，应为橙色", actor=signer, now=friday)

    assert Publication.objects.get(uuid=uuid).state == PublicationState.TAKEN_DOWN.value
    draft = publishing.get_draft(uuid)
    assert (draft.is_public, draft.waiting, draft.steps[-1].state) == (False, None, StepState.RETURNED)
    assert publishing.list_unlooked(actor=signer, now=friday) == []
    withdrawal = publishing.find_withdrawal(uuid)
    assert withdrawal
    with pytest.raises(ActNotPossible, match="不能原样恢复公开"):
        publishing.restore(withdrawal=withdrawal.uuid, reason="想再放上去", actor=head_of_office, now=friday)


def test_who_released_it_does_not_look_again_even_as_a_signer(friday, bureau):
    head = the_person("何静")
    uuid = a_warning(head, friday)
    release(uuid, head, friday)
    mighty = replace(head, rights=dict.fromkeys(Right, head.units(Right.WRITE)))
    with pytest.raises(NotAllowed):
        pass_waiting_step(publication=uuid, actor=mighty, now=friday)
    assert publishing.list_review_queue(actor=mighty) == []


def test_only_named_duties(head_of_office, friday):
    uuid = a_draft(actor=head_of_office, now=friday)
    with pytest.raises(ActNotPossible, match="能先发后审的只有：地质灾害气象风险预警"):
        release(uuid, head_of_office, friday)


@pytest.mark.parametrize("name", ["周岚", "顾长青", "林晓", "卫东来", "安若素"])
def test_only_named_posts(head_of_office, friday, name):
    uuid = a_warning(head_of_office, friday)
    with pytest.raises(NotAllowed, match="“先发后审”权限"):
        release(uuid, the_person(name), friday)
    with pytest.raises(NotAllowed, match="系统不能代办"):
        release(uuid, SYSTEM, friday)
    assert not publishing.get_draft(uuid).is_public


def test_not_without_a_reason_nor_without_having_looked_for_secrets(head_of_office, friday):
    uuid = a_warning(head_of_office, friday)
    with pytest.raises(BadInput, match="先发的理由"):
        release(uuid, head_of_office, friday, reason="急")
    with pytest.raises(BadInput, match="自己查过保密"):
        release(uuid, head_of_office, friday, has_checked=False)
    with pytest.raises(SomebodyWasFaster):
        release(uuid, head_of_office, friday, seen="0" * 64)
    assert not UrgentRelease.objects.exists()


def test_the_gate_is_not_gone_round(head_of_office, friday):
    content = a_content(title="地质灾害气象风险黄色预警", body_html="<p>见国办函[2020]109号。</p>", elements=ELEMENTS)
    uuid = a_draft(actor=head_of_office, now=friday, content=content, entry_code=WARNING)
    with pytest.raises(ActNotPossible, match="还不能先发：1 处必须改"):
        release(uuid, head_of_office, friday)


def test_a_step_that_waited_is_void_and_its_duty_none(head_of_office, friday):
    uuid = a_warning(head_of_office, friday)
    publishing.submit(publication=uuid, actor=head_of_office, now=friday)
    step = the_step_of(uuid)
    release(uuid, head_of_office, friday)
    assert [one.state for one in publishing.get_draft(uuid).steps] == [StepState.VOID, StepState.WAITING]
    assert ledger.list_obligations(subject=step)[0].state is ObligationState.CANCELLED


def test_it_happens_once(head_of_office, friday):
    uuid = a_warning(head_of_office, friday)
    release(uuid, head_of_office, friday)
    with pytest.raises(ActNotPossible):
        release(uuid, head_of_office, friday)


# On the desk


def at(name, uuid):
    return reverse(f"publishing:{name}", args=[uuid])


def test_the_page_asks_why_and_the_desk_stays_red_until_somebody_looked_again(sign_in, head_of_office, friday):
    uuid = a_warning(head_of_office, friday)
    browser = sign_in("何静")
    assert "先发后审</a>" in browser.get(at("draft", uuid)).content.decode()
    page = browser.get(at("urgent", uuid)).content.decode()
    assert "不经科室审核、保密审查和签发" in page
    seen = re.findall(r'name="seen_hash" value="(\w+)"', page)[0]
    refused = browser.post(at("urgent", uuid), {"seen_hash": seen, "reason": "急"})
    assert (refused.status_code, ">\n急</textarea>" in refused.content.decode()) == (422, True)

    browser.post(at("urgent", uuid), {"seen_hash": seen, "reason": WHY, "has_checked": "on"})

    red = "先发后审，等补审"
    for person in ("何静", "顾长青"):
        for name in ("supervision:my_today", "publishing:list", "publishing:queue", "publishing:published"):
            assert red in sign_in(person).get(reverse(name)).content.decode()
    assert red in browser.get(at("draft", uuid)).content.decode()
    stepper = browser.get(at("draft", uuid)).content.decode()
    assert stepper.count("step-skipped") == 3
    signer = sign_in("顾长青")
    review = signer.get(at("review", the_step_of(uuid))).content.decode()
    assert "通过补审</button>" in review
    assert "没有通过，立即下线" in review
    signer.post(at("pass", the_step_of(uuid)), {"seen_hash": seen})
    for name in ("supervision:my_today", "publishing:list"):
        assert red not in sign_in("何静").get(reverse(name)).content.decode()


def test_who_may_not_gets_neither_link_nor_page(sign_in, head_of_office, clerk, friday):
    uuid = a_warning(head_of_office, friday, unit_id=clerk.unit_id)
    browser = sign_in("周岚")
    assert "先发后审</a>" not in browser.get(at("draft", uuid)).content.decode()
    assert browser.get(at("urgent", uuid)).status_code == 403
    assert browser.post(at("urgent", uuid), {"reason": WHY, "has_checked": "on"}).status_code == 403
