"""The one loop that runs what others wrote down. System time only: it is taken here and handed down."""

import logging
import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from uuid import uuid4

from django.db import Error as DatabaseFault
from django.db import close_old_connections, connections
from django.utils import timezone

from gongkai.foundation.outbox import actions, rules
from gongkai.foundation.outbox.kinds import Drain, Job, Step
from gongkai.foundation.outbox.models import DrainFault
from gongkai.foundation.outbox.registry import DRAINS, HANDLERS

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
"""How long an idle worker waits. A release is followed by its pages within this and the time to render them."""

FAULT_SECONDS = 5.0

TICK_SECONDS = 60
"""How often a worker looks whether a period has begun."""


def name_worker() -> str:
    """A name for this process that no other has had or will have."""
    return f"{socket.gethostname()[:60]}-{os.getpid()}-{uuid4().hex[:8]}"


def run_once(clock: Callable[[], datetime], holder: str) -> int:
    """One round (一轮): a batch of every drain, then one step of one intent. Returns how much was handled, 0 when nothing waited.

    Drains come first and steps are short, so a release never waits behind long work. A failure of one stops none of the others.
    `clock` gives system time; it is read before each piece of work, so that a lease is never claimed at a moment long past.
    """
    faults = {fault.code: fault for fault in DrainFault.objects.all()}
    handled = 0
    for drain in DRAINS.values():
        fault = faults.get(drain.code)
        now = clock()
        if fault is None or fault.retry_at <= now:
            handled += _run_drain(drain, had_fault=fault is not None, at_system=now)
    return handled + _run_intent(clock(), holder)


def _run_drain(drain: Drain, *, had_fault: bool, at_system: datetime) -> int:
    try:
        handled = drain.run(at_system)
    except Exception as error:
        logger.exception("队列 %s 出错", drain.code)
        actions.note_fault(code=drain.code, error=rules.describe_error(error), at_system=at_system)
        return 0
    if had_fault:
        actions.clear_fault(code=drain.code)
    return handled


def _run_intent(at_system: datetime, holder: str) -> int:
    job = actions.claim_intent(holder=holder, at_system=at_system)
    if job is None:
        return 0
    try:
        step = _run_step(job, at_system)
    except Exception as error:
        logger.exception("任务 %s %s 出错", job.kind, job.key)
        actions.save_failure(job=job, error=rules.describe_error(error), holder=holder, at_system=at_system)
        return 1
    actions.save_step(job=job, step=step, holder=holder, at_system=at_system)
    return 1


def _run_step(job: Job, at_system: datetime) -> Step:
    handler = HANDLERS.get(job.kind)
    if handler is None:
        raise LookupError(f"没有程序处理“{job.kind}”")
    return handler.run(job, at_system)


def work_forever(*, holder: str, stop: Event, clock: Callable[[], datetime] = timezone.now) -> None:
    """Run rounds until `stop` is set (后台循环). What is being done is finished first; a database that is away is waited for."""
    next_tick = clock()
    while not stop.is_set():
        try:
            if clock() >= next_tick:
                actions.begin_periods(clock())
                next_tick = clock() + timedelta(seconds=TICK_SECONDS)
            handled = run_once(clock, holder)
        except DatabaseFault:
            logger.exception("数据库暂时用不了，%s 秒后再试", FAULT_SECONDS)
            connections.close_all()
            stop.wait(FAULT_SECONDS)
            continue
        close_old_connections()
        if not handled:
            stop.wait(POLL_SECONDS)
