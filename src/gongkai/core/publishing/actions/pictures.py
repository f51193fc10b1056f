from datetime import datetime
from uuid import UUID

from gongkai.core.publishing.actions.draft import attach_files
from gongkai.core.publishing.kinds import IncomingFile
from gongkai.core.publishing.pictures import MEDIA_TYPES, NOT_A_PICTURE
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.attachments import api as attachments
from gongkai.lib.errors import BadInput


def add_picture(*, publication: UUID, file: IncomingFile, actor: Actor, now: datetime) -> UUID:
    """Seal a picture for the inside of a text (添加正文图片). It belongs to the text once a saved body shows it.

    Raises: NotAllowed, NotFound, ActNotPossible; BadInput for what is no picture.
    """
    attachments.check_size(file.size)
    data = file.read()
    if attachments.tell_media_type(name=file.name, data=data) not in MEDIA_TYPES:
        raise BadInput(NOT_A_PICTURE, field="picture")
    attached = attach_files(publication=publication, files=[IncomingFile(file.name, file.size, lambda: data)], actor=actor, now=now)
    if attached.refused:
        raise BadInput(attached.refused[0], field="picture")
    return attached.stored[0]
