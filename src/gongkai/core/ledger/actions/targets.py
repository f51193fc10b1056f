"""Limits of our own house: only stricter than the law's. They give a target, nobody is ever late for one."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.core.ledger.actions.terms import check_may_confirm, lock_versions
from gongkai.core.ledger.models import REASON_LENGTH, LocalTerms, Terms
from gongkai.core.ledger.queries.versions import ALL_UNITS, subject_of
from gongkai.core.ledger.rules import parse_limit, say_day
from gongkai.core.ledger.rules.strictness import refuse_laxer
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound


@transaction.atomic
def set_local_terms(
    *,
    entry: str,
    unit_id: int | None,
    limit_text: str,
    reason: str,
    effective_from: date,
    effective_to: date | None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Set a limit of our own (局内期限) for an entry, for one unit or for all (None): duties that begin from its first day on get a target.

    It has to be stricter than every version of the law's limit that holds in its time; what cannot be shown to be stricter is refused.

    Raises: NotAllowed; NotFound; ActNotPossible, in words, when it is not stricter; BadInput.
    """
    check_may_confirm(actor)
    versions = lock_versions(entry)
    words = " ".join(reason.split())
    if not words or len(words) > REASON_LENGTH:
        raise BadInput(f"请写理由，最长 {REASON_LENGTH} 字。", field="reason")
    text = _read(limit_text)
    for version in versions:
        if _overlaps(version, effective_from, effective_to):
            _refuse(text, version)
    unit = organisations.get_unit(unit_id) if unit_id is not None else None
    wanted = LocalTerms(
        entry=entry,
        unit_id=unit_id,
        limit_text=text,
        reason=words,
        effective_from=effective_from,
        effective_to=effective_to,
        set_by_id=actor.officer_id,
        set_by_name=actor.name,
        set_at=now,
    )
    try:
        wanted.full_clean()
    except ValidationError as error:
        raise BadInput("；".join(error.messages)) from error
    wanted.save()
    about: dict[str, str | int | bool | None] = {
        "local": wanted.pk,
        "limit": text,
        "unit": unit.name if unit else ALL_UNITS,
        "from": str(effective_from),
        "reason": words,
    }
    audit.record(actor=actor, act="ledger.set_local_terms", subject=subject_of(entry), at=now, about=about)
    return wanted.uuid


def _read(limit_text: str) -> str:
    text = limit_text.strip()
    try:
        parse_limit(text)
    except ValueError as error:
        raise BadInput(str(error), field="limit_text") from error
    return text


def _overlaps(version: Terms, first: date, last: date | None) -> bool:
    starts_in_time = version.effective_from is None or last is None or version.effective_from <= last
    return starts_in_time and (version.effective_to is None or version.effective_to >= first)


def _refuse(text: str, version: Terms) -> None:
    refusal = refuse_laxer(text, version.limit_text)
    if refusal:
        since = f"（{say_day(version.effective_from)}起）" if version.effective_from else ""
        raise ActNotPossible(f"{refusal}依据：{version.basis}{since}。")


@transaction.atomic
def withdraw_local_terms(*, local: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Take back a limit of our own (停用局内期限). Duties that have a target by it keep it.

    Raises: NotAllowed; NotFound; ActNotPossible.
    """
    check_may_confirm(actor)
    stored = LocalTerms.objects.select_for_update(of=("self",)).select_related("unit").filter(uuid=local).first()
    if stored is None:
        raise NotFound("没有这条局内期限，请从条款页里打开。")
    if stored.withdrawn_at is not None:
        raise ActNotPossible("这条局内期限已经停用。")
    stored.withdrawn_at = now
    stored.save(update_fields=["withdrawn_at"])
    about: dict[str, str | int | bool | None] = {
        "local": stored.pk,
        "limit": stored.limit_text,
        "unit": stored.unit.name if stored.unit else ALL_UNITS,
        "reason": " ".join(reason.split())[:REASON_LENGTH],
    }
    audit.record(actor=actor, act="ledger.withdraw_local_terms", subject=subject_of(stored.entry), at=now, about=about)
