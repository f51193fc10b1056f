from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from gongkai.producers.disclosure.actions.causes import About
from gongkai.producers.disclosure.kinds import LineState, SheetField, SheetReading, SourceRow, UploadRow, UploadState
from gongkai.producers.disclosure.models import RegisterSource, SheetLine, SheetUpload
from gongkai.producers.disclosure.queries.sources import get_source, known_words
from gongkai.producers.disclosure.queries.uploads import (
    HIDDEN,
    build_surroundings,
    find_registered,
    find_width,
    list_head,
    may_see,
    upload_row,
)
from gongkai.producers.disclosure.rules.lines import ReadLine, Surroundings, judge_line, read_line
from gongkai.producers.disclosure.rules.sheets import explain_aside, find_header, guess_columns, list_known, name_columns
from gongkai.producers.disclosure.tables import Table, clean_cell, read_tables

BATCH = 1_000
KEPT = timedelta(days=30)
MAX_ASIDES = 50
NEEDED = (SheetField.NUMBER, SheetField.TITLE, SheetField.DAY)
BEFORE_IMPORT = [UploadState.READING.value, UploadState.CHECKED.value]
STILL_OPEN = [*BEFORE_IMPORT, UploadState.IMPORTED.value]
SETTLED = [LineState.IMPORTED.value, LineState.APPLIED.value, LineState.UNDONE.value]
LINE_FIELDS = ["cells", "key", "state", "refusal"]


def upload_sheet(*, source: str, name: str, data: bytes, actor: Actor, now: datetime) -> UUID:
    """Take in a sheet another system exported (上传登记表) and guess how it is read. Nothing is registered yet. Returns the upload's uuid.

    Only its lines are kept, not the file. Raises: BadInput, in words that say how to save it; NotAllowed; NotFound.
    """
    row = get_source(source)
    if actor.officer_id is None or not actor.units(Right.WRITE):
        raise NotAllowed("您没有登记的权限，不能上传登记表。要开通请找政务公开办。")
    if not row.is_active:
        raise ActNotPossible(f"“{row.name}”已经停用，不再上传。要恢复请找政务公开办。")
    tables = read_tables(name, data)
    with transaction.atomic():
        _forget_old(row, now)
        upload = SheetUpload.objects.create(
            source_id=row.id,
            file_name=name[-200:],
            digest=sha256(data).hexdigest(),
            uploaded_at=now,
            uploaded_by_id=actor.officer_id,
            sheets=[{"title": table.title[:100], "lines": len(table.lines), "is_1904": table.is_1904} for table in tables],
        )
        for sheet, table in enumerate(tables):
            _keep_lines(upload, sheet, table)
        best = max(range(len(tables)), key=lambda at: (len(guess_reading(upload.pk, row, sheet=at).columns), -at))
        upload.reading = _store(guess_reading(upload.pk, row, sheet=best))
        upload.save(update_fields=["reading"])
        about: About = {"source": source, "lines": sum(len(table.lines) for table in tables), "sha256": upload.digest}
        audit.record(actor=actor, act="disclosure.upload_sheet", subject=upload.uuid, at=now, about=about)
    return upload.uuid


def guess_reading(upload_id: int, source: SourceRow, *, sheet: int, header: Sequence[int] | None = None) -> SheetReading:
    """How a sheet is likely read (猜认列). `header`: lines that a person says hold the names; empty: there are none; None: to be found."""
    remembered = source.memory.get("columns", {})
    head = list_head(upload_id, sheet)
    lines = find_header(head, list_known(source.names, remembered)) if header is None else tuple(header)
    names = name_columns([cells for number, cells in head if number in lines], find_width(upload_id, sheet))
    return SheetReading(
        sheet=sheet,
        header=lines,
        names=names,
        columns=guess_columns(names, remembered, source.names),
        entry=source.entries[0].code if len(source.entries) == 1 else "",
        kinds=known_words(source),
        units={word: int(unit) for word, unit in source.memory.get("units", {}).items()},
    )


@transaction.atomic
def set_reading(*, upload: UUID, reading: SheetReading, actor: Actor, now: datetime) -> None:
    """Say which column says what (认列), remember it for the source, and check every line (核对).

    Raises: BadInput when a needed column is missing or one column is used twice; ActNotPossible once something was imported.
    """
    stored = lock_upload(upload, actor=actor, states=BEFORE_IMPORT)
    source = get_source(stored.source.code)
    for part in NEEDED:
        if part not in reading.columns:
            label = source.number_label if part is SheetField.NUMBER else part.label
            raise BadInput(f"请选哪一列是“{label}”。没有这一列的登记表不能导入。", field=part.value)
    if len(set(reading.columns.values())) < len(reading.columns):
        raise BadInput("同一列不能当两样用。请核对各列。", field=SheetField.TITLE.value)
    if SheetField.KIND not in reading.columns and not reading.entry:
        raise BadInput("请选这份表登记成哪一项公开事项，或选哪一列写着类别。", field=SheetField.KIND.value)
    _remember(source, reading)
    stored.reading = _store(reading)
    stored.state = UploadState.CHECKED.value
    stored.save(update_fields=["reading", "state"])
    _check_all(stored, actor=actor, now=now)
    audit.record(actor=actor, act="disclosure.read_columns", subject=stored.uuid, at=now, about={"source": source.code})


@transaction.atomic
def recheck(*, upload: UUID, actor: Actor, now: datetime) -> None:
    """Check every line again that is not registered by this sheet (重新核对), against what is on record now."""
    _check_all(lock_upload(upload, actor=actor, states=STILL_OPEN), actor=actor, now=now)


@transaction.atomic
def edit_lines(*, upload: UUID, edits: Mapping[int, Mapping[int, str]], actor: Actor, now: datetime) -> int:
    """Change cells of lines that cannot be imported as they are (改行), by line id and column, and check them again.

    Returns how many changed.

    Raises: NotFound; ActNotPossible while it is being imported.
    """
    stored = lock_upload(upload, actor=actor, states=STILL_OPEN)
    row = upload_row(stored, {})
    lines = _lines_of(stored).filter(pk__in=edits.keys(), state__in=[LineState.ERROR.value, LineState.REFUSED.value])
    changed: list[SheetLine] = []
    for line in lines:
        cells = list(line.cells)
        for at, text in edits[line.pk].items():
            if 0 <= at < len(row.reading.names):
                cells += [""] * (at + 1 - len(cells))
                cells[at] = clean_cell(text)
        if cells != line.cells:
            line.cells = cells
            changed.append(line)
    if changed:
        SheetLine.objects.bulk_update(changed, ["cells"])
        known = build_surroundings(row, [line.cells for line in changed], actor=actor, now=now)
        keys = {line.key for line in changed} | {read_line(line.cells, row.reading, known).key for line in changed}
        wanted = Q(pk__in=[line.pk for line in changed]) | Q(key__in=keys - {""})
        _check(
            row, list(_lines_of(stored).filter(wanted).exclude(state=LineState.ASIDE.value).order_by("number")), {}, actor=actor, now=now
        )
        audit.record(actor=actor, act="disclosure.edit_sheet", subject=stored.uuid, at=now, about={"lines": len(changed)})
    return len(changed)


@transaction.atomic
def discard(*, upload: UUID, actor: Actor, now: datetime) -> None:
    """Throw an uploaded sheet away (放弃): its lines are deleted. Raises: ActNotPossible once something was imported."""
    stored = lock_upload(upload, actor=actor, states=BEFORE_IMPORT)
    stored.state = UploadState.DISCARDED.value
    stored.save(update_fields=["state"])
    stored.lines.all().delete()
    audit.record(actor=actor, act="disclosure.discard_sheet", subject=stored.uuid, at=now)


def lock_upload(uuid: UUID, *, actor: Actor, states: Sequence[str]) -> SheetUpload:
    """The upload, held until the transaction ends. Raises: NotFound for one he may not see; ActNotPossible in another state."""
    stored = SheetUpload.objects.select_for_update(of=("self",)).select_related("source__unit", "uploaded_by").filter(uuid=uuid).first()
    if stored is None or not may_see(stored, actor):
        raise NotFound(HIDDEN)
    if stored.state not in states:
        raise ActNotPossible(f"这份登记表{UploadState(stored.state).label}，现在不能这样做。请刷新后再看。")
    return stored


def advance(stored: SheetUpload, *, to: UploadState, **values: Any) -> None:
    """Move an upload on from the state it was read in. Raises: SomebodyWasFaster."""
    if SheetUpload.objects.filter(pk=stored.pk, state=stored.state).update(state=to.value, **values) != 1:
        raise SomebodyWasFaster("这份登记表刚被别人动过。请刷新后再看。")


def _keep_lines(upload: SheetUpload, sheet: int, table: Table) -> None:
    lines = (SheetLine(upload=upload, sheet=sheet, number=number, cells=cells) for number, cells in table.lines)
    while batch := list(islice(lines, BATCH)):
        SheetLine.objects.bulk_create(batch)


def _forget_old(source: SourceRow, now: datetime) -> None:
    """Delete lines that name people and are no longer needed: of sheets imported, or left lying, more than thirty days ago."""
    old = SheetUpload.objects.filter(source_id=source.id, uploaded_at__lt=now - KEPT).exclude(
        state__in=[UploadState.IMPORTING.value, UploadState.UNDOING.value]
    )
    SheetLine.objects.filter(upload__in=old).delete()


def _store(reading: SheetReading) -> dict[str, Any]:
    return {
        "sheet": reading.sheet,
        "header": list(reading.header),
        "names": list(reading.names),
        "columns": {part.value: at for part, at in reading.columns.items()},
        "entry": reading.entry,
        "unit_id": reading.unit_id,
        "kinds": dict(reading.kinds),
        "units": dict(reading.units),
    }


def _remember(source: SourceRow, reading: SheetReading) -> None:
    memory = {
        "columns": {part.value: reading.names[at] for part, at in reading.columns.items() if at < len(reading.names)},
        "kinds": dict(reading.kinds),
        "units": dict(reading.units),
    }
    RegisterSource.objects.filter(pk=source.id).update(memory=memory)


def _lines_of(stored: SheetUpload) -> QuerySet[SheetLine]:
    return SheetLine.objects.filter(upload_id=stored.pk, sheet=stored.reading["sheet"])


def _check_all(stored: SheetUpload, *, actor: Actor, now: datetime) -> None:
    row = upload_row(stored, {})
    header = [line for line in list_head(stored.pk, row.reading.sheet) if line[0] in row.reading.header]
    seen: dict[str, tuple[int, ReadLine]] = {}
    asides: list[tuple[int, str, str]] = []
    for batch in _batches(_lines_of(stored).order_by("number")):
        data = []
        for line in batch:
            why = explain_aside(line.number, line.cells, header)
            if why:
                line.state, line.key = LineState.ASIDE.value, ""
                if why != "表头":
                    asides.append((line.number, why, " ".join(dict.fromkeys(cell for cell in line.cells if cell))[:80]))
            else:
                data.append(line)
        _write([line for line in batch if line.state == LineState.ASIDE.value])
        _check(row, data, seen, actor=actor, now=now)
    SheetUpload.objects.filter(pk=stored.pk).update(asides=asides[:MAX_ASIDES])


def _batches(lines: QuerySet[SheetLine]) -> Iterator[list[SheetLine]]:
    """The lines in batches by number: what is written meanwhile does not disturb the reading."""
    after = 0
    while batch := list(lines.filter(number__gt=after)[:BATCH]):
        yield batch
        after = batch[-1].number


def _check(row: UploadRow, lines: list[SheetLine], seen: dict[str, tuple[int, ReadLine]], *, actor: Actor, now: datetime) -> None:
    """Judge lines in the order of their numbers. `seen` holds the first readable line for each number so far and is added to."""
    known: Surroundings = build_surroundings(row, [line.cells for line in lines], actor=actor, now=now)
    reads = [read_line(line.cells, row.reading, known) for line in lines]
    registered = find_registered(row.source.id, [read.key for read in reads])
    changed = []
    for line, read in zip(lines, reads, strict=True):
        first = seen.get(read.key) if read.key else None
        if read.values is not None:
            seen.setdefault(read.key, (line.number, read))
        if line.state in SETTLED:
            continue
        state, _ = judge_line(read, registered=registered.get(read.key), first=first)
        line.state, line.key, line.refusal = state.value, read.key[:120], ""
        changed.append(line)
    _write(changed)


def _write(lines: Sequence[SheetLine]) -> None:
    """Many lines at once: an upsert by their ids is ten times as fast as bulk_update."""
    SheetLine.objects.bulk_create(lines, update_conflicts=True, update_fields=LINE_FIELDS, unique_fields=["id"], batch_size=BATCH)
