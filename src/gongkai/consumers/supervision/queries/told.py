from collections.abc import Sequence
from uuid import UUID

from gongkai.consumers.supervision.models import Notice
from gongkai.core.ledger.kinds import Told


def list_told(obligation: UUID) -> Sequence[Told]:
    """Which posts and units got a notice of what happened to a duty, and when (告知记录): one query."""
    notices = Notice.objects.filter(obligation__uuid=obligation).select_related("unit", "post").order_by("at", "id")
    return [Told(f"{notice.unit.name}{notice.post.title if notice.post else ''}", notice.at) for notice in notices]
