from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class SealedFile:
    """A file whose original is sealed and that has no row yet (已封存的文件). `size` is in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class AttachmentRow:
    """One file that belongs to a text (附件), as other apps see it. `size` is in bytes, `sha256` is of the sealed original."""

    uuid: UUID
    name: str
    media_type: str
    format_name: str
    size: int
    sha256: str
    at: datetime
    unit_id: int
