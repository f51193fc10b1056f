from datetime import datetime

from gongkai.consumers.portal import hiding
from gongkai.consumers.portal.building import Clock
from gongkai.consumers.portal.models import ListItem
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import PurgeScope


def clear_pages(scope: PurgeScope, at_system: datetime) -> int:
    """Page, files and lists of a purged text (清除门户页面): a notice without title stands at its address, in no list is it copied.

    Returns how many copies in lists were still there. Raises: ActNotPossible, in words, when the disk stands in the way.
    """
    listed = ListItem.objects.filter(publication=scope.publication).count()
    if publishing.find_withdrawn(scope.publication) is not None:
        hiding.hide(scope.publication, Clock(at_system))
    ListItem.objects.filter(publication=scope.publication).delete()
    return listed
