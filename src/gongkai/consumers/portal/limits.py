"""The limits of public texts, where a citizen may be told them: a line in the header, and a page that says why."""

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from gongkai.consumers.portal import rules
from gongkai.consumers.portal.kinds import LimitLine, PageKey, PageKind, PublicLimit
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, EventRow, LimitUnit, Receipt
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import PublishedDocument
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import Job, Step

MOVES = frozenset(
    {
        EventKind.CANCELLED,
        EventKind.SETTLED,
        EventKind.STOPPED,
        EventKind.RESUMED,
        EventKind.RESTARTED,
        EventKind.EXTENDED,
        EventKind.MOVED,
    }
)
"""What changes a date that stands on a page."""

TERMS_INTENT = "portal.terms"
BATCH = 200


def list_limits(documents: Iterable[PublishedDocument]) -> dict[UUID, Receipt]:
    """The public receipts of some texts (公开的期限回执), by publication: the same number of queries for any number."""
    duties = {document.obligation: document.uuid for document in documents if document.obligation}
    receipts = ledger.list_public_receipts(uuids=list(duties)) if duties else {}
    return {duties[obligation]: receipt for obligation, receipt in receipts.items()}


def find_limit(obligation: UUID | None) -> Receipt | None:
    """The public receipt of one duty (公开的期限回执); None where a citizen may not be told the date."""
    return ledger.list_public_receipts(uuids=[obligation]).get(obligation) if obligation else None


def limit_address(path: str) -> str:
    """Where the receipt of a public text stands (回执地址)."""
    return f"{path}limit/"


def line_of(receipt: Receipt, href: str) -> LimitLine:
    """The limit in the header of a text (公开时限)."""
    sheet = ledger.lay_receipt(receipt)
    words = sheet.answer if receipt.is_stopped else f"{receipt.limit_words}，{_say_last(receipt)}{sheet.answer}"
    return LimitLine(rules.limit_label(receipt.binding), words, href)


def _say_last(receipt: Receipt) -> str:
    return "至少到" if receipt.is_minimum else "暂定到" if receipt.is_provisional else "最后一天 "


def view_of(receipt: Receipt, entry: str) -> PublicLimit:
    """The page of a public receipt (公开的期限回执页). What was moved cannot be computed again by the calculator."""
    parameters = {"duty": entry, "start": receipt.caused_on.isoformat()}
    return PublicLimit(
        sheet=ledger.lay_receipt(receipt),
        receipt=receipt,
        label=rules.limit_label(receipt.binding),
        calculator_href="" if receipt.movements or _needs_moment(receipt) else f"?{urlencode(parameters)}",
    )


def _needs_moment(receipt: Receipt) -> bool:
    return receipt.unit is LimitUnit.HOUR


def note_moved(event: EventRow) -> None:
    """Ask for the pages again that show a date which changed (期限改动后更新页面): a subscriber of the ledger."""
    if event.kind not in MOVES:
        return
    publication = publishing.find_by_obligation(event.obligation.uuid)
    if publication is not None:
        outbox.touch([rules.write_key(rules.publication_key(publication))])


def run_terms(job: Job, _at_system: object) -> Step:
    """Ask for the pages of an entry again whose terms changed (条款改动后更新页面), a batch a step."""
    after = int(job.cursor.get("after", 0))
    found = publishing.list_published_with_duty(entry_code=job.key, after_id=after, size=BATCH)
    outbox.touch(rules.write_key(PageKey(PageKind.PUBLICATION, str(uuid))) for _, uuid in found)
    done = job.done + len(found)
    return Step(done=done, total=done, cursor={"after": found[-1][0]} if found else None)


def list_told_terms(keys: Iterable[str]) -> list[str]:
    """The entries among some notes of the outbox whose terms changed (条款改动的事项): `terms:policy.rules`."""
    return [key.removeprefix(rules.TERMS_PREFIX) for key in keys if key.startswith(rules.TERMS_PREFIX)]
