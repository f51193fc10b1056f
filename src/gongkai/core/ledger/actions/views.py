from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from gongkai.core.ledger.kinds import SavedViewRow
from gongkai.core.ledger.models import VIEW_NAME_LENGTH, VIEW_QUERY_LENGTH, SavedView
from gongkai.foundation.accounts.kinds import Actor
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound

VIEWS_AT_MOST = 20


def save_view(*, name: str, query: str, actor: Actor, now: datetime) -> SavedViewRow:
    """Keep a filter of the ledger under a name (存为视图), for this officer alone. `query` as the list wrote its own address.

    A preference, not an act of office: it leaves no trace in the audit. Raises: BadInput, ActNotPossible, NotAllowed.
    """
    if actor.officer_id is None:
        raise NotAllowed("只有人员能存视图，系统不能。")
    named = _check_name(name)
    if len(query) > VIEW_QUERY_LENGTH:
        raise BadInput("筛选条件太长，存不下。请少选几个条件。", field="query")
    with transaction.atomic():
        if SavedView.objects.filter(officer_id=actor.officer_id).count() >= VIEWS_AT_MOST:
            raise ActNotPossible(f"最多存 {VIEWS_AT_MOST} 个视图。请先删去不用的。")
        try:
            with transaction.atomic():
                view = SavedView.objects.create(officer_id=actor.officer_id, name=named, query=query, saved_at=now)
        except IntegrityError:
            raise BadInput(f"您已有一个叫“{named}”的视图，请换一个名称。", field="name") from None
    return SavedViewRow(view.uuid, view.name, view.query)


def rename_view(*, uuid: UUID, name: str, actor: Actor) -> None:
    """Give one of one's own views another name (视图改名). Raises: BadInput; NotFound, also for another officer's."""
    named = _check_name(name)
    try:
        with transaction.atomic():
            changed = _own_of(actor).filter(uuid=uuid).update(name=named)
    except IntegrityError:
        raise BadInput(f"您已有一个叫“{named}”的视图，请换一个名称。", field="name") from None
    if not changed:
        raise NotFound("没有这个视图，可能已经删去。")


def remove_view(*, uuid: UUID, actor: Actor) -> None:
    """Remove one of one's own views (删去视图). The rows it showed are not touched. Raises: NotFound, also for another officer's."""
    removed, _ = _own_of(actor).filter(uuid=uuid).delete()
    if not removed:
        raise NotFound("没有这个视图，可能已经删去。")


def _own_of(actor: Actor) -> QuerySet[SavedView]:
    """The views of an officer; the system has none."""
    return SavedView.objects.none() if actor.officer_id is None else SavedView.objects.filter(officer_id=actor.officer_id)


def _check_name(name: str) -> str:
    named = " ".join(name.split())
    if not named:
        raise BadInput("请给视图起个名称，例如“本科室这个月”。", field="name")
    if len(named) > VIEW_NAME_LENGTH:
        raise BadInput(f"视图的名称最多 {VIEW_NAME_LENGTH} 个字。", field="name")
    return named
