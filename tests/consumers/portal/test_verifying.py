import os
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from gongkai.consumers.portal import actions
from gongkai.consumers.portal.kinds import FileState
from gongkai.consumers.portal.models import ListItem, MonthCount, PortalFile, PortalList
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.models import Publication
from gongkai.foundation.outbox import api as outbox
from tests.factories.attachments import an_attachment
from tests.factories.portal import public_texts, snapshot

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=11)


@pytest.fixture
def site(bureau, portal_root, sealed_root, friday, clerk):
    """A portal with 25 texts, one with an attachment, everything on disk."""
    file = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday)
    public_texts(1, first_at=friday, attachments=[file.uuid])
    public_texts(24, first_at=friday)
    actions.build_pages(at_system=timezone.now())
    return portal_root


def check(*, later=LATER):
    return actions.verify_pages(at_system=timezone.now() + later, is_repairing=False)


def repair():
    return actions.verify_pages(at_system=timezone.now() + LATER)


def test_a_portal_that_was_just_built_is_whole(site):
    report = check()
    assert report.faults == 0
    assert report.files == len(snapshot(site))
    assert report.young == 0


def test_a_file_that_is_missing_is_written_again(site):
    before = snapshot(site)
    lost = ["index.html", "d/2026/00003/index.html", next(path for path in before if "/files/" in path), "static/portal/portal.css"]
    for path in lost:
        (site / path).unlink()
    assert check().missing == tuple(sorted(lost))
    assert repair().faults == 4
    assert set(snapshot(site)) == set(before)
    assert check(later=2 * LATER).faults == 0


def test_a_file_that_was_changed_is_written_again(site):
    target = site / "d/2026/00003/index.html"
    right = target.read_text().partition("本页生成于")[0]
    target.write_text("defaced")
    assert check().changed == ("d/2026/00003/index.html",)
    repair()
    assert target.read_text().startswith(right)


def test_what_nobody_owns_is_removed(site, tmp_path):
    before = set(snapshot(site))
    (site / "stray.html").write_text("x")
    (site / "d/2026/09999").mkdir()
    (site / "d/2026/09999/index.html").write_text("x")
    (site / "d/2026/00003/.writing-abc").write_text("half")
    (site / "link.html").symlink_to(tmp_path)
    assert check().unowned == ("d/2026/00003/.writing-abc", "d/2026/09999/index.html", "link.html", "stray.html")
    repair()
    assert set(snapshot(site)) == before
    assert not (site / "d/2026/09999").exists()


def test_what_is_younger_than_ten_minutes_is_left_alone(site):
    (site / "stray.html").write_text("x")
    (site / "index.html").write_text("being written")
    report = actions.verify_pages(at_system=timezone.now())
    assert report.faults == 0
    assert report.young == len(snapshot(site))
    assert (site / "stray.html").exists()


def test_a_row_that_says_writing_is_finished(site):
    PortalFile.objects.filter(path="d/2026/00003/index.html").update(state=FileState.WRITING.value)
    assert check().unfinished == ("d/2026/00003/index.html",)
    repair()
    assert PortalFile.objects.get(path="d/2026/00003/index.html").state == FileState.WRITTEN.value


def test_a_row_that_is_missing_is_written_again(site):
    PortalFile.objects.filter(path="d/2026/00003/index.html").delete()
    report = check()
    assert report.missing == report.unowned == ("d/2026/00003/index.html",)
    repair()
    assert PortalFile.objects.get(path="d/2026/00003/index.html").state == FileState.WRITTEN.value
    assert (site / "d/2026/00003/index.html").is_file()


def test_a_text_that_is_in_no_list_is_put_into_its_lists(site):
    ListItem.objects.filter(path="/d/2026/00003/").delete()
    (key,) = check().misplaced
    repair()
    assert key == f"publication:{ListItem.objects.filter(path='/d/2026/00003/').values_list('publication', flat=True)[0]}"
    assert ListItem.objects.filter(path="/d/2026/00003/").count() == 2
    assert check(later=2 * LATER).faults == 0


def test_a_text_that_is_public_no_longer_leaves_pages_and_lists(site):
    row = Publication.objects.get(path_number=3)
    Publication.objects.filter(pk=row.pk).update(state="TAKEN_DOWN")
    report = check()
    assert report.misplaced == (f"publication:{row.uuid}",)
    assert report.unowned == ("d/2026/00003/index.html",)
    repair()
    assert not (site / "d/2026/00003").exists()
    assert "00003" not in (site / "open/sections/expropriation/index.html").read_text()


def test_a_text_that_waits_to_be_rendered_is_no_fault(site, friday):
    public_texts(1, first_at=friday + timedelta(hours=1))
    assert check().faults == 0


def test_counts_are_counted_again(site):
    PortalList.objects.update(item_count=7)
    MonthCount.objects.update(item_count=7)
    repair()
    assert set(PortalList.objects.values_list("item_count", flat=True)) == {25}
    assert MonthCount.objects.get().item_count == 25 == publishing.count_published()


def test_the_command_says_what_it_found_and_ends_with_one_when_it_only_looked(site, capsys):
    old = timezone.now().timestamp() - 3600
    for path in snapshot(site):
        os.utime(site / path, (old, old))
    PortalFile.objects.update(changed_at=timezone.now() - timedelta(hours=1))
    call_command("portal_verify")
    assert "三方一致" in capsys.readouterr().out
    (site / "index.html").unlink()
    with pytest.raises(SystemExit, match="1"):
        call_command("portal_verify", "--dry-run")
    assert "缺文件 1 个：index.html" in capsys.readouterr().out
    call_command("portal_verify")
    assert "1 处差异已修复" in capsys.readouterr().out
    assert (site / "index.html").is_file()
    assert outbox.count_dirty() == 0


def test_the_commands_build_and_rebuild(site, capsys):
    call_command("portal_build")
    call_command("portal_rebuild")
    out = capsys.readouterr().out
    assert "已处理 6 条待生成记录" in out
    assert "写出 0 个文件" in out


def test_the_counts_of_the_command_add_up(site, capsys):
    (site / "stray.html").write_text("x")
    call_command("portal_verify", "--dry-run")
    line = capsys.readouterr().out.splitlines()[0]
    total, rest = line.partition("。")[0].split(" = ")
    parts = [int(re.findall(r" (\d+) 个", part)[0]) for part in rest.split(" + ")]
    assert int(re.findall(r"\d+", total)[0]) == sum(parts) == len(snapshot(site))
    assert parts[1:] == [1, 8, 1]
    assert "静态文件 8 个" in line
    assert "没有登记的 1 个" in line
