import pytest
from django.test import Client
from django.utils import timezone

from gongkai.consumers.portal import actions
from gongkai.consumers.portal.kinds import SearchQuery
from gongkai.consumers.portal.searching import link_to, search_view
from gongkai.core.catalogue import api as catalogue
from tests.factories.portal import a_public_text, make_findable, public_texts

pytestmark = [pytest.mark.django_db, pytest.mark.urls("gongkai.config.urls_portal")]


@pytest.fixture
def browser(bureau, portal_root, friday, settings):
    """A citizen's browser; two texts and their pages are public."""
    settings.MIDDLEWARE = ["gongkai.foundation.workdays.middleware.BusinessTimeMiddleware"]
    for uuid in (
        a_public_text(
            at=friday,
            title="双桥村征地补偿安置方案",
            body="<p>前文。青苗补偿标准按区片综合地价执行。</p>",
            document_number="临澄征〔2026〕9号",
        ),
        a_public_text(at=friday, title="政府信息公开指南", body="<p>产品和服务 & <b>", entry_code="guide.publish"),
    ):
        make_findable(uuid)
    actions.build_pages(at_system=timezone.now())
    return Client(headers={"host": "127.0.0.1"})


def ask(browser, **parameters):
    response = browser.get("/search/", parameters)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_without_a_question_explains_itself(browser):
    page = ask(browser)
    assert "搜索公开信息" in page
    assert 'value=""' in page


def test_a_phrase_from_the_middle_of_a_text_finds_its_page_with_the_words_marked(browser):
    page = ask(browser, q="青苗补偿标准")
    assert 'href="/d/2026/00001/"' in page
    assert "<mark>青苗补偿标准</mark>" in page
    assert "共 1 条" in page
    assert 'value="青苗补偿标准"' in page


def test_what_was_typed_is_text_and_nothing_else(browser):
    page = ask(browser, q='"><script>alert(1)</script>')
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("typed", ["", "  ", "🏠", "\x00", "' OR 1=1 --", "征" * 10_000, "%", "\ud800"])
def test_whatever_is_typed_the_answer_is_a_page(browser, typed):
    page = ask(browser, q=typed.encode("utf-8", "replace"), page="99999", year="x", section="<", order="?", literal="?")
    assert "<h1>" in page


def test_filters_narrow_and_an_empty_answer_leads_out_of_them(browser):
    assert "共 1 条" in ask(browser, q="双桥村", section="expropriation", year="2026")
    page = ask(browser, q="双桥村", section="guide")
    assert "所选范围里没有。不限栏目和年份有 1 条。" in page
    assert 'href="/search/?q=%E5%8F%8C%E6%A1%A5%E6%9D%91"' in page
    assert 'value="guide" selected' in page


def test_a_year_without_anything_stays_chosen(browser):
    assert 'value="1999" selected' in ask(browser, q="双桥村", year="1999")


def test_nothing_found_says_what_to_do(browser):
    page = ask(browser, q="不存在的事情")
    assert "没有找到。请核对有没有错字" in page
    assert "看全部栏目" in page


def test_what_was_relaxed_is_told(browser):
    assert "没有与所输文字完全一致的文件，以下文件分别含有：" in ask(browser, q="双桥村青苗补偿标准是多少")


def test_letters_across_words_are_offered_by_a_link(browser, friday):
    make_findable(a_public_text(at=friday, title="和服展览", body="<p>介绍和服。</p>"))
    page = ask(browser, q="和服")
    assert "另有 1 条只在字面上含“和服”。" in page
    assert "literal=1" in page
    assert "按词查" in ask(browser, q="和服", literal="1")


def test_the_order_can_be_changed_and_pages_be_turned(browser, friday):
    for uuid in public_texts(45, first_at=friday):
        make_findable(uuid)
    page = ask(browser, q="道路建设", page="2")
    assert 'start="21"' in page
    assert "page=3" in page
    assert "order=date" in page
    assert '<span aria-current="page">2</span>' in page


def test_a_question_that_is_too_long_says_so(browser):
    assert "只按前面一段查" in ask(browser, q="双桥村 " * 500)


def test_only_what_differs_from_the_usual_stands_in_an_address():
    assert link_to(SearchQuery("征地")) == "/search/?q=%E5%BE%81%E5%9C%B0"
    assert link_to(SearchQuery("a", "land", 2026, is_by_date=True, is_literal=True, page=2)) == (
        "/search/?q=a&section=land&year=2026&order=date&literal=1&page=2"
    )


def test_only_sections_with_publications_can_be_chosen(browser):
    view = search_view(SearchQuery())
    assert {choice.value for choice in view.sections} == {"expropriation", "guide"}
    assert len(catalogue.list_sections()) > 2


def test_other_methods_are_refused(browser):
    assert browser.post("/search/").status_code == 405
