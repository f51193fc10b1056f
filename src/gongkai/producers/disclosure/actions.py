from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from gongkai.core.catalogue import api as catalogue
from gongkai.core.catalogue.kinds import EntryRow
from gongkai.core.ledger import api as ledger
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import DraftContent, Origin
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, Refusal, SomebodyWasFaster
from gongkai.lib.moments import day_of
from gongkai.producers.disclosure.duties import PUBLISH
from gongkai.producers.disclosure.kinds import CauseOrigin, CauseRow, FoundFile, ImportedRow, ImportReport, RefusedRow
from gongkai.producers.disclosure.models import Cause, ImportedDocument
from gongkai.producers.disclosure.queries import cause_row, counts_back, is_imported
from gongkai.producers.disclosure.reading import Document, read_document
from gongkai.producers.disclosure.rules import check_cause, check_entry, find_day

EVENT_UNKNOWN = "期限从活动开始之日往前倒数，文件里没有写这一天，不起算。"


@transaction.atomic
def register_cause(*, entry_code: str, title: str, happened_on: date, unit_id: int, note: str, actor: Actor, now: datetime) -> CauseRow:
    """Register something that has to be made public (登记应公开事项) and open the duty to do so.

    Where the entry has no limit that can be computed, the cause stands without a duty: `obligation` is None.

    Raises: BadInput; NotFound; NotAllowed.
    Legal source: OGIR art. 26
    """
    entry = catalogue.get_entry(entry_code)
    check_entry(entry)
    may_lie_ahead = counts_back(entry_code=entry.code, happened_on=happened_on, now=now)
    check_cause(title=title, happened_on=happened_on, today=day_of(now), may_lie_ahead=may_lie_ahead)
    _check_writer(actor, unit_id, "登记")
    wanted = _Wanted(entry, " ".join(title.split()), happened_on, unit_id, note.strip(), CauseOrigin.REGISTERED)
    cause, _ = _register(wanted, actor=actor, now=now)
    return cause_row(cause)


@transaction.atomic
def start_writing(*, cause: UUID, actor: Actor, now: datetime) -> UUID:
    """Begin the text of a cause (起草), filled with what the cause knows. Returns the publication; the same one when it was begun before.

    Raises: NotAllowed; SomebodyWasFaster when a colleague began it at this moment.
    """
    row = Cause.objects.select_related("entry").get(uuid=cause)
    _check_writer(actor, row.unit_id, "起草")
    if row.publication_id:
        return row.publication_id
    publication = publishing.start_draft(
        entry_code=row.entry.code,
        unit_id=row.unit_id,
        content=DraftContent(title=row.title),
        actor=actor,
        now=now,
        obligation=row.obligation_id,
    )
    _link(row, publication)
    audit.record(actor=actor, act="disclosure.write", subject=row.uuid, at=now, about={"publication": str(publication)})
    return publication


def import_documents(*, documents: Iterable[FoundFile], actor: Actor, now: datetime, dry_run: bool = False) -> ImportReport:
    """Take in finished documents (导入历史文件): each becomes a cause, registered afterwards, and a draft. Again makes no doubles.

    One transaction a document: what is in stays in when a later one fails. `dry_run` does the same and keeps nothing.
    """
    imported: list[ImportedRow] = []
    known: list[str] = []
    refused: list[RefusedRow] = []
    seen: set[str] = set()
    for file in documents:
        try:
            document = read_document(file.name, file.data)
            if document.digest in seen or is_imported(document.digest):
                known.append(file.name)
                continue
            imported.append(_import(file.name, document, actor=actor, now=now, dry_run=dry_run))
            seen.add(document.digest)
        except Refusal as refusal:
            refused.append(RefusedRow(file.name, str(refusal)))
        except IntegrityError:
            refused.append(RefusedRow(file.name, "同一份文件刚由别人导入，请再导一次核对。"))
    return ImportReport(tuple(imported), tuple(known), tuple(refused))


@dataclass(frozen=True)
class _Wanted:
    """What a cause is to say. `no_duty`: why it opens none; empty: the ledger is asked."""

    entry: EntryRow
    title: str
    happened_on: date
    unit_id: int
    note: str
    origin: CauseOrigin
    no_duty: str = ""


@transaction.atomic
def _import(name: str, document: Document, *, actor: Actor, now: datetime, dry_run: bool) -> ImportedRow:
    entry = _choose_entry(document)
    unit = organisations.find_unit_by_usual_name(entry.owner_usual_name)
    if unit is None:
        raise BadInput(f"“{entry.name}”由“{entry.owner_usual_name}”承办，机构里没有单位用这个通称：请在单位表的通称里补上。")
    _check_writer(actor, unit.id, "导入")
    day = find_day(document.date_text, day_of(now))
    remarks = [document.remark, day.remark]
    # A finished text tells its own day, not that of the auction or hearing from which its limit is counted back.
    no_duty = EVENT_UNKNOWN if counts_back(entry_code=entry.code, happened_on=day.caused_on, now=now) else ""
    wanted = _Wanted(entry, document.title, day.caused_on, unit.id, "".join(remarks), CauseOrigin.IMPORTED, no_duty)
    cause, no_duty = _register(wanted, actor=actor, now=now)
    publication = publishing.start_draft(
        entry_code=entry.code,
        unit_id=unit.id,
        content=DraftContent(
            title=document.title, document_number=document.document_number, body_html=document.body, formed_date=day.formed_on
        ),
        actor=actor,
        now=now,
        obligation=cause.obligation_id,
        origin=Origin.IMPORTED,
        source=document.source,
    )
    _link(cause, publication)
    ImportedDocument.objects.create(digest=document.digest, name=name[-255:], cause=cause, imported_at=now)
    if dry_run:
        transaction.set_rollback(True)
    return ImportedRow(name, document.title, entry.code, entry.name, "".join([*remarks, no_duty]))


def _choose_entry(document: Document) -> EntryRow:
    entry = catalogue.get_entry(document.entry_code) if document.entry_code else catalogue.find_entry_by_title(document.title)
    if entry is None:
        raise BadInput(f"从标题“{document.title}”看不出是哪一项公开事项：请在文件开头写一行“# entry: 事项代码”。")
    check_entry(entry)
    return entry


def _register(wanted: _Wanted, *, actor: Actor, now: datetime) -> tuple[Cause, str]:
    """The cause and its duty. The second value says why there is no duty; empty when there is one."""
    cause = Cause.objects.create(
        entry_id=wanted.entry.id,
        title=wanted.title,
        happened_on=wanted.happened_on,
        unit_id=wanted.unit_id,
        registered_at=now,
        registered_by_id=actor.officer_id,
        note=wanted.note,
        origin=wanted.origin.value,
    )
    reason = wanted.no_duty or _open_duty(cause, wanted, actor=actor, now=now)
    audit.record(
        actor=actor,
        act="disclosure.import" if wanted.origin is CauseOrigin.IMPORTED else "disclosure.register",
        subject=cause.uuid,
        at=now,
        about={"entry": wanted.entry.code, "happened_on": wanted.happened_on.isoformat(), "unit": wanted.unit_id},
    )
    return cause, reason


def _open_duty(cause: Cause, wanted: _Wanted, *, actor: Actor, now: datetime) -> str:
    """Open the duty of a cause. Returns why there is none; empty when there is one."""
    try:
        cause.obligation_id = ledger.open_obligation(
            duty=PUBLISH,
            entry=wanted.entry.code,
            subject=cause.uuid,
            label=wanted.title,
            unit_id=wanted.unit_id,
            caused_on=wanted.happened_on,
            actor=actor,
            now=now,
        ).uuid
    except ActNotPossible as refusal:
        return str(refusal)
    cause.save(update_fields=["obligation"])
    return ""


def _link(cause: Cause, publication: UUID) -> None:
    """Tie the text to its cause, once: of two people pressing together one is told."""
    if Cause.objects.filter(pk=cause.pk, publication=None).update(publication=publication) != 1:
        raise SomebodyWasFaster("这件事刚由同事开始起草，请刷新后打开那份文稿。")


def _check_writer(actor: Actor, unit_id: int, act: str) -> None:
    if not actor.may(Right.WRITE, unit_id):
        raise NotAllowed(f"您没有替这个单位{act}的权限。要开通请找政务公开办。")
