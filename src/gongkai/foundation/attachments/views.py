from uuid import UUID

from django.http import FileResponse
from django.views.decorators.http import require_safe

from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.attachments.queries import get_attachment, read_original
from gongkai.lib.errors import NotAllowed

MAY_READ = (Right.SEE_LEDGER, Right.WRITE)
"""Every role that writes, reviews or signs for a unit holds one of these for it."""


@require_safe
def download(request: DeskRequest, uuid: UUID) -> FileResponse:
    """The sealed original, for staff who may see the papers of its unit. Never shown in the page, only saved."""
    row = get_attachment(uuid=uuid)
    if not _may_read(request.actor, row.unit_id):
        raise NotAllowed("这个附件是别的单位的材料，您没有查看那个单位台账的权限。权限随岗位走，要看请找安全管理员授予。")
    response = FileResponse(read_original(uuid=uuid).open("rb"), as_attachment=True, filename=row.name, content_type=row.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _may_read(actor: Actor, unit_id: int) -> bool:
    return any(actor.may(right, unit_id) for right in MAY_READ)
