"""What the worker does for publishing. Business time is read here and handed down."""

from datetime import datetime
from uuid import UUID

from gongkai.core.publishing.actions.releases import ask_for_due, note_failure, release_due
from gongkai.foundation.outbox.kinds import Job, Step
from gongkai.foundation.workdays import api as workdays


def ask_for_due_now(at_system: datetime) -> int:
    """Releases whose moment has come (定时公开), also those that came while no worker ran."""
    return ask_for_due(now=workdays.business_now(), at_system=at_system)


def run_release(job: Job, _at_system: datetime) -> Step:
    """One release whose moment has come (到时公开). A failure is kept for its holder and raised for the jobs page."""
    release = UUID(job.payload["release"])
    try:
        count = release_due(release=release, now=workdays.business_now())
    except Exception as error:
        note_failure(release=release, error=error)
        raise
    return Step(done=count, total=count)
