from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from gongkai.core.catalogue import api as catalogue
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ObligationState
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import Job, Step
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, Refusal, SomebodyWasFaster
from gongkai.lib.moments import day_of
from gongkai.producers.disclosure.actions.causes import About, Wanted, check_writer, open_duty, register
from gongkai.producers.disclosure.actions.uploads import advance, lock_upload
from gongkai.producers.disclosure.kinds import CauseOrigin, LineState, LineValues, UploadRow, UploadState
from gongkai.producers.disclosure.models import Cause, RegisteredNumber, RegisterSource, SheetLine, SheetUpload
from gongkai.producers.disclosure.queries.uploads import build_surroundings, find_registered, upload_row, values_of
from gongkai.producers.disclosure.rules.lines import judge_line, read_line

IMPORT_JOB = "disclosure.import_sheet"
UNDO_JOB = "disclosure.undo_sheet"
HUNDRED = 100
UNDO_WITHIN = timedelta(days=1)
DONE = [LineState.IMPORTED.value, LineState.APPLIED.value]
REFUSAL_LENGTH = 300


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
        _import_lines(row, lines, actor=actor, now=now)
        return Step(done=done + len(lines), total=done + left, cursor={"at": lines[-1].number})
    advance(stored, to=UploadState.IMPORTED, imported_at=now)
    audit.record(actor=actor, act="disclosure.sheet_imported", subject=stored.uuid, at=now, about={"lines": done})
    return Step(done=done, total=done)


def _import_lines(row: UploadRow, lines: list[SheetLine], *, actor: Actor, now: datetime) -> None:
    known = build_surroundings(row, [line.cells for line in lines], actor=actor, now=now)
    reads = [read_line(line.cells, row.reading, known) for line in lines]
    registered = find_registered(row.source.id, [read.key for read in reads])
    for line, read in zip(lines, reads, strict=True):
        was = LineState(line.state)
        # Judged again: since it was checked, somebody may have registered the same thing, or a right may be gone.
        state, _ = judge_line(read, registered=registered.get(read.key), first=None)
        line.state = state.value
        if read.values is None or state is LineState.SAME:
            continue
        try:
            with transaction.atomic():
                if state is LineState.READY:
                    _register_line(line, read.values, row, actor=actor, now=now)
                    registered[read.key] = read.values
                elif was is LineState.CHANGED:
                    _change_line(line, read.values, row.source.id, actor=actor, now=now)
                else:
                    raise SomebodyWasFaster("这一行刚由别人登记，内容不同。请重新核对，看清改动再导入。")
        except Refusal as refusal:
            line.state, line.refusal = LineState.REFUSED.value, str(refusal)[:REFUSAL_LENGTH]
    SheetLine.objects.bulk_update(lines, ["state", "cause", "before", "refusal"])


def _register_line(line: SheetLine, values: LineValues, row: UploadRow, *, actor: Actor, now: datetime) -> None:
    check_writer(actor, values.unit_id, "登记")
    note = f"{row.source.name}，{row.source.number_label} {values.number}"
    wanted = Wanted(catalogue.get_entry(values.entry_code), values.title, values.happened_on, values.unit_id, note, CauseOrigin.SHEET)
    line.cause, _ = register(wanted, actor=actor, now=now)
    RegisteredNumber.objects.create(source_id=row.source.id, number=line.key, cause=line.cause, noted_at=now)
    line.state = LineState.IMPORTED.value


def _change_line(line: SheetLine, values: LineValues, source_id: int, *, actor: Actor, now: datetime) -> None:
    number = RegisteredNumber.objects.get(source_id=source_id, number=line.key)
    cause = _lock_cause(number.cause_id)
    check_writer(actor, values.unit_id, "登记")
    line.before = _as_stored(values_of(line.key, cause))
    line.cause = cause
    change_cause(cause, values, why="登记表更正", actor=actor, now=now)
    line.state = LineState.APPLIED.value


def change_cause(cause: Cause, values: LineValues, *, why: str, actor: Actor, now: datetime) -> None:
    """Let a cause say what its register says now (更正事由). Another day, unit or entry is another limit: the duty is opened anew.

    The cause is locked. Raises: ActNotPossible once a text was begun or the duty is closed; NotAllowed.
    """
    check_writer(actor, cause.unit_id, "更正")
    _refuse_built_on(cause, "更正")
    old = values_of(values.number, cause)
    is_same_clock = (old.happened_on, old.entry_code, old.unit_id) == (values.happened_on, values.entry_code, values.unit_id)
    entry = catalogue.get_entry(values.entry_code)
    cause.title, cause.happened_on, cause.unit_id, cause.entry_id = values.title, values.happened_on, values.unit_id, entry.id
    before = cause.obligation_id
    if not is_same_clock and before is not None:
        ledger.cancel(obligation=before, reason=f"{why}：{_say_change(old, values)}", actor=actor, now=now)
        cause.obligation_id = None
    cause.save(update_fields=["title", "happened_on", "unit", "entry", "obligation"])
    if not is_same_clock:
        wanted = Wanted(entry, values.title, values.happened_on, values.unit_id, cause.note, CauseOrigin(cause.origin))
        open_duty(cause, wanted, actor=actor, now=now)
    elif before is not None:
        ledger.relabel(obligation=before, label=values.title, actor=actor, now=now)
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
            cause = _lock_cause(line.cause_id)
            read = read_line(line.cells, row.reading, build_surroundings(row, [line.cells], actor=actor, now=now))
            if read.values is None or values_of(read.values.number, cause) != read.values:
                raise ActNotPossible("后来又有改动，没有撤销。")
            if line.state == LineState.APPLIED.value:
                change_cause(cause, _from_stored(line.key, line.before or {}), why="撤销导入", actor=actor, now=now)
            else:
                _withdraw(cause, number, actor=actor, now=now)
            line.state, line.refusal = LineState.UNDONE.value, ""
    except Refusal as refusal:
        line.refusal = str(refusal)[:REFUSAL_LENGTH]


def _withdraw(cause: Cause, number: RegisteredNumber, *, actor: Actor, now: datetime) -> None:
    check_writer(actor, cause.unit_id, "撤销登记")
    _refuse_built_on(cause, "撤销")
    if cause.obligation_id is not None:
        ledger.cancel(obligation=cause.obligation_id, reason="撤销登记表导入", actor=actor, now=now)
    cause.withdrawn_at = now
    cause.save(update_fields=["withdrawn_at"])
    number.delete()
    audit.record(actor=actor, act="disclosure.withdraw_cause", subject=cause.uuid, at=now, about={"why": "撤销登记表导入"})


def _lock_for_job(upload_id: int) -> SheetUpload:
    """The upload with its source locked: of two imports into one register each hundred waits for the other's to end."""
    stored = SheetUpload.objects.select_related("uploaded_by").get(pk=upload_id)
    RegisterSource.objects.select_for_update().get(pk=stored.source_id)
    return SheetUpload.objects.select_related("source__unit", "uploaded_by").select_for_update(of=("self",)).get(pk=upload_id)


def _lock_cause(cause_id: int) -> Cause:
    return Cause.objects.select_for_update(of=("self",)).select_related("entry").get(pk=cause_id)


def _actor_of(stored: SheetUpload, now: datetime) -> Actor:
    """Who confirmed it, with the rights he holds today."""
    if stored.imported_by_id is None:
        raise ActNotPossible("不知道由谁导入，没有导入。请重新上传。")
    return accounts.get_actor(officer_id=stored.imported_by_id, on=day_of(now))


def _lines(row: UploadRow) -> QuerySet[SheetLine]:
    return SheetLine.objects.filter(upload_id=row.id, sheet=row.reading.sheet)


def _as_stored(values: LineValues) -> Mapping[str, object]:
    return {"title": values.title, "day": values.happened_on.isoformat(), "entry": values.entry_code, "unit": values.unit_id}


def _from_stored(number: str, stored: Mapping[str, object]) -> LineValues:
    day = date.fromisoformat(str(stored["day"]))
    return LineValues(number, str(stored["title"]), day, str(stored["entry"]), int(str(stored["unit"])))
