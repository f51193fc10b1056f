import pytest
from django.urls import reverse

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import registry
from gongkai.core.publishing.kinds import OutletStanding, PublicationState
from gongkai.core.publishing.models import Publication
from gongkai.lib.errors import ActNotPossible
from tests.factories.publishing import a_content, a_publication, find_holder
from tests.factories.withdrawal import NOTE, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(clerk, reviewers, friday):
    """A public text."""
    return a_publication(actor=clerk, by=reviewers, now=friday)


@pytest.fixture
def outlets(monkeypatch):
    """Two outlets of our own, of which one still shows what was taken back."""
    quiet = registry.OwnOutlet("本门户", lambda _uuid: None, lambda _uuid: None, lambda _uuid: OutletStanding("本门户", True, "已撤下"))
    monkeypatch.setattr(registry, "_outlets", {"portal": quiet})


def state_of(uuid):
    return PublicationState(Publication.objects.get(uuid=uuid).state)


def of(name, uuid):
    return reverse(f"publishing:{name}", args=[uuid])


def test_the_button_is_there_for_who_may_and_for_nobody_else(text, sign_in):
    page = of("draft", text)
    for name, withdraws, takes_down in (("何静", True, True), ("顾长青", True, False), ("周岚", False, False), ("陈默", False, False)):
        body = sign_in(name).get(page).content.decode()
        assert (of("withdraw", text) in body, of("take-down", text) in body) == (withdraws, takes_down), name
    lists = reverse("publishing:published")
    assert of("take-down", text) in sign_in("何静").get(lists).content.decode()
    assert of("take-down", text) not in sign_in("周岚").get(lists).content.decode()


def test_a_clerk_who_types_the_address_is_refused_in_words(text, sign_in):
    for name in ("withdraw", "take-down"):
        answer = sign_in("周岚").post(of(name, text), {"reason": "ERROR", "note": NOTE})
        assert answer.status_code == 403
        assert "请马上找政务公开办主任或值班人员" in answer.content.decode()
    assert state_of(text) is PublicationState.PUBLIC


def test_one_page_takes_down_and_leads_to_the_record(text, outlets, sign_in, friday):
    head = sign_in("何静")
    page = head.get(of("take-down", text)).content.decode()
    assert "紧急下线，1 个渠道同时" in page
    assert "双桥村征收土地预公告" in page

    answer = head.post(of("take-down", text), {"note": ""}, follow=True)

    body = answer.content.decode()
    assert state_of(text) is PublicationState.TAKEN_DOWN
    assert "已紧急下线：双桥村征收土地预公告" in body
    assert "请在 10-10 周六前补" in body
    record = publishing.find_withdrawal(text)
    assert record is not None
    # What is owed leads there from 我的今日.
    assert of("withdrawal", record.uuid) in head.get("/desk/").content.decode()
    answer = head.post(of("explain", record.uuid), {"reason": "ERROR", "note": ""})
    assert answer.status_code == 422
    assert "请写明撤下的情况" in answer.content.decode()
    body = head.post(of("explain", record.uuid), {"reason": "ERROR", "note": NOTE}, follow=True).content.decode()
    assert "原因已经补上" in body
    assert "公开有误（何静" in body


def test_an_outlet_that_could_not_act_is_named_with_what_to_do(text, sign_in, monkeypatch, django_capture_on_commit_callbacks):
    def fail(_uuid):
        raise ActNotPossible("门户目录写不进去。请马上打电话给系统管理员。")

    standing = OutletStanding("本门户", False, "还没有撤下来，后台会反复再撤")
    monkeypatch.setattr(registry, "_outlets", {"portal": registry.OwnOutlet("本门户", lambda _uuid: None, fail, lambda _uuid: standing)})
    head = sign_in("何静")
    with django_capture_on_commit_callbacks(execute=True):
        answer = head.post(of("take-down", text), {"note": ""})
    body = head.get(answer["Location"]).content.decode()
    assert "没有马上撤下来：本门户：门户目录写不进去。请马上打电话给系统管理员。" in body
    assert "后台会反复再撤" in body


def test_withdrawing_asks_for_what_the_reason_needs_and_keeps_what_was_typed(text, sign_in):
    signer = sign_in("顾长青")
    answer = signer.post(of("withdraw", text), {"reason": "MERGED", "note": "内容并到公告里了"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "请填它的门户地址" in body
    assert "内容并到公告里了" in body
    assert signer.post(of("withdraw", text), {}).status_code == 422
    assert state_of(text) is PublicationState.PUBLIC


def test_withdrawn_it_stands_in_the_list_and_can_be_restored(text, outlets, sign_in, signer, friday):
    browser = sign_in("顾长青")
    browser.post(of("withdraw", text), {"reason": "ERROR", "note": NOTE})
    assert state_of(text) is PublicationState.WITHDRAWN
    record = publishing.find_withdrawal(text)
    assert record is not None
    listed = browser.get(reverse("publishing:withdrawals")).content.decode()
    assert of("withdrawal", record.uuid) in listed
    assert "公开有误" in listed
    assert "打开撤下记录" in browser.get(of("draft", text)).content.decode()
    assert browser.post(of("restore", record.uuid), {"end_reason": ""}).status_code == 422
    browser.post(of("restore", record.uuid), {"end_reason": "核对后没有问题"})
    assert state_of(text) is PublicationState.PUBLIC
    assert "没有撤下的信息" in browser.get(reverse("publishing:withdrawals")).content.decode()
    assert "这次撤下已经结束" in browser.get(of("withdrawal", record.uuid)).content.decode()


def test_a_second_press_says_who_was_first(text, outlets, sign_in, signer, friday):
    withdraw(text, actor=signer, now=friday)
    answer = sign_in("何静").get(of("withdraw", text))
    assert answer.status_code == 409
    assert "已由顾长青撤回" in answer.content.decode()


def test_who_may_not_see_the_unit_sees_no_record(text, outlets, sign_in, signer, friday):
    done = withdraw(text, actor=signer, now=friday)
    # 征地管理科's clerk sees the papers of his own unit only.
    outsider = sign_in(find_holder("LC06-1"))
    assert outsider.get(of("withdrawal", done)).status_code == 404
    assert "公开有误" not in outsider.get(reverse("publishing:withdrawals")).content.decode()
    assert sign_in("周岚").get(of("withdrawal", done)).status_code == 200


def test_the_list_costs_the_same_for_any_number(clerk, reviewers, signer, sign_in, friday, django_assert_num_queries):
    browser = sign_in("何静")
    withdraw(a_publication(actor=clerk, by=reviewers, now=friday), actor=signer, now=friday)
    address = reverse("publishing:withdrawals")
    browser.get(address)  # the first page after the sign-in also notes that the session is in use
    with django_assert_num_queries(COST):
        browser.get(address)
    for number in range(4):
        withdraw(a_publication(actor=clerk, by=reviewers, now=friday, content=a_content(title=f"第 {number} 条")), actor=signer, now=friday)
    with django_assert_num_queries(COST):
        assert browser.get(address).content.decode().count("公开有误") == 5


COST = 12
