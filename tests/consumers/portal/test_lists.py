from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.consumers.portal import actions, queries
from gongkai.consumers.portal.kinds import ListKind
from gongkai.consumers.portal.models import ListItem, MonthCount, PortalList
from gongkai.core.publishing.models import Edition, Publication
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.triggers.models import PurgeOpening
from tests.factories.portal import a_public_text, public_texts, take_down

pytestmark = pytest.mark.django_db
SECTION = "open/sections/expropriation"


@pytest.fixture
def site(bureau, portal_root, sealed_root):
    actions.build_pages(at_system=timezone.now())
    return portal_root


def build():
    actions.build_pages(at_system=timezone.now())


def the_list(kind=ListKind.SECTION):
    return PortalList.objects.get(kind=kind.value)


def titles(page):
    return [line.partition(">")[2].partition("<")[0] for line in page.read_text().splitlines() if 'class="row-title"' in line]


def test_the_head_is_newest_first_and_full_pages_leave_it_from_the_oldest(site, friday):
    public_texts(65, first_at=friday)
    build()
    numbers = dict(ListItem.objects.filter(list=the_list()).values_list("path", "page"))
    assert [numbers[f"/d/2026/{number:05d}/"] for number in (1, 20, 21, 40, 41, 65)] == [1, 1, 2, 2, None, None]
    head = titles(site / SECTION / "index.html")
    assert (len(head), head[0], head[-1]) == (25, "双桥村征收土地预公告（第 65 号）", "双桥村征收土地预公告（第 41 号）")
    assert titles(site / SECTION / "1/index.html")[-1] == "双桥村征收土地预公告（第 1 号）"
    assert not (site / SECTION / "3").exists()


def test_a_page_that_leaves_the_head_touches_two_old_pages_however_many_there_are(site, friday):
    public_texts(159, first_at=friday)
    build()
    before = {number: (site / SECTION / f"{number}/index.html").stat().st_mtime_ns for number in range(1, 7)}
    assert the_list().page_count == 6
    a_public_text(at=friday + timedelta(days=1))
    build()
    assert the_list().page_count == 7
    changed = [number for number, at in before.items() if (site / SECTION / f"{number}/index.html").stat().st_mtime_ns != at]
    assert changed == [6]
    assert (site / SECTION / "7/index.html").is_file()


def test_every_public_text_stands_on_exactly_one_page_of_its_section(site, friday):
    for start in range(5):
        public_texts(33, first_at=friday + timedelta(hours=start))
        build()
    shown = [title for page in (site / SECTION).rglob("index.html") for title in titles(page)]
    assert len(shown) == 165
    assert the_list().item_count == 165 == MonthCount.objects.get().item_count


def test_what_goes_leaves_a_hole_and_no_page_is_numbered_anew(site, friday):
    uuids = public_texts(65, first_at=friday)
    build()
    for uuid in uuids[3:5]:
        take_down(uuid)
    build()
    assert len(titles(site / SECTION / "1/index.html")) == 18
    assert len(titles(site / SECTION / "2/index.html")) == 20
    assert "共 63 条" in (site / SECTION / "index.html").read_text()


def test_an_archive_page_without_anything_left_goes(site, friday):
    uuids = public_texts(41, first_at=friday)
    build()
    for uuid in uuids[:20]:
        take_down(uuid)
    build()
    assert not (site / SECTION / "1").exists()
    assert len(titles(site / SECTION / "index.html")) == 21


def test_what_a_list_shows_follows_the_text(site, friday):
    uuid = public_texts(45, first_at=friday)[0]
    build()
    edition = Edition.objects.get(shown_by__uuid=uuid)
    PurgeOpening.objects.create(table="publishing_edition", row=edition.pk, purge=uuid)
    Edition.objects.filter(pk=edition.pk).update(title="更正后的标题")
    actions.touch_publication(uuid)
    build()
    assert "更正后的标题" in titles(site / SECTION / "1/index.html")
    assert "更正后的标题" in titles(site / "open/2026-10/index.html")


def test_a_text_that_changes_its_section_leaves_the_old_list(site, friday):
    uuid = a_public_text(at=friday)
    build()
    from gongkai.core.catalogue.models import Section  # noqa: PLC0415 - only here

    Publication.objects.filter(uuid=uuid).update(section=Section.objects.get(slug="policies"))
    actions.touch_publication(uuid)
    build()
    assert not (site / SECTION).exists()
    assert titles(site / "open/sections/policies/index.html") == ["双桥村征收土地预公告"]


def test_a_month_shows_all_its_items_on_one_page_up_to_two_hundred(site, friday):
    public_texts(150, first_at=friday)
    public_texts(3, first_at=friday + timedelta(days=30))
    build()
    assert len(titles(site / "open/2026-10/index.html")) == 150
    assert len(titles(site / "open/2026-11/index.html")) == 3
    assert queries.list_months() == ["2026-11", "2026-10"]


def queries_for_one_more(friday, hour):
    a_public_text(at=friday + timedelta(days=2, hours=hour))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        while outbox.count_dirty():
            actions.build_batch(timezone.now())
    return len(captured)


def test_the_cost_of_one_more_follows_the_pages_it_touches_not_the_size_of_the_site(site, friday):
    public_texts(21, first_at=friday)
    build()
    small = queries_for_one_more(friday, 1)
    public_texts(180, first_at=friday)
    build()
    assert queries_for_one_more(friday, 2) <= small
