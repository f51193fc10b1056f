import pytest
from django.urls import reverse

from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.delegations.models import Delegation
from gongkai.foundation.organisations.models import Officer
from tests.factories.delegations import a_delegation

pytestmark = pytest.mark.django_db
PAGE = "delegations:list"


def number_of(name: str) -> int:
    return Officer.objects.get(name=name).pk


def typed(**known: object) -> dict[str, object]:
    values = {
        "principal": number_of("陈默"), "delegate": number_of("罗安琪"), "rights": ["REVIEW_UNIT"],
        "from_date": "2026-10-12", "to_date": "2026-10-16", "reason": "参加培训五天",
    }  # fmt: skip
    return values | known


def test_an_absent_person_arranges_it_on_his_desk(sign_in):
    browser = sign_in("陈默")
    answer = browser.post(reverse(PAGE), typed(), follow=True)
    page = answer.content.decode()
    assert "已安排代理：10-12 至 10-16" in page
    assert "罗安琪代陈默" in page
    assert "未开始" in page
    assert Delegation.objects.get().reason == "参加培训五天"


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"to_date": "2026-10-11"}, "早于"),
        ({"rights": ["SIGN"]}, "陈默自己没有“签发”权限"),
        ({"rights": []}, "请选至少一步"),
        ({"reason": "短"}, "请写明为什么要代"),
        ({"from_date": "下周"}, "2026-10-12 的写法"),
        ({"delegate": ""}, "请选由谁代"),
    ],
)
def test_a_refused_form_comes_back_with_what_was_typed(sign_in, known, said):
    answer = sign_in("陈默").post(reverse(PAGE), typed(**known))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Delegation.objects.exists()


def test_nobody_is_offered_people_he_does_not_lead_nor_can_name_them(sign_in):
    browser = sign_in("周岚")
    assert "安排这项代理" not in browser.get(reverse(PAGE)).content.decode()
    assert browser.post(reverse(PAGE), typed()).status_code == 422
    assert sign_in("罗安琪").post(reverse(PAGE), typed()).status_code == 422
    assert not Delegation.objects.exists()


def test_it_is_ended_with_one_press_and_a_stranger_is_refused(sign_in, friday):
    uuid = a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    assert sign_in("周岚").post(reverse("delegations:end", args=[uuid])).status_code == 403
    page = sign_in("罗安琪").post(reverse("delegations:end", args=[uuid]), follow=True).content.decode()
    assert "代理已经结束" in page
    assert sign_in("罗安琪").post(reverse("delegations:end", args=[uuid])).status_code == 409


def test_the_page_costs_the_same_however_many_delegations(sign_in, friday, django_assert_max_num_queries):
    browser = sign_in("顾长青")
    a_delegation("陈默", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    a_delegation("程守义", "罗安琪", [Right.REVIEW_UNIT], now=friday)
    a_delegation("岑望山", "罗安琪", [Right.SIGN], now=friday)
    with django_assert_max_num_queries(40):
        assert browser.get(reverse(PAGE)).status_code == 200
