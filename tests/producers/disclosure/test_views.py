from datetime import date

import pytest
from django.urls import reverse

from gongkai.core.publishing import api as publishing
from gongkai.foundation.organisations import api as organisations
from gongkai.producers.disclosure.models import Cause
from tests.factories.disclosure import a_cause
from tests.factories.publishing import Reviewers, pass_all_steps

pytestmark = pytest.mark.django_db
NEW = "/desk/causes/new/"


@pytest.fixture
def browser(sign_in):
    return sign_in("周岚")


@pytest.fixture
def own_unit(clerk):
    return organisations.get_unit(clerk.unit_id)


def typed(owner, **changed):
    return {"title": "2026-17号地块成交", "happened_on": "2026-10-08", "unit": owner.id, "note": "", "seen": "2026-10-21"} | changed


def text_of(response):
    return response.content.decode()


def test_the_entry_is_chosen_first_the_own_units_on_top(browser):
    page = text_of(browser.get(NEW))
    assert page.index("本单位承办的") < page.index("机构职能")
    assert "?entry=land.result" in page
    assert page.index("?entry=land.result") < page.index("?entry=org.profile")


def test_entries_are_filtered_by_words_without_script(browser):
    page = text_of(browser.get(NEW, {"q": "成交 供应"}))
    assert "?entry=land.result" in page
    assert "?entry=org.profile" not in page


def test_a_filter_that_finds_nothing_says_what_to_do(browser):
    page = text_of(browser.get(NEW, {"q": "没有这种事"}))
    assert "换一个短一点的词" in page
    assert "看全部事项" in page


def test_an_unknown_entry_is_a_page_that_says_so(browser):
    response = browser.get(NEW, {"entry": "nix"})
    assert response.status_code == 404
    assert "nix" in text_of(response)


def test_the_form_shows_the_last_day_before_anything_is_saved(browser):
    page = text_of(browser.get(NEW, {"entry": "land.result"}))
    assert "最后一天是 10月22日（周四）。" in page
    assert "怎么算" in page
    assert "国庆节" in page or "调休" in page
    assert not Cause.objects.exists()


def test_another_day_is_previewed_without_saving(browser, own_unit):
    response = browser.post(f"{NEW}?entry=land.result", typed(own_unit, preview="1"))
    assert "最后一天是 10月21日（周三）。" in text_of(response)
    assert 'value="2026-17号地块成交"' in text_of(response)
    assert not Cause.objects.exists()


def test_a_surprising_last_day_says_why(browser, own_unit):
    page = text_of(browser.post(f"{NEW}?entry=land.result", typed(own_unit, happened_on="2026-09-20", preview="1")))
    assert "最后一天是 10月10日（周六）。这天国庆节调休上班。" in page


def test_saving_shows_the_day_once_more_when_it_was_not_the_one_on_the_page(browser, own_unit):
    response = browser.post(f"{NEW}?entry=land.result", typed(own_unit, seen="2026-10-22", register="1"))
    assert response.status_code == 200
    assert "最后一天是 10月21日（周三）。" in text_of(response)
    assert 'name="seen" value="2026-10-21"' in text_of(response)
    assert not Cause.objects.exists()


def test_saving_leads_to_the_cause_with_its_limit(browser, own_unit):
    response = browser.post(f"{NEW}?entry=land.result", typed(own_unit, register="1"), follow=True)
    cause = Cause.objects.get()
    assert response.redirect_chain == [(reverse("disclosure:cause", args=[cause.uuid]), 302)]
    page = text_of(response)
    assert "已登记，期限开始计算。" in page
    assert "还剩 9 个工作日" in page
    assert reverse("ledger:receipt", args=[cause.obligation_id]) in page
    assert "2026年10月8日" in page
    assert "2026-10-09 10:" in page
    assert "起草" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": " "}, "请写明是哪一件事"),
        ({"happened_on": "2026-10-12"}, "在今天之后"),
        ({"happened_on": "10月8日"}, "请写成 2026-10-09 这样的日期"),
        ({"happened_on": ""}, "请写事情发生的那一天"),
        ({"happened_on": "1900-01-01"}, "不合情理"),
        ({"unit": "999999"}, "请另选"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(browser, own_unit, changed, words):
    response = browser.post(f"{NEW}?entry=land.result", typed(own_unit, register="1", note="合同编号 17", **changed))
    assert response.status_code == 422
    assert words in text_of(response)
    assert "合同编号 17" in text_of(response)
    assert not Cause.objects.exists()


def test_an_entry_without_a_number_is_registered_and_says_that_no_clock_runs(sign_in, openness_office):
    browser = sign_in("何静")
    unit = organisations.find_unit_by_usual_name("生态修复科")
    page = text_of(browser.get(NEW, {"entry": "mineral.restore_plan"}))
    assert "算不出最后一天" in page
    response = browser.post(f"{NEW}?entry=mineral.restore_plan", typed(unit, title="石门矿区修复方案", seen="", register="1"), follow=True)
    assert "没有可以计算的期限" in text_of(response)


def test_the_day_of_an_auction_may_lie_ahead(browser, own_unit):
    page = text_of(browser.get(NEW, {"entry": "land.auction_notice"}))
    assert "往前倒数" in page
    typed_in = typed(own_unit, happened_on="2026-11-20", seen="2026-10-31", register="1")
    assert "最后一天是 10月31日（周六）。" in text_of(browser.post(f"{NEW}?entry=land.auction_notice", typed_in, follow=True))


def test_a_stopped_entry_cannot_be_registered_by_address(browser, own_unit):
    response = browser.post(f"{NEW}?entry=expro.notice_old", typed(own_unit, register="1", seen=""))
    assert response.status_code == 422
    assert "已经停用" in text_of(response)


def test_from_the_cause_one_button_leads_to_the_editor(browser, clerk, friday):
    cause = a_cause(actor=clerk, now=friday)
    page = text_of(browser.get(reverse("disclosure:cause", args=[cause.uuid])))
    assert f'action="{reverse("disclosure:write", args=[cause.uuid])}"' in page

    response = browser.post(reverse("disclosure:write", args=[cause.uuid]))

    publication = Cause.objects.get().publication_id
    assert publication is not None
    assert response.url == reverse("publishing:draft", args=[publication])
    assert publishing.get_draft(publication).content.title == cause.title
    assert "打开文稿" in text_of(browser.get(reverse("disclosure:cause", args=[cause.uuid])))


def test_a_cause_leads_to_the_public_page_once_there_is_one(browser, clerk, friday, settings, unit_head, secrecy_reviewer, signer):
    cause = a_cause(actor=clerk, now=friday)
    publication = start(browser, cause)
    address = reverse("disclosure:cause", args=[cause.uuid])
    assert "打开公开的页面" not in text_of(browser.get(address))
    publishing.submit_with_reason(publication=publication, reason="没有这些要素", actor=clerk, now=friday)
    pass_all_steps(publication=publication, by=Reviewers(head=unit_head, secrecy=secrecy_reviewer, signer=signer), now=friday)

    public = f'href="{settings.PORTAL_ADDRESS}{publishing.get_published(publication).path}">打开公开的页面'
    assert public in text_of(browser.get(address))
    line = text_of(browser.get(reverse("ledger:detail", args=[cause.obligation])))
    assert public in line
    assert "打开事由</a>" in line


def test_the_cause_lists_the_elements_of_its_entry(browser, clerk, friday):
    cause = a_cause(actor=clerk, now=friday)
    page = text_of(browser.get(reverse("disclosure:cause", args=[cause.uuid])))
    assert "要写到的要素" in page
    assert all(f"<li>{element}</li>" in page for element in publishing.get_draft(start(browser, cause)).required)


def start(browser, cause):
    browser.post(reverse("disclosure:write", args=[cause.uuid]))
    publication = Cause.objects.get(uuid=cause.uuid).publication_id
    assert publication is not None
    return publication


def test_writing_is_never_begun_by_a_link(browser, clerk, friday):
    cause = a_cause(actor=clerk, now=friday)
    assert browser.get(reverse("disclosure:write", args=[cause.uuid])).status_code == 405


def test_causes_of_other_units_are_not_shown(sign_in, openness_office, friday):
    cause = a_cause(actor=openness_office, now=friday, entry="geo.plan")
    browser = sign_in("周岚")
    assert browser.get(reverse("disclosure:cause", args=[cause.uuid])).status_code == 404
    assert browser.post(reverse("disclosure:write", args=[cause.uuid])).status_code in {403, 404}
    assert cause.title not in text_of(browser.get(reverse("disclosure:list")))


def test_the_list_shows_what_was_registered_last_first_and_pages(browser, clerk, friday, django_assert_max_num_queries):
    for number in range(31):
        a_cause(actor=clerk, now=friday, title=f"第{number:02}号地块成交")
    browser.get(reverse("disclosure:list"))  # the first page after the sign-in also notes that the session is in use
    with django_assert_max_num_queries(14):
        first = text_of(browser.get(reverse("disclosure:list")))
    assert "第30号地块成交" in first
    assert "第00号地块成交" not in first
    link = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "第00号地块成交" in text_of(browser.get(reverse("disclosure:list") + link))


def test_a_person_without_the_right_to_write_cannot_register(sign_in):
    browser = sign_in("林晓")
    assert browser.get(NEW).status_code == 403
    assert "登记应公开事项</a>" not in text_of(browser.get(reverse("disclosure:list")))


def test_nobody_sees_anything_before_signing_in(client):
    for address in (NEW, reverse("disclosure:list")):
        assert client.get(address, headers={"host": "127.0.0.1"}).status_code == 302


def test_every_page_is_free_of_inline_style_and_script(browser, clerk, friday):
    cause = a_cause(actor=clerk, now=friday, happened_on=date(2026, 9, 18))
    for address in (NEW, f"{NEW}?entry=land.result", reverse("disclosure:list"), reverse("disclosure:cause", args=[cause.uuid])):
        page = text_of(browser.get(address))
        assert " style=" not in page
        assert "<style" not in page
        assert "onclick" not in page
        assert page.count("<h1") == 1
