from datetime import datetime

from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Head, Verification
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import Job, Step
from gongkai.foundation.trail import anchors
from gongkai.foundation.trail.models import TrailCheck

VERIFY = "audit.verify"
STRETCH = 5_000
"""Links proved in one step: about a second."""


def seal_waiting(at_system: datetime) -> int:
    """Chain what waits and keep the head outside the database (审计封存): the worker's drain. Returns how many records were chained.

    Raises: ActNotPossible when the head cannot be kept; what was chained stays chained, and the head is kept later.
    """
    sealed = audit.seal_batch(at_system=at_system)
    head = audit.find_head()
    if head.position:
        anchors.keep_head(head, at_system)
    return sealed


def ask_for_verification(*, at_system: datetime) -> int:
    """Have the worker prove the whole trail (核验). Asked twice, it is done once. Returns the job's id."""
    return outbox.write_intent(kind=VERIFY, key="whole", payload={}, at_system=at_system)


def run_verification(job: Job, at_system: datetime) -> Step:
    """One stretch of a check of the trail (核验一段): the worker's job. After the last one the result is kept for the page."""
    known = anchors.read_all()
    start = Head(int(job.cursor.get("position", 0)), str(job.cursor.get("digest", Head().digest)))
    part = audit.verify_part(start=start, most=STRETCH, anchors=known)
    faults = [*job.cursor.get("faults", []), *(fault.words for fault in part.faults)][:MOST_FAULTS]
    total = max(audit.find_head().position, part.head.position)
    if not part.is_end:
        cursor = {"position": part.head.position, "digest": part.head.digest, "faults": faults, "checked": job.done + part.checked}
        return Step(done=job.done + part.checked, total=total, cursor=cursor)
    checked = job.done + part.checked
    keep_check(checked=checked, head=part.head, faults=faults, at_system=at_system)
    return Step(done=checked, total=total)


MOST_FAULTS = 200


def verify_now(*, at_system: datetime, known: dict[int, str] | None = None) -> Verification:
    """Prove the whole trail at once and keep the result (核验). `known` heads are taken besides those of the file.

    Raises: ActNotPossible when the file of heads cannot be read.
    """
    # Heads are read before the chain: what is sealed meanwhile is then beyond them, never before.
    report = audit.verify(anchors={**anchors.read_all(), **(known or {})})
    keep_check(checked=report.checked, head=report.head, faults=[fault.words for fault in report.faults], at_system=at_system)
    return report


def keep_check(*, checked: int, head: Head, faults: list[str], at_system: datetime) -> None:
    """Keep what a check came to (核验结论)."""
    TrailCheck.objects.create(finished_at=at_system, checked=checked, position=head.position, digest=head.digest, faults=faults)
