from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from gongkai.core.catalogue import api as catalogue
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import LimitUnit
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import day_of
from gongkai.producers.disclosure.kinds import (
    CellView,
    Difference,
    LineState,
    LineValues,
    LineView,
    SheetField,
    SheetReading,
    SourceRow,
    UnknownWord,
    UploadRow,
    UploadState,
)
from gongkai.producers.disclosure.models import Cause, RegisteredNumber, SheetLine, SheetUpload
from gongkai.producers.disclosure.queries.causes import counts_back
from gongkai.producers.disclosure.queries.sources import source_row
from gongkai.producers.disclosure.rules.lines import KnownEntry, ReadLine, Surroundings, judge_line, list_differences, read_line

PAGE_SIZE = 25
SAMPLE = 5
MAX_WORDS = 30
MOST_NAMES = 2_000
HIDDEN = "没有这份登记表，请从登记来源里打开。"


def get_upload(uuid: UUID, *, actor: Actor) -> UploadRow:
    """One uploaded sheet (上传的登记表), for its uploader and for those who register for the unit that uploads it.

    Raises: NotFound, also for others: a sheet names people.
    """
    upload = _whole().filter(uuid=uuid).first()
    if upload is None or not may_see(upload, actor):
        raise NotFound(HIDDEN)
    return upload_row(upload)


def may_see(upload: SheetUpload, actor: Actor) -> bool:
    """Whether somebody may see a sheet. Its source is loaded."""
    return upload.uploaded_by_id == actor.officer_id or actor.may(Right.WRITE, upload.source.unit_id)


def list_uploads(*, source: SourceRow, actor: Actor, size: int = 10) -> list[UploadRow]:
    """The last sheets of a source that this person may see (最近的登记表), newest first; those that were thrown away are left out."""
    uploads = _whole().filter(source_id=source.id).exclude(state=UploadState.DISCARDED.value)
    if not actor.may(Right.WRITE, source.unit_id):
        uploads = uploads.filter(uploaded_by_id=actor.officer_id)
    found = list(uploads.order_by("-uploaded_at", "-id")[:size])
    counts = _count([upload.pk for upload in found])
    return [upload_row(upload, counts) for upload in found]


def find_same_file(*, upload: UploadRow) -> datetime | None:
    """When the very same file was uploaded before (同一份文件); None when it was not."""
    digest = SheetUpload.objects.values_list("digest", flat=True).get(pk=upload.id)
    before = SheetUpload.objects.filter(source_id=upload.source.id, digest=digest, id__lt=upload.id)
    return before.order_by("-uploaded_at", "-id").values_list("uploaded_at", flat=True).first()


def list_sample(upload: UploadRow, *, sheet: int, header: Sequence[int], size: int = SAMPLE) -> list[tuple[int, tuple[str, ...]]]:
    """The first lines below the header (前几行), for judging the columns: number and cells."""
    lines = SheetLine.objects.filter(upload_id=upload.id, sheet=sheet, number__gt=max(header, default=0)).order_by("number")[:size]
    return [(line.number, tuple(line.cells)) for line in lines]


def list_head(upload_id: int, sheet: int, size: int = 20) -> list[tuple[int, list[str]]]:
    """The first lines of a sheet that hold something (前二十行), among which the header stands."""
    lines = SheetLine.objects.filter(upload_id=upload_id, sheet=sheet).order_by("number")[:size]
    return [(line.number, list(line.cells)) for line in lines]


def find_width(upload_id: int, sheet: int) -> int:
    """How many columns the first lines of a sheet have (列数)."""
    return max((len(cells) for _, cells in list_head(upload_id, sheet, 200)), default=0)


def list_unknown_words(upload: UploadRow) -> list[UnknownWord]:
    """Words of the kind and unit columns that nobody knows (认不得的写法), the most frequent first. One pass over the lines in error."""
    parts = [part for part in (SheetField.KIND, SheetField.UNIT) if part in upload.reading.columns]
    counts: Counter[tuple[SheetField, str]] = Counter()
    if parts:
        lines = _lines(upload).filter(state=LineState.ERROR.value)
        for cells in lines.values_list("cells", flat=True).iterator(chunk_size=2000):
            for part in parts:
                at = upload.reading.columns[part]
                if at < len(cells) and cells[at]:
                    counts[part, cells[at]] += 1
    names = find_units(word for part, word in counts if part is SheetField.UNIT)
    known = {(SheetField.KIND, word) for word in upload.reading.kinds} | {
        (SheetField.UNIT, word) for word in {*upload.reading.units, *names}
    }
    found = [(part, word, number) for (part, word), number in counts.most_common() if (part, word) not in known]
    return [UnknownWord(part, word, number) for part, word, number in found[:MAX_WORDS]]


def list_lines(
    *, upload: UploadRow, states: Sequence[LineState], actor: Actor, now: datetime, after: int = 0, size: int = PAGE_SIZE
) -> tuple[list[LineView], int | None]:
    """Lines in some states with what is wrong or new about them (登记表的行), by number, and the number after which more follow."""
    rows = _lines(upload).filter(state__in=[state.value for state in states], number__gt=after).select_related("cause")
    found = list(rows.order_by("number")[: size + 1])
    views = view_lines(found[:size], upload=upload, actor=actor, now=now)
    return views, found[size - 1].number if len(found) > size else None


def view_lines(lines: Sequence[SheetLine], *, upload: UploadRow, actor: Actor, now: datetime) -> list[LineView]:
    """Lines as a page shows them. The same number of queries for any number of lines."""
    known = build_surroundings(upload, [line.cells for line in lines], actor=actor, now=now)
    registered = find_registered(upload.source.id, [line.key for line in lines])
    firsts = _find_firsts(upload, lines, known)
    codes = {*known.entries, *(code for entry in known.entries.values() for code in entry.also)}
    codes |= {code for values in registered.values() for code in values.also}
    entries = {code: catalogue.get_entry(code).name for code in codes}
    return [_view(line, upload, known, registered, firsts, entries) for line in lines]


def _view(
    line: SheetLine,
    upload: UploadRow,
    known: Surroundings,
    registered: Mapping[str, LineValues],
    firsts: Mapping[str, tuple[int, ReadLine]],
    entries: Mapping[str, str],
) -> LineView:
    read = read_line(line.cells, upload.reading, known)
    old = registered.get(read.key)
    first = firsts.get(read.key)
    _, problems = judge_line(read, registered=old, first=first if first and first[0] < line.number else None)
    is_open = line.state in {LineState.ERROR.value, LineState.REFUSED.value}
    words = {problem.field: problem.words for problem in problems} if is_open else {}
    cells = tuple(_cell(part, line.cells, upload.reading, words) for part in SheetField if part in upload.reading.columns or part in words)
    differences: tuple[Difference, ...] = ()
    if line.state == LineState.CHANGED.value and old is not None and read.values is not None:
        differences = list_differences(old, read.values, entries, known.unit_names)
    return LineView(
        id=line.pk,
        number=line.number,
        key=line.key,
        state=LineState(line.state),
        cells=cells,
        texts=tuple(line.cells),
        differences=differences,
        words=line.refusal,
        cause=line.cause.uuid if line.cause else None,
    )


def _cell(part: SheetField, cells: Sequence[str], reading: SheetReading, words: Mapping[SheetField, str]) -> CellView:
    at = reading.columns.get(part)
    text = cells[at] if at is not None and at < len(cells) else ""
    return CellView(part, at, text, words.get(part, ""))


def build_surroundings(upload: UploadRow, cells: Iterable[Sequence[str]], *, actor: Actor, now: datetime) -> Surroundings:
    """What lines are checked against (核对依据): today's catalogue, units and rights."""
    at = upload.reading.columns.get(SheetField.UNIT)
    names = find_units(line[at] for line in cells if at is not None and at < len(line))
    units = {unit.id: unit.short_name for unit in organisations.list_units()}
    return Surroundings(
        today=day_of(now),
        entries={entry.code: entry for entry in _known_entries(upload.source, now)},
        units=names,
        unit_names=units,
        writable=actor.units(Right.WRITE) & units.keys(),
        number_label=upload.source.number_label,
        is_1904=upload.is_1904,
    )


def find_units(names: Iterable[str]) -> dict[str, int]:
    """Units that answer to names a sheet uses (单位名称), by name; unknown names are left out."""
    found = {}
    for name in list(dict.fromkeys(name for name in names if name))[:MOST_NAMES]:
        unit = organisations.find_unit_by_usual_name(name)
        if unit is not None:
            found[name] = unit.id
    return found


def _known_entries(source: SourceRow, now: datetime) -> list[KnownEntry]:
    known = []
    for row in source.entries:
        entry = catalogue.get_entry(row.code)
        unit = organisations.find_unit_by_usual_name(entry.owner_usual_name)
        back = counts_back(entry_code=entry.code, happened_on=day_of(now), now=now)
        also = tuple(sorted(code for code in row.also if catalogue.get_entry(code).is_active))
        known.append(KnownEntry(entry.code, entry.name, entry.is_active, back, unit.id if unit else None, also))
    return known


def find_registered(source_id: int, keys: Iterable[str]) -> dict[str, LineValues]:
    """What is on record under numbers of a source (已登记), by number. One query for each thousand."""
    wanted = [key for key in dict.fromkeys(keys) if key]
    found: dict[str, LineValues] = {}
    for begin in range(0, len(wanted), 1000):
        rows = RegisteredNumber.objects.filter(source_id=source_id, number__in=wanted[begin : begin + 1000]).select_related("cause__entry")
        also = also_of([row.cause_id for row in rows])
        found |= {row.number: values_of(row.number, row.cause, also.get(row.cause_id, ())) for row in rows}
    return found


def also_of(cause_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """What registered things owe besides (同时要公开的事项): codes of entries in their order, by cause. One query."""
    found: dict[int, tuple[str, ...]] = {}
    rows = Cause.objects.filter(registered_with__in=cause_ids, withdrawn_at=None).order_by("entry__code")
    for cause, code in rows.values_list("registered_with", "entry__code"):
        if cause is not None:
            found[cause] = (*found.get(cause, ()), code)
    return found


def values_of(number: str, cause: Cause, also: tuple[str, ...] = ()) -> LineValues:
    """What a registered thing says, as a line would say it. Its entry is loaded."""
    return LineValues(number, cause.title, cause.happened_on, cause.entry.code, cause.unit_id, also)


def _find_firsts(upload: UploadRow, lines: Sequence[SheetLine], known: Surroundings) -> dict[str, tuple[int, ReadLine]]:
    """The first readable line of the sheet for each number that occurs among some lines."""
    keys = {line.key for line in lines if line.key and line.state == LineState.ERROR.value}
    firsts: dict[str, tuple[int, ReadLine]] = {}
    if keys:
        others = _lines(upload).filter(key__in=keys).exclude(state=LineState.ASIDE.value).order_by("number")[:5000]
        for other in others:
            if other.key not in firsts:
                read = read_line(other.cells, upload.reading, known)
                if read.values is not None:
                    firsts[other.key] = (other.number, read)
    return firsts


def list_without_clock(upload: UploadRow, now: datetime) -> list[str]:
    """Names of the source's entries whose limit cannot be computed (没有可以计算的期限): their rows are registered, but no clock runs."""
    names = []
    for entry in upload.source.entries:
        terms = ledger.find_terms(entry=entry.code, on=day_of(now))
        if terms is None or terms.limit_text == LimitUnit.NONE.value.lower() or terms.limit_text.startswith("cadence:"):
            names.append(entry.name)
    return names


def list_together(upload: UploadRow) -> list[tuple[str, tuple[str, ...]]]:
    """What one row registers besides, by the source's entry (一行登记几项): names of entries."""
    found = [(entry.name, tuple(catalogue.get_entry(code).name for code in entry.also)) for entry in upload.source.entries]
    return [(name, others) for name, others in found if others]


def _lines(upload: UploadRow) -> Any:
    return SheetLine.objects.filter(upload_id=upload.id, sheet=upload.reading.sheet)


def _whole() -> Any:
    return SheetUpload.objects.select_related("source__unit", "uploaded_by").prefetch_related("source__entries__entry")


def _count(ids: Sequence[int]) -> dict[tuple[int, int], dict[LineState, int]]:
    counts: dict[tuple[int, int], dict[LineState, int]] = {}
    found = SheetLine.objects.filter(upload_id__in=ids).order_by().values_list("upload_id", "sheet", "state").annotate(Count("id"))
    for upload, sheet, state, number in found:
        counts.setdefault((upload, sheet), {})[LineState(state)] = number
    return counts


def upload_row(upload: SheetUpload, counts: Mapping[tuple[int, int], Mapping[LineState, int]] | None = None) -> UploadRow:
    """An upload as others see it. Source and uploader are loaded; the lines are counted unless that was done for many."""
    reading = read_reading(upload.reading)
    counted = _count([upload.pk]) if counts is None else counts
    sheet = upload.sheets[reading.sheet] if reading.sheet < len(upload.sheets) else {}
    return UploadRow(
        id=upload.pk,
        uuid=upload.uuid,
        source=source_row(upload.source),
        file_name=upload.file_name,
        uploaded_at=upload.uploaded_at,
        uploaded_by=upload.uploaded_by.name,
        state=UploadState(upload.state),
        sheets=tuple(one["title"] for one in upload.sheets),
        reading=reading,
        asides=tuple((number, why, text) for number, why, text in upload.asides),
        counts=counted.get((upload.pk, reading.sheet), {}),
        with_changes=upload.with_changes,
        imported_at=upload.imported_at,
        job=upload.job,
        is_1904=bool(sheet.get("is_1904")),
    )


def read_reading(stored: Mapping[str, Any]) -> SheetReading:
    """A reading as it is stored with an upload."""
    return SheetReading(
        sheet=stored.get("sheet", 0),
        header=tuple(stored.get("header", ())),
        names=tuple(stored.get("names", ())),
        columns={SheetField(name): at for name, at in stored.get("columns", {}).items()},
        entry=stored.get("entry", ""),
        unit_id=stored.get("unit_id"),
        kinds=stored.get("kinds", {}),
        units=stored.get("units", {}),
    )
