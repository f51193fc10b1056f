from collections.abc import Collection, Iterable
from datetime import date, datetime

from gongkai.core.ledger.kinds import LimitUnit, Receipt, TermsRow
from gongkai.core.ledger.models import Terms
from gongkai.core.ledger.queries.rows import as_terms_row
from gongkai.core.ledger.rules import choose_terms, compute_due, parse_limit, say_day, say_limit
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, BadInput

EARLIEST_CAUSE = date(1949, 10, 1)
YEARS_AHEAD = 10


def find_terms(*, entry: str, on: date) -> TermsRow | None:
    """The terms (期限条款) that held for an entry on the day of the cause; None when none did."""
    stored = find_stored_terms(entry, on)
    return as_terms_row(stored) if stored else None


def find_many_terms(*, entries: Collection[str], on: date) -> dict[str, TermsRow]:
    """The terms (期限条款) that held for several entries on the day of the cause, by entry. One query."""
    found = {entry: choose_terms(versions, on) for entry, versions in read_versions(entries).items()}
    return {entry: as_terms_row(stored) for entry, stored in found.items() if stored}


def find_stored_terms(entry: str, on: date) -> Terms | None:
    """The row behind `find_terms`, for an obligation to point to."""
    return choose_terms(Terms.objects.filter(entry=entry, is_current=True), on)


def get_stored_terms(entry: str, on: date) -> Terms:
    """As `find_stored_terms`. Raises: ActNotPossible, in words, when no terms held on that day."""
    return pick_terms(Terms.objects.filter(entry=entry, is_current=True), entry, on)


def read_versions(entries: Collection[str]) -> dict[str, list[Terms]]:
    """The versions in use of the limits of several entries (现用条款), by entry. One query."""
    versions: dict[str, list[Terms]] = {}
    for stored in Terms.objects.filter(entry__in=sorted(entries), is_current=True):
        versions.setdefault(stored.entry, []).append(stored)
    return versions


def pick_terms(versions: Iterable[Terms], entry: str, on: date) -> Terms:
    """As `get_stored_terms`, among versions that are read already. Raises: ActNotPossible, in words, when none held on that day."""
    stored = choose_terms(versions, on)
    if stored is None:
        raise ActNotPossible(f"事项“{entry}”在 {say_day(on)} 没有有效的期限条款，算不出最后一天。请法规科核对期限条款的起止日。")
    return stored


def preview_due(*, entry: str, caused_on: date, now: datetime, caused_at: datetime | None = None) -> Receipt:
    """When a duty would be due whose cause was on that day (期限预览), before anything is saved.

    Raises: ActNotPossible, in words, when no terms held or their limit cannot be computed; BadInput for an impossible day.
    """
    check_cause(caused_on, now)
    terms = as_terms_row(get_stored_terms(entry, caused_on))
    refuse_cadence(terms)
    return compute_due(terms, caused_on, workdays.get_calendar(), caused_at=caused_at)


def check_cause(caused_on: date, now: datetime) -> None:
    """Whether a day can be the day of a cause (事由日). Hearings and auctions lie ahead, but not far. Raises: BadInput."""
    if caused_on < EARLIEST_CAUSE or caused_on.year > now.year + YEARS_AHEAD:
        raise BadInput(f"事由日 {say_day(caused_on)} 不合情理，请核对年份。", field="caused_on")


def refuse_cadence(terms: TermsRow) -> None:
    """Whether a cause can begin a limit (按事由起算): a cadence comes by itself. Raises: ActNotPossible, in words."""
    limit = parse_limit(terms.limit_text)
    if limit.unit is LimitUnit.CADENCE:
        raise ActNotPossible(f"“{terms.label}”是周期性要求（{say_limit(limit)}），不按事由算期限。")
