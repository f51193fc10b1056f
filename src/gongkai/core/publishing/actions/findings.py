from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.draft import save_draft, submit
from gongkai.core.publishing.actions.editions import keep_writer, lock_edition
from gongkai.core.publishing.kinds import EditionAct, EditionState, Origin, SavedDraft
from gongkai.core.publishing.models import FindingPass
from gongkai.core.publishing.queries.content import get_content
from gongkai.core.publishing.queries.gate import check_edition, find_finding
from gongkai.core.publishing.repairing import repair
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible

GONE = "这一处已经没有了：正文改过，检查也重做过。请看现在的检查结果。"


@transaction.atomic
def pass_finding(*, publication: UUID, key: str, reason: str, actor: Actor, now: datetime) -> None:
    """Let a finding through with a reason and a name (写理由通过). It holds for these very words: a changed text needs another pass.

    Raises: NotAllowed, NotFound, BadInput; ActNotPossible for what has to be changed, and once the text is in review.
    """
    edition = lock_edition(publication)
    rules.next_edition_state(EditionState(edition.state), EditionAct.EDIT)
    report = check_edition(edition)
    finding = find_finding(report, key)
    if finding is None:
        raise ActNotPossible(GONE)
    unit_id = edition.publication.unit_id
    officer = rules.check_may_pass_finding(actor, finding, Origin(edition.publication.origin), unit_id)
    kept = rules.check_reason(reason, "理由")
    if key in report.passed:
        raise ActNotPossible(f"{report.passed[key].officer_name}已经为这一处写过理由。")
    FindingPass.objects.create(
        edition=edition, rule=finding.rule, fingerprint=key, message=finding.message[:300], reason=kept, officer_id=officer, at=now
    )
    # Whoever says why a finding may stand answers for the text: he cannot review his own reason.
    keep_writer(edition, officer)
    # The finding's words stay out of the trail: a digest is enough to find the row.
    audit.record(actor=actor, act="publishing.pass_finding", subject=publication, at=now, about={"rule": finding.rule, "finding": key})


@transaction.atomic
def submit_with_reason(*, publication: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Let everything through that stands in the way, with one reason and a name, and send the text to review; all of it or nothing.

    For originals that come in by the hundred. An empty reason lets nothing through. Raises: as pass_finding and submit.
    """
    report = check_edition(lock_edition(publication))
    if reason:
        for key in dict.fromkeys(finding.key for finding in report.standing):
            pass_finding(publication=publication, key=key, reason=reason, actor=actor, now=now)
    submit(publication=publication, actor=actor, now=now)


@transaction.atomic
def repair_finding(*, publication: UUID, key: str, actor: Actor, now: datetime) -> SavedDraft:
    """Put the right words in the place of wrong ones (改为), as the gate proposes them, wherever that finding stands.

    Who repairs becomes a writer of the text. Raises: NotAllowed, NotFound; ActNotPossible when there is no certain repair.
    """
    edition = lock_edition(publication)
    finding = find_finding(check_edition(edition), key)
    if finding is None:
        raise ActNotPossible(GONE)
    content = repair(get_content(edition), finding)
    return save_draft(publication=publication, content=content, seen_hash=edition.content_hash, actor=actor, now=now)
