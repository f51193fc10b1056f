from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongkai.core.catalogue import api as catalogue
from gongkai.core.catalogue.kinds import EntryRow
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import DraftContent, Origin
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import UnitRow
from gongkai.lib.errors import BadInput, NotAllowed, Refusal
from gongkai.lib.moments import day_of
from gongkai.producers.disclosure.actions.causes import Wanted, link, register
from gongkai.producers.disclosure.kinds import CauseOrigin, FoundFile, ImportedRow, ImportReport, RefusedRow
from gongkai.producers.disclosure.models import ImportedDocument
from gongkai.producers.disclosure.queries import counts_back, is_imported
from gongkai.producers.disclosure.reading import Document, read_document
from gongkai.producers.disclosure.rules import check_entry, find_day

DAY_UNKNOWN = "不知道从哪天起算，期限不起算，台账上不算按时也不算逾期。"
EVENT_UNKNOWN = "期限从活动开始之日往前倒数，文件里没有写这一天，不起算。"


def import_documents(*, documents: Iterable[FoundFile], actor: Actor, now: datetime, dry_run: bool = False) -> ImportReport:
    """Take in finished documents (导入历史文件): each becomes a cause, registered afterwards, and a draft. Again makes no doubles.

    One transaction a document: what is in stays in when a later one fails. `dry_run` does the same and keeps nothing.

    A document that does not say its day is taken in, with a remark, but opens no duty: counted from the day of the import its release
    would look punctual (按时), which nobody knows. A day that cannot be, or lies ahead, is refused.
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


@transaction.atomic
def _import(name: str, document: Document, *, actor: Actor, now: datetime, dry_run: bool) -> ImportedRow:
    entry = _choose_entry(document)
    unit = organisations.find_unit_by_usual_name(entry.owner_usual_name)
    if unit is None:
        raise BadInput(f"“{entry.name}”由“{entry.owner_usual_name}”承办，机构里没有单位用这个通称：请在单位表的通称里补上。")
    if not actor.may(Right.WRITE, unit.id):
        raise _not_allowed(entry, unit, actor, on=day_of(now))
    day = find_day(document.date_text, day_of(now))
    remarks = [document.remark, day.remark]
    # A finished text tells its own day, not that of the auction or hearing from which its limit is counted back.
    no_duty = EVENT_UNKNOWN if counts_back(entry_code=entry.code, happened_on=day.caused_on, now=now) else ""
    no_duty = no_duty or ("" if day.is_known else DAY_UNKNOWN)
    wanted = Wanted(entry, document.title, day.caused_on, unit.id, "".join(remarks), CauseOrigin.IMPORTED, no_duty)
    cause, no_duty = register(wanted, actor=actor, now=now)
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
    link(cause, publication, now)
    ImportedDocument.objects.create(digest=document.digest, name=name[-255:], cause=cause, imported_at=now)
    if dry_run:
        transaction.set_rollback(True)
    return ImportedRow(name, document.title, entry.code, entry.name, "".join([*remarks, no_duty]))


def _not_allowed(entry: EntryRow, unit: UnitRow, actor: Actor, *, on: date) -> NotAllowed:
    able = "、".join(accounts.list_holders(right=Right.WRITE, unit_id=unit.id, on=on)) or "没有人；请安全管理员给岗位授权"
    return NotAllowed(
        f"“{entry.name}”（{entry.code}）由{unit.name}承办，{actor.name}没有替这个单位导入的权限。可以导入的是{able}：请用 --as 写他的姓名。"
    )


def _choose_entry(document: Document) -> EntryRow:
    entry = catalogue.get_entry(document.entry_code) if document.entry_code else catalogue.find_entry_by_title(document.title)
    if entry is None:
        raise BadInput(f"从标题“{document.title}”看不出是哪一项公开事项：请在文件开头写一行“# entry: 事项代码”。")
    check_entry(entry)
    return entry
