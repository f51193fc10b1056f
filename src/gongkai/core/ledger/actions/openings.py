"""Many duties opened together: one calendar, the terms of each entry read once, every kind of row written in one statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.ledger.actions.clockwork import set_clock
from gongkai.core.ledger.actions.events import write_events
from gongkai.core.ledger.actions.obligations import Cause, draw_up, entry_of, tell_opened
from gongkai.core.ledger.kinds import EventKind, Opened, Opening
from gongkai.core.ledger.models import Event, Obligation
from gongkai.core.ledger.queries.movements import choose_target, read_local_terms
from gongkai.core.ledger.queries.rows import IS_OPEN, as_terms_row
from gongkai.core.ledger.queries.terms import check_cause, pick_terms, read_versions, refuse_cadence
from gongkai.core.ledger.rules import compute_due
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import Refusal, SomebodyWasFaster

BATCH = 500

Key = tuple[str, str, UUID]
"""What is open once: duty, entry and subject."""


@transaction.atomic
def open_many(openings: Sequence[Opening], *, actor: Signatory, now: datetime) -> list[Opened]:
    """Put many duties on the ledger (成批登记), each as `open_obligation` would. What each came to, in the order of the openings.

    A row that is refused says why and hinders no other. The number of queries follows units and batches of five hundred, not rows.

    Raises: ValueError when an entry is named both by the duty and by the caller, or by neither.
    """
    outcomes: list[Opened] = []
    for start in range(0, len(openings), BATCH):
        outcomes += _open_batch(openings[start : start + BATCH], actor, now)
    return outcomes


def _open_batch(openings: Sequence[Opening], actor: Signatory, now: datetime) -> list[Opened]:
    causes = [_cause_of(opening) for opening in openings]
    keys = [_key_of(cause) for cause in causes]
    found = _find_open(keys)
    desk = _Desk(causes, now)
    drawn: dict[Key, Obligation] = {}
    refused: dict[int, Refusal] = {}
    for place, (cause, key) in enumerate(zip(causes, keys, strict=True)):
        if key in found or key in drawn:
            continue
        try:
            drawn[key] = desk.draw(cause)
        except Refusal as refusal:
            refused[place] = refusal
    found |= _insert(drawn, actor, now)
    return [_outcome(found.get(key), refused.get(place)) for place, key in enumerate(keys)]


def _outcome(obligation: UUID | None, refusal: Refusal | None) -> Opened:
    if refusal is None and obligation is None:
        refusal = SomebodyWasFaster("这件事项刚被别人登记又了结，请刷新后再看。")
    return Opened(None, refusal) if refusal else Opened(obligation)


def _cause_of(opening: Opening) -> Cause:
    entry = entry_of(opening.duty, opening.entry)
    given = (opening.subject, opening.label, opening.unit_id, opening.post_id, opening.caused_on, opening.caused_at)
    return Cause(opening.duty, entry, *given)


def _key_of(cause: Cause) -> Key:
    return cause.duty.code, cause.entry, cause.subject


class _Desk:
    """What the rows of a batch are drawn up with, each read once."""

    def __init__(self, causes: Sequence[Cause], now: datetime) -> None:
        entries = {cause.entry for cause in causes}
        self.now = now
        self.versions = read_versions(entries)
        self.locals = read_local_terms(entries)
        self.calendar = workdays.hold_calendar()
        self.posts: dict[int, int | None] = {}

    def draw(self, cause: Cause) -> Obligation:
        """The row of one cause with its dates. Raises: Refusal, as `open_obligation`."""
        check_cause(cause.caused_on, self.now)
        terms = pick_terms(self.versions.get(cause.entry, ()), cause.entry, cause.caused_on)
        terms_row = as_terms_row(terms)
        refuse_cadence(terms_row)
        post = self._duty_post(cause.unit_id)
        wanted = draw_up(cause, terms, post_id=post if cause.post_id is None else cause.post_id, now=self.now)
        target = choose_target(self.locals.get(cause.entry, ()), wanted)
        receipt = compute_due(terms_row, cause.caused_on, self.calendar, caused_at=cause.caused_at, target=target)
        set_clock(wanted, receipt, self.now)
        return wanted

    def _duty_post(self, unit_id: int) -> int | None:
        if unit_id not in self.posts:
            post = organisations.get_duty_post(unit_id=organisations.get_unit(unit_id).id)
            self.posts[unit_id] = post.id if post else None
        return self.posts[unit_id]


def _find_open(keys: Sequence[Key]) -> dict[Key, UUID]:
    """Those that are open already, by what is open once."""
    rows = Obligation.objects.filter(IS_OPEN, subject__in={subject for _, _, subject in keys})
    wanted = set(keys)
    there = {(duty, entry, subject): uuid for duty, entry, subject, uuid in rows.values_list("duty_code", "entry", "subject", "uuid")}
    return {key: uuid for key, uuid in there.items() if key in wanted}


def _insert(drawn: dict[Key, Obligation], actor: Signatory, now: datetime) -> dict[Key, UUID]:
    """Write the rows but those that somebody wrote at this moment; then his are found. In one order, so that two batches wait in turn."""
    if not drawn:
        return {}
    ordered = [drawn[key] for key in sorted(drawn)]
    Obligation.objects.bulk_create(ordered, ignore_conflicts=True)
    ids = dict(Obligation.objects.filter(uuid__in=[row.uuid for row in ordered]).values_list("uuid", "pk"))
    written = [row for row in ordered if row.uuid in ids]
    for row in written:
        row.pk = ids[row.uuid]
    write_events(Event(obligation=row, kind=EventKind.OPENED.value, at=now, recorded_at=now) for row in written)
    audit.record_many(actor=actor, act="ledger.open", at=now, lines=[(row.uuid, tell_opened(row)) for row in written])
    found = {key: row.uuid for key, row in drawn.items() if row.uuid in ids}
    return found if len(found) == len(drawn) else found | _find_open([key for key in drawn if key not in found])
