from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.ledger.actions.clockwork import end_stop, set_clock
from gongkai.core.ledger.actions.events import write_event
from gongkai.core.ledger.actions.locks import lock, refuse_closed, tidy
from gongkai.core.ledger.actions.sweep import note_passed
from gongkai.core.ledger.kinds import Duty, EventKind, Evidence, ObligationRow, ObligationState
from gongkai.core.ledger.models import LABEL_LENGTH, REASON_LENGTH, EvidenceItem, Obligation, Terms
from gongkai.core.ledger.queries.movements import find_target
from gongkai.core.ledger.queries.obligations import get_obligation
from gongkai.core.ledger.queries.rows import IS_OPEN, as_terms_row
from gongkai.core.ledger.queries.terms import check_cause, get_stored_terms, refuse_cadence
from gongkai.core.ledger.rules import compute_due
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import SomebodyWasFaster

EVIDENCE_LENGTHS = {"kind": 40, "reference": 200, "label": 200}


@transaction.atomic
def open_obligation(
    *,
    duty: Duty,
    subject: UUID,
    label: str,
    unit_id: int,
    caused_on: date,
    actor: Signatory,
    now: datetime,
    entry: str | None = None,
    post_id: int | None = None,
    caused_at: datetime | None = None,
) -> ObligationRow:
    """Put a duty on the ledger (登记应公开事项): something happened on `caused_on`, so something has to be done by a day.

    The terms are those of the day of the cause. While one is open for the same duty, entry and subject, that one is returned and nothing
    written. `entry` only for a duty that names none; `post_id` None: the unit's post for openness; `caused_at` only for limits in hours.

    Raises: ActNotPossible, in words, when no terms held or their limit cannot be computed; BadInput; NotFound for an unknown unit.
    """
    cause = Cause(duty, entry_of(duty, entry), subject, label, unit_id, post_id, caused_on, caused_at)
    there = _find_open(duty, cause.entry, subject)
    if there is not None:
        return get_obligation(there, now=now)
    check_cause(caused_on, now)
    terms = get_stored_terms(cause.entry, caused_on)
    refuse_cadence(as_terms_row(terms))
    return _open(cause, terms, actor, now)


@transaction.atomic
def open_period(
    *,
    duty: Duty,
    subject: UUID,
    label: str,
    unit_id: int,
    caused_on: date,
    actor: Signatory,
    now: datetime,
    entry: str | None = None,
) -> ObligationRow:
    """Put one period of a cadence on the ledger (开始一期): it is due at the end of the period that `caused_on` lies in.

    Idempotent as `open_obligation`. Raises: ActNotPossible, in words; NotFound.
    """
    cause = Cause(duty, entry_of(duty, entry), subject, label, unit_id, None, caused_on, None)
    there = _find_open(duty, cause.entry, subject)
    if there is not None:
        return get_obligation(there, now=now)
    return _open(cause, get_stored_terms(cause.entry, caused_on), actor, now)


@dataclass(frozen=True)
class Cause:
    """What a duty is opened for."""

    duty: Duty
    entry: str
    subject: UUID
    label: str
    unit_id: int
    post_id: int | None
    caused_on: date
    caused_at: datetime | None


def _open(cause: Cause, terms: Terms, actor: Signatory, now: datetime) -> ObligationRow:
    unit = organisations.get_unit(cause.unit_id)
    post = organisations.get_duty_post(unit_id=unit.id) if cause.post_id is None else None
    wanted = draw_up(cause, terms, post_id=post.id if post else cause.post_id, now=now)
    target, calendar = find_target(wanted), workdays.hold_calendar()
    receipt = compute_due(as_terms_row(terms), cause.caused_on, calendar, caused_at=cause.caused_at, target=target)
    set_clock(wanted, receipt, now)
    return get_obligation(_insert(wanted, cause.duty, actor, now), now=now)


def draw_up(cause: Cause, terms: Terms, *, post_id: int | None, now: datetime) -> Obligation:
    """The row of a duty, not saved yet and still without its dates (起草一行). Raises: BadInput for its label."""
    return Obligation(
        duty_code=cause.duty.code,
        entry=cause.entry,
        terms=terms,
        label=tidy("事项名称", cause.label, LABEL_LENGTH, field="label"),
        subject=cause.subject,
        unit_id=cause.unit_id,
        post_id=post_id,
        binding=terms.binding,
        caused_on=cause.caused_on,
        caused_at=cause.caused_at,
        registered_at=now,
    )


def tell_opened(written: Obligation) -> dict[str, str | int | bool | None]:
    """What the audit trail keeps of an opening (登记要点)."""
    return {
        "duty": written.duty_code,
        "entry": written.entry,
        "caused_on": str(written.caused_on),
        "last_day": str(written.last_day),
    }


def entry_of(duty: Duty, entry: str | None) -> str:
    """The entry whose terms hold (适用事项): named by the duty or by the caller. Raises: ValueError when by both or neither."""
    if (duty.entry is None) == (entry is None):
        raise ValueError(f"Duty {duty.code}: name the entry either at registration or at opening.")
    return duty.entry or entry or ""


def _find_open(duty: Duty, entry: str, subject: UUID) -> UUID | None:
    rows = Obligation.objects.filter(IS_OPEN, subject=subject, duty_code=duty.code, entry=entry)
    return rows.values_list("uuid", flat=True).first()


def _insert(wanted: Obligation, duty: Duty, actor: Signatory, now: datetime) -> UUID:
    """Write the row unless somebody just did: the constraint keeps one of two that come at the same moment."""
    Obligation.objects.bulk_create([wanted], ignore_conflicts=True)
    written = Obligation.objects.filter(uuid=wanted.uuid).first()
    if written is None:
        there = _find_open(duty, wanted.entry, wanted.subject)
        if there is None:
            raise SomebodyWasFaster("这件事项刚被别人登记又了结，请刷新后再看。")
        return there
    write_event(obligation=written, kind=EventKind.OPENED, at=now, now=now)
    audit.record(actor=actor, act="ledger.open", subject=written.uuid, at=now, about=tell_opened(written))
    return written.uuid


@transaction.atomic
def fulfil(*, obligation: UUID, evidence: Evidence, actor: Signatory, now: datetime) -> bool:
    """Discharge a duty with a proof (办结). True when this did it, False when the same proof had done it before: nothing is written twice.

    What became overdue before it was done stays told: the sweep's event is written first when no sweep came by.

    Raises: ActNotPossible, in words, when it is cancelled or was done with another proof; NotFound; BadInput.
    """
    item = _read_evidence(evidence)
    stored = lock(obligation)
    if stored.state == ObligationState.FULFILLED.value and stored.evidence.filter(kind=item.kind, reference=item.reference).exists():
        return False
    refuse_closed(stored)
    end_stop(stored, now)
    note_passed(stored, now)
    _close(stored, to=ObligationState.FULFILLED, fulfilled_at=now)
    item.obligation, item.noted_at = stored, now
    # A duty that was opened again can be discharged by the same page as before: the proof is noted already.
    EvidenceItem.objects.bulk_create([item], ignore_conflicts=True)
    write_event(obligation=stored, kind=EventKind.FULFILLED, at=now, now=now, note=item.label)
    about = {"duty": stored.duty_code, "kind": item.kind, "reference": item.reference}
    audit.record(actor=actor, act="ledger.fulfil", subject=stored.uuid, at=now, about=about)
    return True


@transaction.atomic
def cancel(*, obligation: UUID, reason: str, actor: Signatory, now: datetime) -> None:
    """Take a duty off the ledger because it never was one (撤销): the row stays, with the reason. What became overdue before stays told.

    Raises: ActNotPossible, in words, when it is closed already; BadInput without a reason; NotFound.
    """
    words = tidy("撤销理由", reason, REASON_LENGTH, field="reason")
    stored = lock(obligation)
    refuse_closed(stored)
    end_stop(stored, now)
    note_passed(stored, now)
    _close(stored, to=ObligationState.CANCELLED, fulfilled_at=None)
    write_event(obligation=stored, kind=EventKind.CANCELLED, at=now, now=now, note=words)
    audit.record(actor=actor, act="ledger.cancel", subject=stored.uuid, at=now, about={"duty": stored.duty_code, "reason": words})


def _close(stored: Obligation, *, to: ObligationState, fulfilled_at: datetime | None) -> None:
    """Close the row with the dates that it has by now; it stands still no more."""
    kept = {name: getattr(stored, name) for name in ("due_at", "last_day", "target_day", "target_at", "restarted_on", "is_provisional")}
    ended = {"state": to.value, "fulfilled_at": fulfilled_at, "next_check_at": None, "stopped_since": None, "resumes_by": None}
    ended["waits_for_fee"] = False
    moved = Obligation.objects.filter(IS_OPEN, pk=stored.pk).update(**kept, **ended)
    if moved != 1:
        raise SomebodyWasFaster("这件事项刚被别人了结，请刷新后再看。")


def _read_evidence(evidence: Evidence) -> EvidenceItem:
    texts = {name: tidy("凭据", getattr(evidence, name), length, field=name) for name, length in EVIDENCE_LENGTHS.items()}
    return EvidenceItem(**texts)
