from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from gongkai.foundation.attachments import api as attachments
from gongkai.foundation.attachments import rules
from gongkai.foundation.attachments.actions import prepare
from gongkai.foundation.attachments.models import Attachment, FileInspection
from gongkai.foundation.attachments.rules import LARGEST
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound
from tests.factories.attachments import DOCX, PDF, TEXT, an_attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def put(clerk, friday, sealed_root):
    """Store a file as 周岚 in her own unit."""

    def store(**known):
        return an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday, **known)

    return store


def sealed_files(root):
    return [path for path in root.rglob("*") if path.is_file()]


def test_a_file_is_sealed_and_described(put, sealed_root, clerk, friday):
    row = put(name="C:\\桌面\\补偿方案.pdf")

    assert (row.name, row.media_type, row.format_name, row.size) == ("补偿方案.pdf", "application/pdf", "PDF", len(PDF))
    assert (row.sha256, row.at, row.unit_id) == (sha256(PDF).hexdigest(), friday, clerk.unit_id)
    assert attachments.read_original(uuid=row.uuid).read_bytes() == PDF
    assert sealed_root in attachments.read_original(uuid=row.uuid).parents


def test_storing_is_audited_without_name_and_content(put):
    row = put(name="张某某协议.pdf")

    (line,) = audit.list_rows(subject=row.uuid)

    assert (line.act, line.actor_name) == ("attachments.store", "周岚")
    assert line.about == {"unit": row.unit_id, "size": row.size}


def test_the_same_content_twice_is_two_rows_and_one_file(put, sealed_root):
    first, second = put(name="方案.pdf"), put(name="又一份.pdf")

    assert first.uuid != second.uuid
    assert attachments.read_original(uuid=first.uuid) == attachments.read_original(uuid=second.uuid)
    assert len(sealed_files(sealed_root)) == 2  # the original and its public copy


def test_two_files_of_one_name_have_different_public_names(put):
    first, second = put(), put(data=PDF + b"%")

    assert attachments.get_public_name(row=first) != attachments.get_public_name(row=second)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"data": b""}, "空文件"),
        ({"data": PDF + bytes(LARGEST + 1 - len(PDF))}, "最大 20 MB"),
        ({"name": "长" * 296 + ".pdf"}, "300 个字"),
        ({"name": "方案.docx"}, "内容却是PDF"),
        ({"name": "../.."}, "要有文件名"),
        ({"data": b"MZ\x90\x00"}, "认不出"),
    ],
)
def test_what_is_refused_leaves_no_trace(put, sealed_root, known, words):
    with pytest.raises(BadInput, match=words):
        put(**known)

    assert not Attachment.objects.exists()
    assert sealed_files(sealed_root) == []


def test_a_file_of_exactly_twenty_megabytes_is_taken(put):
    assert put(data=PDF + bytes(LARGEST - len(PDF))).size == LARGEST


def test_a_sealed_folder_that_cannot_be_written_refuses_in_words_and_keeps_no_row(clerk, friday, tmp_path, settings):
    settings.SEALED_ROOT = tmp_path / "sealed"
    settings.SEALED_ROOT.write_text("in the way")

    with pytest.raises(ActNotPossible, match="文件没有保存"):
        an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday)

    assert not Attachment.objects.exists()
    assert not list(tmp_path.glob("**/*.tmp"))


def test_files_are_listed_in_the_order_asked_for(put, django_assert_num_queries):
    rows = [put(name=f"{n}.txt", data=TEXT + bytes(str(n), "ascii")) for n in range(3)]
    asked = [rows[2].uuid, rows[0].uuid, rows[2].uuid]
    with django_assert_num_queries(1):
        listed = attachments.list_attachments(uuids=asked)

    assert listed == [rows[2], rows[0], rows[2]]


def test_listing_nothing_costs_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert attachments.list_attachments(uuids=[]) == []


def test_a_file_that_does_not_exist_is_never_passed_over(put):
    with pytest.raises(NotFound, match="附件找不到了"):
        attachments.list_attachments(uuids=[put().uuid, uuid4()])
    with pytest.raises(NotFound, match="找不到这个附件"):
        attachments.read_original(uuid=uuid4())


def test_an_original_that_left_the_sealed_folder_is_missed_in_words(put):
    row = put()
    attachments.read_original(uuid=row.uuid).unlink()

    with pytest.raises(NotFound, match="从备份恢复"):
        attachments.read_original(uuid=row.uuid)


def test_the_public_copy_is_a_copy_and_not_the_original(put, tmp_path):
    row = put(name="方案.docx", data=DOCX)
    target = tmp_path / "portal/d/2026/00001/files" / attachments.get_public_name(row=row)
    for _ in range(2):
        attachments.write_public_copy(uuid=row.uuid, target=target)

    assert target.read_bytes() == prepare(DOCX, rules.DOCX)[1] != DOCX
    assert target.stat().st_size == row.public_size
    assert target.suffix == ".docx"
    assert not target.samefile(attachments.read_original(uuid=row.uuid))
    assert list(target.parent.iterdir()) == [target]


def test_a_damaged_copy_is_not_made_public(put, sealed_root, tmp_path):
    row = put()
    for path in sealed_files(sealed_root):
        if path != attachments.read_original(uuid=row.uuid):
            path.write_bytes(b"%PDF-forged")

    with pytest.raises(ActNotPossible, match="损坏"):
        attachments.write_public_copy(uuid=row.uuid, target=tmp_path / "a.pdf")


def test_a_file_from_before_files_were_read_is_read_when_its_copy_is_wanted(put, tmp_path):
    row = put(name="方案.docx", data=DOCX)
    FileInspection.objects.all().delete()
    assert attachments.list_readings(uuids=[row.uuid]) == {}

    attachments.write_public_copy(uuid=row.uuid, target=tmp_path / "a.docx")

    assert (tmp_path / "a.docx").read_bytes() == prepare(DOCX, rules.DOCX)[1]
    assert attachments.list_readings(uuids=[row.uuid])[row.uuid].text == "补偿方案"


def test_a_file_that_cannot_be_read_leaves_nothing_behind(put, sealed_root):
    with pytest.raises(BadInput, match="损坏"):
        put(data=b"%PDF-1.7 nothing")

    assert sealed_files(sealed_root) == []
    assert not Attachment.objects.exists()


def test_a_damaged_original_is_not_made_public(put, tmp_path):
    row = put()
    attachments.read_original(uuid=row.uuid).write_bytes(b"%PDF-forged")

    with pytest.raises(ActNotPossible, match="损坏"):
        attachments.write_public_copy(uuid=row.uuid, target=tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize(("values", "constraint"), [({"size": 0}, "attachment_size_positive"), ({"name": ""}, "attachment_name_given")])
def test_the_database_refuses_empty_files_and_names(put, values, constraint):
    (stored,) = Attachment.objects.filter(uuid=put().uuid).values()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Attachment.objects.create(**stored | {"id": None, "uuid": uuid4()} | values)
