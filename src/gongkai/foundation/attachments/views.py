from uuid import UUID

from django.http import FileResponse
from django.views.decorators.http import require_safe

from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.attachments.queries import LOST, get_attachment, read_original
from gongkai.foundation.attachments.registry import check_handed_out
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import NotFound


@require_safe
def download(request: DeskRequest, uuid: UUID) -> FileResponse:
    """The sealed original, for staff who may see the papers of its unit. Never shown in the page, only saved."""
    row = get_attachment(uuid=uuid)
    if not request.actor.may_see(row.unit_id):
        raise NotFound(LOST)
    check_handed_out(uuid)
    audit.record_read(actor=request.actor, what="附件原件", count=1, at=request.now, subject=uuid)
    response = FileResponse(read_original(uuid=uuid).open("rb"), as_attachment=True, filename=row.name, content_type=row.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
