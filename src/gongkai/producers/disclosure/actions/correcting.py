"""A cause that a register says otherwise than before, or takes back, with what it owes besides."""

from dataclasses import replace
from datetime import datetime

from gongkai.core.catalogue import api as catalogue
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ObligationState
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible
from gongkai.producers.disclosure.actions.causes import About, Wanted, check_writer, open_duty, register
from gongkai.producers.disclosure.kinds import CauseOrigin, LineValues
from gongkai.producers.disclosure.models import Cause, RegisteredNumber
from gongkai.producers.disclosure.queries.uploads import values_of


def lock_cause(cause_id: int) -> Cause:
    """A cause with its entry, held until the transaction ends (锁住事由)."""
    return Cause.objects.select_for_update(of=("self",)).select_related("entry").get(pk=cause_id)


def lock_others(cause: Cause) -> dict[str, Cause]:
    """What the same line of a register owes besides (同时要公开的事由), held, by the code of its entry."""
    others = Cause.objects.filter(registered_with=cause, withdrawn_at=None).select_for_update(of=("self",)).select_related("entry")
    return {other.entry.code: other for other in others.order_by("pk")}


def change_cause(cause: Cause, values: LineValues, *, why: str, actor: Actor, now: datetime) -> None:
    """Let a cause say what its register says now (更正事由), and with it what it owes besides. Another day, unit or entry is another
    limit: the duty is opened anew.

    The cause is locked. Raises: ActNotPossible once a text was begun or the duty is closed; NotAllowed.
    """
    others = lock_others(cause)
    _change(cause, values, why=why, actor=actor, now=now)
    for code, other in others.items():
        if code in values.also:
            _change(other, replace(values, entry_code=code, also=()), why=why, actor=actor, now=now)
        else:
            withdraw(other, why=why, actor=actor, now=now)
    for code in values.also:
        if code not in others:
            register_other(cause, code, values, actor=actor, now=now)


def register_other(cause: Cause, code: str, values: LineValues, *, actor: Actor, now: datetime) -> Cause:
    """Register what the same line of a register owes besides (登记同时要公开的一项)."""
    wanted = Wanted(catalogue.get_entry(code), values.title, values.happened_on, values.unit_id, cause.note, CauseOrigin.SHEET)
    return register(wanted, actor=actor, now=now, with_cause=cause)[0]


def _change(cause: Cause, values: LineValues, *, why: str, actor: Actor, now: datetime) -> None:
    check_writer(actor, cause.unit_id, "更正")
    _refuse_built_on(cause, "更正")
    old = values_of(values.number, cause)
    is_same_clock = (old.happened_on, old.entry_code, old.unit_id) == (values.happened_on, values.entry_code, values.unit_id)
    if is_same_clock and old.title == values.title:
        return
    entry = catalogue.get_entry(values.entry_code)
    wanted = Wanted(entry, values.title, values.happened_on, values.unit_id, cause.note, CauseOrigin(cause.origin))
    cause.title, cause.happened_on, cause.unit_id, cause.entry_id = values.title, values.happened_on, values.unit_id, entry.id
    before = cause.obligation_id
    if not is_same_clock and before is not None:
        ledger.cancel(obligation=before, reason=f"{why}：{_say_change(old, values)}", actor=actor, now=now)
        cause.obligation_id = None
    cause.save(update_fields=["title", "happened_on", "unit", "entry", "obligation"])
    if not is_same_clock:
        open_duty(cause, wanted, actor=actor, now=now)
    elif before is not None:
        ledger.relabel(obligation=before, label=wanted.label(is_other=cause.registered_with_id is not None), actor=actor, now=now)
    about: About = {"why": why, "day": values.happened_on.isoformat(), "entry": values.entry_code, "unit": values.unit_id}
    audit.record(actor=actor, act="disclosure.change_cause", subject=cause.uuid, at=now, about=about)


def _say_change(old: LineValues, new: LineValues) -> str:
    parts = [f"事由日由 {old.happened_on} 改为 {new.happened_on}"] if old.happened_on != new.happened_on else []
    parts += ["改了公开事项"] if old.entry_code != new.entry_code else []
    parts += ["改了承办单位"] if old.unit_id != new.unit_id else []
    return "，".join(parts) + "，另开一行"


def _refuse_built_on(cause: Cause, act: str) -> None:
    if cause.publication_id is not None:
        raise ActNotPossible(f"已经起草，没有{act}。请在文稿里改，期限在台账这一行里办。")
    if cause.obligation_id is not None and ledger.get_obligation(cause.obligation_id).state is not ObligationState.OPEN:
        raise ActNotPossible(f"台账里这一行已经了结，没有{act}。要重办请另行登记。")


def withdraw(cause: Cause, *, why: str, actor: Actor, now: datetime) -> None:
    """Take a registration back (撤销登记), with what it owes besides: the rows stay, as ledger and trail name them.

    The cause is locked. Raises: ActNotPossible once a text was begun or a duty is closed; NotAllowed.
    """
    for one in (*lock_others(cause).values(), cause):
        check_writer(actor, one.unit_id, "撤销登记")
        _refuse_built_on(one, "撤销")
        if one.obligation_id is not None:
            ledger.cancel(obligation=one.obligation_id, reason=why, actor=actor, now=now)
        one.withdrawn_at = now
        one.save(update_fields=["withdrawn_at"])
        audit.record(actor=actor, act="disclosure.withdraw_cause", subject=one.uuid, at=now, about={"why": why})
    RegisteredNumber.objects.filter(cause=cause).delete()
