"""How fresh the columns are. A few queries for all of them, never one for each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from gongkai.core.ledger.kinds import Binding, CadenceRunRow, ColumnReminder, ColumnRow, FreshnessRow, TermsRow
from gongkai.core.ledger.models import CadenceRun, ColumnUpdate, Terms
from gongkai.core.ledger.queries.rows import as_terms_row
from gongkai.core.ledger.registry import list_columns
from gongkai.core.ledger.rules import choose_terms, compute_due
from gongkai.core.ledger.rules.cadences import judge_column, say_rhythm
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import day_of
from gongkai.lib.workcalendar import WorkCalendar

RUNS_SHOWN = 60


def list_freshness(*, now: datetime) -> list[FreshnessRow]:
    """Every column that something was made public in (栏目新鲜度): the reminded first, then in the order of the portal.

    As many queries for one as for all. An entry with a cadence of its own has its own line. A column without a first item is not
    there.
    """
    groups: dict[tuple[str, str], list[ColumnUpdate]] = defaultdict(list)
    for feed in ColumnUpdate.objects.select_related("unit").order_by("id"):
        groups[feed.column, feed.entry].append(feed)
    columns = list_columns()
    terms = _read_terms(groups, columns, day_of(now))
    newest = _find_newest(feed for feeds in groups.values() for feed in feeds)
    calendar = workdays.get_calendar()
    rows = [_row(columns.get(code), feeds, newest[code], terms, calendar, now) for (code, _entry), feeds in groups.items()]
    order = {column.title: column.order for column in columns.values()}
    return sorted(rows, key=lambda row: (row.lapsed_on is None, order.get(row.title.partition(" · ")[0], 0), row.title))


def list_reminders(*, unit_ids: Collection[int], now: datetime) -> list[ColumnReminder]:
    """What units are reminded of today (栏目更新提醒): columns they have not updated as the house asks. As many queries for one as for all.

    Only internal habits: what a law or a higher office asks is on the ledger. Soonest inspection line first.
    """
    lapsed = ColumnUpdate.objects.filter(lapsed_on__isnull=False, unit_id__in=sorted(unit_ids))
    feeds = list(ColumnUpdate.objects.filter(column__in=lapsed.values("column")).select_related("unit").order_by("id"))
    if not feeds:
        return []
    columns = list_columns()
    groups = {(feed.column, feed.entry): [feed] for feed in feeds}
    terms, newest = _read_terms(groups, columns, day_of(now)), _find_newest(feeds)
    mine = [feed for feed in feeds if feed.lapsed_on is not None and feed.unit_id in unit_ids]
    calendar = workdays.get_calendar()
    found = [_remind(feed, columns.get(feed.column), newest[feed.column], terms, calendar, now) for feed in mine]
    return sorted((one for one in found if one), key=lambda one: (one.line_on or date.max, one.lapsed_on, one.title))


def list_runs(*, feed: UUID, limit: int = RUNS_SHOWN) -> list[CadenceRunRow]:
    """The newest periods of a unit's column (周期记录), newest first. Raises: NotFound."""
    there = ColumnUpdate.objects.select_related("unit").filter(uuid=feed).first()
    if there is None:
        raise NotFound("没有这个栏目的更新记录，请从栏目新鲜度里打开。")
    runs = CadenceRun.objects.filter(column=there.column, entry=there.entry, unit_id=there.unit_id).order_by("-period_first")[:limit]
    return [
        CadenceRunRow(
            first_day=run.period_first,
            last_day=run.last_day,
            unit_name=there.unit.short_name,
            updated_at=run.updated_at,
            lapsed_at=run.lapsed_at,
            is_provisional=run.is_provisional,
        )
        for run in runs
    ]


def _find_newest(feeds: Iterable[ColumnUpdate]) -> dict[str, datetime]:
    """When something last came into each column, whoever published it: that is what an inspection sees."""
    newest: dict[str, datetime] = {}
    for feed in feeds:
        newest[feed.column] = max(feed.last_at, newest.get(feed.column, feed.last_at))
    return newest


def _read_terms(groups: Iterable[tuple[str, str]], columns: Mapping[str, ColumnRow], today: date) -> dict[str, TermsRow]:
    wanted = {entry for _code, entry in groups if entry} | {column.line for column in columns.values() if column.line}
    versions: dict[str, list[Terms]] = defaultdict(list)
    for stored in Terms.objects.filter(entry__in=sorted(wanted), is_current=True):
        versions[stored.entry].append(stored)
    held = {entry: choose_terms(rows, today) for entry, rows in versions.items()}
    return {entry: as_terms_row(stored) for entry, stored in held.items() if stored is not None}


def _row(
    column: ColumnRow | None,
    feeds: Sequence[ColumnUpdate],
    column_newest: datetime,
    terms: Mapping[str, TermsRow],
    calendar: WorkCalendar,
    now: datetime,
) -> FreshnessRow:
    code, entry = feeds[0].column, feeds[0].entry
    cadence = terms.get(entry)
    is_whole = column is None or (entry in {"", column.cadence} and not column.is_own)
    newest = column_newest if is_whole else max(feed.last_at for feed in feeds)
    line, line_on = _line_of(column if is_whole else None, newest, terms, calendar)
    due_on = min((feed.due_on for feed in feeds if feed.due_on), default=None)
    lapsed_on = max((feed.lapsed_on for feed in feeds if feed.lapsed_on), default=None)
    title = column.title if column else code
    return FreshnessRow(
        code=code,
        title=title if is_whole or cadence is None else f"{title} · {cadence.label}",
        last_update=newest,
        unit_names=tuple(feed.unit.short_name for feed in feeds),
        cadence_words=say_rhythm(cadence) if cadence else "",
        binding=cadence.binding if cadence else None,
        due_on=due_on,
        lapsed_on=lapsed_on,
        line_on=line_on,
        line_basis=line.basis if line else "",
        chip=judge_column(
            today=day_of(now),
            updated_on=day_of(newest),
            due_on=due_on,
            lapsed_on=lapsed_on,
            line_on=line_on,
            near_days=settings.LINE_NEAR_DAYS,
        ),
    )


def _line_of(
    column: ColumnRow | None, newest: datetime, terms: Mapping[str, TermsRow], calendar: WorkCalendar
) -> tuple[TermsRow | None, date | None]:
    """The terms of the inspection line of a column, and the last day on which something new is in time for it."""
    line = terms.get(column.line) if column and column.line else None
    return line, compute_due(line, day_of(newest), calendar).last_day if line else None


def _remind(
    feed: ColumnUpdate,
    column: ColumnRow | None,
    newest: datetime,
    terms: Mapping[str, TermsRow],
    calendar: WorkCalendar,
    now: datetime,
) -> ColumnReminder | None:
    cadence = terms.get(feed.entry)
    if cadence is None or cadence.binding is not Binding.INTERNAL or feed.lapsed_on is None:
        return None
    is_whole = column is not None and column.cadence == feed.entry
    _line, line_on = _line_of(column if is_whole else None, newest, terms, calendar)
    chip = judge_column(
        today=day_of(now),
        updated_on=day_of(feed.last_at),
        due_on=feed.due_on,
        lapsed_on=feed.lapsed_on,
        line_on=line_on,
        near_days=settings.LINE_NEAR_DAYS,
    )
    title = column.title if is_whole and column else cadence.label
    line_words = f"；国家监测线 {line_on:%m-%d}" if line_on else ""
    return ColumnReminder(
        uuid=feed.uuid,
        column=feed.column,
        title=title,
        entry=feed.entry,
        unit_id=feed.unit_id,
        unit_name=feed.unit.short_name,
        lapsed_on=feed.lapsed_on,
        last_update=feed.last_at,
        line_on=line_on,
        basis=cadence.basis,
        chip=chip,
        words=f"“{title}”{feed.lapsed_on:%m-%d} 没有更新。内部要求，不算逾期{line_words}。",
    )
