from datetime import datetime

from gongkai.consumers.supervision.models import Notice
from gongkai.core.publishing.kinds import PurgeScope

CLEARED_WORDS = "（内容已清除）"


def clear_notices(scope: PurgeScope, _at_system: datetime) -> int:
    """Clear notices about the duties of a purged text (清除通知): they name it. Returns how many."""
    return Notice.objects.filter(obligation__uuid__in=scope.obligations).update(words=CLEARED_WORDS)
