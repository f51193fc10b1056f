"""A version of the law's limit, added by hand or taken back by the legal office. Open cases move only after they were shown."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime

from django.db import transaction

from gongkai.core.ledger.actions.clockwork import CalendarNames, note_change, set_clock
from gongkai.core.ledger.actions.events import write_events
from gongkai.core.ledger.actions.sweep import note_passed
from gongkai.core.ledger.actions.terms import check_may_confirm, lock_versions, note_terms, retire, write
from gongkai.core.ledger.kinds import ChangeCause, EventKind, PublicDisplay, TermsDraft, TermsPreview
from gongkai.core.ledger.models import REASON_LENGTH, DateChange, Event, Terms
from gongkai.core.ledger.queries.cases import Case, build_preview, find_cases, list_current
from gongkai.core.ledger.queries.versions import subject_of
from gongkai.core.ledger.rules import choose_terms, parse_limit, say_day, say_limit
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound, SomebodyWasFaster

TAKEN_OVER = (
    "label", "is_verified", "deadline_id", "binding", "public_display", "holder", "clock_start", "rolls", "extend_amount", "extend_unit",
    "extend_max_times", "extend_cap_total", "extend_approval", "excluded_time", "restart_on", "on_timeout", "stop_from_next_day",
    "stop_includes_answer",
)  # fmt: skip


def preview_terms_version(*, draft: TermsDraft, now: datetime) -> TermsPreview:
    """Which open cases a version added for its time would move (条款改动预览). Nothing is written.

    Raises: BadInput; NotFound for an entry that no terms know.
    """
    versions = list_current(draft.entry)
    if not versions:
        raise NotFound(f"没有代码为“{draft.entry}”的事项，请从条款清单里打开。")
    new = _build(draft, versions)
    return build_preview(draft, _cases(draft, _with(versions, new), to=new), now)


@transaction.atomic
def add_terms_version(*, draft: TermsDraft, seen: str, actor: Actor, now: datetime) -> int:
    """Add a version of a limit with its days, source and article (加一版条款). Returns how many open cases were moved.

    The cause's day picks the version: an open case whose cause falls into its days is put under it, after it was shown (`seen` is the
    digest of the preview). Closed cases keep the law they were closed under. What is added by hand is confirmed by who adds it.

    Raises: NotAllowed; NotFound; BadInput; SomebodyWasFaster when it would move something else by now.
    """
    check_may_confirm(actor)
    versions = lock_versions(draft.entry)
    new = _build(draft, versions)
    new.confirmed_by_id, new.confirmed_at = actor.officer_id, now
    kept = _with(versions, new)
    cases = list(_cases(draft, kept, to=new, is_locked=True))
    _refuse_unseen(build_preview(draft, cases, now), seen)
    for version in versions:
        if version not in kept:
            retire(version)
    write(new, {})
    moved = _move(cases, f"{_say(new)}，依据 {new.basis}", now)
    about: dict[str, str | int | bool | None] = {
        "terms": new.pk, "limit": new.limit_text, "from": str(new.effective_from), "to": str(new.effective_to or ""), "moved": moved,
        "note": draft.note[:REASON_LENGTH],
    }  # fmt: skip
    audit.record(actor=actor, act="ledger.add_terms", subject=subject_of(draft.entry), at=now, about=about)
    note_terms(draft.entry)
    return moved


def preview_withdrawal(*, terms: int, now: datetime) -> TermsPreview:
    """Which open cases would move when a version added by hand is taken back (撤回预览). Raises: NotFound; ActNotPossible."""
    version, draft = _find_own(terms)
    versions = _without(list_current(version.entry), version)
    return build_preview(draft, _cases(draft, versions, of=version), now)


@transaction.atomic
def withdraw_terms_version(*, terms: int, reason: str, seen: str, actor: Actor, now: datetime) -> int:
    """Take back a version that was added by hand (撤回一版). The one it took the place of holds again. Returns how many cases were moved.

    Raises: NotAllowed; NotFound; ActNotPossible; BadInput without a reason; SomebodyWasFaster.
    """
    check_may_confirm(actor)
    words = " ".join(reason.split())[:REASON_LENGTH]
    if not words:
        raise BadInput("请写撤回的理由。", field="reason")
    version, draft = _find_own(terms)
    versions = _without(lock_versions(version.entry), version)
    cases = list(_cases(draft, versions, of=version, is_locked=True))
    _refuse_unseen(build_preview(draft, cases, now), seen)
    version.is_current, version.withdrawn_at = False, now
    version.save(update_fields=["is_current", "withdrawn_at"])
    for back in versions:
        if not back.is_current:
            back.is_current = True
            back.save(update_fields=["is_current"])
    moved = _move(cases, f"撤回 {_say(version)}", now)
    about: dict[str, str | int | bool | None] = {
        "terms": version.pk,
        "limit": version.limit_text,
        "from": str(version.effective_from),
        "moved": moved,
        "reason": words,
    }
    audit.record(actor=actor, act="ledger.withdraw_terms", subject=subject_of(version.entry), at=now, about=about)
    note_terms(version.entry)
    return moved


def _find_own(terms: int) -> tuple[Terms, TermsDraft]:
    version = Terms.objects.filter(pk=terms).first()
    if version is None:
        raise NotFound("没有这一版条款，请从条款清单里打开。")
    if not version.is_by_hand or not version.is_current or version.effective_from is None:
        raise ActNotPossible("只有手工加的、还在用的版本能撤回。清单里来的版本请加一版新的。")
    draft = TermsDraft(
        entry=version.entry,
        limit_text=version.limit_text,
        basis=version.basis,
        source=version.source,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
        public_display=PublicDisplay(version.public_display),
    )
    return version, draft


def _build(draft: TermsDraft, versions: list[Terms]) -> Terms:
    """The row of a draft: what it does not say is taken over from the version that held on its first day, or the nearest."""
    try:
        parse_limit(draft.limit_text)
    except ValueError as error:
        raise BadInput(str(error), field="limit_text") from error
    if draft.effective_to is not None and draft.effective_to < draft.effective_from:
        raise BadInput("止日不能早于起日。", field="effective_to")
    for name, what in (("basis", "依据"), ("source", "来源")):
        if not getattr(draft, name).strip():
            raise BadInput(f"请写{what}。", field=name)
    base = choose_terms(versions, draft.effective_from) or versions[0]
    new = Terms(entry=draft.entry, effective_from=draft.effective_from, effective_to=draft.effective_to, is_by_hand=True)
    for name in TAKEN_OVER:
        setattr(new, name, getattr(base, name))
    new.limit_text, new.basis, new.source = draft.limit_text, draft.basis.strip(), draft.source.strip()
    new.is_verified, new.note = True, draft.note.strip()
    if draft.public_display is not None:
        new.public_display = draft.public_display.value
    return new


def _with(versions: list[Terms], new: Terms) -> list[Terms]:
    """The versions as they would be: one that begins on the same day makes room."""
    return [*(version for version in versions if version.effective_from != new.effective_from), new]


def _without(versions: list[Terms], gone: Terms) -> list[Terms]:
    """The versions as they would be without one; the newest that it took the place of comes back."""
    left = [version for version in versions if version.pk != gone.pk]
    replaced = Terms.objects.filter(entry=gone.entry, effective_from=gone.effective_from, is_current=False, withdrawn_at__isnull=True)
    back = replaced.exclude(pk=gone.pk).order_by("-id").first()
    return [*left, back] if back is not None else left


def _cases(
    draft: TermsDraft, versions: list[Terms], *, to: Terms | None = None, of: Terms | None = None, is_locked: bool = False
) -> Iterable[Case]:
    """The cases that come under a version (`to`) or leave one (`of`). Others keep what they have, whatever has happened since."""
    found = find_cases(
        entry=draft.entry, versions=versions, first=draft.effective_from, last=draft.effective_to, of_terms=of, is_locked=is_locked
    )
    return (case for case in found if to is None or case.terms is to)


def _refuse_unseen(preview: TermsPreview, seen: str) -> None:
    if preview.digest != seen:
        raise SomebodyWasFaster("看过预览以后，在办事项或条款又变了。请重新看一遍会改哪些期限，再确认。")


def _say(terms: Terms) -> str:
    until = f"至 {say_day(terms.effective_to)}" if terms.effective_to else "起"
    first = say_day(terms.effective_from) if terms.effective_from else ""
    return f"{first}{until}的条款“{say_limit(parse_limit(terms.limit_text))}”"


def _move(cases: Iterable[Case], why: str, now: datetime) -> int:
    """Put cases under their terms and move their dates, with the change and an event for each that moves."""
    changes, events, calendars = [], [], CalendarNames()
    for case in cases:
        if case.receipt is None:
            continue
        stored, moves = case.stored, case.moves
        if moves:
            note_passed(stored, now)
        was = copy(stored)
        stored.terms = case.terms
        stored.binding = case.terms.binding
        set_clock(stored, case.receipt, now)
        # Whoever looked at the old date has to look again.
        stored.moves += 1 if moves else 0
        stored.save()
        if not moves:
            continue
        change = note_change(was=was, stored=stored, cause=ChangeCause.TERMS, why=why[:REASON_LENGTH], now=now, calendars=calendars)
        changes.append(change)
        events.append(Event(obligation=stored, kind=EventKind.MOVED.value, at=now, recorded_at=now, note=_say_move(change)))
    DateChange.objects.bulk_create(changes)
    write_events(events)
    return len(changes)


def _say_move(change: DateChange) -> str:
    return f"最后一天由 {change.from_day} 改为 {change.to_day or '暂停'}：{change.why}"[:REASON_LENGTH]
