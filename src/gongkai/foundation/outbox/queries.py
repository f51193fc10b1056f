from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Min

from gongkai.foundation.outbox import rules
from gongkai.foundation.outbox.kinds import DirtyRow, DrainRow, IntentState, JobCounts, JobRow
from gongkai.foundation.outbox.models import ACTIVE, DirtyKey, DrainFault, Intent
from gongkai.foundation.outbox.registry import DRAINS, HANDLERS

JOB_FIELDS = (
    "id", "kind", "key", "state", "progress_done", "progress_total", "failures", "run_after", "created_at", "started_at", "finished_at",
    "last_error",
)  # fmt: skip


def list_dirty(limit: int) -> list[DirtyRow]:
    """The oldest notes of what has to be rendered again (待生成), and every younger note of the same keys.

    Render each key once and forget every row: so a list that a thousand releases touched is rendered once, not once a batch.
    There may be more rows than `limit`, never more keys.
    """
    keys = set(DirtyKey.objects.order_by("id").values_list("key", flat=True)[:limit])
    rows = DirtyKey.objects.filter(key__in=keys).order_by("id").values_list("id", "key")
    return [DirtyRow(id=row_id, key=key) for row_id, key in rows]


def count_dirty(*, up_to: int | None = None) -> int:
    """How many notes wait (待生成数). `up_to`: only those with an id not above it; None is all."""
    rows = DirtyKey.objects.all()
    return rows.count() if up_to is None else rows.filter(id__lte=up_to).count()


def find_newest_dirty() -> int | None:
    """Id of the newest note, None when nothing waits."""
    return DirtyKey.objects.order_by("-id").values_list("id", flat=True).first()


def list_drains() -> list[DrainRow]:
    """Every drain of this process with what waits and its last failure (队列)."""
    faults = {fault.code: fault for fault in DrainFault.objects.all()}
    rows = []
    for drain in DRAINS.values():
        fault = faults.get(drain.code)
        rows.append(
            DrainRow(
                code=drain.code,
                label=drain.label,
                waiting=drain.waiting() if drain.waiting else None,
                error=fault.last_error if fault else "",
                failures=fault.failures if fault else 0,
                retry_at=fault.retry_at if fault else None,
            )
        )
    return rows


def list_jobs(*, states: Sequence[IntentState], limit: int = 50, at_system: datetime | None = None) -> list[JobRow]:
    """Intents in these states, newest first (任务列表). With a moment of system time they say how long they will take still."""
    rows = Intent.objects.filter(state__in=[state.value for state in states]).order_by("-id").only(*JOB_FIELDS)[:limit]
    return [_as_row(row, at_system) for row in rows]


def get_job(intent_id: int) -> JobRow:
    """One intent as the jobs page shows it. Raises: Intent.DoesNotExist."""
    return _as_row(Intent.objects.only(*JOB_FIELDS).get(pk=intent_id))


def find_active(*, kind: str, key: str) -> JobRow | None:
    """The intent of a kind and key that waits or runs (进行中的任务); None when there is none."""
    intent = Intent.objects.only(*JOB_FIELDS).filter(kind=kind, key=key, state__in=ACTIVE).first()
    return _as_row(intent) if intent else None


def find_last(*, kind: str, key: str) -> JobRow | None:
    """The last intent of a kind and key, whatever became of it (最近的任务); None when there never was one, or it was cleaned away."""
    intent = Intent.objects.only(*JOB_FIELDS).filter(kind=kind, key=key).order_by("-id").first()
    return _as_row(intent) if intent else None


def count_jobs() -> JobCounts:
    """How many intents stand in each state (任务数). Finished ones are left out: their number only grows and says nothing."""
    states = [IntentState.FAILED.value, IntentState.RUNNING.value, IntentState.READY.value]
    rows = dict(Intent.objects.filter(state__in=states).order_by().values_list("state").annotate(number=Count("id")))
    return JobCounts(*(rows.get(state, 0) for state in states))


def find_oldest_waiting() -> datetime | None:
    """Since when the longest waiting work could have been done (最早等待时间), in system time; None when nothing waits."""
    moments = (
        Intent.objects.filter(state=IntentState.READY.value).aggregate(first=Min("run_after"))["first"],
        DirtyKey.objects.order_by("id").values_list("touched_at", flat=True).first(),
    )
    return min((moment for moment in moments if moment is not None), default=None)


def find_ready(at_system: datetime) -> Intent | None:
    """The intent to run next: ready and its time has come, or left behind by a worker whose lease ran out; whichever waits longer.

    Long work steps to the end of the row after each step, so that nothing starves behind it.
    """
    ready = Intent.objects.filter(state=IntentState.READY.value, run_after__lte=at_system).order_by("run_after", "id").first()
    left = Intent.objects.filter(state=IntentState.RUNNING.value, lease_until__lte=at_system).order_by("lease_until", "id").first()
    if ready is None or left is None or left.lease_until is None:
        return ready or left
    return left if left.lease_until <= ready.run_after else ready


def _as_row(intent: Intent, at_system: datetime | None = None) -> JobRow:
    handler = HANDLERS.get(intent.kind)
    return JobRow(
        id=intent.pk,
        label=handler.label if handler else intent.kind,
        key=intent.key,
        state=IntentState(intent.state),
        done=intent.progress_done,
        total=intent.progress_total,
        attempts=intent.failures,
        run_after=intent.run_after,
        created_at=intent.created_at,
        finished_at=intent.finished_at,
        error=intent.last_error,
        effective=rules.say_effective(handler.effective, intent.progress_done) if handler else "",
        minutes_left=rules.minutes_left(
            done=intent.progress_done, total=intent.progress_total, started_at=intent.started_at, at_system=at_system
        )
        if at_system and intent.state in ACTIVE
        else None,
    )
