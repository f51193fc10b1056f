"""The limits as the legal office reads them: every duty with its versions, targets and history."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db.models import Count

from gongkai.core.ledger.kinds import (
    DutyTerms,
    LocalTermsRow,
    PublicDisplay,
    TermsLine,
    TermsList,
    TermsNote,
    TermsPart,
    TermsRow,
    TermsVersion,
)
from gongkai.core.ledger.models import LocalTerms, Obligation, Terms
from gongkai.core.ledger.queries.rows import IS_OPEN, as_terms_row
from gongkai.core.ledger.rules import choose_terms, parse_limit, say_limit
from gongkai.core.ledger.rules.cadences import say_rhythm
from gongkai.core.ledger.rules.strictness import refuse_laxer
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import AuditRow
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import day_of

SUBJECTS = UUID("5f0d4a44-6c0e-5c0a-9c43-2d7a3c1f8e10")
ALL_UNITS = "全局"


def subject_of(entry: str) -> UUID:
    """Under which uuid the audit trail keeps what was done to the limits of an entry: terms have codes, not uuids."""
    return uuid5(SUBJECTS, entry)


def mark_of(stored: Terms) -> str:
    """What a reader saw of a version, to be handed back when he confirms it (条款标记)."""
    return "|".join([str(stored.pk), stored.limit_text, stored.basis, stored.source, str(stored.effective_from), str(stored.effective_to)])


PARTS: dict[TermsPart, Callable[[TermsLine], bool]] = {
    TermsPart.ALL: lambda _line: True,
    TermsPart.UNVERIFIED: lambda line: not line.version.terms.is_verified,
    TermsPart.REVIEW: lambda line: line.version.terms.public_display is PublicDisplay.REVIEW,
    TermsPart.LOCAL: lambda line: bool(line.local_words),
    TermsPart.CADENCE: lambda line: bool(line.rhythm_words),
    TermsPart.BY_HAND: lambda line: line.version.is_by_hand,
}


def list_terms(*, words: str, part: TermsPart, now: datetime) -> TermsList:
    """All limits (条款清单), one line for each duty, in the order of their codes: two queries, whatever there is.

    `words` are looked for in code, name, basis, source and holder; all have to be there.
    """
    today = day_of(now)
    versions: dict[str, list[Terms]] = defaultdict(list)
    for stored in Terms.objects.filter(is_current=True).select_related("confirmed_by").order_by("entry", "id"):
        versions[stored.entry].append(stored)
    targets: dict[str, list[LocalTerms]] = defaultdict(list)
    for target in LocalTerms.objects.filter(withdrawn_at__isnull=True).select_related("unit").order_by("entry", "id"):
        if target.effective_to is None or target.effective_to >= today:
            targets[target.entry].append(target)
    lines = [_line(stored, targets[entry], today) for entry, stored in versions.items()]
    found = [line for line in lines if all(word in _text(line.version.terms) for word in words.split())]
    counts = {one: sum(map(asks, found)) for one, asks in PARTS.items()}
    return TermsList(lines=tuple(line for line in found if PARTS[part](line)), counts=counts)


def _text(terms: TermsRow) -> str:
    return f"{terms.entry} {terms.label} {terms.basis} {terms.source} {terms.holder}"


def _line(versions: Sequence[Terms], targets: Iterable[LocalTerms], today: date) -> TermsLine:
    held = choose_terms(versions, today)
    shown = held or max(versions, key=lambda terms: terms.effective_from or date.min)
    words = "；".join(
        f"{target.unit.short_name if target.unit else ALL_UNITS} {say_limit(parse_limit(target.limit_text))}" for target in targets
    )
    version = _version(shown, held=held)
    return TermsLine(
        version=version,
        count=len(versions),
        local_words=words,
        holds_today=held is not None,
        rhythm_words=say_rhythm(version.terms),
    )


def get_duty_terms(*, entry: str, now: datetime) -> DutyTerms:
    """Everything about the limits of one duty (一项职责的条款). Raises: NotFound."""
    stored = list(Terms.objects.filter(entry=entry).select_related("confirmed_by"))
    if not stored:
        raise NotFound(f"没有代码为“{entry}”的事项，请从条款清单里打开。")
    current = [terms for terms in stored if terms.is_current]
    held = choose_terms(current, day_of(now))
    open_cases = dict(Obligation.objects.filter(IS_OPEN, terms__entry=entry).values_list("terms").annotate(count=Count("pk")).order_by())
    stored.sort(key=lambda terms: (terms.effective_from or date.min, terms.is_current, terms.pk), reverse=True)
    versions = tuple(_version(terms, held=held, open_cases=open_cases.get(terms.pk, 0)) for terms in stored)
    shown = held or (current or stored)[0]
    return DutyTerms(
        entry=entry,
        label=shown.label,
        versions=versions,
        locals=tuple(_list_locals(entry, held)),
        history=tuple(_note(row) for row in reversed(audit.list_rows(subject=subject_of(entry)))),
    )


def get_version(terms: int) -> tuple[TermsVersion, str]:
    """One version and the mark of what it says now, for the page on which it is confirmed. Raises: NotFound."""
    stored = Terms.objects.select_related("confirmed_by").filter(pk=terms).first()
    if stored is None:
        raise NotFound("没有这一版条款，请从条款清单里打开。")
    return _version(stored, held=None), mark_of(stored)


def _version(stored: Terms, *, held: Terms | None, open_cases: int = 0) -> TermsVersion:
    return TermsVersion(
        id=stored.pk,
        terms=as_terms_row(stored),
        limit_words=say_limit(parse_limit(stored.limit_text)),
        is_current=stored.is_current,
        is_by_hand=stored.is_by_hand,
        is_held=held is not None and held.pk == stored.pk,
        confirmed_by=stored.confirmed_by.name if stored.confirmed_by else "",
        confirmed_at=stored.confirmed_at,
        open_cases=open_cases,
    )


def _list_locals(entry: str, held: Terms | None) -> list[LocalTermsRow]:
    rows = LocalTerms.objects.filter(entry=entry).select_related("unit").order_by("-effective_from", "-id")
    return [
        LocalTermsRow(
            id=row.pk,
            uuid=row.uuid,
            entry=row.entry,
            unit_id=row.unit_id,
            unit_name=row.unit.name if row.unit else ALL_UNITS,
            limit_text=row.limit_text,
            limit_words=say_limit(parse_limit(row.limit_text)),
            reason=row.reason,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            set_by=row.set_by_name,
            set_at=row.set_at,
            withdrawn_at=row.withdrawn_at,
            refusal=refuse_laxer(row.limit_text, held.limit_text) if held and row.withdrawn_at is None else "",
        )
        for row in rows
    ]


def _note(row: AuditRow) -> TermsNote:
    about = row.about
    words = {
        "ledger.confirm_terms": f"核对这一版，对外显示由“{about.get('from_display')}”定为“{about.get('to_display')}”",
        "ledger.add_terms": f"加一版：{_say(about.get('limit'))}，{about.get('from')} 起，改了 {about.get('moved')} 件的期限",
        "ledger.withdraw_terms": f"撤回一版：{_say(about.get('limit'))}，{about.get('from')} 起，改了 {about.get('moved')} 件的期限",
        "ledger.set_local_terms": f"定局内期限：{_say(about.get('limit'))}，{about.get('unit')}，{about.get('from')} 起",
        "ledger.withdraw_local_terms": f"停用局内期限：{_say(about.get('limit'))}，{about.get('unit')}",
    }.get(row.act, row.act)
    note = str(about.get("note") or about.get("reason") or "")
    return TermsNote(at=row.at, who=row.actor_name, words=f"{words}。{note}" if note else words)


def _say(limit_text: object) -> str:
    try:
        return say_limit(parse_limit(str(limit_text)))
    except ValueError:
        return str(limit_text)
