from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from gongkai.core.catalogue import api as catalogue
from gongkai.core.catalogue.kinds import EntryRow
from gongkai.core.ledger import api as ledger
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound
from gongkai.lib.moments import day_of
from gongkai.lib.paging import Cursor, Page
from gongkai.producers.disclosure.kinds import CauseOrigin, CausePage, CauseRow, Preview
from gongkai.producers.disclosure.models import Cause, ImportedDocument
from gongkai.producers.disclosure.rules import check_cause, explain_day, say_last_day


def get_cause(uuid: UUID) -> CauseRow:
    """One cause (事由).

    Raises: NotFound.
    """
    cause = Cause.objects.select_related("entry", "unit", "registered_by").filter(uuid=uuid).first()
    if cause is None:
        raise NotFound("没有这件应公开事项，请从列表里打开。")
    return cause_row(cause)


def list_causes(*, unit_ids: Collection[int], after: Cursor | None = None, size: int = 30) -> Page[CauseRow]:
    """Causes of some units (应公开事项), last registered first. `after` is the cursor of the page before; None is the first page."""
    causes = Cause.objects.select_related("entry", "unit", "registered_by").filter(unit_id__in=unit_ids, withdrawn_at=None)
    if after is not None:
        causes = causes.filter(Q(registered_at__lt=after.at) | Q(registered_at=after.at, id__lt=after.id))
    found = list(causes.order_by("-registered_at", "-id")[: size + 1])
    rows = tuple(cause_row(cause) for cause in found[:size])
    return Page(rows, Cursor(rows[-1].registered_at, rows[-1].id) if len(found) > size else None)


def get_cause_page(*, uuid: UUID, now: datetime) -> CausePage:
    """One cause with its entry and its duty as it stands now (事由页).

    Raises: NotFound.
    """
    cause = get_cause(uuid)
    entry = catalogue.get_entry(cause.entry_code)
    if cause.obligation is None:
        return CausePage(cause, entry)
    obligation = ledger.get_obligation(cause.obligation, now=now)
    chip = ledger.chip_of(obligation, now, workdays.get_calendar())
    receipt = ledger.get_receipt(uuid=obligation.uuid, now=now)
    return CausePage(cause, entry, obligation, chip, say_last_day(receipt, day_of(now)))


def preview_limit(*, entry_code: str, happened_on: date, today: date, now: datetime) -> Preview:
    """The limit a cause of that day would have (期限预告), before anything is stored."""
    try:
        receipt = ledger.preview_due(entry=entry_code, caused_on=happened_on, now=now)
        check_cause(title=entry_code, happened_on=happened_on, today=today, may_lie_ahead=receipt.is_backward)
        return Preview(receipt)
    except ActNotPossible as refusal:
        return Preview(None, str(refusal))
    except BadInput as refusal:
        return Preview(None, str(refusal), refusal=True)


def explain_entry_day(entry: EntryRow, today: date) -> str:
    """What the day of a cause means under the terms of today (事由日说明)."""
    terms = ledger.find_terms(entry=entry.code, on=today)
    return explain_day(entry.trigger, terms.clock_start if terms else "")


def counts_back(*, entry_code: str, happened_on: date, now: datetime) -> bool:
    """Whether the limit of a cause is counted back from a coming event (倒算): then its day is that event's, and may lie ahead."""
    try:
        return ledger.preview_due(entry=entry_code, caused_on=happened_on, now=now).is_backward
    except ActNotPossible:
        return False


def find_texts(*, causes: Collection[UUID]) -> dict[UUID, UUID]:
    """The publications that were begun for some causes (已起草), by cause: one query."""
    begun = Cause.objects.filter(uuid__in=list(causes), publication__isnull=False)
    return {cause.uuid: cause.publication_id for cause in begun if cause.publication_id is not None}


def is_imported(digest: str) -> bool:
    """Whether a document with that digest came in before (已导入)."""
    return ImportedDocument.objects.filter(digest=digest).exists()


def cause_row(cause: Cause) -> CauseRow:
    """A cause as others see it. Entry, unit and officer are read with it or loaded."""
    return CauseRow(
        id=cause.pk,
        uuid=cause.uuid,
        entry_code=cause.entry.code,
        entry_name=cause.entry.name,
        title=cause.title,
        happened_on=cause.happened_on,
        unit_id=cause.unit_id,
        unit_name=cause.unit.name,
        registered_at=cause.registered_at,
        registered_by=cause.registered_by.name if cause.registered_by else "系统",
        note=cause.note,
        origin=CauseOrigin(cause.origin),
        obligation=cause.obligation_id,
        publication=cause.publication_id,
        withdrawn_at=cause.withdrawn_at,
    )


def is_registered(*, title: str, happened_on: date) -> bool:
    """Whether something was registered before under that name and day (已登记)."""
    return Cause.objects.filter(title=" ".join(title.split()), happened_on=happened_on).exists()
