"""涉密清除 from the request to the last backup: two persons, every place, nothing left; killed in the middle it goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from gongkai.consumers.portal import api as portal
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import purging, registry
from gongkai.core.publishing.actions import purge as actions
from gongkai.core.publishing.kinds import PublicationState
from gongkai.core.publishing.kinds.purge import PurgeState
from gongkai.core.publishing.models import Publication, Purge, PurgePart
from gongkai.core.publishing.queries.purges import get_purge
from gongkai.core.search import api as search
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.attachments.models import Attachment
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.models import Intent
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed
from gongkai.producers.disclosure import api as disclosure
from tests.conftest import FRIDAY
from tests.factories.publishing import a_content, a_draft, a_file, the_step_of, the_unit_of

SECRET = "鱻龘靐齾"
"""Four characters that stand nowhere else, also as pairs."""

PAIRS = ("鱻龘", "龘靐", "靐齾")
PAPER = "保密清〔2026〕1号"


def person(name: str):
    return accounts.find_actor(name=name, on=FRIDAY.date())


@pytest.fixture
def security(bureau):
    """The security administrator."""
    return person("安若素")


@pytest.fixture
def system_administrator(bureau):
    return person("卫东来")


@pytest.fixture(autouse=True)
def folders(portal_root, sealed_root, tmp_path, settings):
    settings.AUDIT_ANCHORS = tmp_path / "anchors.txt"
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def secret(clerk, unit_head, secrecy_reviewer, signer, friday, demo_clock) -> Publication:
    """A public text that should never have been: its words stand in title, number, body, elements, file, opinions, cause and sheet."""
    cause = disclosure.register_cause(
        entry_code="expro.pre_notice",
        title=f"{SECRET}征收预公告",
        happened_on=friday.date(),
        unit_id=the_unit_of(clerk),
        note=f"{SECRET}项目",
        actor=clerk,
        now=friday,
    )
    uuid = disclosure.start_writing(cause=cause.uuid, actor=clerk, now=friday)
    files = publishing.attach_files(publication=uuid, files=[a_file(f"{SECRET}.txt", f"{SECRET}说明".encode())], actor=clerk, now=friday)
    publishing.attach_files(publication=uuid, files=[a_file("拿掉的.txt", f"{SECRET}草稿".encode("gb18030"))], actor=clerk, now=friday)
    content = a_content(
        title=f"{SECRET}征收土地预公告",
        body_html=f"<p>拟征收{SECRET}集体土地2.20公顷，用于道路建设。</p>",
        elements={"征收范围": f"{SECRET}四组。", "征收目的": "道路。", "开展土地现状调查的安排": "10月12日至23日入户。"},
        attachments=files.stored,
    )
    publishing.save_draft(publication=uuid, content=content, seen_hash=None, actor=clerk, now=friday)
    publishing.submit(publication=uuid, actor=clerk, now=friday)
    for actor in (unit_head, secrecy_reviewer, signer):
        seen = publishing.get_draft(uuid).content_hash
        opinion = f"{SECRET}可以"
        publishing.pass_step(step=the_step_of(uuid), seen_hash=seen, opinion=opinion, has_looked=True, actor=actor, now=friday)
    return Publication.objects.get(uuid=uuid)


def ask(secret: Publication, actor, now) -> Purge:
    uuid = actions.request_purge(publication=secret.uuid, reason="网上巡查发现", paper=PAPER, actor=actor, now=now)
    return Purge.objects.get(uuid=uuid)


def clear(purge: Purge, *, most: int = 100) -> None:
    """Run the worker until the purge has cleared."""
    for _ in range(most):
        outbox.run_once(timezone.now, "test")
        purge.refresh_from_db()
        if purge.state != PurgeState.RUNNING.value:
            return
    raise AssertionError(list(Intent.objects.values("kind", "state", "last_error")))


def texts_of_the_database() -> Iterator[tuple[str, str]]:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "search_words":  # cannot be listed; the file of the database is looked through as well
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield table, repr(row)


def list_rests(folder: Path) -> list[str]:
    """Where the words stand still: in rows, in files, in the file of the database itself."""
    rests = [f"{table}: {row[:300]}" for table, row in texts_of_the_database() if SECRET in row]
    if connection.vendor == "sqlite":
        paths = [Path(str(connection.settings_dict["NAME"]) + ending) for ending in ("", "-wal")]
        rests += [f"{path}" for path in paths if path.exists() and has_words(path.read_bytes())]
    return (
        rests
        + [str(path) for path in folder.rglob("*") if path.is_file() and has_words(path.read_bytes())]
        + [str(path) for path in folder.rglob("*") if SECRET in path.name]
    )


def has_words(data: bytes) -> bool:
    return any(word.encode(code) in data for word in (SECRET, *PAIRS) for code in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"))


@pytest.mark.django_db(transaction=True)
def test_a_purge_leaves_nothing_anywhere_and_the_trail_still_verifies(
    secret, secrecy_reviewer, security, system_administrator, friday, folders
):
    portal.build_pages(at_system=timezone.now())
    while outbox.run_once(timezone.now, "test"):
        pass
    audit.record(actor=security, act="publishing.save", subject=secret.uuid, at=friday, about={"reason": SECRET})
    outbox.write_intent(kind="portal.page", key=f"publication:{secret.uuid}", payload={"words": SECRET}, at_system=timezone.now())
    page = settings.PORTAL_ROOT / f"d/{secret.path_year}/{secret.path_number:05d}"
    assert len(list_rests(folders)) > 15
    assert search.search(question=SECRET).total == 1

    purge = ask(secret, secrecy_reviewer, friday)
    assert not [path for path in page.rglob("*") if path.is_file() and has_words(path.read_bytes())]
    assert search.search(question=SECRET).total == 0

    actions.approve_purge(purge=purge.uuid, actor=security, now=friday, at_system=timezone.now())
    clear(purge)
    while outbox.run_once(timezone.now, "test"):
        pass

    assert list_rests(folders) == []
    assert purge.state == PurgeState.CLEARED.value
    stone = Publication.objects.get(pk=secret.pk)
    assert (stone.state, stone.index_number, stone.path_number) == (PublicationState.PURGED.value, secret.index_number, secret.path_number)
    assert audit.verify().is_whole
    assert not search.find_faults()
    assert portal.verify_pages(at_system=timezone.now()) is not None
    assert list_rests(folders) == []
    for part in get_purge(purge.uuid).parts:
        if part.is_by_hand:
            actions.confirm_part(
                purge=purge.uuid, code=part.code, note="没有", actor=system_administrator, now=friday, at_system=timezone.now()
            )
    assert get_purge(purge.uuid).state is PurgeState.DONE


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_part_it_goes_on_and_clears_the_same(secret, secrecy_reviewer, security, friday, folders, monkeypatch):
    """The process dies after the work of a part and before that is noted: each part is done twice."""
    purge = ask(secret, secrecy_reviewer, friday)
    actions.approve_purge(purge=purge.uuid, actor=security, now=friday, at_system=timezone.now())
    job = outbox.find_last(kind=actions.JOB, key=str(purge.uuid))
    assert job is not None
    codes = list(PurgePart.objects.filter(purge=purge, is_by_hand=False).order_by("pk").values_list("code", flat=True))
    for code in codes:
        # Not noted as done: here the process died.
        actions._clear(Purge.objects.get(pk=purge.pk), code, timezone.now())
    clear(purge)

    assert list_rests(folders) == []
    assert audit.verify().is_whole


@pytest.mark.django_db
def test_who_asks_cannot_approve_and_the_database_refuses_it_too(secret, secrecy_reviewer, security, friday):
    purge = ask(secret, secrecy_reviewer, friday)

    for actor in (secrecy_reviewer, person("何静"), person("卫东来"), person("申衡之")):
        with pytest.raises(NotAllowed):
            actions.approve_purge(purge=purge.uuid, actor=actor, now=friday, at_system=timezone.now())
    with pytest.raises(IntegrityError, match="purge_two_persons"), transaction.atomic():
        Purge.objects.filter(pk=purge.pk).update(state="RUNNING", decided_by=purge.requested_by_id, decided_at=friday)
    with pytest.raises(IntegrityError, match="purge_decided_whole"), transaction.atomic():
        Purge.objects.filter(pk=purge.pk).update(state="RUNNING")


@pytest.mark.django_db
def test_only_the_secrecy_reviewer_asks_once_and_says_why(secret, clerk, security, secrecy_reviewer, friday):
    for actor in (clerk, security, person("何静")):
        with pytest.raises(NotAllowed):
            ask(secret, actor, friday)
    with pytest.raises(BadInput, match="发现的情况"):
        actions.request_purge(publication=secret.uuid, reason=" ", paper=PAPER, actor=secrecy_reviewer, now=friday)
    ask(secret, secrecy_reviewer, friday)
    with pytest.raises(ActNotPossible, match="不用再申请"):
        ask(secret, secrecy_reviewer, friday)


@pytest.mark.django_db
def test_from_the_request_on_nobody_opens_changes_or_lists_it(secret, clerk, secrecy_reviewer, friday, sign_in):
    ask(secret, secrecy_reviewer, friday)

    for act in (
        lambda: publishing.get_draft(secret.uuid),
        lambda: publishing.save_draft(publication=secret.uuid, content=a_content(), seen_hash=None, actor=clerk, now=friday),
        lambda: publishing.release(publication=secret.uuid, actor=clerk, now=friday),
    ):
        with pytest.raises(ActNotPossible, match="涉密清除"):
            act()
    assert SECRET not in sign_in("周岚").get("/desk/publishing/").content.decode()
    assert sign_in("周岚").get(f"/desk/publishing/{secret.uuid}/").status_code == 409


@pytest.mark.django_db
def test_its_files_are_not_handed_out_any_more(secret, secrecy_reviewer, security, friday, sign_in):
    addresses = [f"/desk/attachments/{uuid}/" for uuid in Attachment.objects.values_list("uuid", flat=True)]
    browser = sign_in("周岚")
    assert [b"".join(browser.get(address)) != b"" for address in addresses] == [True, True]

    purge = ask(secret, secrecy_reviewer, friday)
    assert [browser.get(address).status_code for address in addresses] == [409, 409]

    actions.refuse_purge(purge=purge.uuid, reason="已核定不涉密", actor=security, now=friday)
    assert [b"".join(browser.get(address)) != b"" for address in addresses] == [True, True]


@pytest.mark.django_db
def test_a_draft_in_review_leaves_the_queue(clerk, secrecy_reviewer, unit_head, friday, demo_clock):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(title=f"{SECRET}预公告"))
    publishing.submit(publication=uuid, actor=clerk, now=friday)
    assert publishing.count_review_queue(actor=unit_head) == 1

    ask(Publication.objects.get(uuid=uuid), secrecy_reviewer, friday)

    assert publishing.count_review_queue(actor=unit_head) == 0
    assert publishing.list_drafts(unit_ids=[the_unit_of(clerk)]).rows == ()


@pytest.mark.django_db
def test_not_approved_it_can_be_opened_again_and_stays_off_the_portal(secret, secrecy_reviewer, security, friday):
    purge = ask(secret, secrecy_reviewer, friday)
    actions.refuse_purge(purge=purge.uuid, reason="已核定不涉密", actor=security, now=friday)

    assert publishing.get_draft(secret.uuid).content.title.startswith(SECRET)
    assert Publication.objects.get(pk=secret.pk).state == PublicationState.TAKEN_DOWN.value
    ask(secret, secrecy_reviewer, friday)


@pytest.mark.django_db
def test_backups_are_confirmed_after_clearing_each_once_by_the_system_administrator(secret, secrecy_reviewer, security, friday):
    purge = ask(secret, secrecy_reviewer, friday)
    actions.approve_purge(purge=purge.uuid, actor=security, now=friday, at_system=timezone.now())

    def confirm(name: str, note: str = "两份，已删") -> None:
        actions.confirm_part(purge=purge.uuid, code="hand.backups", note=note, actor=person(name), now=friday, at_system=timezone.now())

    with pytest.raises(ActNotPossible, match="还不能确认备份"):
        confirm("卫东来")
    Purge.objects.filter(pk=purge.pk).update(state=PurgeState.CLEARED.value, cleared_at=friday)
    with pytest.raises(NotAllowed):
        confirm("何静")
    with pytest.raises(BadInput):
        confirm("卫东来", note="")
    confirm("卫东来")
    with pytest.raises(ActNotPossible, match="已经确认过"):
        confirm("卫东来")


@pytest.mark.django_db
def test_a_file_that_another_text_has_too_stays_for_that_one(secret, clerk, secrecy_reviewer, security, friday, sealed_root):
    other = a_draft(actor=clerk, now=friday)
    publishing.attach_files(publication=other, files=[a_file("同.txt", f"{SECRET}说明".encode())], actor=clerk, now=friday)
    purge = ask(secret, secrecy_reviewer, friday)
    actions.approve_purge(purge=purge.uuid, actor=security, now=friday, at_system=timezone.now())

    purging.clear_files(actions.read_scope(Purge.objects.get(pk=purge.pk)), timezone.now())

    (kept,) = Attachment.objects.exclude(stored_as="")
    assert (sealed_root / kept.stored_as).is_file()
    assert kept.name == "同.txt"


def test_every_app_with_words_of_a_text_is_registered():
    assert {holding.code.split(".")[0] for holding in registry.list_holdings()} >= {
        "portal", "search", "publishing", "attachments", "ledger", "outbox", "audit", "disclosure", "supervision",
    }  # fmt: skip
    tables = {model._meta.db_table for model in apps.get_models()}
    assert [table for holding in registry.list_holdings() for table in holding.tables if table not in tables] == []


WORDLESS = {
    "publishing_purge": "reason and paper number of the purge itself, which say no words of the text",
    "publishing_purgepart": "what was done about backups",
    "ledger_cadencerun": "codes of columns and entries",
}


def test_every_table_with_words_that_hangs_on_a_text_is_cleared_by_some_purge():
    """Who adds a table about a text, a review, a file, a duty or a cause says in a holding how a purge clears it."""
    roots = {"Publication", "Edition", "ReviewStep", "Withdrawal", "Attachment", "Obligation", "Event", "Movement", "Cause", "SheetUpload"}
    cleared = {table for holding in registry.list_holdings() for table in holding.tables} | set(WORDLESS)
    forgotten = []
    for model in apps.get_models():
        hangs = {field.related_model.__name__ for field in model._meta.fields if field.is_relation and field.related_model} & roots
        texts = [
            field.name
            for field in model._meta.fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
        ]
        if (hangs or model.__name__ in roots) and texts and model._meta.db_table not in cleared:
            forgotten.append(f"{model._meta.db_table}: {texts}")
    assert forgotten == []
