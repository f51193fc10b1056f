from datetime import date, datetime

from gongkai.core.ledger.kinds import ENFORCEABLE, Binding, ObligationRow, Standing
from gongkai.lib.moments import day_of


def standing_of(row: ObligationRow, now: datetime) -> Standing:
    """How an open duty stands at that moment (在办情形). A provisional date accuses nobody; what only has to last is never late."""
    if row.due_at is None or row.last_day is None or row.stopped_since is not None:
        return Standing.STOPPED
    if not row.is_provisional and row.due_at <= now:
        return _passed(row)
    return Standing.COMING if day_of(now) < row.caused_on <= row.last_day else Standing.RUNNING


def _passed(row: ObligationRow) -> Standing:
    if row.is_minimum:
        return Standing.ENDED
    if row.binding in ENFORCEABLE:
        return Standing.OVERDUE
    return Standing.EXCEEDED if row.binding is Binding.PROMISE else Standing.REMINDED


def desk_day(row: ObligationRow) -> date | None:
    """The day under which a duty stands on the desk (办理日): the bureau's own target where there is one, else the last day."""
    return row.target_day or row.last_day
