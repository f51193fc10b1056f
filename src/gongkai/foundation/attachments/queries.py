from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings

from gongkai.foundation.attachments.kinds import AttachmentRow, FileReading, Remark, RemarkKind
from gongkai.foundation.attachments.models import Attachment, FileInspection
from gongkai.foundation.attachments.rules import label_media_type, public_name
from gongkai.lib.errors import NotFound

LOST = "找不到这个附件，请从文稿页面重新打开。"


def list_attachments(*, uuids: Sequence[UUID]) -> list[AttachmentRow]:
    """These files (附件), in the order asked for. Costs one query, none when nothing is asked for.

    Raises: NotFound when one of them does not exist: a text must not lose a file silently.
    """
    if not uuids:
        return []
    known = {row.uuid: row for row in Attachment.objects.filter(uuid__in=set(uuids)).select_related("inspection")}
    if any(uuid not in known for uuid in uuids):
        raise NotFound("有附件找不到了，请从文稿中移除后重新上传。")
    return [as_row(known[uuid]) for uuid in uuids]


def list_readings(*, uuids: Sequence[UUID]) -> dict[UUID, FileReading]:
    """What stands in these files (附件内容), as far as they were inspected. Costs one query, none when nothing is asked for."""
    if not uuids:
        return {}
    rows = FileInspection.objects.filter(attachment__uuid__in=set(uuids)).values_list("attachment__uuid", "text", "remarks")
    return {
        uuid: FileReading(text, tuple(Remark(RemarkKind(remark["kind"]), remark["detail"]) for remark in remarks))
        for uuid, text, remarks in rows
    }


def get_attachment(*, uuid: UUID) -> AttachmentRow:
    """One file (附件). Raises: NotFound."""
    return as_row(find_model(uuid))


def read_original(*, uuid: UUID) -> Path:
    """Where the sealed original lies (封存原件), for reading only. Raises: NotFound when row or file does not exist."""
    path: Path = settings.SEALED_ROOT / find_model(uuid).stored_as
    if not path.is_file():
        raise NotFound("附件原件不在封存目录里，请系统管理员从备份恢复。")
    return path


def get_public_name(*, row: AttachmentRow) -> str:
    """The file name in a public address (公开文件名): plain ASCII, different for every file. What people read is `row.name`."""
    return public_name(row.uuid, row.name)


def find_model(uuid: UUID) -> Attachment:
    """The stored row. Raises: NotFound."""
    attachment = Attachment.objects.filter(uuid=uuid).select_related("inspection").first()
    if attachment is None:
        raise NotFound(LOST)
    return attachment


def as_row(attachment: Attachment) -> AttachmentRow:
    """The row as other apps see it."""
    return AttachmentRow(
        uuid=attachment.uuid,
        name=attachment.name,
        media_type=attachment.media_type,
        format_name=label_media_type(attachment.media_type),
        size=attachment.size,
        sha256=attachment.sha256,
        at=attachment.at,
        unit_id=attachment.unit_id,
        public_size=_find_copy_size(attachment) or attachment.size,
    )


def _find_copy_size(attachment: Attachment) -> int | None:
    # A reverse one-to-one relation that is not there raises; a row without inspection is an old one.
    inspection = getattr(attachment, "inspection", None)
    return inspection.copy_size if inspection is not None else None
