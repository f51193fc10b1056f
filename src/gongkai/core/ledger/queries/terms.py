from datetime import date, datetime
from uuid import UUID

from gongkai.core.ledger.kinds import Receipt, TermsRow
from gongkai.core.ledger.models import Obligation, Terms
from gongkai.core.ledger.queries.rows import as_terms_row
from gongkai.core.ledger.rules import choose_terms, compute_due, say_day
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound

EARLIEST_CAUSE = date(1949, 10, 1)
YEARS_AHEAD = 10


def find_terms(*, entry: str, on: date) -> TermsRow | None:
    """The terms (期限条款) that held for an entry on the day of the cause; None when none did."""
    stored = find_stored_terms(entry, on)
    return as_terms_row(stored) if stored else None


def find_stored_terms(entry: str, on: date) -> Terms | None:
    """The row behind `find_terms`, for an obligation to point to."""
    return choose_terms(Terms.objects.filter(entry=entry, is_current=True), on)


def get_stored_terms(entry: str, on: date) -> Terms:
    """As `find_stored_terms`. Raises: ActNotPossible, in words, when no terms held on that day."""
    stored = find_stored_terms(entry, on)
    if stored is None:
        raise ActNotPossible(f"事项“{entry}”在 {say_day(on)} 没有有效的期限条款，算不出最后一天。请法规科核对期限条款的起止日。")
    return stored


def preview_due(*, entry: str, caused_on: date, now: datetime, caused_at: datetime | None = None) -> Receipt:
    """When a duty would be due whose cause was on that day (期限预览), before anything is saved.

    Raises: ActNotPossible, in words, when no terms held or their limit cannot be computed; BadInput for an impossible day.
    """
    check_cause(caused_on, now)
    terms = as_terms_row(get_stored_terms(entry, caused_on))
    return compute_due(terms, caused_on, workdays.get_calendar(), caused_at=caused_at)


def check_cause(caused_on: date, now: datetime) -> None:
    """Whether a day can be the day of a cause (事由日). Hearings and auctions lie ahead, but not far. Raises: BadInput."""
    if caused_on < EARLIEST_CAUSE or caused_on.year > now.year + YEARS_AHEAD:
        raise BadInput(f"事由日 {say_day(caused_on)} 不合情理，请核对年份。", field="caused_on")


def get_receipt(*, uuid: UUID, now: datetime) -> Receipt:
    """Why the limit of an obligation ends when it does (期限回执), under the terms it was opened with and today's calendar.

    `now` is the reader's moment; the receipt itself does not depend on it. Raises: NotFound.
    """
    del now  # a stopped limit will need it (issue 4)
    stored = Obligation.objects.select_related("terms").filter(uuid=uuid).first()
    if stored is None:
        raise NotFound("台账里没有这件事项，请从台账列表里打开。")
    return compute_due(as_terms_row(stored.terms), stored.caused_on, workdays.get_calendar(), caused_at=stored.caused_at)
