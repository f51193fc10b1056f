from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Evidence, ObligationState
from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.editions import advance, list_people, lock_edition
from gongkai.core.publishing.actions.release import release
from gongkai.core.publishing.actions.withdrawal import lock_publication, remove_at_once
from gongkai.core.publishing.duties import STEP_DUTIES
from gongkai.core.publishing.kinds import EditionAct, NewRemark, RemarkRow, StepAct, StepKind, StepState
from gongkai.core.publishing.models import Edition, FindingPass, ReturnRemark, ReviewStep
from gongkai.core.publishing.places import list_places, read_remarks, sum_up
from gongkai.core.publishing.queries.drafts import get_draft
from gongkai.core.publishing.queries.gate import check_edition
from gongkai.core.publishing.queries.releases import find_open_release
from gongkai.core.publishing.rules import Decider
from gongkai.foundation.accounts.kinds import SYSTEM, Actor
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import NotFound, SomebodyWasFaster
from gongkai.lib.moments import day_of


def open_step(edition: Edition, kind: StepKind, *, actor: Actor, now: datetime) -> ReviewStep:
    """Put a step into the reviewers' queue (送到下一步) and open the duty to decide it."""
    unit_id = edition.publication.unit_id
    step = ReviewStep.objects.create(edition=edition, kind=kind.value, unit_id=unit_id, content_hash=edition.content_hash, opened_at=now)
    open_duty(step, edition.title, actor=actor, now=now)
    return step


def open_duty(step: ReviewStep, title: str, *, actor: Actor, now: datetime) -> None:
    """Put the duty to decide a step on the ledger (步骤期限), counted from when it arrived; the one that is open stays."""
    ledger.open_obligation(
        duty=STEP_DUTIES[StepKind(step.kind)],
        subject=step.uuid,
        label=title,
        unit_id=step.unit_id,
        caused_on=day_of(step.opened_at),
        caused_at=step.opened_at,
        actor=actor,
        now=now,
    )


def open_missing_duties(*, now: datetime) -> int:
    """Give every step that waits its duty (补开步骤期限), where it has none: after an upgrade. Again changes nothing. Gives how many."""
    waiting = {step.uuid: step for step in ReviewStep.objects.filter(state=StepState.WAITING.value).select_related("edition")}
    missing = waiting.keys() - ledger.list_open(subjects=list(waiting), now=now).keys()
    for uuid in sorted(missing):
        open_duty(waiting[uuid], waiting[uuid].edition.title, actor=SYSTEM, now=now)
    return len(missing)


@transaction.atomic
def pass_step(*, step: UUID, seen_hash: str, opinion: str, has_looked: bool, actor: Actor, now: datetime) -> None:
    """Pass a review step (通过) for the content the reviewer saw. The last one, the sign-off, makes the text public in the same moment,
    or where a release is set for it leaves it signed until then.

    `has_looked`: the reviewer says that he looked at the findings that were let through; asked for when there are any.

    Raises: NotAllowed for his own text, for a second step of one text and without the right; SomebodyWasFaster when it is not the content
    he saw; ActNotPossible when the step was decided before; BadInput; NotFound. Legal source: OGIR art. 17
    """
    edition, row = lock_step(step)
    decider = rules.check_may_decide(actor, StepKind(row.kind), row.unit_id, list_people(edition))
    kept = rules.check_opinion(opinion)
    if not has_looked and FindingPass.objects.filter(edition=edition).exists():
        rules.check_looked(check_edition(edition).passed, has_looked=has_looked)
    decide(row, StepAct.PASS, seen_hash=seen_hash, current_hash=edition.content_hash, decider=decider, words=kept, now=now)
    close_duty(row, label=f"{StepKind(row.kind).label}通过", actor=actor, now=now)
    audit.record(
        actor=actor,
        act="publishing.pass",
        subject=edition.publication.uuid,
        at=now,
        about={"step": row.kind, "hash": edition.content_hash, "opinion": bool(kept), "for": decider.absent_id},
    )
    follower = rules.NEXT_STEP.get(StepKind(row.kind))
    if follower is not None:
        open_step(edition, follower, actor=actor, now=now)
    elif row.kind == StepKind.SIGN_OFF.value:
        advance(edition, EditionAct.APPROVE, approved_at=now)
        # A text that waits for its moment, or for others, is signed now and becomes public then.
        if find_open_release(edition.publication_id) is None:
            release(publication=edition.publication.uuid, actor=actor, now=now)


@transaction.atomic
def return_step(*, step: UUID, seen_hash: str, reason: str, actor: Actor, now: datetime, remarks: Sequence[NewRemark] = ()) -> None:
    """Send a text back to its author with a reason (退回). Steps that were passed before become void: after the change they come again.
    A second look that fails takes the public text down at once (紧急下线).

    `remarks`: what is wrong where; `reason` may then be empty. Raises: as pass_step; BadInput without a reason, or for a place that is
    not in the text.
    """
    edition, row = lock_step(step)
    decider = rules.check_may_decide(actor, StepKind(row.kind), row.unit_id, list_people(edition))
    pointed = read_remarks(remarks, list_places(get_draft(edition.publication.uuid), check_edition(edition))) if remarks else []
    kept = sum_up(reason, pointed) if pointed else rules.check_reason(reason, "退回的理由")
    decide(row, StepAct.RETURN, seen_hash=seen_hash, current_hash=edition.content_hash, decider=decider, words=kept, now=now)
    keep_remarks(row, pointed)
    if row.kind == StepKind.SECOND_LOOK.value:
        # It is public already: what the second look refuses goes off every outlet at once.
        remove_at_once(
            lock_publication(edition.publication.uuid), note=f"先发后审，补审没有通过：{kept}"[: rules.MAX_REASON], actor=actor, now=now
        )
    else:
        void_passed(edition)
        advance(edition, EditionAct.RETURN)
    close_duty(row, label=f"{StepKind(row.kind).label}退回", actor=actor, now=now)
    audit.record(
        actor=actor,
        act="publishing.return",
        subject=edition.publication.uuid,
        at=now,
        about={"step": row.kind, "hash": edition.content_hash, "places": len(pointed), "for": decider.absent_id},
    )


def keep_remarks(row: ReviewStep, pointed: Sequence[RemarkRow]) -> None:
    """Store what a return says of which place, in its order."""
    ReturnRemark.objects.bulk_create(
        ReturnRemark(
            step=row,
            position=position,
            spot=remark.place.spot.value,
            key=remark.place.key,
            label=remark.place.label,
            quote=remark.place.quote,
            words=remark.words,
        )
        for position, remark in enumerate(pointed, start=1)
    )


def lock_step(step: UUID) -> tuple[Edition, ReviewStep]:
    """A step and its edition, the edition locked. Always edition before step, so that two deciders wait and never block one another."""
    publication = ReviewStep.objects.filter(uuid=step).values_list("edition__publication__uuid", flat=True).first()
    if publication is None:
        raise NotFound("没有这一步。请从待审列表里打开。")
    edition = lock_edition(publication)
    return edition, ReviewStep.objects.get(uuid=step)


def decide(row: ReviewStep, act: StepAct, *, seen_hash: str, current_hash: str, decider: Decider, words: str, now: datetime) -> None:
    """Write a decision on a step, once, about the content that was seen. Raises: ActNotPossible, SomebodyWasFaster."""
    state = StepState(row.state)
    target = rules.next_step_state(state, act)
    rules.check_seen(seen_hash, row.content_hash)
    rules.check_seen(row.content_hash, current_hash)
    decided = ReviewStep.objects.filter(pk=row.pk, state=state.value, content_hash=seen_hash).update(
        state=target.value, officer_id=decider.officer_id, on_behalf_of_id=decider.absent_id, decided_at=now, opinion=words
    )
    if decided != 1:
        raise SomebodyWasFaster("这一步刚被别人办过，请刷新后再看。")


def void_passed(edition: Edition) -> None:
    """Take the force from the steps an edition has passed (作废). They stay as history."""
    target = rules.next_step_state(StepState.PASSED, StepAct.VOID)
    ReviewStep.objects.filter(edition=edition, state=StepState.PASSED.value).update(state=target.value)


def close_duty(row: ReviewStep, *, label: str, actor: Actor, now: datetime) -> None:
    """The step was decided: its duty is done, whichever way the decision went."""
    for obligation in ledger.list_obligations(subject=row.uuid):
        if obligation.state is ObligationState.OPEN:
            evidence = Evidence(kind="review", reference=str(row.uuid), label=label)
            ledger.fulfil(obligation=obligation.uuid, evidence=evidence, actor=actor, now=now)
