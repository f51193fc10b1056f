"""Steps decided in an absent person's place: in the delegate's own name, and never round the rule of three people."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import rules
from gongkai.core.publishing.kinds import StepKind
from gongkai.core.publishing.models import ReviewStep
from gongkai.foundation.accounts.kinds import Actor, Right, StandIn
from gongkai.foundation.audit import api as audit
from gongkai.foundation.delegations import api as delegations
from gongkai.lib.errors import NotAllowed
from gongkai.lib.moments import day_of
from tests.factories.delegations import a_delegation, the_person
from tests.factories.publishing import a_draft, a_text_in_review, pass_waiting_step, the_step_of, the_unit_of

UNIT = 5
NOBODY_YET = rules.People(frozenset(), frozenset())


def standing_in(name: str, now) -> Actor:
    """Somebody of the demo bureau as a request of his page finds him."""
    actor = the_person(name)
    return replace(actor, stands_in_for=delegations.list_stand_ins(actor=actor, on=day_of(now)))


def lent(number: int, *rights: Right) -> StandIn:
    return StandIn(number, f"某{number}", dict.fromkeys(rights, frozenset({UNIT})))


def test_own_right_comes_first_then_that_of_who_is_free():
    free, writer = lent(8, Right.SIGN), lent(9, Right.SIGN)
    own = Actor(1, "某人", rights={Right.SIGN: frozenset({UNIT})}, stands_in_for=(free,))
    assert rules.check_may_decide(own, StepKind.SIGN_OFF, UNIT, NOBODY_YET) == rules.Decider(1)
    people = rules.People(frozenset({9}), frozenset())
    for lenders in ((writer, free), (free, writer)):
        decider = rules.check_may_decide(Actor(1, "某人", stands_in_for=lenders), StepKind.SIGN_OFF, UNIT, people)
        assert decider.absent_id == 8


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (rules.People(frozenset({9}), frozenset()), "您代某9审，这份稿是某9起草的"),
        (rules.People(frozenset(), frozenset({9})), "您代某9审，这份稿某9已经审过一步"),
        (rules.People(frozenset({1}), frozenset()), "不能审自己起草的稿"),
        (rules.People(frozenset(), frozenset({1})), "您已经审过一步"),
    ],
)
def test_neither_of_the_two_may_have_had_a_hand_on_it(people, said):
    with pytest.raises(NotAllowed, match=said):
        rules.check_may_decide(Actor(1, "某人", stands_in_for=(lent(9, Right.REVIEW_UNIT),)), StepKind.UNIT, UNIT, people)


def test_only_the_step_that_was_lent():
    with pytest.raises(NotAllowed, match="“签发”权限"):
        rules.check_may_decide(Actor(1, "某人", stands_in_for=(lent(9, Right.REVIEW_UNIT),)), StepKind.SIGN_OFF, UNIT, NOBODY_YET)


@pytest.mark.django_db
def test_the_delegate_decides_in_his_own_name_and_says_for_whom(clerk, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=standing_in("罗安琪", friday), now=friday)

    step = publishing.get_draft(uuid).steps[0]
    assert (step.officer_name, step.absent_name, step.signed) == ("罗安琪", "陈默", "罗安琪（代陈默）")
    line = next(line for line in audit.list_rows(subject=uuid) if line.act == "publishing.pass")
    assert (line.actor_name, line.about["for"]) == ("罗安琪", the_person("陈默").officer_id)


@pytest.mark.django_db
def test_the_whole_way_with_three_delegates_ends_in_a_public_text(clerk, friday):
    for absent, delegate, right in (
        ("陈默", "罗安琪", Right.REVIEW_UNIT), ("林晓", "金小山", Right.REVIEW_SECRECY), ("顾长青", "高远航", Right.SIGN),
    ):  # fmt: skip
        a_delegation(absent, delegate, [right], now=friday)
    uuid = a_text_in_review(actor=clerk, now=friday)
    for name in ("罗安琪", "金小山", "高远航"):
        pass_waiting_step(publication=uuid, actor=standing_in(name, friday), now=friday)
    assert publishing.get_draft(uuid).is_public


@pytest.mark.django_db
def test_the_delegate_of_the_author_is_refused_as_the_author_is(unit_head, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    unit = the_unit_of(unit_head)
    author = replace(unit_head, rights={**unit_head.rights, Right.WRITE: frozenset({unit})})
    uuid = a_text_in_review(actor=author, now=friday)
    delegate = standing_in("罗安琪", friday)
    with pytest.raises(NotAllowed, match="您代陈默审，这份稿是陈默起草的"):
        pass_waiting_step(publication=uuid, actor=delegate, now=friday)
    assert publishing.list_review_queue(actor=delegate) == []


@pytest.mark.django_db
def test_two_delegates_of_one_person_do_not_pass_two_steps(clerk, unit_head, friday):
    a_delegation("顾长青", "罗安琪", [Right.SIGN], now=friday)
    uuid = a_text_in_review(actor=clerk, now=friday)
    # As if 顾长青 reviewed for this unit too, and somebody else had stood in for him there.
    leader = the_person("顾长青")
    lent_by_him = StandIn(leader.officer_id or 0, leader.name, {Right.REVIEW_UNIT: frozenset({the_unit_of(clerk)})})
    pass_waiting_step(publication=uuid, actor=replace(unit_head, rights={}, stands_in_for=(lent_by_him,)), now=friday)
    pass_waiting_step(publication=uuid, actor=the_person("林晓"), now=friday)
    delegate = standing_in("罗安琪", friday)
    with pytest.raises(NotAllowed, match="您代顾长青审，这份稿顾长青已经审过一步"):
        pass_waiting_step(publication=uuid, actor=delegate, now=friday)
    with pytest.raises(NotAllowed, match="您已经审过一步"):
        pass_waiting_step(publication=uuid, actor=the_person("顾长青"), now=friday)
    assert publishing.count_review_queue(actor=delegate) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewStep.objects.filter(uuid=the_step_of(uuid)).update(
            state="PASSED", officer_id=delegate.officer_id, on_behalf_of_id=the_person("顾长青").officer_id, decided_at=friday
        )


@pytest.mark.django_db
def test_who_passed_a_step_himself_cannot_sign_in_anothers_place(clerk, unit_head, friday):
    a_delegation("顾长青", "陈默", [Right.SIGN], now=friday)
    uuid = a_text_in_review(actor=clerk, now=friday)
    head = standing_in("陈默", friday)
    pass_waiting_step(publication=uuid, actor=head, now=friday)
    pass_waiting_step(publication=uuid, actor=the_person("林晓"), now=friday)
    with pytest.raises(NotAllowed, match="您已经审过一步"):
        pass_waiting_step(publication=uuid, actor=head, now=friday)


@pytest.mark.django_db
def test_an_ended_delegation_decides_nothing(clerk, friday):
    delegation = a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    uuid = a_text_in_review(actor=clerk, now=friday)
    delegations.end(delegation=delegation, actor=the_person("陈默"), now=friday)
    with pytest.raises(NotAllowed, match="“科室审核”权限"):
        pass_waiting_step(publication=uuid, actor=standing_in("罗安琪", friday), now=friday)


@pytest.mark.django_db
def test_the_delegate_finds_it_on_his_desk_with_the_name_and_the_text_can_be_read(sign_in, clerk, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    uuid = a_text_in_review(actor=clerk, now=friday)
    browser = sign_in("罗安琪")
    assert "代陈默审 · 科室审核" in browser.get(reverse("supervision:my_today")).content.decode()
    assert "代陈默审" in browser.get(reverse("publishing:queue")).content.decode()
    review = browser.get(reverse("publishing:review", args=[the_step_of(uuid)])).content.decode()
    assert "您代陈默审。署您的名字，写明“代陈默”。" in review
    assert "罗安琪（代陈默）" in review
    seen = publishing.get_draft(uuid).content_hash
    browser.post(reverse("publishing:pass", args=[the_step_of(uuid)]), {"seen_hash": seen})
    page = sign_in("周岚").get(reverse("publishing:draft", args=[uuid])).content.decode()
    assert "已通过，罗安琪（代陈默）" in page


@pytest.mark.django_db
def test_without_a_delegation_the_text_of_another_unit_does_not_exist(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    assert sign_in("罗安琪").get(reverse("publishing:review", args=[the_step_of(uuid)])).status_code == 404
    draft = a_draft(actor=clerk, now=friday)
    assert sign_in("罗安琪").get(reverse("publishing:draft", args=[draft])).status_code == 404
