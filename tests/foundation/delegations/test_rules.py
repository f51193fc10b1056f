from datetime import date, datetime
from uuid import uuid4

import pytest

from gongkai.foundation.accounts.kinds import SYSTEM, Actor, Right
from gongkai.foundation.delegations import rules
from gongkai.foundation.delegations.kinds import DelegationState, Principal
from gongkai.foundation.organisations.kinds import OfficerRow
from gongkai.lib.errors import BadInput
from gongkai.lib.moments import SHANGHAI

UNIT, OTHER = 5, 6
HEAD = Principal(OfficerRow(1, uuid4(), "陈默"), frozenset({Right.REVIEW_UNIT}), frozenset({UNIT}), "陈默")


def an_actor(number: int, *rights: Right, unit: int = UNIT) -> Actor:
    return Actor(number, "某人", rights=dict.fromkeys(rights, frozenset({unit})))


@pytest.mark.parametrize(
    ("actor", "rights", "headed", "allowed"),
    [
        (an_actor(1), {Right.REVIEW_UNIT}, set(), True),
        (an_actor(2, Right.SIGN), {Right.REVIEW_UNIT}, set(), True),
        (an_actor(2, Right.SIGN, unit=OTHER), {Right.REVIEW_UNIT}, set(), False),
        (an_actor(2, Right.REASSIGN, Right.WRITE, Right.REVIEW_UNIT), {Right.REVIEW_UNIT}, set(), False),
        (an_actor(2), {Right.REVIEW_UNIT}, {UNIT}, True),
        (an_actor(2), {Right.SIGN}, {UNIT}, False),
        (an_actor(2), {Right.REVIEW_UNIT}, {OTHER}, False),
        (SYSTEM, {Right.REVIEW_UNIT}, {UNIT}, False),
    ],
)
def test_the_absent_person_or_his_leader_arranges_it_and_nobody_else(actor, rights, headed, allowed):
    assert rules.may_arrange(actor, HEAD, rights, headed) is allowed


def test_only_own_steps_are_given_away():
    assert rules.check_steps(HEAD, [Right.REVIEW_UNIT]) == (Right.REVIEW_UNIT,)
    for rights in ([Right.SIGN], [Right.REVIEW_UNIT, Right.REVIEW_SECRECY], [Right.WRITE]):
        with pytest.raises(BadInput, match="陈默自己没有"):
            rules.check_steps(HEAD, rights)
    with pytest.raises(BadInput, match="请选至少一步"):
        rules.check_steps(HEAD, [])


def test_the_delegate_is_another_person_and_no_administrator():
    assert rules.check_delegate(HEAD, an_actor(2)) == 2
    with pytest.raises(BadInput, match="另一个人"):
        rules.check_delegate(HEAD, an_actor(1))
    for right in rules.APART:
        with pytest.raises(BadInput, match="管理员，不能兼办业务"):
            rules.check_delegate(HEAD, an_actor(2, right))


def test_days_have_to_make_sense():
    today = date(2026, 10, 9)
    rules.check_days(date(2026, 10, 1), today, today)
    with pytest.raises(BadInput, match="早于"):
        rules.check_days(date(2026, 10, 12), date(2026, 10, 11), today)
    with pytest.raises(BadInput, match="已经过去"):
        rules.check_days(date(2026, 10, 1), date(2026, 10, 8), today)


@pytest.mark.parametrize(
    ("on", "ended", "state"),
    [
        (date(2026, 10, 11), None, DelegationState.COMING),
        (date(2026, 10, 12), None, DelegationState.RUNNING),
        (date(2026, 10, 16), None, DelegationState.RUNNING),
        (date(2026, 10, 17), None, DelegationState.OVER),
        (date(2026, 10, 12), datetime(2026, 10, 12, 9, tzinfo=SHANGHAI), DelegationState.ENDED),
    ],
)
def test_both_days_are_included(on, ended, state):
    assert rules.state_on(date(2026, 10, 12), date(2026, 10, 16), ended, on) is state


def test_a_reason_says_something():
    assert rules.check_reason(" 出差  参加培训 ") == "出差 参加培训"
    for reason in ("", "出差", "长" * 201):
        with pytest.raises(BadInput):
            rules.check_reason(reason)
