from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongkai.lib.enums import LabelledEnum


class RemarkKind(LabelledEnum):
    """What a file holds that a reader may not see (附件提示)."""

    TRACKED_CHANGES = "TRACKED_CHANGES", "没有接受的修订"
    COMMENTS = "COMMENTS", "批注"
    HIDDEN_TEXT = "HIDDEN_TEXT", "隐藏的文字"
    HIDDEN_SHEETS = "HIDDEN_SHEETS", "隐藏的工作表"
    HIDDEN_CELLS = "HIDDEN_CELLS", "隐藏的行或列"
    EMBEDDED_FILES = "EMBEDDED_FILES", "夹在里面的文件"
    SIGNED = "SIGNED", "电子签名"
    NO_TEXT = "NO_TEXT", "没有文字的页"
    OLD_FORMAT = "OLD_FORMAT", "旧格式"


@dataclass(frozen=True)
class Remark:
    """One such thing (附件提示). `detail` says where, empty when there is nothing to say."""

    kind: RemarkKind
    detail: str = ""


@dataclass(frozen=True)
class FileReading:
    """What stands in a file (附件内容): its text as the gate reads it, and what a reader may not see."""

    text: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class SealedFile:
    """A file whose original and public copy are sealed and that has no row yet (已封存的文件). Sizes are in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str
    copy_size: int
    copy_sha256: str
    reading: FileReading


@dataclass(frozen=True)
class AttachmentRow:
    """One file that belongs to a text (附件), as other apps see it. `size` and `sha256` are of the sealed original, `public_size` of the
    copy that citizens get; both sizes in bytes.
    """

    uuid: UUID
    name: str
    media_type: str
    format_name: str
    size: int
    sha256: str
    at: datetime
    unit_id: int
    public_size: int
