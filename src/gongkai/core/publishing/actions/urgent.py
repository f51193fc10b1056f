from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ObligationState
from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.editions import advance, lock_edition
from gongkai.core.publishing.actions.release import bring_out
from gongkai.core.publishing.actions.review import open_step
from gongkai.core.publishing.kinds import EditionAct, PublicationState, StepAct, StepKind, StepState
from gongkai.core.publishing.models import Edition, ReviewStep, UrgentRelease
from gongkai.core.publishing.queries.content import compute_hash, get_content, list_files
from gongkai.core.publishing.queries.gate import check_edition
from gongkai.core.publishing.rules.releases import check_to_release
from gongkai.core.publishing.tables import read_urgent_duties
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit


@transaction.atomic
def release_urgently(*, publication: UUID, seen_hash: str, reason: str, has_checked: bool, actor: Actor, now: datetime) -> None:
    """Make a text public before its review (先发后审): for named duties, by named posts, with a reason.

    The second look is owed within 24 hours. The gate is not gone round: what has to be changed is changed first. Steps that were passed
    stand; one that waits is void. `has_checked`: he says that he looked for secrets himself.
    Raises: NotAllowed, NotFound, BadInput, ActNotPossible; SomebodyWasFaster when it is not the content he saw. Legal source: OGIR art. 17
    """
    edition = lock_edition(publication)
    row = edition.publication
    officer = rules.check_may_release_urgently(actor, row.unit_id, row.entry.code, read_urgent_duties())
    check_to_release(edition.title, PublicationState(row.state), is_released=row.published_at is not None)
    rules.check_secrecy_said(has_checked=has_checked)
    kept = rules.check_reason(reason, "先发的理由")
    content = get_content(edition)
    rules.check_seen(seen_hash, compute_hash(content, list_files(content)))
    report = check_edition(edition)
    rules.check_findings(report.findings, report.passed, "先发")
    void_waiting(edition, actor=actor, now=now)
    advance(edition, EditionAct.RELEASE_URGENTLY, approved_at=now)
    UrgentRelease.objects.create(
        edition=edition, content_hash=edition.content_hash, officer_id=officer, reason=kept, has_checked=has_checked, at=now
    )
    open_step(edition, StepKind.SECOND_LOOK, actor=actor, now=now)
    audit.record(
        actor=actor,
        act="publishing.release_urgently",
        subject=row.uuid,
        at=now,
        about={"reason": kept, "hash": edition.content_hash, "entry": row.entry.code},
    )
    bring_out(edition, actor=actor, now=now)


def void_waiting(edition: Edition, *, actor: Actor, now: datetime) -> None:
    """Nobody waits for the step any more (作废): it was overtaken, and its duty is none."""
    target = rules.next_step_state(StepState.WAITING, StepAct.VOID)
    for step in ReviewStep.objects.filter(edition=edition, state=StepState.WAITING.value):
        ReviewStep.objects.filter(pk=step.pk, state=StepState.WAITING.value).update(state=target.value)
        for duty in ledger.list_obligations(subject=step.uuid):
            if duty.state is ObligationState.OPEN:
                ledger.cancel(obligation=duty.uuid, reason="已先发后审，改为补审", actor=actor, now=now)
