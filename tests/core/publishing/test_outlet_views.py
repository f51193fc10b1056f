import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import PostingState
from gongkai.core.publishing.models import Outlet, Posting
from tests.factories.attachments import PNG
from tests.factories.publishing import a_content, a_draft, a_file, a_publication, find_holder
from tests.factories.websites import a_web_site

pytestmark = pytest.mark.django_db
PAGE = "<h1>双桥村征收土地预公告</h1><p>{}</p><p>拟征收双桥村集体土地2.20公顷，用于道路建设。</p>"


@pytest.fixture
def site(settings):
    """The city's site on this machine."""
    settings.OUTLET_INTERNAL_HOSTS = ["127.0.0.1"]
    with a_web_site() as one:
        yield one


@pytest.fixture
def city(site, openness_office, friday):
    """The city's site as an outlet."""
    return publishing.save_outlet(
        outlet=None, name="市政府网站", address=site.address, telephone="0000-8866001", is_active=True, actor=openness_office, now=friday
    )


@pytest.fixture
def text(clerk, reviewers, friday):
    """A public text."""
    return a_publication(actor=clerk, by=reviewers, now=friday)


def of(name, uuid):
    return reverse(f"publishing:{name}", args=[uuid])


def test_an_address_is_typed_fetched_and_compared_in_one_press(text, city, site, sign_in):
    browser = sign_in("周岚")
    answer = browser.post(
        of("outlets", text), {"outlet": city, "address": site.put("/a", PAGE.format("发布日期：2026-10-09"))}, follow=True
    )
    body = answer.content.decode()
    assert "已核对：标题、日期和正文对得上。" in body
    assert "正文 100% 对得上" in body
    assert browser.get(of("posting", Posting.objects.get().uuid))["Location"] == of("outlets", text)


def test_what_was_typed_stays_when_it_is_refused(text, city, site, sign_in):
    answer = sign_in("周岚").post(of("outlets", text), {"outlet": city, "address": "https://www.example.com/文"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "https://www.example.com/文" in body
    assert "不在“市政府网站”（127.0.0.1）上" in body


def test_a_day_that_was_not_read_asks_for_a_person_and_a_screenshot(text, city, site, sign_in, sealed_root):
    browser = sign_in("周岚")
    body = browser.post(of("outlets", text), {"outlet": city, "address": site.put("/a", PAGE.format(""))}, follow=True).content.decode()
    assert "日期没有读到" in body
    posting = Posting.objects.get()
    answer = browser.post(of("confirm", posting.uuid), {"published_on": "2026-10-09"})
    assert answer.status_code == 422
    assert "请上传网页的截图" in answer.content.decode()
    shot = SimpleUploadedFile("shot.png", PNG)
    body = browser.post(of("confirm", posting.uuid), {"published_on": "2026-10-09", "screenshot": shot}, follow=True).content.decode()
    assert "日期已确认" in body
    assert Posting.objects.get().state == PostingState.CHECKED.value


def test_the_package_holds_text_files_and_facts(clerk, reviewers, friday, sign_in, sealed_root):
    draft = a_draft(actor=clerk, now=friday)
    (file,) = publishing.attach_files(publication=draft, files=[a_file("名单.txt", "一、张三".encode())], actor=clerk, now=friday).stored
    text = a_publication(actor=clerk, by=reviewers, now=friday, content=a_content(attachments=(file,)))
    answer = sign_in("周岚").get(of("package", text))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert set(archive.namelist()) == {"正文.html", "正文.txt", "元数据.json", "附件/01-名单.txt"}
    facts = json.loads(archive.read("元数据.json"))
    assert (facts["标题"], facts["附件"]) == ("双桥村征收土地预公告", ["名单.txt"])
    assert "拟征收双桥村集体土地" in archive.read("正文.txt").decode()
    assert sign_in("周岚").get(of("package", draft)).status_code == 404


def test_who_may_not_see_the_unit_sees_neither_addresses_nor_package(text, city, sign_in):
    outsider = sign_in(find_holder("LC06-1"))
    for name in ("outlets", "package"):
        assert outsider.get(of(name, text)).status_code == 404


def test_the_office_keeps_the_outlets_and_nobody_else(site, sign_in):
    page = reverse("outlets:list")
    assert sign_in("周岚").get(page).status_code == 403
    office = sign_in("何静")
    assert "还没有渠道" in office.get(page).content.decode()
    assert office.post(page, {"name": "省平台", "address": "x", "telephone": "1"}).status_code == 422
    office.post(page, {"name": "省平台", "address": "https://www.example.com/", "telephone": "0000-1", "is_active": "on"})
    outlet = Outlet.objects.get()
    assert "省平台" in office.get(f"{page}?outlet={outlet.pk}").content.decode()
    office.post(page, {"outlet": outlet.pk, "name": "省平台", "address": "https://www.example.com/", "telephone": "0000-2"})
    outlet.refresh_from_db()
    assert (outlet.telephone, outlet.is_active) == ("0000-2", False)


def test_a_take_down_lists_the_other_sites_with_their_telephone(text, city, site, sign_in):
    browser = sign_in("周岚")
    browser.post(of("outlets", text), {"outlet": city, "address": site.put("/a", PAGE.format("发布日期：2026-10-09"))})
    office = sign_in("何静")
    assert "紧急下线，2 个渠道同时" in office.get(of("take-down", text)).content.decode()
    body = office.post(of("take-down", text), {"note": ""}, follow=True).content.decode()
    assert "未撤，请打电话请对方撤下" in body
    assert "tel:0000-8866001" in body
    posting = Posting.objects.get()
    body = office.post(of("note-down", posting.uuid), {"act": "down"}, follow=True).content.decode()
    assert "已撤" in body
    assert Posting.objects.get().down_at is not None


def test_the_page_costs_the_same_for_any_number_of_outlets(text, site, openness_office, friday, sign_in, django_assert_num_queries):
    browser = sign_in("周岚")

    def add(number):
        publishing.save_outlet(
            outlet=None, name=f"网站 {number}", address=site.address, telephone="1", is_active=True, actor=openness_office, now=friday
        )

    add(1)
    browser.get(of("outlets", text))
    with django_assert_num_queries(COST):
        browser.get(of("outlets", text))
    for number in range(2, 6):
        add(number)
    with django_assert_num_queries(COST):
        browser.get(of("outlets", text))


COST = 19
