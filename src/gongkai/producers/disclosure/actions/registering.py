"""Lines of a register becoming causes with their duties: a hundred at a time, and each line refused for its own reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from gongkai.core.catalogue import api as catalogue
from gongkai.core.catalogue.kinds import EntryRow
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Opening
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, Refusal, SomebodyWasFaster
from gongkai.producers.disclosure.actions.causes import ACTS, Wanted, check_writer, draw_up
from gongkai.producers.disclosure.actions.correcting import change_cause, lock_cause
from gongkai.producers.disclosure.duties import PUBLISH
from gongkai.producers.disclosure.kinds import CauseOrigin, LineState, LineValues, UploadRow
from gongkai.producers.disclosure.models import Cause, RegisteredNumber, SheetLine
from gongkai.producers.disclosure.queries.uploads import also_of, build_surroundings, find_registered, values_of
from gongkai.producers.disclosure.rules.lines import judge_line, read_line

REFUSAL_LENGTH = 300

Fresh = tuple[SheetLine, LineValues]
"""A line that is to become a cause, and what it says."""


def import_lines(row: UploadRow, lines: Sequence[SheetLine], *, actor: Actor, now: datetime) -> None:
    """Register lines, or change what is on record where they say otherwise (导入几行). What is refused stands in its line, in words.

    Of two lines with one number the later waits for the next call: what it comes to depends on the earlier.
    """
    known = build_surroundings(row, [line.cells for line in lines], actor=actor, now=now)
    reads = [read_line(line.cells, row.reading, known) for line in lines]
    registered = find_registered(row.source.id, [read.key for read in reads])
    hold_duties(row.source.id, [line.key for line in lines if line.state == LineState.CHANGED.value])
    fresh: list[Fresh] = []
    taken: set[str] = set()
    for line, read in zip(lines, reads, strict=True):
        if read.key in taken:
            continue
        was = LineState(line.state)
        # Judged again: since it was checked, somebody may have registered the same thing, or a right may be gone.
        state, _ = judge_line(read, registered=registered.get(read.key), first=None)
        line.state = state.value
        if read.values is None or state is LineState.SAME:
            continue
        taken.add(read.key)
        if state is LineState.READY:
            fresh.append((line, read.values))
        else:
            _change_line(line, read.values, row.source.id, was, actor=actor, now=now)
    _register(fresh, row, actor=actor, now=now)
    SheetLine.objects.bulk_update(lines, ["state", "cause", "before", "refusal"])


def hold_duties(source_id: int, numbers: Sequence[str]) -> None:
    """Hold the duties of what is registered under some numbers, in the ledger's own order, before they are closed one by one (锁住期限)."""
    main = RegisteredNumber.objects.filter(source_id=source_id, number__in=numbers).values("cause")
    causes = Cause.objects.filter(Q(pk__in=main) | Q(registered_with__in=main), obligation__isnull=False)
    ledger.hold_obligations(list(causes.values_list("obligation__uuid", flat=True)))


def _register(fresh: Sequence[Fresh], row: UploadRow, *, actor: Actor, now: datetime) -> None:
    """All together; where one of them is refused, one after the other, so that it is refused alone."""
    if not fresh:
        return
    try:
        with transaction.atomic():
            _register_together(fresh, row, actor=actor, now=now)
    except Refusal as refusal:
        if len(fresh) == 1:
            (line, _), *_ = fresh
            _refuse(line, refusal)
            return
        for one in fresh:
            _register([one], row, actor=actor, now=now)


def _register_together(fresh: Sequence[Fresh], row: UploadRow, *, actor: Actor, now: datetime) -> None:
    """Causes, duties, numbers and trail of lines, each in one statement. Raises: the first refusal."""
    for _, values in fresh:
        check_writer(actor, values.unit_id, "登记")
    codes = {code for _, values in fresh for code in (values.entry_code, *values.also)}
    entries = {code: catalogue.get_entry(code) for code in codes}
    first = [_plan(values, entries[values.entry_code], row, actor=actor, now=now) for _, values in fresh]
    Cause.objects.bulk_create(cause for cause, _ in first)
    others = [
        _plan(values, entries[code], row, actor=actor, now=now, with_cause=cause)
        for (_, values), (cause, _) in zip(fresh, first, strict=True)
        for code in values.also
    ]
    Cause.objects.bulk_create(cause for cause, _ in others)
    planned = [*first, *others]
    _open_duties(planned, actor=actor, now=now)
    RegisteredNumber.objects.bulk_create(
        RegisteredNumber(source_id=row.source.id, number=line.key, cause=cause, noted_at=now)
        for (line, _), (cause, _) in zip(fresh, first, strict=True)
    )
    audit.record_many(actor=actor, act=ACTS[CauseOrigin.SHEET], at=now, lines=[(cause.uuid, wanted.about) for cause, wanted in planned])
    for (line, _), (cause, _) in zip(fresh, first, strict=True):
        line.cause, line.state = cause, LineState.IMPORTED.value


def _plan(
    values: LineValues, entry: EntryRow, row: UploadRow, *, actor: Actor, now: datetime, with_cause: Cause | None = None
) -> tuple[Cause, Wanted]:
    note = f"{row.source.name}，{row.source.number_label} {values.number}"
    wanted = Wanted(entry, values.title, values.happened_on, values.unit_id, note, CauseOrigin.SHEET)
    return draw_up(wanted, actor=actor, now=now, with_cause=with_cause), wanted


def _open_duties(planned: Sequence[tuple[Cause, Wanted]], *, actor: Actor, now: datetime) -> None:
    """The duties of causes. A cause whose limit cannot be computed stands without one. Raises: what refuses any of them otherwise."""
    openings = [
        Opening(
            duty=PUBLISH,
            entry=wanted.entry.code,
            subject=cause.uuid,
            label=wanted.label(is_other=cause.registered_with_id is not None),
            unit_id=wanted.unit_id,
            caused_on=wanted.happened_on,
        )
        for cause, wanted in planned
    ]
    opened = []
    for (cause, _), outcome in zip(planned, ledger.open_many(openings, actor=actor, now=now), strict=True):
        if outcome.refusal is not None and not isinstance(outcome.refusal, ActNotPossible):
            raise outcome.refusal
        if outcome.obligation is not None:
            cause.obligation_id = outcome.obligation
            opened.append(cause)
    Cause.objects.bulk_update(opened, ["obligation"])


def _change_line(line: SheetLine, values: LineValues, source_id: int, was: LineState, *, actor: Actor, now: datetime) -> None:
    try:
        if was is not LineState.CHANGED:
            raise SomebodyWasFaster("这一行刚由别人登记，内容不同。请重新核对，看清改动再导入。")
        with transaction.atomic():
            number = RegisteredNumber.objects.get(source_id=source_id, number=line.key)
            cause = lock_cause(number.cause_id)
            check_writer(actor, values.unit_id, "登记")
            before = as_stored(values_of(line.key, cause, also_of([cause.pk]).get(cause.pk, ())))
            change_cause(cause, values, why="登记表更正", actor=actor, now=now)
        line.before, line.cause, line.state = before, cause, LineState.APPLIED.value
    except Refusal as refusal:
        _refuse(line, refusal)


def _refuse(line: SheetLine, refusal: Refusal) -> None:
    line.state, line.refusal = LineState.REFUSED.value, str(refusal)[:REFUSAL_LENGTH]


def as_stored(values: LineValues) -> Mapping[str, object]:
    """What was on record before a change, as the line keeps it for undoing it (改动前)."""
    return {
        "title": values.title,
        "day": values.happened_on.isoformat(),
        "entry": values.entry_code,
        "unit": values.unit_id,
        "also": list(values.also),
    }
