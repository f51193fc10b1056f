"""An extension that one officer asks for and another decides."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from gongkai.core.ledger.actions.events import write_event
from gongkai.core.ledger.actions.locks import hold, refuse_closed, tidy
from gongkai.core.ledger.actions.movements import extend
from gongkai.core.ledger.kinds import EventKind, LimitUnit, MovementDraft, MovementKind, MovementRow, ProposalRow, ProposalState
from gongkai.core.ledger.models import REASON_LENGTH, ExtensionProposal
from gongkai.core.ledger.queries.clocks import compute_of
from gongkai.core.ledger.queries.movements import list_drafts
from gongkai.core.ledger.queries.proposals import get_proposal
from gongkai.core.ledger.queries.rows import as_terms_row
from gongkai.core.ledger.rules import check_draft, extension_unit
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.lib.errors import NotAllowed, NotFound, SomebodyWasFaster
from gongkai.lib.moments import day_of


@transaction.atomic
def propose_extension(
    *, obligation: UUID, amount: int, reason: str, article: str, document: str, actor: Signatory, now: datetime, seen: int | None = None
) -> ProposalRow:
    """Ask for a longer limit (提出延长), within what its law allows. Nothing of the clock moves before another approves it.

    Raises: ActNotPossible, in words, as `extend`; BadInput; NotAllowed; SomebodyWasFaster when one waits already; NotFound.
    """
    if actor.officer_id is None:
        raise NotAllowed("延长要由人提出，系统不能提出。")
    stored, calendar = hold(obligation, seen=seen)
    refuse_closed(stored)
    terms = as_terms_row(stored.terms)
    wanted = MovementDraft(kind=MovementKind.EXTEND, first_day=day_of(now), amount=amount, unit=extension_unit(terms))
    check_draft(terms, stored.caused_on, compute_of(stored, calendar), list_drafts([stored.pk]).get(stored.pk, []), wanted, day_of(now))
    proposal = ExtensionProposal(
        obligation=stored,
        amount=amount,
        unit=extension_unit(terms).value,
        reason=tidy("理由", reason, REASON_LENGTH, field="reason"),
        article=tidy("条款", article, REASON_LENGTH, field="article"),
        document=tidy("文书", document, REASON_LENGTH, field="document", is_needed=False),
        proposed_by_id=actor.officer_id,
        proposed_at=now,
    )
    try:
        with transaction.atomic():
            proposal.save()
    except IntegrityError as error:
        raise SomebodyWasFaster("这件事项已有一份延长申请等着批准。请刷新后再看。") from error
    _tell(proposal, EventKind.EXTENSION_PROPOSED, f"{actor.name}申请延长 {_say(proposal)}：{proposal.reason}", actor, now)
    return get_proposal(proposal.uuid)


@transaction.atomic
def approve_extension(*, proposal: UUID, actor: Signatory, now: datetime, seen: int | None = None) -> MovementRow:
    """Approve what another asked for (批准延长): the extension is noted with both names, and the limit moves today.

    Raises: NotAllowed for whoever asked himself; SomebodyWasFaster when it was decided meanwhile; ActNotPossible, as `extend`; NotFound.
    """
    stored = _hold_waiting(proposal, actor, seen)
    moved = extend(
        obligation=stored.obligation.uuid,
        amount=stored.amount,
        reason=stored.reason,
        article=stored.article,
        document=stored.document,
        proposed_by=stored.proposed_by_id,
        actor=actor,
        now=now,
    )
    _close(stored, ProposalState.APPROVED, actor, now, movement=moved.id)
    return moved


@transaction.atomic
def refuse_extension(*, proposal: UUID, reason: str, actor: Signatory, now: datetime) -> None:
    """Refuse what another asked for (不批准延长), with the reason. The limit stays.

    Raises: NotAllowed for whoever asked himself; BadInput without a reason; SomebodyWasFaster; NotFound.
    """
    words = tidy("不批准的理由", reason, REASON_LENGTH, field="reason")
    stored = _hold_waiting(proposal, actor, None)
    _close(stored, ProposalState.REFUSED, actor, now, decision=words)
    _tell(stored, EventKind.EXTENSION_REFUSED, f"{actor.name}不批准延长 {_say(stored)}：{words}", actor, now)


@transaction.atomic
def withdraw_proposal(*, proposal: UUID, actor: Signatory, now: datetime) -> None:
    """Take back what one asked for oneself (撤回延长申请). Raises: NotAllowed for others; SomebodyWasFaster; NotFound."""
    stored = _take(proposal)
    if stored.proposed_by_id != actor.officer_id:
        raise NotAllowed("延长申请只能由提出的人撤回。")
    _close(stored, ProposalState.WITHDRAWN, actor, now)
    about = {"proposal": str(stored.uuid)}
    audit.record(actor=actor, act="ledger.withdraw_proposal", subject=stored.obligation.uuid, at=now, about=about)


def _hold_waiting(proposal: UUID, actor: Signatory, seen: int | None) -> ExtensionProposal:
    stored = _take(proposal, seen=seen)
    if actor.officer_id is None or stored.proposed_by_id == actor.officer_id:
        raise NotAllowed("延长不能由提出的人自己批准，请由另一个有权批准的人决定。")
    return stored


def _take(proposal: UUID, *, seen: int | None = None) -> ExtensionProposal:
    """The proposal with its obligation held: who decides and who closes the duty wait for one another."""
    found = ExtensionProposal.objects.filter(uuid=proposal).values_list("obligation__uuid", flat=True).first()
    if found is None:
        raise NotFound("没有这份延长申请，请从事项页里打开。")
    obligation, _ = hold(found, seen=seen)
    stored = ExtensionProposal.objects.get(uuid=proposal)
    stored.obligation = obligation
    if stored.state != ProposalState.WAITING.value:
        raise SomebodyWasFaster(f"这份延长申请{ProposalState(stored.state).label}，不用再办。请刷新后再看。")
    refuse_closed(obligation)
    return stored


def _close(
    stored: ExtensionProposal, to: ProposalState, actor: Signatory, now: datetime, *, decision: str = "", movement: int | None = None
) -> None:
    waiting = ExtensionProposal.objects.filter(pk=stored.pk, state=ProposalState.WAITING.value)
    decided = waiting.update(state=to.value, decided_by_id=actor.officer_id, decided_at=now, decision=decision, movement_id=movement)
    if decided != 1:
        raise SomebodyWasFaster("这份延长申请刚由别人决定。请刷新后再看。")


def _say(stored: ExtensionProposal) -> str:
    return f"{stored.amount} {LimitUnit(stored.unit).label}"


def _tell(stored: ExtensionProposal, kind: EventKind, words: str, actor: Signatory, now: datetime) -> None:
    write_event(obligation=stored.obligation, kind=kind, at=now, now=now, note=words[:REASON_LENGTH])
    act = "ledger.propose_extension" if kind is EventKind.EXTENSION_PROPOSED else "ledger.refuse_extension"
    about: dict[str, str | int | bool | None] = {"proposal": str(stored.uuid), "amount": stored.amount, "why": words}
    audit.record(actor=actor, act=act, subject=stored.obligation.uuid, at=now, about=about)
