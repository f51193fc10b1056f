from datetime import date, datetime

from gongkai.core.ledger.kinds import Intake, IntakeSource
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.lib.moments import day_of
from gongkai.producers.disclosure.kinds import WeekRow
from gongkai.producers.disclosure.queries.coverage import list_coverage
from gongkai.producers.disclosure.queries.sources import list_week
from gongkai.producers.disclosure.rules.weeks import say_share, say_week


def read_intake(actor: Actor, now: datetime) -> Intake:
    """What stands above the ledger's list (本周导入、登记覆盖率): each source with its week, and this year's share. Six queries."""
    may_write = bool(actor.units(Right.WRITE))
    year = day_of(now).year
    own = frozenset() if actor.unit_id is None else frozenset({actor.unit_id})
    units = own | actor.units(Right.WRITE) | actor.units(Right.SEE_LEDGER)
    whole = list_coverage(unit_ids=units, since=date(year, 1, 1), until=date(year, 12, 31))[0]
    return Intake(
        sources=tuple(_source(row, may_write=may_write) for row in list_week(now)),
        import_page="disclosure:registers" if may_write else "",
        register_page="disclosure:new" if may_write else "",
        share=say_share(whole.first, whole.whole),
        count_words=f"{whole.first:,}／{whole.whole:,}" if whole.whole else "今年还没有公开信息",
        share_page="disclosure:coverage",
    )


def _source(row: WeekRow, *, may_write: bool) -> IntakeSource:
    return IntakeSource(
        name=row.source.name,
        words=say_week(row.rows if row.imported_at else None, row.due_day, is_late=row.is_late_reminder),
        page="disclosure:register" if may_write else "",
        key=row.source.code,
        is_done=row.imported_at is not None,
        is_reminded=row.is_late_reminder,
    )
