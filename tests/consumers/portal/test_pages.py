import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.consumers.portal import actions, queries, rules
from gongkai.consumers.portal.kinds import PageKey, PageKind
from gongkai.consumers.portal.rendering import render
from gongkai.core.publishing.models import Publication
from tests.factories.attachments import an_attachment
from tests.factories.portal import a_public_text, public_texts, snapshot

pytestmark = pytest.mark.django_db
BODY = "".join(
    f"<h2>第{number}章</h2><p>双桥村征地补偿标准，见附表。</p><table><tbody><tr><td>1</td></tr></tbody></table>" for number in "一二三四"
)


META_TAGS = ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType", "ContentSource")
QUERIES = {
    "home": 4,
    "open": 4,
    "section:expropriation:head": 3,
    "section:expropriation:1": 3,
    "month:2026-10:head": 2,
    "fixed:not-found": 0,
}


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.links = []
        self.meta = {}
        self.ids = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.tags.append((tag, known))
        self.ids.add(known.get("id"))
        if tag in {"a", "link"} and "href" in known:
            self.links.append(known["href"])
        if tag in {"img", "form"}:
            self.links.append(known.get("src") or known.get("action"))
        if tag == "meta" and "name" in known:
            self.meta[known["name"]] = known["content"]


@pytest.fixture
def site(bureau, portal_root, sealed_root, friday, clerk, settings):
    """A portal with two sections, a long text with an attachment, archive pages."""
    settings.PORTAL_ADDRESS = "http://127.0.0.1:8000"
    file = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday)
    a_public_text(
        at=friday,
        title="临澄市<工业>用地弹性出让管理办法",
        body=BODY,
        document_number="临澄自然资规〔2026〕3号",
        elements={"征收范围": "东至沿河路。", "补偿": "见 <附表>"},
        attachments=[file.uuid],
    )
    public_texts(65, first_at=friday - timedelta(days=40))
    a_public_text(at=friday, entry_code="guide.publish", title="政府信息公开指南")
    actions.build_pages(at_system=timezone.now())
    return portal_root


def pages_of(root):
    return {path: Outline(content.decode()) for path, content in snapshot(root).items() if path.endswith(".html")}


def test_no_link_of_any_page_is_dead(site):
    for path, page in pages_of(site).items():
        for link in page.links:
            if link.startswith(("tel:", "http://127.0.0.1:8000/")) or link.partition("?")[0] in {"/search/", "/calculator/"}:
                continue
            address, _, anchor = link.partition("#")
            target = site / (rules.file_path(address) if address.endswith("/") else address[1:])
            assert not address or target.is_file(), (path, link)
            if anchor:
                text = target.read_text() if address else (site / path).read_text()
                assert anchor in Outline(text).ids, (path, link)


def test_every_page_is_whole_and_asks_nobody_else(site):
    for path, page in pages_of(site).items():
        tags = [tag for tag, _ in page.tags]
        assert tags.count("h1") == 1, path
        assert ("html", {"lang": "zh-CN"}) in page.tags
        assert not {"script", "style", "iframe"} & set(tags), path
        assert not [known for _, known in page.tags if any(name == "style" or name.startswith("on") for name in known)], path
        assert all(link.startswith(("/", "#", "tel:", "http://127.0.0.1:8000/")) for link in page.links), path


def test_every_page_carries_the_meta_tags_of_the_national_guideline(site):
    for path, page in pages_of(site).items():
        for name in (
            "SiteName",
            "SiteDomain",
            "SiteIDCode",
            "ColumnName",
            "ColumnDescription",
            "ColumnKeywords",
            "ColumnType",
            "ContentSource",
        ):
            assert page.meta[name], (path, name)
    article = Outline((site / "d/2026/00001/index.html").read_text()).meta
    assert article["ArticleTitle"] == "临澄市<工业>用地弹性出让管理办法"
    assert article["PubDate"] == "2026-10-09 10:20"
    assert article["Url"] == "http://127.0.0.1:8000/d/2026/00001/"
    assert article["Description"].startswith("第一章 双桥村征地补偿标准")


def test_files_on_disk_say_no_day_that_passes(site):
    for path, content in snapshot(site).items():
        if path.endswith(".html"):
            assert not re.search("今天|昨天|刚刚|还剩|逾期|暂无", content.decode()), path


def test_pages_are_small(site):
    assert (site / "index.html").stat().st_size < 150_000
    assert (site / "d/2026/00001/index.html").stat().st_size < 80_000


def test_an_article_shows_number_dates_elements_text_and_whom_to_ask(site):
    text = (site / "d/2026/00001/index.html").read_text()
    for words in ("临澄市&lt;工业&gt;用地", "临澄自然资规〔2026〕3号", "2026年10月9日", "东至沿河路。", "见 &lt;附表&gt;", "tel:0000-"):
        assert words in text
    assert text.index("索引号") < text.index("征收范围") < text.index('id="part-1"') < text.index("附件")
    assert text.count('class="table-box"') == 4
    assert 'href="#part-4"' in text


def test_home_shows_the_newest_and_counts_the_month_by_section(site, settings, friday):
    frame = queries.make_frame(friday)
    (output,) = render(rules.HOME, frame)
    assert isinstance(output.content, bytes)
    text = output.content.decode()
    assert re.search(r"本月已公开.*?<strong>2</strong> 项 <span>10月1日至9日", text, re.DOTALL)
    assert "全部 67 条" in text
    assert text.index("政府信息公开指南") < text.index("双桥村征收土地预公告（第 65 号）")


def test_the_index_of_sections_adds_up(site):
    text = (site / "open/index.html").read_text()
    assert "共 67 条" in text
    assert sum(int(number) for number in re.findall(r"<span>(\d+) 条</span>", text)) == 67
    assert sum(int(number) for number in re.findall(r"<span>(\d+) 条，最近", text)) == 67


def test_a_section_without_publications_has_no_page(site):
    assert sorted(path.name for path in (site / "open/sections").iterdir()) == ["expropriation", "guide"]
    assert render(PageKey(PageKind.SECTION, "policies"), queries.make_frame(timezone.now())) == []
    assert render(PageKey(PageKind.SECTION, "no-such"), queries.make_frame(timezone.now())) == []
    assert render(PageKey(PageKind.PUBLICATION, str(Publication(pk=1).uuid)), queries.make_frame(timezone.now())) == []


@pytest.mark.parametrize(("text", "number"), QUERIES.items())
def test_a_page_costs_a_fixed_number_of_queries(site, friday, text, number):
    key = rules.read_key(text)
    assert key is not None
    frame = queries.make_frame(friday)
    with CaptureQueriesContext(connection) as captured:
        render(key, frame)
    assert len(captured) == number


@pytest.mark.parametrize(("clock", "times"), [("demo", 2), ("system", 0)])
def test_a_demo_says_on_every_page_that_it_is_one(bureau, portal_root, sealed_root, friday, demo_clock, settings, clock, times):
    public_texts(1, first_at=friday)
    settings.BUSINESS_CLOCK = clock
    actions.build_pages(at_system=timezone.now())
    pages = [path for path in portal_root.rglob("*.html") if "down" not in path.name]
    assert len(pages) > 4
    assert {path.read_text().count("本站为演示，文件为样例简录") for path in pages} == {times}
