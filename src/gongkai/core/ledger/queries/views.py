from uuid import UUID

from gongkai.core.ledger.kinds import SavedViewRow
from gongkai.core.ledger.models import SavedView
from gongkai.lib.errors import NotFound


def list_views(*, officer_id: int) -> list[SavedViewRow]:
    """The filters that an officer keeps (视图), oldest first. One query."""
    return [SavedViewRow(view.uuid, view.name, view.query) for view in SavedView.objects.filter(officer_id=officer_id).order_by("id")]


def get_view(*, uuid: UUID, officer_id: int) -> SavedViewRow:
    """One of an officer's own views (视图).

    Raises: NotFound, also for another officer's.
    """
    view = SavedView.objects.filter(uuid=uuid, officer_id=officer_id).first()
    if view is None:
        raise NotFound("没有这个视图，可能已经删去。")
    return SavedViewRow(view.uuid, view.name, view.query)
