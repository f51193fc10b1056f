"""An edition's content, read the same way by gate, hash, desk and portal."""

from collections.abc import Sequence

from gongkai.core.publishing import rules
from gongkai.core.publishing.kinds import DraftContent
from gongkai.core.publishing.models import Edition
from gongkai.foundation.attachments import api as attachments
from gongkai.foundation.attachments.kinds import AttachmentRow


def get_content(edition: Edition) -> DraftContent:
    """What an edition says (文稿内容), from what is stored."""
    return DraftContent(
        title=edition.title,
        document_number=edition.document_number,
        body_html=edition.body,
        formed_date=edition.formed_date,
        elements=edition.elements,
        attachments=tuple(file.attachment_id for file in sorted(edition.files.all(), key=lambda file: file.position)),
    )


def list_files(content: DraftContent) -> list[AttachmentRow]:
    """The attachments (附件) of some content in their order."""
    return attachments.list_attachments(uuids=content.attachments) if content.attachments else []


def compute_hash(content: DraftContent, files: Sequence[AttachmentRow]) -> str:
    """Hash of what a reader will see (内容校验值), the names of the files among it."""
    return rules.content_hash(content, [f"{file.sha256} {file.name}" for file in files])
