from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import Job, Step
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, Refusal, SomebodyWasFaster
from gongkai.lib.moments import day_of
from gongkai.producers.disclosure.actions.causes import About
from gongkai.producers.disclosure.actions.correcting import change_cause, lock_cause, withdraw
from gongkai.producers.disclosure.actions.registering import REFUSAL_LENGTH, hold_duties, import_lines
from gongkai.producers.disclosure.actions.uploads import advance, lock_upload
from gongkai.producers.disclosure.kinds import LineState, LineValues, UploadRow, UploadState
from gongkai.producers.disclosure.models import RegisteredNumber, RegisterSource, SheetLine, SheetUpload
from gongkai.producers.disclosure.queries.uploads import also_of, build_surroundings, upload_row, values_of
from gongkai.producers.disclosure.rules.lines import read_line

IMPORT_JOB = "disclosure.import_sheet"
UNDO_JOB = "disclosure.undo_sheet"
HUNDRED = 100
UNDO_WITHIN = timedelta(days=1)
DONE = [LineState.IMPORTED.value, LineState.APPLIED.value]


@transaction.atomic
def start_import(*, upload: UUID, ready: int, changes: int | None, actor: Actor, now: datetime, at_system: datetime) -> None:
    """Have the lines that can be imported registered in the background (导入).

    `ready` and `changes` are the numbers the person saw and agreed to; `changes` None: what is on record stays as it is.

    Raises: ActNotPossible when there is nothing to import; SomebodyWasFaster when the numbers are others by now.
    """
    stored = lock_upload(upload, actor=actor, states=[UploadState.CHECKED.value, UploadState.IMPORTED.value])
    counts = upload_row(stored).counts
    if ready != counts.get(LineState.READY, 0) or (changes is not None and changes != counts.get(LineState.CHANGED, 0)):
        raise SomebodyWasFaster("可以导入的行数变了，刚有人改过这份登记表。请核对现在的行数再导入。")
    if not ready and not changes:
        raise ActNotPossible("没有可以导入的行。请先改好标出来的行。")
    job = outbox.write_intent(kind=IMPORT_JOB, key=str(stored.uuid), payload={"upload": stored.pk}, at_system=at_system)
    advance(stored, to=UploadState.IMPORTING, with_changes=bool(changes), imported_by=actor.officer_id, job=job)
    about: About = {"source": stored.source.code, "ready": ready, "changes": changes or 0}
    audit.record(actor=actor, act="disclosure.import_sheet", subject=stored.uuid, at=now, about=about)


@transaction.atomic
def start_undo(*, upload: UUID, actor: Actor, now: datetime, at_system: datetime) -> None:
    """Have an import taken back in the background (撤销导入), as far as nothing was built on it: no text begun, no duty done.

    Raises: ActNotPossible more than a day after the import.
    """
    stored = lock_upload(upload, actor=actor, states=[UploadState.IMPORTED.value])
    if stored.imported_at is None or now - stored.imported_at > UNDO_WITHIN:
        raise ActNotPossible("导入已经过了一天，不能整份撤销。要撤销哪一件，请在台账里打开那一行。")
    job = outbox.write_intent(kind=UNDO_JOB, key=str(stored.uuid), payload={"upload": stored.pk}, at_system=at_system)
    advance(stored, to=UploadState.UNDOING, imported_by=actor.officer_id, job=job)
    audit.record(actor=actor, act="disclosure.undo_sheet", subject=stored.uuid, at=now, about={"source": stored.source.code})


def run_import(job: Job, at_system: datetime) -> Step:
    """The next hundred lines of an import (导入一百行), in one transaction: killed in the middle, it goes on where it was."""
    del at_system  # what it writes is dated in business time
    return _import_hundred(int(job.payload["upload"]), workdays.business_now())


def run_undo(job: Job, at_system: datetime) -> Step:
    """The next hundred lines of an undoing (撤销一百行), in one transaction."""
    del at_system
    return _undo_hundred(int(job.payload["upload"]), int(job.cursor.get("after", 0)), workdays.business_now())


@transaction.atomic
def _import_hundred(upload_id: int, now: datetime) -> Step:
    stored = _lock_for_job(upload_id)
    row = upload_row(stored)
    done = row.count(LineState.IMPORTED, LineState.APPLIED)
    if row.state is not UploadState.IMPORTING:
        return Step(done=done, total=done)
    wanted = [LineState.READY, LineState.CHANGED] if stored.with_changes else [LineState.READY]
    left = row.count(*wanted)
    actor = _actor_of(stored, now)
    lines = list(_lines(row).filter(state__in=[state.value for state in wanted]).order_by("number")[:HUNDRED])
    if lines:
        import_lines(row, lines, actor=actor, now=now)
        return Step(done=done + len(lines), total=done + left, cursor={"at": lines[-1].number})
    advance(stored, to=UploadState.IMPORTED, imported_at=now)
    audit.record(actor=actor, act="disclosure.sheet_imported", subject=stored.uuid, at=now, about={"lines": done})
    return Step(done=done, total=done)


@transaction.atomic
def _undo_hundred(upload_id: int, after: int, now: datetime) -> Step:
    stored = _lock_for_job(upload_id)
    row = upload_row(stored)
    undone = row.count(LineState.UNDONE)
    if row.state is not UploadState.UNDOING:
        return Step(done=undone, total=undone)
    whole = undone + row.count(LineState.IMPORTED, LineState.APPLIED)
    actor = _actor_of(stored, now)
    lines = list(_lines(row).filter(state__in=DONE, number__gt=after).order_by("number")[:HUNDRED])
    if lines:
        hold_duties(row.source.id, [line.key for line in lines])
        for line in lines:
            _undo_line(line, row, actor=actor, now=now)
        SheetLine.objects.bulk_update(lines, ["state", "refusal"])
        return Step(done=undone, total=whole, cursor={"after": lines[-1].number})
    is_whole = not row.count(LineState.IMPORTED, LineState.APPLIED)
    advance(stored, to=UploadState.UNDONE if is_whole else UploadState.IMPORTED)
    audit.record(actor=actor, act="disclosure.sheet_undone", subject=stored.uuid, at=now, about={"lines": undone, "left": whole - undone})
    return Step(done=undone, total=whole)


def _undo_line(line: SheetLine, row: UploadRow, *, actor: Actor, now: datetime) -> None:
    """Take one line back, or say in it why it stays."""
    try:
        with transaction.atomic():
            number = RegisteredNumber.objects.filter(source_id=row.source.id, number=line.key).first()
            if number is None or line.cause_id is None or number.cause_id != line.cause_id:
                raise ActNotPossible("后来又有改动，没有撤销。")
            cause = lock_cause(line.cause_id)
            read = read_line(line.cells, row.reading, build_surroundings(row, [line.cells], actor=actor, now=now))
            also = also_of([cause.pk]).get(cause.pk, ())
            if read.values is None or values_of(read.values.number, cause, also) != read.values:
                raise ActNotPossible("后来又有改动，没有撤销。")
            if line.state == LineState.APPLIED.value:
                change_cause(cause, _from_stored(line.key, line.before or {}), why="撤销导入", actor=actor, now=now)
            else:
                withdraw(cause, why="撤销登记表导入", actor=actor, now=now)
            line.state, line.refusal = LineState.UNDONE.value, ""
    except Refusal as refusal:
        line.refusal = str(refusal)[:REFUSAL_LENGTH]


def _lock_for_job(upload_id: int) -> SheetUpload:
    """The upload with its source locked: of two imports into one register each hundred waits for the other's to end."""
    stored = SheetUpload.objects.select_related("uploaded_by").get(pk=upload_id)
    RegisterSource.objects.select_for_update().get(pk=stored.source_id)
    return SheetUpload.objects.select_related("source__unit", "uploaded_by").select_for_update(of=("self",)).get(pk=upload_id)


def _actor_of(stored: SheetUpload, now: datetime) -> Actor:
    """Who confirmed it, with the rights he holds today."""
    if stored.imported_by_id is None:
        raise ActNotPossible("不知道由谁导入，没有导入。请重新上传。")
    return accounts.get_actor(officer_id=stored.imported_by_id, on=day_of(now))


def _lines(row: UploadRow) -> QuerySet[SheetLine]:
    return SheetLine.objects.filter(upload_id=row.id, sheet=row.reading.sheet)


def _from_stored(number: str, stored: Mapping[str, object]) -> LineValues:
    day = date.fromisoformat(str(stored["day"]))
    also = stored.get("also", ())
    others = tuple(map(str, also)) if isinstance(also, list | tuple) else ()
    return LineValues(number, str(stored["title"]), day, str(stored["entry"]), int(str(stored["unit"])), others)
