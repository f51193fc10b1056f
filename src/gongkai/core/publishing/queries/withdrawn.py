"""What was taken back: for citizens, who find a notice at its address, and for the desk."""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import QuerySet

from gongkai.core.publishing import rules
from gongkai.core.publishing.kinds import (
    PageAfter,
    PublicationState,
    Successor,
    WithdrawalKind,
    WithdrawalReason,
    WithdrawalRow,
    WithdrawnPage,
)
from gongkai.core.publishing.models import Withdrawal
from gongkai.core.publishing.queries.pages import take_page
from gongkai.core.publishing.rules.purge import HELD, check_not_held
from gongkai.core.publishing.rules.withdrawal import say_public_reason
from gongkai.core.publishing.tables import read_withdrawal_reasons
from gongkai.foundation.accounts.kinds import Actor
from gongkai.lib.errors import NotFound
from gongkai.lib.paging import Cursor, Page

PAGE_SIZE = 20
BATCH = 500


def find_withdrawn(publication: UUID) -> WithdrawnPage | None:
    """What citizens find at the address of an item that was taken back (撤下的页); None for one that is public or never was."""
    row = _standing().filter(publication__uuid=publication).first()
    return page_of(row) if row else None


def iterate_withdrawn() -> Iterator[WithdrawnPage]:
    """Every item that is taken back (撤下的页名录), by id, read page by page."""
    last = 0
    while rows := list(_standing().filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from map(page_of, rows)
        last = rows[-1].pk


def list_naming(publication: UUID) -> list[UUID]:
    """The items taken back whose address names this one (提到它的撤下页): what is seen of it there changes with it."""
    rows = Withdrawal.objects.filter(successor__uuid=publication, ended_at__isnull=True).order_by("pk")
    return list(rows.values_list("publication__uuid", flat=True))


def list_withdrawals(*, unit_ids: Collection[int], after: Cursor | None = None, size: int = PAGE_SIZE) -> Page[WithdrawalRow]:
    """Items of some units that are taken back (已撤下), the last first."""
    return take_page(
        _whole().filter(ended_at__isnull=True, publication__unit_id__in=sorted(unit_ids)).exclude(publication__state__in=HELD),
        by="at",
        after=after,
        size=size,
        cursor_of=lambda row: Cursor(row.at, row.pk),
        row_of=_row_of,
    )


def list_past_withdrawals(publication: UUID) -> list[WithdrawalRow]:
    """All that an item was taken back for (撤下经过), the oldest first."""
    return [_row_of(row) for row in _whole().filter(publication__uuid=publication).order_by("at", "pk")]


def get_withdrawal(withdrawal: UUID) -> WithdrawalRow:
    """One taking back (撤下记录). Raises: NotFound."""
    row = _whole().filter(uuid=withdrawal).first()
    if row is None:
        raise NotFound("没有这条撤下记录。请从“已撤下”的列表里打开。")
    check_not_held(PublicationState(row.publication.state))
    return _row_of(row)


def find_withdrawal(publication: UUID) -> WithdrawalRow | None:
    """The taking back of an item that stands (现在的撤下记录); None for one that is not taken back."""
    row = _whole().filter(publication__uuid=publication, ended_at__isnull=True).first()
    return _row_of(row) if row else None


def may_take_back(actor: Actor, kind: WithdrawalKind, unit_id: int) -> bool:
    """Whether a person may withdraw or take down a unit's items (能不能撤下)."""
    return actor.officer_id is not None and actor.may(rules.withdrawal.RIGHTS[kind], unit_id)


def page_of(row: Withdrawal) -> WithdrawnPage:
    """What citizens find, of a row that was read with its publication."""
    publication, reason = row.publication, find_reason(row)
    edition = publication.public_edition
    is_shown = reason is not None and reason.shows_title and edition is not None
    return WithdrawnPage(
        uuid=publication.uuid,
        path=rules.format_path(publication.path_year, publication.path_number),
        page=PageAfter(row.page),
        withdrawn_at=row.at,
        public_words=say_public_reason(reason, row.paper),
        title=edition.title if is_shown and edition else "",
        document_number=edition.document_number if is_shown and edition else "",
        index_number=publication.index_number or "",
        unit_name=publication.unit.name,
        unit_telephone=publication.unit.telephone,
        successor=_successor_of(row),
        successor_path=rules.format_path(row.successor.path_year, row.successor.path_number) if row.successor else "",
    )


def find_reason(row: Withdrawal) -> WithdrawalReason | None:
    """The reason of a row (撤下原因); None while it is to follow."""
    return read_withdrawal_reasons()[row.reason] if row.reason else None


def _standing() -> QuerySet[Withdrawal]:
    return Withdrawal.objects.filter(ended_at__isnull=True).select_related(
        "publication__public_edition", "publication__unit", "successor__public_edition"
    )


def _whole() -> QuerySet[Withdrawal]:
    return Withdrawal.objects.select_related(
        "publication__public_edition", "publication__unit", "publication__entry", "successor__public_edition", "officer", "explained_by",
        "ended_by",
    )  # fmt: skip


def _successor_of(row: Withdrawal) -> Successor | None:
    """Only a successor that is public itself is named."""
    found = row.successor
    if found is None or found.state != PublicationState.PUBLIC.value or found.public_edition is None:
        return None
    return Successor(found.uuid, found.public_edition.title, rules.format_path(found.path_year, found.path_number))


def _row_of(row: Withdrawal) -> WithdrawalRow:
    publication = row.publication
    edition, published_at = publication.public_edition, publication.published_at
    if edition is None or published_at is None:  # the constraint publication_public_whole says so
        raise NotFound(f"信息 {publication} 撤下了，却没有公开过。")
    return WithdrawalRow(
        uuid=row.uuid,
        publication=publication.uuid,
        kind=WithdrawalKind(row.kind),
        reason=find_reason(row),
        page=PageAfter(row.page),
        note=row.note,
        paper=row.paper,
        successor=_successor_of(row),
        title=edition.title,
        entry_name=publication.entry.name,
        unit_id=publication.unit_id,
        unit_name=publication.unit.name,
        path=rules.format_path(publication.path_year, publication.path_number),
        index_number=publication.index_number or "",
        published_at=published_at,
        officer_name=row.officer.name,
        at=row.at,
        explained_by=row.explained_by.name if row.explained_by else "",
        explained_at=row.explained_at,
        ended_by=row.ended_by.name if row.ended_by else "",
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        fault=row.fault,
    )
