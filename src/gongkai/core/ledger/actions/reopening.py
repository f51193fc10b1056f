from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.ledger.actions.clockwork import CLOCK_FIELDS, set_clock
from gongkai.core.ledger.actions.events import write_event
from gongkai.core.ledger.actions.locks import lock, tidy
from gongkai.core.ledger.actions.movements import restart
from gongkai.core.ledger.kinds import EventKind, ObligationState
from gongkai.core.ledger.models import REASON_LENGTH, Obligation
from gongkai.core.ledger.queries.clocks import compute_of
from gongkai.core.ledger.queries.rows import IS_OPEN, as_terms_row
from gongkai.core.ledger.rules import can_move, next_check
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, SomebodyWasFaster

OWN_RULE = "局内规定"


@transaction.atomic
def reopen(*, obligation: UUID, reason: str, actor: Signatory, now: datetime, lost_on: date | None = None) -> bool:
    """Put a duty back on the ledger whose proof fell away (重新打开). What was noted as its proof stays as history.

    `lost_on` None: it never was discharged, so its first date holds. A day: it was, until that day; the limit is counted anew from there,
    and nothing is told of the time in which it was discharged. Where a limit cannot be counted anew, a date in the year, the date stays.
    False when it is owed already, by this row or by another for the same thing. Raises: ActNotPossible when it was cancelled; NotFound;
    BadInput without a reason.
    """
    words = tidy("重新打开的理由", reason, REASON_LENGTH, field="reason")
    stored = lock(obligation)
    if stored.state == ObligationState.CANCELLED.value:
        raise ActNotPossible(f"“{stored.label}”已经撤销，不能重新打开。要办请重新登记。")
    if _is_owed(stored):
        return False
    anew = lost_on if lost_on is not None and _can_count_anew(stored, lost_on) else None
    _open_again(stored, now, is_told=anew is None)
    write_event(obligation=stored, kind=EventKind.REOPENED, at=now, now=now, note=words)
    audit.record(actor=actor, act="ledger.reopen", subject=stored.uuid, at=now, about={"duty": stored.duty_code, "reason": words})
    if anew is not None:
        restart(obligation=stored.uuid, new_cause=anew, reason=words, article=OWN_RULE, document="渠道核对记录", actor=actor, now=now)
    return True


def _is_owed(stored: Obligation) -> bool:
    same = Obligation.objects.filter(IS_OPEN, duty_code=stored.duty_code, entry=stored.entry, subject=stored.subject)
    return stored.state == ObligationState.OPEN.value or same.exists()


def _can_count_anew(stored: Obligation, lost_on: date) -> bool:
    return can_move(as_terms_row(stored.terms)) and lost_on > (stored.restarted_on or stored.caused_on)


def _open_again(stored: Obligation, now: datetime, *, is_told: bool) -> None:
    """Let the row stand open, with the date that its cause gives under today's calendar. `is_told`: a sweep tells what passed meanwhile."""
    stored.state, stored.fulfilled_at = ObligationState.OPEN.value, None
    receipt = compute_of(stored, workdays.get_calendar())
    set_clock(stored, receipt, now)
    if stored.stopped_since is None:
        stored.next_check_at = next_check(receipt, now) if is_told else None
    stored.moves += 1
    clock = {name: getattr(stored, name) for name in ("state", "fulfilled_at", *CLOCK_FIELDS, "moves")}
    if Obligation.objects.filter(pk=stored.pk, state=ObligationState.FULFILLED.value).update(**clock) != 1:
        raise SomebodyWasFaster("这件事项刚被别人改过，请刷新后再看。")
