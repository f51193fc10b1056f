from uuid import UUID

from django.utils import timezone

from gongkai.consumers.portal import hiding
from gongkai.consumers.portal.building import Clock


def hide_now(publication: UUID) -> None:
    """Take a text off the portal at once (立即撤下), right after the commit that decided it. Raises: ActNotPossible, in words."""
    hiding.hide(publication, Clock(timezone.now()))
