from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models.functions import Cast

from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.outbox import rules
from gongkai.foundation.outbox.kinds import IntentState, Job, Step
from gongkai.foundation.outbox.models import ACTIVE, DirtyKey, DrainFault, Intent, Lease, Tick
from gongkai.foundation.outbox.queries import find_ready
from gongkai.foundation.outbox.registry import PERIODIC
from gongkai.lib.errors import ActNotPossible, SomebodyWasFaster

STEP_LEASE = timedelta(seconds=60)
"""A step is a fraction of a second; a worker silent for a minute is taken for dead."""


def touch(keys: Iterable[str]) -> None:
    """Note that whatever shows these keys has to be rendered again (标记待生成). Call it in the transaction that changes the thing."""
    DirtyKey.objects.bulk_create([DirtyKey(key=key) for key in dict.fromkeys(keys)])


def forget(ids: Iterable[int]) -> None:
    """Delete notes whose pages were rendered. Only rows that were read before rendering may be named: a later touch has a later row."""
    DirtyKey.objects.filter(id__in=list(ids)).delete()


@transaction.atomic
def write_intent(*, kind: str, key: str, payload: Mapping[str, Any], at_system: datetime) -> int:
    """Ask for a piece of work, in the transaction that wants it (写入任务). Returns the intent's id.

    Asking again for the same kind and key while it waits or runs changes nothing and returns the id of the one that is there.
    """
    wanted = Intent(kind=kind, key=key, payload=dict(payload), run_after=at_system, created_at=at_system)
    while True:
        # One statement that cannot fail on a race: two askers insert, the constraint keeps one.
        Intent.objects.bulk_create([wanted], ignore_conflicts=True)
        active = Intent.objects.filter(kind=kind, key=key, state__in=ACTIVE).values_list("pk", flat=True).first()
        # None: the one that was there has ended between the two statements, so this one is wanted after all.
        if active is not None:
            return int(active)


def claim_intent(*, holder: str, at_system: datetime) -> Job | None:
    """Take the next intent for one step (领取任务). None when nothing is ready or another worker was faster."""
    intent = find_ready(at_system)
    if intent is None:
        return None
    # A worker that died in the middle of the step counts as a failure, else a step that kills its worker would come back for ever.
    has_died = intent.state == IntentState.RUNNING.value
    failures = intent.failures + has_died
    if has_died and rules.is_hopeless(failures):
        _close(intent, failures=failures, error="执行它的后台进程多次中途停止。", at_system=at_system)
        return None
    taken = Intent.objects.filter(pk=intent.pk, state=intent.state, lease_token=intent.lease_token, lease_until=intent.lease_until).update(
        state=IntentState.RUNNING.value,
        lease_token=holder,
        lease_until=at_system + STEP_LEASE,
        failures=failures,
        started_at=intent.started_at or at_system,
    )
    if taken != 1:
        return None
    return Job(intent.pk, intent.kind, intent.key, intent.payload, intent.cursor, intent.progress_done, intent.progress_total)


def _close(intent: Intent, *, failures: int, error: str, at_system: datetime) -> None:
    Intent.objects.filter(pk=intent.pk, state=intent.state, lease_token=intent.lease_token).update(
        state=IntentState.FAILED.value, failures=failures, last_error=error, finished_at=at_system, lease_until=None, lease_token=""
    )


def save_step(*, job: Job, step: Step, holder: str, at_system: datetime) -> bool:
    """Keep what a step did (保存进度); an unfinished intent is ready for its next step. False when the lease was lost meanwhile."""
    is_done = step.cursor is None
    changed = Intent.objects.filter(pk=job.id, state=IntentState.RUNNING.value, lease_token=holder).update(
        state=(IntentState.DONE if is_done else IntentState.READY).value,
        cursor={} if step.cursor is None else dict(step.cursor),
        progress_done=step.done,
        progress_total=step.total,
        failures=0,
        last_error="",
        run_after=at_system + timedelta(seconds=step.pause_seconds),
        finished_at=at_system if is_done else None,
        lease_until=None,
        lease_token="",
    )
    return changed == 1


def save_failure(*, job: Job, error: str, holder: str, at_system: datetime) -> bool:
    """Keep a step's error in words and try again later, or stop after too many (记录失败). False when the lease was lost meanwhile."""
    failures = 1 + int(Intent.objects.filter(pk=job.id).values_list("failures", flat=True).get())
    is_over = rules.is_hopeless(failures)
    changed = Intent.objects.filter(pk=job.id, state=IntentState.RUNNING.value, lease_token=holder).update(
        state=(IntentState.FAILED if is_over else IntentState.READY).value,
        failures=failures,
        last_error=error,
        run_after=at_system + rules.back_off(failures),
        finished_at=at_system if is_over else None,
        lease_until=None,
        lease_token="",
    )
    return changed == 1


@transaction.atomic
def retry(*, intent_id: int, actor: Signatory, now: datetime, at_system: datetime) -> None:
    """Start a stopped intent again (重试), from where it came to. `now` is business time for the trail.

    Raises: ActNotPossible when it is not stopped or the same work waits already; SomebodyWasFaster.
    """
    intent = Intent.objects.filter(pk=intent_id).first()
    if intent is None or intent.state != IntentState.FAILED.value:
        raise ActNotPossible("这个任务没有停下，不用重试。请刷新后再看。")
    if Intent.objects.filter(kind=intent.kind, key=intent.key, state__in=ACTIVE).exists():
        raise ActNotPossible("同样的任务已经在等待或进行中，不用重试。")
    try:
        with transaction.atomic():
            changed = Intent.objects.filter(pk=intent.pk, state=IntentState.FAILED.value).update(
                state=IntentState.READY.value, failures=0, run_after=at_system, started_at=None, finished_at=None
            )
    except IntegrityError:
        # The same work was written between looking and doing: the constraint keeps one.
        changed = 0
    if changed != 1:
        raise SomebodyWasFaster("这个任务刚被别人重试，请刷新后再看。")
    audit.record(actor=actor, act="outbox.retry", subject=None, at=now, about={"kind": intent.kind, "intent": intent.pk})


def claim_lease(*, name: str, holder: str, at_system: datetime, seconds: int) -> bool:
    """Become the one who may do a named thing (占用), for so many seconds of system time. False while somebody else is.

    `holder` names one attempt, not a machine: two attempts with one name would both think that they hold it.
    """
    until = at_system + timedelta(seconds=seconds)
    if Lease.objects.filter(name=name, until__lte=at_system).update(holder=holder, until=until):
        return True
    Lease.objects.bulk_create([Lease(name=name, holder=holder, until=until)], ignore_conflicts=True)
    return Lease.objects.filter(name=name, holder=holder).exists()


def seize_lease(*, name: str, holder: str, at_system: datetime, seconds: int, sparing: str) -> bool:
    """Take it from whoever holds it (夺占), for what cannot wait: the other is refused at his next extension and does not know it before.

    One whose holder's name begins with `sparing`, who seized it himself and still has it, is left in peace: then False.
    """
    until = at_system + timedelta(seconds=seconds)
    spared = models.Q(holder__startswith=sparing, until__gt=at_system)
    if Lease.objects.filter(name=name).exclude(spared).update(holder=holder, until=until):
        return True
    Lease.objects.bulk_create([Lease(name=name, holder=holder, until=until)], ignore_conflicts=True)
    return Lease.objects.filter(name=name, holder=holder).exists()


def extend_lease(*, name: str, holder: str, at_system: datetime, seconds: int) -> bool:
    """Hold it longer (续占). False when it was lost: whatever was done since may have been done by another as well.

    A lease that ran out and that nobody took is still ours: nobody did the work meanwhile.
    """
    return Lease.objects.filter(name=name, holder=holder).update(until=at_system + timedelta(seconds=seconds)) == 1


def release_lease(*, name: str, holder: str, at_system: datetime) -> None:
    """Give it back (释放). Nothing happens when it was lost already."""
    Lease.objects.filter(name=name, holder=holder).update(until=at_system, holder="")


def note_fault(*, code: str, error: str, at_system: datetime) -> None:
    """Keep a drain's failure in words and when to try again (记录队列故障)."""
    failures = 1 + (DrainFault.objects.filter(code=code).aggregate(most=models.Max("failures"))["most"] or 0)
    DrainFault.objects.update_or_create(
        code=code, defaults={"failures": min(failures, 1000), "last_error": error, "retry_at": at_system + rules.back_off(failures)}
    )


def clear_fault(*, code: str) -> None:
    """The drain is well again."""
    DrainFault.objects.filter(code=code).delete()


def begin_periods(at_system: datetime) -> int:
    """Write down the periodic work whose period has begun (周期到了), each period once among all machines. Returns how much was begun.

    Asked by every worker each minute. Whoever writes the row of the period first writes its intent, in the same transaction.
    """
    wanted = {code: rules.period_of(periodic.cadence, at_system) for code, periodic in PERIODIC.items()}
    begun = set(Tick.objects.filter(name__in=wanted, period__in=wanted.values()).values_list("name", "period"))
    count = 0
    for name, period in wanted.items():
        if (name, period) in begun:
            continue
        try:
            with transaction.atomic():
                Tick.objects.create(name=name, period=period, begun_at=at_system)
                write_intent(kind=name, key=period, payload={}, at_system=at_system)
        except IntegrityError:
            # A worker of another machine was faster: its intent is the one.
            continue
        count += 1
    return count


def clean_away(job: Job, at_system: datetime) -> Step:
    """Delete what nobody asks for any more (清理): finished intents after 30 days, periods after 90, a batch a step. Stopped ones stay.

    Nothing is lost by it: what was done stands in the audit trail.
    """
    old = Intent.objects.filter(state=IntentState.DONE.value, finished_at__lt=at_system - rules.KEPT_FINISHED)
    ids = list(old.order_by("finished_at", "id").values_list("pk", flat=True)[: rules.CLEANED_AT_ONCE])
    Intent.objects.filter(pk__in=ids).delete()
    Tick.objects.filter(begun_at__lt=at_system - rules.KEPT_PERIODS).delete()
    done = job.done + len(ids)
    return Step(done=done, cursor={} if len(ids) == rules.CLEANED_AT_ONCE else None)


@transaction.atomic
def purge(*, words: Collection[str], but: str = "") -> int:
    """Delete the jobs that name one of these words in key or payload, with their errors (清除任务); running ones too. Returns how many.

    `but`: the key of the job that asks for it. Last errors of drains may quote: all are forgotten, and who fails says so again.
    """
    wanted = models.Q()
    for word in words:
        wanted |= models.Q(key__contains=word) | models.Q(payload_text__contains=word) | models.Q(cursor_text__contains=word)
    texts = {f"{name}_text": Cast(name, models.TextField()) for name in ("payload", "cursor")}
    ids = [pk for pk, key in Intent.objects.annotate(**texts).filter(wanted).values_list("pk", "key") if key != but]
    Intent.objects.filter(pk__in=ids).delete()
    DrainFault.objects.all().delete()
    return len(ids)
