"""Texts taken off the portal at once: page and files first, then the lists, whatever the worker does."""

import time
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from gongkai.consumers.portal import actions, building, hiding, rules
from gongkai.consumers.portal.api import serve_files
from gongkai.consumers.portal.building import Clock
from gongkai.consumers.portal.kinds import FileState
from gongkai.consumers.portal.models import ListItem, PortalFile
from gongkai.core.publishing import api as publishing
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import IntentState, Job
from gongkai.lib.errors import ActNotPossible
from tests.factories.attachments import an_attachment
from tests.factories.portal import a_public_text, make_findable, public_texts, snapshot
from tests.factories.withdrawal import withdraw

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=11)
TITLE = "白浦县旧镇项目征收土地预公告"
HEADS = ("index.html", "open/sections/expropriation/index.html", "open/2026-10/index.html")


def build():
    return actions.build_pages(at_system=timezone.now())


def hide(text):
    hiding.hide(text, Clock(timezone.now()))


def verify(later=LATER):
    return actions.verify_pages(at_system=timezone.now() + later, is_repairing=False)


def ask(root, path):
    """Status, headers and text of an address, as the file handler answers."""
    kept = []
    application = serve_files(root=root, dynamic=lambda _environ, _start: [])
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": ""}
    body = b"".join(application(environ, lambda status, headers, _exc=None: kept.append((status, dict(headers)))))  # type: ignore[arg-type]
    status, headers = kept[0]
    return int(status[:3]), headers, body.decode("utf-8", "replace")


@pytest.fixture
def text(bureau, portal_root, sealed_root, friday, clerk):
    """A text with a file, among three others, everything on disk."""
    file = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday)
    uuid = a_public_text(at=friday, title=TITLE, attachments=[file.uuid])
    make_findable(uuid)
    public_texts(3, first_at=friday + timedelta(hours=1))
    build()
    return uuid


def on_heads(root):
    return [name for name in HEADS if TITLE in (root / name).read_text()]


def files_of(root):
    return {path for path in snapshot(root) if path.startswith("d/2026/00001/")}


def test_the_page_and_its_files_are_gone_and_no_list_shows_it(text, portal_root, signer, friday):
    assert on_heads(portal_root) == list(HEADS)
    (copy,) = [path for path in files_of(portal_root) if "/files/" in path]

    withdraw(text, actor=signer, now=friday)
    hide(text)

    assert files_of(portal_root) == {"d/2026/00001/_gone.html"}
    assert on_heads(portal_root) == []
    for path in ("/d/2026/00001/", f"/{copy}", "/d/2026/00001/limit/"):
        status, _, body = ask(portal_root, path)
        assert status == HTTPStatus.GONE
        assert "本页已于 2026年10月9日撤下：这条信息公开有误。" in body
        assert TITLE not in body
    assert "共 3 条" in (portal_root / HEADS[1]).read_text()


def test_the_row_stays_and_repeats_it_without_changing_anything(text, portal_root, signer, friday):
    withdraw(text, actor=signer, now=friday)
    hide(text)
    before = snapshot(portal_root)
    assert rules.write_key(rules.publication_key(text)) in {note.key for note in outbox.list_dirty(100)}
    build()
    assert outbox.count_dirty() == 0
    assert snapshot(portal_root) == before
    assert verify().faults == 0


def test_the_drain_alone_brings_all_of_it_about(text, portal_root, signer, friday):
    """Killed between the commit and the files: nothing was hidden, the note waits, the worker does it."""
    withdraw(text, actor=signer, now=friday)
    assert "d/2026/00001/index.html" in files_of(portal_root)
    build()
    assert files_of(portal_root) == {"d/2026/00001/_gone.html"}
    assert on_heads(portal_root) == []
    assert verify().faults == 0


def test_killed_between_the_notice_and_the_lists_the_drain_finishes(text, portal_root, signer, friday, monkeypatch):
    withdraw(text, actor=signer, now=friday)
    with monkeypatch.context() as patch:
        patch.setattr(hiding, "_renew_lists", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            hide(text)
    assert files_of(portal_root) == {"d/2026/00001/_gone.html"}
    assert on_heads(portal_root) == list(HEADS)
    # The check leaves the notice alone, though it has no row yet.
    actions.verify_pages(at_system=timezone.now() + LATER)
    assert files_of(portal_root) == {"d/2026/00001/_gone.html"}
    assert on_heads(portal_root) == []
    assert verify(2 * LATER).faults == 0


def test_a_full_queue_is_not_waited_for(text, portal_root, signer, friday):
    outbox.touch(f"section:nobody-{number}:head" for number in range(10_000))
    withdraw(text, actor=signer, now=friday)
    before = outbox.count_dirty()
    hide(text)
    assert on_heads(portal_root) == []
    assert outbox.count_dirty() >= before >= 10_000


def test_what_it_costs_does_not_follow_the_queue(text, portal_root, signer, friday, django_assert_max_num_queries):
    outbox.touch(f"section:nobody-{number}:head" for number in range(10_000))
    withdraw(text, actor=signer, now=friday)
    with django_assert_max_num_queries(90):
        hide(text)


def test_a_builder_at_work_is_put_aside_and_writes_nothing_of_what_it_read(text, portal_root, signer, friday):
    key = rules.publication_key(text)
    now = timezone.now()
    with building.leased(now) as builder:
        assert builder is not None
        pages, _ = builder.make_pages([key, rules.HOME])
        assert any(TITLE.encode() in output.content for output in pages[rules.HOME] if isinstance(output.content, bytes))
        withdraw(text, actor=signer, now=friday)
        hide(text)
        with pytest.raises(building.LeaseLost):
            builder.make_pages([key])
        assert builder.write(pages) is None
    assert files_of(portal_root) == {"d/2026/00001/_gone.html"}
    assert on_heads(portal_root) == []
    assert not ListItem.objects.filter(publication=text).exists()


def test_files_that_are_being_written_are_waited_for(text, portal_root, signer, friday, monkeypatch):
    withdraw(text, actor=signer, now=friday)
    owner = rules.write_key(rules.HOME)
    PortalFile.objects.filter(owner=owner).update(state=FileState.WRITING.value, changed_at=timezone.now())
    waits = []

    def finish(seconds):
        waits.append(seconds)
        (portal_root / "index.html").write_text(TITLE)  # the other one's last word
        PortalFile.objects.filter(owner=owner).update(state=FileState.WRITTEN.value)

    monkeypatch.setattr(time, "sleep", finish)
    hide(text)
    assert len(waits) == 1
    assert on_heads(portal_root) == []


def test_who_died_while_writing_is_not_waited_for(text, portal_root, signer, friday, monkeypatch):
    withdraw(text, actor=signer, now=friday)
    PortalFile.objects.update(state=FileState.WRITING.value, changed_at=timezone.now() - timedelta(seconds=21))
    monkeypatch.setattr(time, "sleep", lambda _seconds: pytest.fail("It waited."))
    hide(text)
    assert on_heads(portal_root) == []


def test_two_at_once_leave_one_another_in_peace(text, portal_root, signer, friday, monkeypatch):
    withdraw(text, actor=signer, now=friday)
    outbox.seize_lease(name=building.LEASE, holder="urgent-another", at_system=timezone.now(), seconds=60, sparing="urgent-")
    monkeypatch.setattr(hiding, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(ActNotPossible, match="另一个人正在撤别的信息"):
        hide(text)
    assert files_of(portal_root) == {"d/2026/00001/_gone.html"}


def test_a_folder_that_cannot_be_written_is_said_in_words_and_repeated(text, portal_root, signer, friday):
    withdraw(text, actor=signer, now=friday)
    folder = portal_root / "d/2026/00001"
    folder.rename(portal_root / "d/2026/aside")
    folder.write_text("a file where the folder should be")

    with pytest.raises(ActNotPossible, match="门户目录写不进去"):
        hide(text)
    assert hiding.stand(text).is_down is False
    build()
    # The page became a job of its own; the lists did not wait for it.
    assert on_heads(portal_root) == []
    jobs = [job for job in outbox.list_jobs(states=list(IntentState)) if job.key == rules.write_key(rules.publication_key(text))]
    assert len(jobs) == 1

    folder.unlink()
    (portal_root / "d/2026/aside").rename(folder)
    assert actions.run_page(job_of(jobs[0]), timezone.now()).total == 1
    assert files_of(portal_root) == {"d/2026/00001/_gone.html"}
    assert hiding.stand(text).is_down


def test_merged_into_another_it_redirects_with_all_its_files(text, portal_root, signer, friday):
    (copy,) = [path for path in files_of(portal_root) if "/files/" in path]
    withdraw(text, "MERGED", actor=signer, now=friday, successor="/d/2026/00002/")
    hide(text)
    assert files_of(portal_root) == {"d/2026/00001/_moved"}
    for path in ("/d/2026/00001/", f"/{copy}"):
        status, headers, _ = ask(portal_root, path)
        assert (status, headers["Location"]) == (HTTPStatus.MOVED_PERMANENTLY, "/d/2026/00002/")
    build()
    assert verify().faults == 0


def test_replaced_it_stands_on_with_a_notice_and_its_files_and_in_no_list(text, portal_root, signer, friday):
    before = files_of(portal_root)
    withdraw(text, "REPLACED", actor=signer, now=friday, successor="/d/2026/00002/")
    hide(text)
    assert files_of(portal_root) == before
    status, _, body = ask(portal_root, "/d/2026/00001/")
    assert status == HTTPStatus.OK
    assert "本页内容已被新的信息替代" in body
    assert 'href="/d/2026/00002/"' in body
    assert on_heads(portal_root) == []
    build()
    assert verify().faults == 0


def test_a_page_that_names_what_is_taken_down_names_it_no_more(text, portal_root, signer, openness_office, friday):
    withdraw(text, "REPLACED", actor=signer, now=friday, successor="/d/2026/00002/")
    hide(text)
    other = publishing.get_readable(text).withdrawn.successor.uuid  # type: ignore[union-attr]
    publishing.take_down(publication=other, note="", actor=openness_office, now=friday)
    hide(other)
    _, _, body = ask(portal_root, "/d/2026/00001/")
    assert 'href="/d/2026/00002/"' not in body


def test_restored_it_is_there_again_as_it_was(text, portal_root, openness_office, friday):
    before = {path for path in snapshot(portal_root) if not path.startswith("static/")}
    done = publishing.take_down(publication=text, note="", actor=openness_office, now=friday)
    hide(text)
    build()
    publishing.restore(withdrawal=done, reason="核对后没有问题", actor=openness_office, now=friday)
    build()
    assert {path for path in snapshot(portal_root) if not path.startswith("static/")} == before
    assert on_heads(portal_root) == list(HEADS)
    assert ask(portal_root, "/d/2026/00001/")[0] == HTTPStatus.OK
    assert verify().faults == 0


def test_the_reason_that_follows_changes_what_its_address_shows(text, portal_root, openness_office, friday):
    done = publishing.take_down(publication=text, note="", actor=openness_office, now=friday)
    hide(text)
    assert "正在核实" in ask(portal_root, "/d/2026/00001/")[2]
    grounds = publishing.Grounds(reason="REPLACED", note="旧的一版，已有新的", successor="/d/2026/00002/")
    publishing.explain(withdrawal=done, grounds=grounds, actor=openness_office, now=friday)
    hide(text)
    build()
    assert ask(portal_root, "/d/2026/00001/")[0] == HTTPStatus.OK
    assert any("/files/" in path for path in files_of(portal_root))
    assert verify().faults == 0


def test_a_rebuild_makes_the_notices_again(text, portal_root, signer, friday):
    withdraw(text, "PERIOD_ENDED", actor=signer, now=friday)
    hide(text)
    build()
    (portal_root / "d/2026/00001/_gone.html").unlink()
    PortalFile.objects.filter(path__contains="_gone").delete()
    actions.rebuild_pages(at_system=timezone.now())
    body = ask(portal_root, "/d/2026/00001/")[2]
    assert "公示期满" in body
    assert TITLE in body
    assert verify().faults == 0


def test_the_portal_says_where_it_stands(text, portal_root, signer, friday):
    assert hiding.stand(text).is_down is False
    withdraw(text, actor=signer, now=friday)
    assert "还没有撤下来" in hiding.stand(text).words
    hide(text)
    assert hiding.stand(text).words == "已撤下"


def job_of(row):
    return Job(row.id, "portal.page", row.key, {}, {}, 0, 0)
