import re
from datetime import date

import pytest
from django.urls import reverse

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.models import LocalTerms, Obligation, Terms
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.organisations.models import Unit
from tests.factories.ledger import an_obligation, at

pytestmark = pytest.mark.django_db

NOW = at("2026-10-09")
LIMIT = {"amount": "10", "unit": "WORKDAY", "month_day": ""}
VERSION = LIMIT | {
    "effective_from": "2026-09-01", "effective_to": "", "basis": "条例26条（修订）", "source": "条例修订本", "public_display": "YES",
    "note": "",
}  # fmt: skip
LOCAL = LIMIT | {"unit_id": "", "effective_from": "2026-10-09", "effective_to": "", "reason": "局办公会第9次纪要"}


@pytest.fixture
def office(sign_in):
    """The browser of 方正言, 科长 of 政策法规科."""
    return sign_in("方正言")


@pytest.fixture
def clerk_browser(sign_in):
    """The browser of 周岚."""
    return sign_in("周岚")


@pytest.fixture
def own_unit(clerk):
    """The unit of 周岚."""
    return Unit.objects.get(pk=clerk.unit_id)


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def the_terms(entry):
    return Terms.objects.get(entry=entry, is_current=True)


def address_of(name, entry="policy.rules", *more):
    return reverse(f"ledger:{name}", args=[entry, *more])


def test_everybody_on_the_desk_may_read_where_a_limit_comes_from(clerk_browser, client):
    response = clerk_browser.get(reverse("ledger:terms"))
    text = text_of(response)

    assert response.status_code == 200
    assert "未核实" in text
    assert "20 个工作日" in text
    assert "条例20条(七)；预算法14条" in text
    assert client.get(reverse("ledger:terms")).status_code == 302


def test_each_tab_has_as_many_lines_as_it_says(office):
    for tab in office.get(reverse("ledger:terms")).context["tabs"]:
        page = office.get(reverse("ledger:terms") + tab.href)
        assert len(page.context["lines"]) == tab.count, tab.label


def test_the_list_can_be_searched_and_says_when_nothing_is_found(office):
    assert "成交结果" in text_of(office.get(reverse("ledger:terms"), {"words": "land.result"}))
    assert "没有找到这样的条款" in text_of(office.get(reverse("ledger:terms"), {"words": "天气预报"}))
    assert office.get(reverse("ledger:terms"), {"part": "NOWHERE", "words": "\0"}).status_code == 200
    assert "这一类现在没有条款" in text_of(office.get(reverse("ledger:terms"), {"part": "LOCAL"}))


def test_a_duty_shows_everything_its_clock_needs(clerk_browser):
    text = text_of(clerk_browser.get(address_of("terms_duty", "foi.reply")))
    for words in ("可延长 20 个工作日", "政府信息公开工作机构负责人同意", "征求第三方意见所需时间；征求其他机关意见所需时间", "条例33条"):
        assert words in text, words
    assert "末日遇休息日不顺延" in text_of(clerk_browser.get(address_of("terms_duty", "credit.pub_general")))
    assert clerk_browser.get(address_of("terms_duty", "no.such")).status_code == 404


def test_a_clerk_sees_no_act_and_is_refused_one(clerk_browser):
    page = clerk_browser.get(address_of("terms_duty")).content.decode()
    assert "加一版条款" not in page
    terms = the_terms("policy.rules").pk
    for address in (address_of("terms_add"), address_of("terms_local"), address_of("terms_confirm", "policy.rules", terms)):
        assert clerk_browser.get(address).status_code == 403
        refused = clerk_browser.post(address, VERSION)
        assert "确认期限条款" in text_of(refused)


def test_the_legal_office_confirms_with_a_name(office):
    terms = the_terms("land.result")
    address = address_of("terms_confirm", "land.result", terms.pk)
    seen = office.get(address).context["form"]["seen"].value()
    assert office.post(address, {"seen": seen, "note": "法规库原文"}).status_code == 422

    response = office.post(address, {"seen": seen, "public_display": "YES", "note": "法规库原文第21条"}, follow=True)
    text = text_of(response)
    assert "已核对" in text
    assert "方正言，2026-10-09 10:20" in text
    terms.refresh_from_db()
    assert (terms.public_display, terms.is_verified) == ("YES", True)


def test_an_internal_limit_stays_on_the_desk(office):
    terms = the_terms("monitor.daily")
    address = address_of("terms_confirm", "monitor.daily", terms.pk)
    seen = office.get(address).context["form"]["seen"].value()
    response = office.post(address, {"seen": seen, "public_display": "YES", "note": "看过"})
    assert response.status_code == 422
    assert "内部要求，它的日子不对外显示" in text_of(response)


def test_a_version_is_looked_at_before_it_is_added(office, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW, label="待改的一件")
    shown = office.post(address_of("terms_add"), VERSION)

    assert "会改 1 件在办事项的期限" in text_of(shown)
    assert "待改的一件" in text_of(shown)
    assert Obligation.objects.get(uuid=row.uuid).last_day == date(2026, 10, 27)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.content.decode()))
    done = office.post(address_of("terms_add"), hidden, follow=True)
    assert "改了 1 件在办事项的期限" in text_of(done)
    assert Obligation.objects.get(uuid=row.uuid).last_day == date(2026, 10, 13)

    version = Terms.objects.get(is_by_hand=True)
    address = address_of("terms_withdraw", "policy.rules", version.pk)
    seen = office.get(address).context["preview"].digest
    assert office.post(address, {"seen": seen, "reason": ""}).status_code == 422
    office.post(address, {"seen": seen, "reason": "文号看错了"})
    assert Obligation.objects.get(uuid=row.uuid).last_day == date(2026, 10, 27)


def test_a_version_whose_preview_is_old_is_refused_and_nothing_is_lost(office, own_unit):
    old = office.post(address_of("terms_add"), VERSION).context["preview"].digest
    an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW)
    response = office.post(address_of("terms_add"), VERSION | {"confirm": "1", "seen": old})
    assert response.status_code == 409
    assert "重新看一遍" in text_of(response)
    assert not Terms.objects.filter(is_by_hand=True).exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount": ""}, "请写多少"),
        ({"amount": "-3"}, "大于"),
        ({"unit": "fixed", "month_day": "13-01"}, "写法不认识"),
        ({"unit": "fixed"}, "请写每年哪一天"),
        ({"effective_to": "2026-08-01"}, "止日不能早于起日"),
        ({"effective_from": "昨天"}, "2026-10-09 这样的日期"),
        ({"basis": ""}, "依据"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(office, changed, words):
    response = office.post(address_of("terms_add"), VERSION | changed)
    assert response.status_code == 422
    assert words in text_of(response)


@pytest.mark.parametrize(
    ("entry", "changed", "limit"),
    [
        ("policy.rules", {}, "P10WD"),
        ("policy.rules", {"unit": "DAY", "amount": "15"}, "P15D"),
        ("plan.draft", {"unit": "DAY", "amount": "45", "is_minimum": "on"}, "min:P45D"),
        ("annual.report", {"unit": "fixed", "month_day": "01-26"}, "fixed:01-26"),
        ("policy.on_request_list", {"unit": "cadence:1M", "amount": ""}, "cadence:1M"),
    ],
)
def test_a_stricter_limit_of_our_own_can_be_set(office, entry, changed, limit):
    response = office.post(address_of("terms_local", entry), LOCAL | changed, follow=True)
    assert "已定局内期限" in text_of(response)
    local = LocalTerms.objects.get()
    assert (local.limit_text, local.set_by_name) == (limit, "方正言")
    office.post(address_of("terms_local_withdraw", entry, local.uuid), {})
    local.refresh_from_db()
    assert local.withdrawn_at is not None


def test_a_laxer_limit_is_refused_in_words(office):
    response = office.post(address_of("terms_local"), LOCAL | {"amount": "25"})
    assert response.status_code == 422
    assert "局内期限只能更严" in text_of(response)


def test_pages_cost_a_constant_number_of_queries(office, own_unit, django_assert_max_num_queries):
    for address in (reverse("ledger:terms"), address_of("terms_duty"), reverse("ledger:freshness")):
        office.get(address)
        with django_assert_max_num_queries(20):
            office.get(address)


def test_columns_say_how_fresh_they_are(clerk_browser, own_unit):
    assert "还没有公开过信息的栏目" in text_of(clerk_browser.get(reverse("ledger:freshness")))
    ledger.note_update(entry="news.work", unit_id=own_unit.pk, at=at("2026-09-30"), actor=SYSTEM)
    ledger.tick_cadences(now=NOW)
    response = clerk_browser.get(reverse("ledger:freshness"))
    text = text_of(response)

    assert "1 个栏目该更新没有更新" in text
    assert "10-08 没有更新" in text
    assert "每个工作日" in text
    assert "10-14 周三" in text
    assert "chip-reminder" in response.content.decode()
