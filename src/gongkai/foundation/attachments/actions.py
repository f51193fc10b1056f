import hashlib
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from gongkai.foundation.attachments import sealing
from gongkai.foundation.attachments.apart import prepare_apart
from gongkai.foundation.attachments.kinds import AttachmentRow, FileReading, SealedFile
from gongkai.foundation.attachments.models import Attachment, FileInspection
from gongkai.foundation.attachments.queries import as_row, find_model
from gongkai.foundation.attachments.reading import read_file
from gongkai.foundation.attachments.rules import BY_MEDIA_TYPE, PDF, FileFormat, check_size, name_file, sealed_path, tell_format, tidy_name
from gongkai.foundation.attachments.stripping import strip_file
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.triggers import api as triggers
from gongkai.lib.errors import ActNotPossible, BadInput

CLEARED_NAME = "（已清除）"


def store(*, name: str, data: bytes, unit_id: int, actor: Signatory, now: datetime) -> AttachmentRow:
    """Take in a file for a text of that unit (上传附件): check it, seal the original, keep a row. Equal contents lie on the disk once.

    Raises: BadInput for an empty, too big, unknown or misnamed file; ActNotPossible when the sealed folder cannot be written.
    """
    return keep(file=seal(name=name, data=data), unit_id=unit_id, actor=actor, now=now)


def seal(*, name: str, data: bytes) -> SealedFile:
    """Check a file, read it, and seal its original and its public copy (封存); the rows come with `keep`.

    To be called outside a transaction. The files first: a row without file would be a lie, a file without row is only room on the disk,
    and nobody else has to wait with his writing for the disk. Raises: as store.
    """
    check_size(len(data))
    name = tidy_name(name)
    form = tell_format(data, name)
    name = name_file(name, form)
    reading, copy = prepare(data, form)
    return SealedFile(name, form.media_type, len(data), _seal(data), len(copy), _seal(copy), reading)


def prepare(data: bytes, form: FileFormat) -> tuple[FileReading, bytes]:
    """What a file holds, and its public copy (读取并去除属性). Raises: BadInput."""
    return prepare_apart(data) if form is PDF else (read_file(data, form), strip_file(data, form))


def _seal(data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    sealing.seal(settings.SEALED_ROOT, sealed_path(digest), data)
    return digest


@transaction.atomic
def keep(*, file: SealedFile, unit_id: int, actor: Signatory, now: datetime) -> AttachmentRow:
    """Keep the row of a sealed file for a text of that unit (登记附件)."""
    attachment = Attachment.objects.create(
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        stored_as=sealed_path(file.sha256),
        unit_id=unit_id,
        uploaded_by_id=actor.officer_id,
        at=now,
    )
    FileInspection.objects.create(attachment=attachment, **_inspection(file))
    audit.record(actor=actor, act="attachments.store", subject=attachment.uuid, at=now, about={"unit": unit_id, "size": file.size})
    return as_row(attachment)


def write_public_copy(*, uuid: UUID, target: Path) -> None:
    """Write the copy that citizens get (公开副本) to `target`; again with the same file changes nothing that can be seen.

    Raises: NotFound; ActNotPossible when the sealed files are damaged, the file cannot be read, or the target cannot be written.
    """
    attachment = find_model(uuid)
    # A damaged original is noticed here, while somebody looks, and not when it is wanted as evidence.
    sealing.read_sealed(settings.SEALED_ROOT, attachment.stored_as, attachment.sha256)
    copy_sha256 = inspect(uuid=uuid)
    sealing.write_copy(target, sealing.read_sealed(settings.SEALED_ROOT, sealed_path(copy_sha256), copy_sha256))


def inspect(*, uuid: UUID) -> str:
    """Read a file that was taken in before files were read, once (补做附件检查). Gives the digest of its public copy.

    Raises: NotFound; ActNotPossible when the original is damaged or cannot be read.
    """
    attachment = find_model(uuid)
    known = FileInspection.objects.filter(attachment=attachment).values_list("copy_sha256", flat=True).first()
    if known is not None:
        return known
    data = sealing.read_sealed(settings.SEALED_ROOT, attachment.stored_as, attachment.sha256)
    try:
        reading, copy = prepare(data, BY_MEDIA_TYPE[attachment.media_type])
    except BadInput as error:
        raise ActNotPossible(f"附件“{attachment.name}”：{error}") from error
    file = SealedFile(attachment.name, attachment.media_type, attachment.size, attachment.sha256, len(copy), _seal(copy), reading)
    FileInspection.objects.get_or_create(attachment=attachment, defaults=_inspection(file))
    return file.copy_sha256


def _inspection(file: SealedFile) -> dict[str, Any]:
    remarks = [{"kind": remark.kind.value, "detail": remark.detail} for remark in file.reading.remarks]
    return {"copy_size": file.copy_size, "copy_sha256": file.copy_sha256, "text": file.reading.text, "remarks": remarks}


def purge(*, uuids: Collection[UUID], purge: UUID) -> int:
    """Clear these files away for a purge (清除附件): originals, public copies, what was read out of them, names. The rows stay without.

    A sealed file that another row names as well stays for that one: its text needs a purge of its own. Files go first: broken off between,
    the rows still say where they lie. Returns how many there were.
    """
    rows = Attachment.objects.filter(uuid__in=list(uuids)).exclude(stored_as="")
    inspections = FileInspection.objects.filter(attachment__in=rows)
    for digest in {*rows.values_list("sha256", flat=True), *inspections.values_list("copy_sha256", flat=True)}:
        others = Attachment.objects.exclude(uuid__in=list(uuids))
        if not others.filter(Q(sha256=digest) | Q(inspection__copy_sha256=digest)).exists():
            sealing.remove(settings.SEALED_ROOT, sealed_path(digest))
    with transaction.atomic(), triggers.opened_for_purge(purge, rows):
        inspections.delete()
        return rows.update(name=CLEARED_NAME, sha256="", stored_as="")
