from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.ledger.actions.events import write_event
from gongkai.core.ledger.actions.sweep import note_passed
from gongkai.core.ledger.kinds import Duty, EventKind, Evidence, ObligationRow, ObligationState
from gongkai.core.ledger.models import LABEL_LENGTH, REASON_LENGTH, EvidenceItem, Obligation
from gongkai.core.ledger.queries.obligations import get_obligation
from gongkai.core.ledger.queries.rows import IS_OPEN, as_terms_row
from gongkai.core.ledger.queries.terms import check_cause, get_stored_terms
from gongkai.core.ledger.rules import compute_due, say_day
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound, SomebodyWasFaster
from gongkai.lib.moments import day_of

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
    code = _entry_of(duty, entry)
    there = _find_open(duty, code, subject)
    if there is not None:
        return get_obligation(there, now=now)
    check_cause(caused_on, now)
    terms = get_stored_terms(code, caused_on)
    receipt = compute_due(as_terms_row(terms), caused_on, workdays.get_calendar(), caused_at=caused_at)
    unit = organisations.get_unit(unit_id)
    post = organisations.get_duty_post(unit_id=unit.id) if post_id is None else None
    wanted = Obligation(
        duty_code=duty.code,
        entry=code,
        terms=terms,
        label=_tidy("事项名称", label, LABEL_LENGTH, field="label"),
        subject=subject,
        unit_id=unit.id,
        post_id=post.id if post else post_id,
        binding=receipt.binding.value,
        caused_on=caused_on,
        caused_at=caused_at,
        registered_at=now,
        due_at=receipt.due_at,
        last_day=receipt.last_day,
        is_provisional=receipt.is_provisional,
        is_minimum=receipt.is_minimum,
        next_check_at=None if receipt.is_minimum else receipt.due_at,
    )
    return get_obligation(_insert(wanted, duty, actor, now), now=now)


def _entry_of(duty: Duty, entry: str | None) -> str:
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
    about = {"duty": duty.code, "entry": written.entry, "caused_on": str(written.caused_on), "last_day": str(written.last_day)}
    audit.record(actor=actor, act="ledger.open", subject=written.uuid, at=now, about=about)
    return written.uuid


@transaction.atomic
def fulfil(*, obligation: UUID, evidence: Evidence, actor: Signatory, now: datetime) -> bool:
    """Discharge a duty with a proof (办结). True when this did it, False when the same proof had done it before: nothing is written twice.

    What became overdue before it was done stays told: the sweep's event is written first when no sweep came by.

    Raises: ActNotPossible, in words, when it is cancelled or was done with another proof; NotFound; BadInput.
    """
    item = _read_evidence(evidence)
    stored = _lock(obligation)
    if stored.state == ObligationState.FULFILLED.value and stored.evidence.filter(kind=item.kind, reference=item.reference).exists():
        return False
    _refuse_closed(stored)
    note_passed(stored, now)
    _close(stored, to=ObligationState.FULFILLED, fulfilled_at=now)
    item.obligation, item.noted_at = stored, now
    item.save()
    write_event(obligation=stored, kind=EventKind.FULFILLED, at=now, now=now, note=item.label)
    about = {"duty": stored.duty_code, "kind": item.kind, "reference": item.reference}
    audit.record(actor=actor, act="ledger.fulfil", subject=stored.uuid, at=now, about=about)
    return True


@transaction.atomic
def cancel(*, obligation: UUID, reason: str, actor: Signatory, now: datetime) -> None:
    """Take a duty off the ledger because it never was one (撤销): the row stays, with the reason. What became overdue before stays told.

    Raises: ActNotPossible, in words, when it is closed already; BadInput without a reason; NotFound.
    """
    words = _tidy("撤销理由", reason, REASON_LENGTH, field="reason")
    stored = _lock(obligation)
    _refuse_closed(stored)
    note_passed(stored, now)
    _close(stored, to=ObligationState.CANCELLED, fulfilled_at=None)
    write_event(obligation=stored, kind=EventKind.CANCELLED, at=now, now=now, note=words)
    audit.record(actor=actor, act="ledger.cancel", subject=stored.uuid, at=now, about={"duty": stored.duty_code, "reason": words})


def _lock(uuid: UUID) -> Obligation:
    """The row, held until the transaction ends: a sweep passes it by, a second closer waits and then sees that it is closed."""
    stored = Obligation.objects.select_for_update().filter(uuid=uuid).first()
    if stored is None:
        raise NotFound("台账里没有这件事项，请从台账列表里打开。")
    return stored


def _refuse_closed(stored: Obligation) -> None:
    if stored.state == ObligationState.CANCELLED.value:
        raise ActNotPossible(f"“{stored.label}”已经撤销，不能再办。要办请重新登记。")
    if stored.state == ObligationState.FULFILLED.value and stored.fulfilled_at is not None:
        raise ActNotPossible(f"“{stored.label}”已于 {say_day(day_of(stored.fulfilled_at))}办结，不用再办。")


def _close(stored: Obligation, *, to: ObligationState, fulfilled_at: datetime | None) -> None:
    moved = Obligation.objects.filter(IS_OPEN, pk=stored.pk).update(state=to.value, fulfilled_at=fulfilled_at, next_check_at=None)
    if moved != 1:
        raise SomebodyWasFaster("这件事项刚被别人了结，请刷新后再看。")


def _read_evidence(evidence: Evidence) -> EvidenceItem:
    texts = {name: _tidy("凭据", getattr(evidence, name), length, field=name) for name, length in EVIDENCE_LENGTHS.items()}
    return EvidenceItem(**texts)


def _tidy(what: str, text: str, length: int, *, field: str) -> str:
    """The text without spaces around it. Raises: BadInput when nothing is left or it is too long."""
    tidy = " ".join(text.replace("\x00", "").split())
    if not tidy:
        raise BadInput(f"{what}不能空着，请写上。", field=field)
    if len(tidy) > length:
        raise BadInput(f"{what}最长 {length} 字，现在 {len(tidy)} 字，请缩短。", field=field)
    return tidy
