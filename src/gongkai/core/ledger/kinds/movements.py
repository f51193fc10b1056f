from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongkai.core.ledger.kinds.states import ChangeCause, LimitUnit, MovementKind, ProposalState


@dataclass(frozen=True, kw_only=True)
class MovementDraft:
    """One movement of a limit (期限变动) as the rules read it, noted or only thought of.

    `first_day`: of a stop the first day that does not count, of a restart the day of the new cause, of an extension the day of the
    decision, of a fee the day of the notice. `last_day`: of a stop the last day that does not count, of a fee the day of payment; None
    while it runs. `latest_day`: the day on which counting goes on at the latest. `amount` and `unit` only of an extension.
    """

    kind: MovementKind
    first_day: date
    last_day: date | None = None
    latest_day: date | None = None
    amount: int = 0
    unit: LimitUnit | None = None
    reason: str = ""
    article: str = ""
    document: str = ""

    @property
    def is_running(self) -> bool:
        """Whether the clock stands still because of it: a stop that has not ended, a fee that is not paid."""
        return self.kind in {MovementKind.STOP, MovementKind.FEE} and self.last_day is None


@dataclass(frozen=True, kw_only=True)
class MovementRow(MovementDraft):
    """A movement that was noted (期限变动记录). `voided_at`: it was a mistake, and counts no more."""

    id: int
    uuid: UUID
    proposed_by: str
    approved_by: str
    approved_at: datetime | None
    noted_at: datetime
    voided_at: datetime | None = None
    void_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ProposalRow:
    """An extension that one officer asked for and another decides (延长申请)."""

    id: int
    uuid: UUID
    obligation: UUID
    amount: int
    unit: LimitUnit
    reason: str
    article: str
    document: str
    proposer_id: int
    proposed_by: str
    proposed_at: datetime
    state: ProposalState
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.state is ProposalState.WAITING

    def draft(self, on: date) -> MovementDraft:
        """The extension it would be, decided on that day."""
        return MovementDraft(
            kind=MovementKind.EXTEND,
            first_day=on,
            amount=self.amount,
            unit=self.unit,
            reason=self.reason,
            article=self.article,
            document=self.document,
        )


@dataclass(frozen=True, kw_only=True)
class DateChangeRow:
    """One change of the date of a limit (期限改动). `to_day` None: counting stopped, there is no last day for now.

    `told`: who was told, in words; filled by those who tell.
    """

    id: int
    at: datetime
    cause: ChangeCause
    why: str
    from_day: date | None
    to_day: date | None
    from_due_at: datetime | None
    to_due_at: datetime | None
    calendar_version: str = ""
    movement: UUID | None = None
    told: tuple[str, ...] = ()
