from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import IncomingFile
from gongkai.core.publishing.pictures import SCHEME
from gongkai.core.publishing.views.editor import visible
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.lib.errors import ActNotPossible, BadInput

REFUSED = 422


@require_POST
def add_picture(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """A picture that the editor's script puts into the text (插图). Answers what the body calls it, or a sentence."""
    visible(request, uuid)
    upload = request.FILES.get("picture")
    if upload is None:
        return JsonResponse({"words": "请选一张图片。"}, status=REFUSED)
    file = IncomingFile(upload.name or "", upload.size or 0, upload.read)
    try:
        picture = publishing.add_picture(publication=uuid, file=file, actor=request.actor, now=request.now)
    except (BadInput, ActNotPossible) as refusal:
        return JsonResponse({"words": str(refusal)}, status=REFUSED)
    return JsonResponse({"source": f"{SCHEME}{picture}"})
