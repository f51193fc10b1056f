import re
from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.consumers.portal import actions, building, rules
from gongkai.consumers.portal.kinds import FileState, ListKind
from gongkai.consumers.portal.models import PortalFile, PortalList
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import IntentState, Job
from tests.factories.attachments import PDF, TEXT, an_attachment
from tests.factories.portal import a_public_text, public_texts, snapshot, take_down
from tests.factories.publishing import Reviewers, a_publication

pytestmark = pytest.mark.django_db
SYSTEM = timezone.now()


def build():
    return actions.build_pages(at_system=timezone.now())


def paths(root):
    return {path for path in snapshot(root) if path.endswith(".html")}


def without_moment(files):
    return {path: re.sub("本页生成于.*?<".encode(), b"<", content) for path, content in files.items()}


@pytest.fixture
def site(bureau, portal_root, sealed_root, settings, friday):
    """A portal without publications."""
    settings.ORGANISATION_NAME = "临澄市自然资源和规划局"
    build()
    return portal_root


def test_a_portal_without_publications_has_a_home_an_index_and_the_pages_for_trouble(site):
    assert paths(site) == {"index.html", "open/index.html", "_site/not-found.html", "_site/search-down.html", "_site/calculator-down.html"}
    assert (site / "static/portal/portal.css").is_file()
    assert outbox.count_dirty() == 0


def test_a_release_writes_no_file_and_the_next_round_of_the_worker_writes_its_pages(
    site, clerk, unit_head, secrecy_reviewer, signer, friday
):
    before = snapshot(site)
    a_publication(actor=clerk, by=Reviewers(unit_head, secrecy_reviewer, signer), now=friday)
    assert snapshot(site) == before

    build()

    assert paths(site) - set(before) == {"d/2026/00001/index.html", "open/sections/expropriation/index.html", "open/2026-10/index.html"}
    assert "双桥村征收土地预公告" in (site / "index.html").read_text()
    assert set(PortalFile.objects.values_list("state", flat=True)) == {FileState.WRITTEN.value}


def test_a_new_item_touches_its_page_and_the_heads_only(site, friday):
    public_texts(65, first_at=friday)
    build()
    before = snapshot(site)

    a_public_text(at=friday + timedelta(days=1))
    build()

    after = snapshot(site)
    changed = {path for path in after if after[path] != before.get(path)}
    heads = {"index.html", "open/index.html", "open/sections/expropriation/index.html", "open/2026-10/index.html"}
    assert changed == {"d/2026/00066/index.html", *heads}


def test_what_did_not_change_is_not_written_again(site, friday):
    public_texts(3, first_at=friday)
    build()
    before = {path: (site / path).stat().st_ino for path in snapshot(site)}
    outbox.touch([rules.write_key(key) for key in (rules.HOME, rules.OPEN)])
    build()
    report = actions.rebuild_pages(at_system=timezone.now())
    assert report.written == 0
    assert report.pages >= 8
    assert {path: (site / path).stat().st_ino for path in snapshot(site)} == before


def test_a_rebuild_brings_back_every_file_byte_for_byte(site, friday, clerk):
    file = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday)
    public_texts(2, first_at=friday, attachments=[file.uuid])
    public_texts(45, first_at=friday)
    build()
    before = snapshot(site)
    for path in before:
        (site / path).unlink()
    report = actions.rebuild_pages(at_system=timezone.now())
    assert report.written == len(before)
    assert without_moment(snapshot(site)) == without_moment(before)


def test_each_page_is_rendered_once_however_often_it_was_touched(site, friday):
    uuid = a_public_text(at=friday)
    for _ in range(5):
        actions.touch_publication(uuid)
    build()
    before = PortalFile.objects.get(path="d/2026/00001/index.html").changed_at
    for _ in range(5):
        actions.touch_publication(uuid)
    build()
    assert PortalFile.objects.get(path="d/2026/00001/index.html").changed_at == before


def test_what_is_not_public_any_more_goes_with_its_files_and_leaves_the_lists(site, friday, clerk):
    file = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday)
    uuid = a_public_text(at=friday, attachments=[file.uuid])
    build()
    assert len([path for path in snapshot(site) if path.startswith("d/")]) == 2
    take_down(uuid)
    build()
    assert paths(site) == {"index.html", "open/index.html", "_site/not-found.html", "_site/search-down.html", "_site/calculator-down.html"}
    assert not (site / "d").exists()
    assert PortalList.objects.get(kind=ListKind.SECTION.value).item_count == 0


def test_attachments_are_copied_beside_their_page(site, friday, clerk):
    pdf = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday)
    text = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday, name="说明.txt", data=TEXT)
    a_public_text(at=friday, attachments=[pdf.uuid, text.uuid])
    build()
    copies = {path: content for path, content in snapshot(site).items() if "/files/" in path}
    assert {path.rpartition(".")[2]: len(content) for path, content in copies.items()} == {"pdf": pdf.public_size, "txt": len(TEXT)}
    assert PDF not in copies.values()  # the original stays sealed: its copy has no properties
    page = (site / "d/2026/00001/index.html").read_text()
    assert all(f'href="/{path}"' in page for path in copies)
    assert 'download="说明.txt"' in page


def test_a_page_that_cannot_be_made_holds_nobody_up_and_becomes_a_job(site, friday, clerk, sealed_root):
    broken = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday)
    bad = a_public_text(at=friday, attachments=[broken.uuid], body="<p>坏</p>")
    good = a_public_text(at=friday)
    for file in sealed_root.rglob("*"):
        if file.is_file():
            file.chmod(0o600)
            file.write_bytes(b"damaged")
    build()
    assert (site / "d/2026/00002/index.html").is_file()
    assert bad != good
    jobs = outbox.list_jobs(states=list(IntentState))
    assert [job.key for job in jobs if job.label == "重试生成页面"] == [rules.write_key(rules.publication_key(bad))]
    assert outbox.count_dirty() == 0


def test_notes_that_name_no_page_are_dropped(site):
    outbox.touch(["nobody:knows", "section:../../etc:head", "publication:x", "month:2026-13:head", "section:land:0"])
    build()
    assert outbox.count_dirty() == 0


def test_nobody_writes_while_another_builder_is_at_it(site, friday):
    a_public_text(at=friday)
    now = timezone.now()
    outbox.claim_lease(name=building.LEASE, holder="another", at_system=now, seconds=20)
    assert actions.build_batch(now) == 0
    assert outbox.count_dirty() == 1
    assert not (site / "d").exists()
    assert actions.build_batch(now + timedelta(seconds=21)) == 1
    assert (site / "d/2026/00001/index.html").is_file()


def test_a_builder_that_lost_its_lease_writes_nothing(site, friday):
    a_public_text(at=friday)
    with building.leased(timezone.now()) as builder:
        assert builder is not None
        pages, failed = builder.make_pages([rules.HOME])
        outbox.claim_lease(name=building.LEASE, holder="another", at_system=timezone.now() + timedelta(hours=1), seconds=20)
        before = snapshot(site)
        assert not failed
        assert builder.write(pages) is None
        assert snapshot(site) == before


def test_home_is_looked_at_once_an_hour(site, friday):
    (row,) = [row for row in outbox.list_jobs(states=[IntentState.READY]) if row.label == "每小时更新首页"]
    job = Job(row.id, "portal.hourly", row.key, {}, {}, 0, 0)
    step = actions.run_hourly(job, timezone.now())
    assert step.cursor == {}
    assert 0 < step.pause_seconds <= 3600
    assert outbox.count_dirty() == 0
    PortalFile.objects.filter(path="index.html").update(made_at=friday)
    actions.run_hourly(job, timezone.now())
    assert [note.key for note in outbox.list_dirty(9)] == ["home"]
