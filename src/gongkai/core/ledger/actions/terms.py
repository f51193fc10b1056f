"""The dated limits: loaded from files, confirmed by the legal office, which may also add a version or a stricter target of our own."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from gongkai.core.ledger.kinds import Binding, PublicDisplay, TermsRow
from gongkai.core.ledger.models import CadenceRun, Obligation, Terms
from gongkai.core.ledger.queries.versions import mark_of, subject_of
from gongkai.core.ledger.rules import parse_limit
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox import api as outbox
from gongkai.lib.enums import LabelledEnum
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from gongkai.lib.loading import LoadCount

TERMS_KEY = "terms:"
"""Begins the outbox's note that the terms of an entry changed."""
KEYS = {"entry", "effective_from"}
COPIED = tuple(field.name for field in fields(TermsRow) if field.name not in KEYS)
# What the legal office says itself when it confirms; the file's word about them counts until then.
CONFIRMED = frozenset({"is_verified", "public_display"})


@transaction.atomic
def load_terms(rows: Iterable[TermsRow]) -> LoadCount:
    """Load dated limits (装入期限条款), each known by its entry and first day. Again with the same rows changes nothing.

    Terms that an obligation was opened under are kept as they were: the changed version takes their place for duties opened from now
    on, and the old case keeps the old law. What the legal office confirmed stays confirmed while the file says the same; a version it
    added by hand is not touched. Entries that are not among the rows stay as they are.

    Raises: BadInput, naming the entry, for a limit that cannot be read or two rows of one entry from one day.
    """
    known = {(terms.entry, terms.effective_from): terms for terms in Terms.objects.filter(is_current=True)}
    seen: set[tuple[str, date | None]] = set()
    count = LoadCount()
    for row in rows:
        key = (row.entry, row.effective_from)
        if key in seen:
            raise BadInput(f"期限条款“{row.entry}”从 {row.effective_from or '最初'} 起有两条，只能留一条。")
        seen.add(key)
        count += _keep(known.get(key), row)
    return count


def _keep(there: Terms | None, row: TermsRow) -> LoadCount:
    values = values_of(row)
    if there is not None and (there.is_by_hand or _says_the_same(there, values)):
        return LoadCount(unchanged=1)
    new = Terms(entry=row.entry, effective_from=row.effective_from)
    if there is not None and is_used(there):
        retire(there)
        write(new, values)
        return LoadCount(changed=1)
    write(there or new, values)
    return LoadCount(changed=1) if there else LoadCount(created=1)


def _says_the_same(there: Terms, values: Mapping[str, object]) -> bool:
    left_out = CONFIRMED if there.confirmed_at is not None else frozenset()
    return all(getattr(there, name) == value for name, value in values.items() if name not in left_out)


def values_of(row: TermsRow) -> dict[str, object]:
    """What a row of terms says, as it is stored."""
    values = {name: getattr(row, name) for name in COPIED}
    return {name: value.value if isinstance(value, LabelledEnum) else value for name, value in values.items()}


def is_used(terms: Terms) -> bool:
    """Whether something was opened under these terms: then they are never edited."""
    return Obligation.objects.filter(terms=terms).exists() or CadenceRun.objects.filter(terms=terms).exists()


def retire(terms: Terms) -> None:
    """Take terms out of use. What was opened under them keeps them."""
    terms.is_current = False
    terms.save(update_fields=["is_current"])


def write(terms: Terms, values: Mapping[str, object]) -> None:
    """Store terms with what they say. What says something else than was confirmed has to be confirmed again.

    Raises: BadInput, naming the entry.
    """
    for name, value in values.items():
        setattr(terms, name, value)
    if not terms.is_by_hand:
        terms.confirmed_by, terms.confirmed_at = None, None
    try:
        parse_limit(terms.limit_text)
        terms.full_clean()
    except ValidationError as error:
        raise BadInput(f"期限条款“{terms.entry}”：{'；'.join(error.messages)}") from error
    except ValueError as error:
        raise BadInput(f"期限条款“{terms.entry}”：{error}", field="limit_text") from error
    terms.save()


def check_may_confirm(actor: Actor) -> None:
    """Whether somebody may decide about limits (确认期限条款的权限). Raises: NotAllowed."""
    if actor.officer_id is None or not actor.units(Right.CONFIRM_TERMS):
        raise NotAllowed(f"只有有“{Right.CONFIRM_TERMS.label}”权限的人（法规科）能改期限条款，您现在的岗位没有。")


@transaction.atomic
def confirm_terms(*, terms: int, public_display: PublicDisplay, seen: str, note: str, actor: Actor, now: datetime) -> None:
    """Confirm a version of a limit against its source, with one's name (核对条款): it is verified, and whether citizens may see its date
    is decided. `seen` is the mark of the version that was read (`queries.versions.mark_of`).

    The limit itself is not changed by it, so that open cases under it are confirmed with it.

    Raises: NotAllowed; NotFound; SomebodyWasFaster when it is another text by now; ActNotPossible when an internal limit is to be shown.
    """
    check_may_confirm(actor)
    stored = Terms.objects.select_for_update().filter(pk=terms).first()
    if stored is None:
        raise NotFound("没有这一版条款，请从条款清单里打开。")
    if mark_of(stored) != seen or stored.withdrawn_at is not None:
        raise SomebodyWasFaster("这一版条款刚被改过，请看过现在的内容再核对。")
    _check_display(stored, public_display)
    about: dict[str, str | int | bool | None] = {
        "terms": stored.pk,
        "limit": stored.limit_text,
        "from_display": PublicDisplay(stored.public_display).label,
        "to_display": public_display.label,
        "was_verified": stored.is_verified,
        "note": note.strip()[:200],
    }
    stored.is_verified, stored.public_display = True, public_display.value
    stored.confirmed_by_id, stored.confirmed_at = actor.officer_id, now
    stored.save(update_fields=["is_verified", "public_display", "confirmed_by", "confirmed_at"])
    audit.record(actor=actor, act="ledger.confirm_terms", subject=subject_of(stored.entry), at=now, about=about)
    note_terms(stored.entry)


def note_terms(entry: str) -> None:
    """Note, in the transaction of the change, that the terms of an entry changed (条款改动): whatever shows its dates is made again."""
    outbox.touch([f"{TERMS_KEY}{entry}"])


def _check_display(stored: Terms, wanted: PublicDisplay) -> None:
    if wanted is PublicDisplay.REVIEW:
        raise BadInput("核对以后要定下来：对外显示“可以”还是“不可以”。", field="public_display")
    if wanted is PublicDisplay.YES and stored.binding == Binding.INTERNAL.value:
        raise ActNotPossible(f"“{stored.label}”是内部要求，它的日子不对外显示。请选“不可以”。")


def lock_versions(entry: str) -> list[Terms]:
    """The current versions of a limit, held until the transaction ends, so that two people do not add to them at once.

    Raises: NotFound for an entry that no terms know.
    """
    versions = list(Terms.objects.select_for_update().filter(Q(is_current=True), entry=entry).order_by("id"))
    if not versions:
        raise NotFound(f"没有代码为“{entry}”的事项，请从条款清单里打开。")
    return versions
