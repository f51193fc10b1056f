"""Moving the clock of an obligation: each act checks, notes the movement, writes the new date, tells it and audits it, or does nothing."""

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from gongkai.core.ledger.actions.clockwork import CLOCK_FIELDS, note_change, set_clock
from gongkai.core.ledger.actions.events import write_event
from gongkai.core.ledger.actions.locks import hold, refuse_closed, tidy
from gongkai.core.ledger.actions.sweep import note_passed
from gongkai.core.ledger.kinds import ChangeCause, EventKind, LimitUnit, MovementDraft, MovementKind, MovementRow
from gongkai.core.ledger.models import REASON_LENGTH, Movement, Obligation
from gongkai.core.ledger.queries.clocks import compute_of
from gongkai.core.ledger.queries.movements import get_movement, list_drafts
from gongkai.core.ledger.queries.rows import IS_OPEN, as_terms_row
from gongkai.core.ledger.rules import check_draft, extension_unit, say_day
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.lib.errors import ActNotPossible, NotAllowed, NotFound, SomebodyWasFaster
from gongkai.lib.moments import day_of
from gongkai.lib.workcalendar import WorkCalendar


@dataclass(frozen=True)
class _Act:
    """Who moves a clock when, and how it is told."""

    actor: Signatory
    now: datetime
    kind: EventKind
    audited: str
    why: str


@transaction.atomic
def stop(
    *,
    obligation: UUID,
    first_day: date,
    latest_day: date,
    reason: str,
    article: str,
    document: str,
    actor: Signatory,
    now: datetime,
    seen: int | None = None,
) -> MovementRow:
    """Let a limit stand still (中止): an opinion is asked for, and the days of it do not count.

    `first_day` is the first that does not count (`first_stopped_day` tells it from the day the paper went out), `latest_day` the day on
    which counting goes on at the latest. `seen`: how often its clock had been moved when the actor looked.

    Raises: SomebodyWasFaster when it stands still already or was moved since; ActNotPossible; BadInput; NotFound.
    """
    wanted = MovementDraft(
        kind=MovementKind.STOP, first_day=first_day, latest_day=latest_day, reason=reason, article=article, document=document
    )
    why = f"从 {say_day(first_day)}起暂停，最迟 {say_day(latest_day)}恢复"
    return _begin(obligation, wanted, _Act(actor, now, EventKind.STOPPED, "ledger.stop", why), seen)


@transaction.atomic
def resume(*, obligation: UUID, last_day: date, document: str, actor: Signatory, now: datetime, seen: int | None = None) -> MovementRow:
    """Let counting go on (恢复计算): `last_day` is the last day that does not count, `document` the paper that came.

    Raises: SomebodyWasFaster when it does not stand still; ActNotPossible while a fee is unpaid; BadInput; NotFound.
    """
    act = _Act(actor, now, EventKind.RESUMED, "ledger.resume", f"暂停到 {say_day(last_day)}为止，期限恢复计算")
    return _end(obligation, MovementKind.STOP, last_day, document, act, seen)


@transaction.atomic
def restart(
    *,
    obligation: UUID,
    new_cause: date,
    reason: str,
    article: str,
    document: str,
    actor: Signatory,
    now: datetime,
    seen: int | None = None,
) -> MovementRow:
    """Begin counting again from a new cause (重新起算): a request was clarified. What was counted, stopped or extended before is forgotten.

    Raises: SomebodyWasFaster; ActNotPossible while it stands still; BadInput; NotFound.
    """
    wanted = MovementDraft(kind=MovementKind.RESTART, first_day=new_cause, reason=reason, article=article, document=document)
    return _begin(obligation, wanted, _Act(actor, now, EventKind.RESTARTED, "ledger.restart", f"从 {say_day(new_cause)}重新起算"), seen)


@transaction.atomic
def extend(
    *,
    obligation: UUID,
    amount: int,
    reason: str,
    article: str,
    document: str,
    proposed_by: int | None,
    actor: Signatory,
    now: datetime,
    unit: LimitUnit | None = None,
    seen: int | None = None,
) -> MovementRow:
    """Lengthen a limit (延长), within what its law allows. `actor` approves, today; `proposed_by` is the officer who asked for it.

    How much, how often and how much in all comes from the terms. `unit` None: the one the law names.

    Raises: ActNotPossible, in words, when the law knows no extension, none further, or the last day is over; BadInput; NotAllowed, also
    for whoever asked himself;
    SomebodyWasFaster; NotFound. Legal source: OGIR art. 33.
    """
    if actor.officer_id is None:
        raise NotAllowed("延长要由人批准，系统不能批准。")
    if actor.officer_id == proposed_by:
        raise NotAllowed("延长不能由提出的人自己批准，请由另一个有权批准的人决定。")
    stored = _get(obligation)
    allowed = extension_unit(as_terms_row(stored.terms))
    if unit is not None and unit is not allowed:
        raise ActNotPossible(f"依据按“{allowed.label}”延长，不能按“{unit.label}”。")
    day = day_of(now)
    wanted = MovementDraft(
        kind=MovementKind.EXTEND, first_day=day, amount=amount, unit=allowed, reason=reason, article=article, document=document
    )
    act = _Act(actor, now, EventKind.EXTENDED, "ledger.extend", f"延长 {amount} {allowed.label}")
    return _begin(obligation, wanted, act, seen, proposed_by=proposed_by)


@transaction.atomic
def charge_fee(
    *,
    obligation: UUID,
    notified_on: date,
    latest_day: date,
    reason: str,
    article: str,
    document: str,
    actor: Signatory,
    now: datetime,
    seen: int | None = None,
) -> MovementRow:
    """Note that a fee was charged (收费): counting stands still from the day after the notice and begins again with payment.

    `latest_day` is the last day for paying. Raises: as `stop`.
    """
    wanted = MovementDraft(
        kind=MovementKind.FEE, first_day=notified_on, latest_day=latest_day, reason=reason, article=article, document=document
    )
    why = f"{say_day(notified_on)}发出收费通知，最迟 {say_day(latest_day)}缴费"
    return _begin(obligation, wanted, _Act(actor, now, EventKind.STOPPED, "ledger.charge_fee", why), seen)


@transaction.atomic
def note_payment(
    *, obligation: UUID, paid_on: date, document: str, actor: Signatory, now: datetime, seen: int | None = None
) -> MovementRow:
    """Note that the fee was paid (缴费): counting begins again on the next day. Raises: as `resume`."""
    act = _Act(actor, now, EventKind.RESTARTED, "ledger.note_payment", f"{say_day(paid_on)}缴费，从次日起重新计算")
    return _end(obligation, MovementKind.FEE, paid_on, document, act, seen)


@transaction.atomic
def void_movement(*, movement: UUID, reason: str, actor: Signatory, now: datetime, seen: int | None = None) -> MovementRow:
    """Take back a movement that was a mistake (变动作废): the row stays with the reason, and the date is what it would be without it.

    Raises: SomebodyWasFaster when it is void already; ActNotPossible for one that is over while another runs, or on what is closed;
    BadInput without a reason; NotFound.
    """
    words = tidy("作废理由", reason, REASON_LENGTH, field="reason")
    found = Movement.objects.select_related("obligation").filter(uuid=movement).first()
    if found is None:
        raise NotFound("没有这条期限变动，请从事项页里打开。")
    stored, calendar = _hold(found.obligation.uuid, seen)
    noted = Movement.objects.get(pk=found.pk)
    if noted.voided_at is not None:
        raise SomebodyWasFaster("这条变动已经作废。请刷新后再看。")
    if stored.stopped_since is not None and not (noted.latest_day is not None and noted.last_day is None):
        raise ActNotPossible("期限暂停着，先恢复计算，再作废别的变动。")
    note_passed(stored, now)
    noted.voided_at, noted.void_reason = now, words
    noted.save(update_fields=["voided_at", "void_reason"])
    why = f"{MovementKind(noted.kind).label}作废：{words}"
    _write(stored, noted, calendar, _Act(actor, now, EventKind.MOVED, "ledger.void_movement", why))
    return get_movement(noted.uuid)


def _begin(obligation: UUID, wanted: MovementDraft, act: _Act, seen: int | None, *, proposed_by: int | None = None) -> MovementRow:
    """Note a movement and move the clock by it."""
    texts = {
        "reason": tidy("理由", wanted.reason, REASON_LENGTH, field="reason"),
        "article": tidy("条款", wanted.article, REASON_LENGTH, field="article"),
        "document": tidy("文书", wanted.document, REASON_LENGTH, field="document", is_needed=False),
    }
    stored, calendar = _hold(obligation, seen)
    _check(stored, wanted, calendar, act)
    note_passed(stored, act.now)
    is_extension = wanted.kind is MovementKind.EXTEND
    noted = Movement(
        obligation=stored,
        kind=wanted.kind.value,
        first_day=wanted.first_day,
        latest_day=wanted.latest_day,
        amount=wanted.amount or None,
        unit=wanted.unit.value if wanted.unit else None,
        proposed_by_id=proposed_by if is_extension else act.actor.officer_id,
        approved_by_id=act.actor.officer_id if is_extension else None,
        approved_at=act.now if is_extension else None,
        noted_at=act.now,
        **texts,
    )
    try:
        with transaction.atomic():
            noted.save()
    except IntegrityError as error:
        raise SomebodyWasFaster("同一天的这项变动刚刚有人记过。请刷新后再看。") from error
    _write(stored, noted, calendar, act)
    return get_movement(noted.uuid)


def _end(obligation: UUID, kind: MovementKind, last_day: date, document: str, act: _Act, seen: int | None) -> MovementRow:
    """Fill the last day of the movement that runs, once, and move the clock by it."""
    paper = tidy("文书", document, REASON_LENGTH, field="document", is_needed=False)
    stored, calendar = _hold(obligation, seen)
    _check(stored, MovementDraft(kind=kind, first_day=last_day, last_day=last_day), calendar, act)
    running = Movement.objects.get(obligation=stored, kind=kind.value, last_day__isnull=True, voided_at__isnull=True)
    running.last_day, running.closing_document = last_day, paper
    running.save(update_fields=["last_day", "closing_document"])
    _write(stored, running, calendar, act)
    return get_movement(running.uuid)


def _get(obligation: UUID) -> Obligation:
    stored = Obligation.objects.select_related("terms").filter(uuid=obligation).first()
    if stored is None:
        raise NotFound("台账里没有这件事项，请从台账列表里打开。")
    return stored


def _hold(obligation: UUID, seen: int | None) -> tuple[Obligation, WorkCalendar]:
    """The open row and the calendar."""
    stored, calendar = hold(obligation, seen=seen)
    refuse_closed(stored)
    return stored, calendar


def _check(stored: Obligation, wanted: MovementDraft, calendar: WorkCalendar, act: _Act) -> None:
    drafts = list_drafts([stored.pk]).get(stored.pk, [])
    check_draft(as_terms_row(stored.terms), stored.caused_on, compute_of(stored, calendar), drafts, wanted, day_of(act.now))


def _write(stored: Obligation, noted: Movement, calendar: WorkCalendar, act: _Act) -> None:
    """The new date, the line of what changed, the event and the audit, once the movement is noted."""
    was = copy(stored)
    receipt = compute_of(stored, calendar)
    set_clock(stored, receipt, act.now)
    values = {name: getattr(stored, name) for name in CLOCK_FIELDS}
    if Obligation.objects.filter(IS_OPEN, pk=stored.pk, moves=was.moves).update(**values, moves=F("moves") + 1) != 1:
        raise SomebodyWasFaster("这件事项的期限刚被别人改过。请刷新后再看。")
    note_change(was=was, stored=stored, cause=ChangeCause.MOVEMENT, why=act.why[:REASON_LENGTH], now=act.now, movement=noted).save()
    write_event(obligation=stored, kind=act.kind, at=act.now, now=act.now, note=act.why[:REASON_LENGTH])
    about = {
        "movement": str(noted.uuid),
        "why": act.why,
        "reason": noted.reason,
        "from_day": str(was.last_day),
        "to_day": None if receipt.is_stopped else str(stored.last_day),
    }
    audit.record(actor=act.actor, act=act.audited, subject=stored.uuid, at=act.now, about=about)
