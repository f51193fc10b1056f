"""What extensions were asked for, and what became of them."""

from uuid import UUID

from django.db.models import QuerySet

from gongkai.core.ledger.kinds import LimitUnit, ProposalRow, ProposalState
from gongkai.core.ledger.models import ExtensionProposal
from gongkai.lib.errors import NotFound


def list_proposals(obligation: UUID) -> list[ProposalRow]:
    """The extensions that were asked for (延长申请), oldest first. One query."""
    return [_proposal_row(row) for row in _whole().filter(obligation__uuid=obligation).order_by("id")]


def get_proposal(uuid: UUID) -> ProposalRow:
    """One of them (延长申请). Raises: NotFound."""
    stored = _whole().filter(uuid=uuid).first()
    if stored is None:
        raise NotFound("没有这份延长申请，请从事项页里打开。")
    return _proposal_row(stored)


def _whole() -> QuerySet[ExtensionProposal]:
    return ExtensionProposal.objects.select_related("obligation", "proposed_by", "decided_by")


def _proposal_row(row: ExtensionProposal) -> ProposalRow:
    return ProposalRow(
        id=row.pk,
        uuid=row.uuid,
        obligation=row.obligation.uuid,
        amount=row.amount,
        unit=LimitUnit(row.unit),
        reason=row.reason,
        article=row.article,
        document=row.document,
        proposer_id=row.proposed_by_id,
        proposed_by=row.proposed_by.name,
        proposed_at=row.proposed_at,
        state=ProposalState(row.state),
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
        decision=row.decision,
    )
