from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.delegations import api as delegations
from gongkai.foundation.delegations.kinds import DelegationState
from gongkai.foundation.delegations.models import Delegation
from gongkai.foundation.organisations.models import Officer, PostHolding
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from tests.factories.delegations import a_delegation, the_person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 9)


def test_what_is_lent_is_what_the_absent_person_holds_himself(unit_head, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    (absent,) = delegations.list_stand_ins(actor=the_person("罗安琪"), on=TODAY)
    assert (absent.name, dict(absent.rights)) == ("陈默", {Right.REVIEW_UNIT: unit_head.units(Right.REVIEW_UNIT)})
    assert delegations.list_stand_ins(actor=unit_head, on=TODAY) == ()


def test_it_begins_and_ends_with_its_days(bureau, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday, from_date=date(2026, 10, 12), to_date=date(2026, 10, 16))
    lent = [bool(delegations.list_stand_ins(actor=the_person("罗安琪"), on=date(2026, 10, day))) for day in (11, 12, 16, 17)]
    assert lent == [False, True, True, False]


def test_nothing_is_lent_on(bureau, friday):
    a_delegation("顾长青", "陈默", [Right.SIGN], now=friday)
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    (absent,) = delegations.list_stand_ins(actor=the_person("罗安琪"), on=TODAY)
    assert Right.SIGN not in absent.rights


def test_who_loses_his_post_lends_nothing_any_more(bureau, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    PostHolding.objects.filter(officer__name="陈默").update(to_date=TODAY - timedelta(days=1))
    (absent,) = delegations.list_stand_ins(actor=the_person("罗安琪"), on=TODAY)
    assert not absent.rights
    Officer.objects.filter(name="陈默").update(is_active=False)
    assert delegations.list_stand_ins(actor=the_person("罗安琪"), on=TODAY) == ()


def test_an_administrator_stands_in_for_nobody_whatever_is_stored(bureau, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    Delegation.objects.update(delegate=Officer.objects.get(name="卫东来"))
    assert delegations.list_stand_ins(actor=the_person("卫东来"), on=TODAY) == ()
    with pytest.raises(BadInput, match="管理员"):
        a_delegation("陈默", "安若素", [Right.REVIEW_UNIT], now=friday)


@pytest.mark.parametrize(
    ("absent", "by", "right"),
    [("陈默", "陈默", Right.REVIEW_UNIT), ("陈默", "顾长青", Right.REVIEW_UNIT), ("林晓", "苏明远", Right.REVIEW_SECRECY),
     ("顾长青", "岑望山", Right.SIGN)],
)  # fmt: skip
def test_the_absent_person_and_his_leader_may_arrange_it(bureau, friday, absent, by, right):
    uuid = a_delegation(absent, "罗安琪", [right], by=by, now=friday)
    (line,) = audit.list_rows(subject=uuid)
    assert (line.act, line.actor_name, line.about["rights"]) == ("delegations.delegate", by, right.value)


@pytest.mark.parametrize(
    ("absent", "by", "right"),
    [("陈默", "罗安琪", Right.REVIEW_UNIT), ("陈默", "苏明远", Right.REVIEW_UNIT), ("顾长青", "何静", Right.SIGN),
     ("顾长青", "苏明远", Right.SIGN), ("陈默", "安若素", Right.REVIEW_UNIT)],
)  # fmt: skip
def test_nobody_else_may(bureau, friday, absent, by, right):
    with pytest.raises(NotAllowed, match="本人或他的分管领导"):
        a_delegation(absent, "程守义", [right], by=by, now=friday)
    assert not Delegation.objects.exists()


def test_a_leader_in_anothers_place_arranges_nothing(bureau, friday):
    a_delegation("顾长青", "罗安琪", [Right.SIGN], now=friday)
    with pytest.raises(NotAllowed):
        a_delegation("陈默", "程守义", [Right.REVIEW_UNIT], by="罗安琪", now=friday)


def test_whoever_decides_nothing_needs_no_delegate(bureau, friday):
    with pytest.raises(NotFound, match="用不着代理"):
        a_delegation("周岚", "罗安琪", [Right.REVIEW_UNIT], now=friday)


def test_the_same_again_is_refused_and_kept_once(bureau, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    with pytest.raises(ActNotPossible, match="已经有同样的代理"):
        a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("by", ["陈默", "罗安琪", "顾长青"])
def test_it_is_ended_at_once_by_those_it_concerns(bureau, friday, by):
    uuid = a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    delegations.end(delegation=uuid, actor=the_person(by), now=friday)
    assert delegations.list_stand_ins(actor=the_person("罗安琪"), on=TODAY) == ()
    assert [line.act for line in audit.list_rows(subject=uuid)] == ["delegations.delegate", "delegations.end"]
    (row,) = delegations.list_delegations(actor=the_person("陈默"), principals=(), on=TODAY)
    assert (row.state, row.ended_by_name, row.may_end) == (DelegationState.ENDED, by, False)
    with pytest.raises(SomebodyWasFaster, match="已经结束"):
        delegations.end(delegation=uuid, actor=the_person(by), now=friday)


def test_others_cannot_end_it_nor_see_it(bureau, friday):
    uuid = a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    for name in ("周岚", "苏明远", "安若素"):
        with pytest.raises(NotAllowed):
            delegations.end(delegation=uuid, actor=the_person(name), now=friday)
        assert delegations.list_delegations(actor=the_person(name), principals=(), on=TODAY) == []


def test_the_database_keeps_a_delegation_whole(bureau, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    row = Delegation.objects.get()
    for values in (
        {"delegate_id": row.principal_id},
        {"review_unit": False},
        {"to_date": row.from_date - timedelta(days=1)},
        {"reason": ""},
        {"ended_at": friday},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.update(**values)


def test_who_acts_for_nobody_costs_one_query(bureau, django_assert_num_queries):
    actor = accounts.find_actor(name="周岚", on=TODAY)
    with django_assert_num_queries(1):
        assert delegations.list_stand_ins(actor=actor, on=TODAY) == ()


def test_deputies_are_named_with_whom_they_act_for(bureau, friday):
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    (deputy,) = delegations.list_delegates(right=Right.REVIEW_UNIT, on=TODAY)
    assert (deputy.name, deputy.principal_name) == ("罗安琪", "陈默")
    assert delegations.list_delegates(right=Right.SIGN, on=TODAY) == []
