import hashlib
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gongkai.foundation.attachments import sealing
from gongkai.foundation.attachments.kinds import AttachmentRow, SealedFile
from gongkai.foundation.attachments.models import Attachment
from gongkai.foundation.attachments.queries import as_row, find_model
from gongkai.foundation.attachments.rules import check_size, name_file, sealed_path, tell_format, tidy_name
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory


def store(*, name: str, data: bytes, unit_id: int, actor: Signatory, now: datetime) -> AttachmentRow:
    """Take in a file for a text of that unit (上传附件): check it, seal the original, keep a row. Equal contents lie on the disk once.

    Raises: BadInput for an empty, too big, unknown or misnamed file; ActNotPossible when the sealed folder cannot be written.
    """
    return keep(file=seal(name=name, data=data), unit_id=unit_id, actor=actor, now=now)


def seal(*, name: str, data: bytes) -> SealedFile:
    """Check a file and seal its original (封存); the row comes with `keep`. To be called outside a transaction.

    The file first: a row without file would be a lie, a file without row is only room on the disk, and nobody else has to wait with his
    writing for the disk. Raises: as store.
    """
    check_size(len(data))
    name = tidy_name(name)
    form = tell_format(data, name)
    sealed = SealedFile(name_file(name, form), form.media_type, len(data), hashlib.sha256(data).hexdigest())
    sealing.seal(settings.SEALED_ROOT, sealed_path(sealed.sha256), data)
    return sealed


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
    audit.record(actor=actor, act="attachments.store", subject=attachment.uuid, at=now, about={"unit": unit_id, "size": file.size})
    return as_row(attachment)


def write_public_copy(*, uuid: UUID, target: Path) -> None:
    """Write the copy that citizens get (公开副本) to `target`; again with the same file changes nothing that can be seen.

    Raises: NotFound; ActNotPossible when the original is damaged or the target cannot be written.
    """
    attachment = find_model(uuid)
    data = sealing.read_sealed(settings.SEALED_ROOT, attachment.stored_as, attachment.sha256)
    sealing.write_copy(target, data)
