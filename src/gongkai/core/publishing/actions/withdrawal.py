"""Taking back what is public: withdrawal with a reason from the table, 紧急下线 at once, and putting it back."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Evidence, ObligationState
from gongkai.core.publishing.actions.release import fulfil_obligation, make_findable
from gongkai.core.publishing.duties import TAKE_DOWN_DUTY
from gongkai.core.publishing.kinds import (
    EVIDENCE,
    POSTING_EVIDENCE,
    Need,
    PostingState,
    PublicationAct,
    PublicationState,
    StepKind,
    StepState,
    WithdrawalKind,
    WithdrawalReason,
)
from gongkai.core.publishing.models import Correction, Posting, Publication, ReviewStep, Withdrawal
from gongkai.core.publishing.queries.content import get_content
from gongkai.core.publishing.queries.withdrawn import list_naming
from gongkai.core.publishing.registry import list_outlets
from gongkai.core.publishing.rules import check_may_come_back, check_reason, format_path
from gongkai.core.publishing.rules.purge import CLEARED_WORDS
from gongkai.core.publishing.rules.withdrawal import (
    check_may_withdraw,
    check_paper,
    check_reason_code,
    check_successor,
    next_publication_state,
)
from gongkai.core.publishing.tables import read_withdrawal_reasons
from gongkai.core.search import api as search
from gongkai.foundation.accounts.kinds import SYSTEM, Actor
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import ActNotPossible, NotFound, Refusal, SomebodyWasFaster
from gongkai.lib.moments import day_of

logger = logging.getLogger(__name__)

PATH = re.compile(r"/d/([0-9]{4})/0*([0-9]{1,9})/?$")
FAULT_LENGTH = 500


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Why something is taken back, as it was typed (撤下的理由): a code of the table, own words for the desk, a paper, an address."""

    reason: str = ""
    note: str = ""
    paper: str = ""
    successor: str = ""


@transaction.atomic
def withdraw(*, publication: UUID, grounds: Grounds, actor: Actor, now: datetime) -> UUID:
    """Take back a public item for a reason of the table (撤回). Returns the withdrawal's uuid.

    Search, lists, counts and files follow; the outlets act right after the commit. Where the reason says so, the duty that the page had
    discharged is owed again. Raises: NotAllowed, NotFound, BadInput; ActNotPossible when it is not public.
    """
    row = lock_publication(publication, beside=grounds.successor)
    officer = check_may_withdraw(actor, WithdrawalKind.WITHDRAWAL, row.unit_id)
    if row.state == PublicationState.TAKEN_DOWN.value:
        raise ActNotPossible("这条信息已经紧急下线。请在它的撤下记录里补手续。")
    state = next_publication_state(PublicationState(row.state), PublicationAct.WITHDRAW)
    known = _read_grounds(row, grounds)
    move(row, state)
    withdrawal = Withdrawal.objects.create(
        publication=row,
        kind=WithdrawalKind.WITHDRAWAL.value,
        officer_id=officer,
        at=now,
        explained_by_id=officer,
        explained_at=now,
        **known.values,
    )
    search.remove(row.uuid)
    _follow_duty(row, known.reason, actor, now)
    _tell(row, withdrawal)
    about = {"reason": known.reason.code, "page": known.reason.page.value, "withdrawal": str(withdrawal.uuid)}
    audit.record(actor=actor, act="publishing.withdraw", subject=row.uuid, at=now, about=about)
    return withdrawal.uuid


@transaction.atomic
def take_down(*, publication: UUID, note: str, actor: Actor, now: datetime) -> UUID:
    """Take a public item off every outlet at once (紧急下线). Returns the withdrawal's uuid.

    Reason and papers are owed by the next working day. Raises: NotAllowed for anybody but the office head and the duty officer; NotFound;
    BadInput; ActNotPossible when it is down already.
    """
    row = lock_publication(publication)
    check_may_withdraw(actor, WithdrawalKind.TAKE_DOWN, row.unit_id)
    return remove_at_once(row, note=note, actor=actor, now=now)


def remove_at_once(row: Publication, *, note: str, actor: Actor, now: datetime) -> UUID:
    """What a take-down does (立即撤下), for whoever may have it done: in the caller's transaction, with the publication locked.

    Outlets act after the commit of that transaction. Raises: ActNotPossible, BadInput; NotAllowed for the machine.
    """
    if actor.officer_id is None:
        raise ActNotPossible("紧急下线要由人来定，系统不能代办。")
    words = check_reason(note, "下线的情况", field="note") if note.strip() else ""
    state = next_publication_state(PublicationState(row.state), PublicationAct.TAKE_DOWN)
    move(row, state)
    # A replaced item can still be read: its withdrawal ends, and the take-down stands in its place.
    Withdrawal.objects.filter(publication=row, ended_at__isnull=True).update(
        ended_at=now, ended_by_id=actor.officer_id, end_reason=WithdrawalKind.TAKE_DOWN.label
    )
    withdrawal = Withdrawal.objects.create(
        publication=row, kind=WithdrawalKind.TAKE_DOWN.value, note=words, officer_id=actor.officer_id, at=now
    )
    search.remove(row.uuid)
    posts = organisations.list_posts_of(officer_id=actor.officer_id, on=day_of(now))
    # Whoever took it down writes why: it is owed by his own post, not by the post for openness of his unit.
    post = next((one for one in posts if one.unit_id == actor.unit_id), posts[0] if posts else None)
    ledger.open_obligation(
        duty=TAKE_DOWN_DUTY,
        subject=withdrawal.uuid,
        label=f"紧急下线补手续：{row.index_number}",
        unit_id=post.unit_id if post else row.unit_id,
        post_id=post.id if post else None,
        caused_on=day_of(now),
        actor=actor,
        now=now,
    )
    _tell(row, withdrawal)
    audit.record(actor=actor, act="publishing.take_down", subject=row.uuid, at=now, about={"withdrawal": str(withdrawal.uuid)})
    return withdrawal.uuid


@transaction.atomic
def explain(*, withdrawal: UUID, grounds: Grounds, actor: Actor, now: datetime) -> None:
    """Add the reason and the papers to a take-down (补手续): from here on it is a withdrawal like any other, and its address shows what
    the reason says.

    Raises: NotAllowed, NotFound, BadInput; ActNotPossible when they are there already, or the item is public again.
    """
    stored, row = _lock_withdrawal(withdrawal, beside=grounds.successor)
    officer = check_may_withdraw(actor, WithdrawalKind.TAKE_DOWN, row.unit_id)
    if stored.explained_at is not None:
        raise ActNotPossible("这次下线的原因已经补上，不用再补。")
    known = _read_grounds(row, grounds)
    check_reason(grounds.note, "下线的经过", field="note")
    move(row, next_publication_state(PublicationState(row.state), PublicationAct.WITHDRAW))
    Withdrawal.objects.filter(pk=stored.pk).update(explained_by_id=officer, explained_at=now, fault="", **known.values)
    _close_paperwork(stored, known.reason.label, actor, now)
    _follow_duty(row, known.reason, actor, now)
    _tell(row, stored)
    about = {"reason": known.reason.code, "page": known.reason.page.value, "withdrawal": str(stored.uuid)}
    audit.record(actor=actor, act="publishing.explain", subject=row.uuid, at=now, about=about)


@transaction.atomic
def restore(*, withdrawal: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Make an item public again as it was (恢复公开): page, files, lists, search and counts. Its number and its day of release stay.

    A duty that was opened again because of the withdrawal is discharged again. Raises: NotAllowed, NotFound, BadInput; ActNotPossible.
    """
    stored, row = _lock_withdrawal(withdrawal)
    kind = WithdrawalKind.TAKE_DOWN if stored.explained_at is None else WithdrawalKind.WITHDRAWAL
    officer = check_may_withdraw(actor, kind, row.unit_id)
    words = check_reason(reason, "恢复公开的理由", field="end_reason")
    check_may_come_back({StepKind(step.kind): StepState(step.state) for step in ReviewStep.objects.filter(edition=row.public_edition)})
    move(row, next_publication_state(PublicationState(row.state), PublicationAct.RESTORE))
    Withdrawal.objects.filter(pk=stored.pk).update(ended_at=now, ended_by_id=officer, end_reason=words, fault="")
    _close_paperwork(stored, "恢复公开", actor, now)
    edition = row.public_edition
    if edition is None or row.published_at is None:
        raise ActNotPossible("这条信息没有公开过，不能恢复。请找系统管理员。")
    fulfil_obligation(row, edition.title, actor=actor, now=now)
    make_findable(row, get_content(edition), row.published_at)
    # What other sites were asked to take down has to be looked at anew.
    Posting.objects.filter(publication=row).update(asked_at=None, down_at=None, state=PostingState.WAITING.value)
    _tell(row)
    audit.record(actor=actor, act="publishing.restore", subject=row.uuid, at=now, about={"withdrawal": str(stored.uuid)})


def end_for_purge(row: Publication, *, now: datetime) -> None:
    """What a purge leaves of the taking back of a text (清除后): the notice stands for good, own words are gone, no paperwork is owed."""
    rows = Withdrawal.objects.filter(publication=row)
    rows.update(note="", fault="")
    rows.exclude(end_reason="").update(end_reason=CLEARED_WORDS)
    Correction.objects.filter(edition__publication=row).update(what=CLEARED_WORDS, why=CLEARED_WORDS)
    for stored in rows:
        _close_paperwork(stored, CLEARED_WORDS, SYSTEM, now)


def lock_publication(publication: UUID, *, beside: str = "") -> Publication:
    """A publication, locked until the end of the transaction: of two who take it back, the second sees what the first did.

    `beside`: the address of another that must stay as it is meanwhile. Both are locked in one order, so that two who merge two items into
    one another wait instead of blocking, and the second is refused. Raises: NotFound.
    """
    place = _place_of(beside)
    wanted = Q(uuid=publication) | place if place else Q(uuid=publication)
    rows = Publication.objects.select_for_update(of=("self",)).select_related("public_edition").filter(wanted).order_by("pk")
    row = next((one for one in rows if one.uuid == publication and one.state != PublicationState.UNPUBLISHED.value), None)
    if row is None:
        raise NotFound("没有这条公开的信息。请从“已公开”的列表里打开。")
    return row


def move(row: Publication, state: PublicationState) -> None:
    """Move a publication's state, once. Raises: SomebodyWasFaster."""
    if Publication.objects.filter(pk=row.pk, state=row.state).update(state=state.value) != 1:
        raise SomebodyWasFaster("这条信息刚被别人办过，请刷新后再看。")
    row.state = state.value


def tell_outlets(publication: UUID, withdrawal: int | None) -> None:
    """Have every outlet act at once (通知渠道), after the commit.

    Where one cannot, that is noted in words; its row in the outbox is repeated in any case.
    """
    faults = []
    for code, outlet in list_outlets().items():
        if outlet.take_down is None:
            continue
        try:
            outlet.take_down(publication)
        except Exception as fault:
            # Whatever it is: the commit stands, the other outlets act, and the row in the outbox brings it about.
            logger.exception("渠道 %s 没有马上撤下 %s", code, publication)
            faults.append(f"{outlet.label}：{fault if isinstance(fault, Refusal) else type(fault).__name__}")
    if withdrawal is not None:
        Withdrawal.objects.filter(pk=withdrawal).update(fault="；".join(faults)[:FAULT_LENGTH])


@dataclass(frozen=True)
class _Known:
    reason: WithdrawalReason
    note: str
    paper: str
    successor: Publication | None

    @property
    def values(self) -> dict[str, object]:
        """The columns of a withdrawal that the grounds fill."""
        return {
            "reason": self.reason.code,
            "page": self.reason.page.value,
            "note": self.note,
            "paper": self.paper,
            "successor": self.successor,
        }


def _read_grounds(row: Publication, grounds: Grounds) -> _Known:
    reason = check_reason_code(grounds.reason, read_withdrawal_reasons())
    note = check_reason(grounds.note, "撤下的情况", field="note") if reason.note is Need.NEEDED or grounds.note.strip() else ""
    successor = _find_public(grounds.successor)
    is_kept = check_successor(
        reason,
        is_named=bool(grounds.successor.strip()),
        is_public=successor is not None,
        is_itself=successor is not None and successor.pk == row.pk,
    )
    return _Known(reason, note, check_paper(reason, grounds.paper), successor if is_kept else None)


def _place_of(address: str) -> Q | None:
    match = PATH.search(address.strip())
    return Q(path_year=int(match[1]), path_number=int(match[2])) if match else None


def _find_public(address: str) -> Publication | None:
    place = _place_of(address)
    return Publication.objects.filter(place, state=PublicationState.PUBLIC.value).first() if place else None


def _lock_withdrawal(withdrawal: UUID, *, beside: str = "") -> tuple[Withdrawal, Publication]:
    """A taking back that stands, and its publication, locked in that order everywhere. Raises: NotFound, ActNotPossible."""
    publication = Withdrawal.objects.filter(uuid=withdrawal).values_list("publication__uuid", flat=True).first()
    if publication is None:
        raise NotFound("没有这条撤下记录。请从“已撤下”的列表里打开。")
    row = lock_publication(publication, beside=beside)
    stored = Withdrawal.objects.get(uuid=withdrawal)
    if stored.ended_at is not None:
        raise ActNotPossible(f"这次撤下已经结束（{stored.end_reason}），不能再办。请刷新后看这条信息现在的状态。")
    return stored, row


def _follow_duty(row: Publication, reason: WithdrawalReason, actor: Actor, now: datetime) -> None:
    """What the reason means for the duty behind the page (docs/decisions/0009): published in error, it never was discharged."""
    if not reason.reopens_duty or row.obligation_id is None:
        return
    obligation = ledger.get_obligation(row.obligation_id)
    ours = {(EVIDENCE, format_path(row.path_year, row.path_number))}
    ours |= {(POSTING_EVIDENCE, str(uuid)) for uuid in Posting.objects.filter(publication=row).values_list("uuid", flat=True)}
    proofs = {(proof.kind, proof.reference) for proof in ledger.list_evidence(obligation_ids=[obligation.id]).get(obligation.id, [])}
    if obligation.state is ObligationState.FULFILLED and ours & proofs:
        ledger.reopen(obligation=obligation.uuid, reason=f"撤回：{reason.label}", actor=actor, now=now)


def _close_paperwork(stored: Withdrawal, label: str, actor: Actor, now: datetime) -> None:
    for owed in ledger.list_obligations(subject=stored.uuid):
        if owed.state is ObligationState.OPEN:
            evidence = Evidence(kind="withdrawal", reference=str(stored.uuid), label=label)
            ledger.fulfil(obligation=owed.uuid, evidence=evidence, actor=actor, now=now)


def _tell(row: Publication, withdrawal: Withdrawal | None = None) -> None:
    """Write what the outlets have to do, and call them as well once it is committed. Pages that name this item change with it."""
    for uuid in (row.uuid, *list_naming(row.uuid)):
        for outlet in list_outlets().values():
            outlet.release(uuid)
    transaction.on_commit(partial(tell_outlets, row.uuid, withdrawal.pk if withdrawal else None))
