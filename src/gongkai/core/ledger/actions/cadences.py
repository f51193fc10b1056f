"""Duties that come again and again: periods are opened when they begin, discharged by an update, and told once when they pass without."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from gongkai.core.ledger.actions import obligations
from gongkai.core.ledger.duties import CADENCE
from gongkai.core.ledger.kinds import Binding, ColumnRow, Evidence, ObligationState, Period, TermsRow
from gongkai.core.ledger.models import CadenceRun, ColumnUpdate, Terms
from gongkai.core.ledger.queries.rows import as_terms_row
from gongkai.core.ledger.queries.terms import find_stored_terms
from gongkai.core.ledger.registry import find_column, list_columns
from gongkai.core.ledger.rules import choose_terms
from gongkai.core.ledger.rules.cadences import is_rolling, list_periods, next_first_day, period_on, roll_period
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import day_of, end_of, start_of
from gongkai.lib.workcalendar import WorkCalendar

BATCH = 200
MOST = 70  # periods that are opened afterwards: three months of working days
ONE_DAY = timedelta(days=1)
LOOK_AHEAD = 20  # days, within which a working day comes


@transaction.atomic
def note_update(*, entry: str, unit_id: int, at: datetime, actor: Signatory) -> None:
    """Tell the ledger that something new was made public (栏目更新). Call it in the transaction of the release.

    It discharges what this unit owes the column now; where the habit is the whole column's, what every unit owes it. A column has a
    cadence from its first item on. What passed before stays passed: an internal habit is not made good afterwards, a duty is done late.
    """
    column = find_column(entry)
    if column is None:
        return
    today, calendar = day_of(at), workdays.hold_calendar()
    stored = find_stored_terms(column.cadence, today) if column.cadence else None
    feeds = _touch(column, unit_id, at, is_whole=stored is not None and not column.is_own)
    if stored is None:
        return
    terms = as_terms_row(stored)
    rolling = is_rolling(terms)
    period = None if rolling else period_on(terms, today, calendar)
    if period is not None:
        # The period may not have been opened yet: it is the update's, so that nobody is told of it later.
        _open(feeds, stored, period, at, updated_at=at)
    _discharge(column, feeds, at, actor)
    begun = roll_period(terms, today) if rolling else None
    if begun is not None:
        _open(feeds, stored, begun, at)
    ColumnUpdate.objects.filter(pk__in=[feed.pk for feed in feeds]).update(
        lapsed_on=None,
        due_on=begun.last if begun else _find_next(terms, period.last if period else today, calendar),
        next_opens_at=None if begun else start_of(next_first_day(terms, today)),
    )


def _feeds(column: ColumnRow) -> QuerySet[ColumnUpdate]:
    return ColumnUpdate.objects.filter(column=column.code, entry=column.cadence)


def _touch(column: ColumnRow, unit_id: int, at: datetime, *, is_whole: bool) -> list[ColumnUpdate]:
    """The row of this column and unit, with the new moment; made when it is the first time. `is_whole`: with those of all units.

    They are held, all in one order: two units that make something public at the same moment do not wait for one another.
    """
    new = ColumnUpdate(column=column.code, entry=column.cadence, unit_id=unit_id, first_at=at, last_at=at)
    ColumnUpdate.objects.bulk_create([new], ignore_conflicts=True)
    wanted = _feeds(column) if is_whole else _feeds(column).filter(unit_id=unit_id)
    feeds = list(wanted.select_for_update().order_by("id"))
    for there in feeds:
        if there.unit_id == unit_id and there.last_at < at:
            there.last_at = at
            there.save(update_fields=["last_at"])
    return feeds


def _find_next(terms: TermsRow, after: date, calendar: WorkCalendar) -> date | None:
    """The last day of the next period."""
    day = after
    for _ in range(LOOK_AHEAD):
        day = next_first_day(terms, day)
        period = period_on(terms, day, calendar)
        if period is not None:
            return period.last
    return None


def _open(feeds: Iterable[ColumnUpdate], stored: Terms, period: Period, now: datetime, *, updated_at: datetime | None = None) -> None:
    """Write the runs of one period, those that are not there yet. What can be late is put on the ledger with it."""
    runs = [
        CadenceRun(
            column=feed.column,
            entry=feed.entry,
            unit_id=feed.unit_id,
            terms=stored,
            period_first=period.first,
            last_day=period.last,
            due_at=end_of(period.last),
            is_provisional=period.is_provisional,
            opened_at=now,
            updated_at=updated_at,
            next_check_at=None if updated_at else end_of(period.last),
        )
        for feed in feeds
    ]
    CadenceRun.objects.bulk_create(runs, ignore_conflicts=True)
    if updated_at is None and stored.binding != Binding.INTERNAL.value:
        _owe(CadenceRun.objects.filter(uuid__in=[run.uuid for run in runs]), stored, now)


def _owe(runs: Iterable[CadenceRun], stored: Terms, now: datetime) -> None:
    columns = list_columns()
    for run in runs:
        title = columns[run.column].title if run.column in columns else run.column
        label = f"{stored.label}：{title}（{run.period_first:%Y-%m-%d} 起）"
        # A rolling period is counted from the update before it, which is the day before its first.
        caused_on = run.period_first - ONE_DAY if is_rolling(as_terms_row(stored)) else run.period_first
        row = obligations.open_period(
            duty=CADENCE, entry=run.entry, subject=run.uuid, label=label, unit_id=run.unit_id, caused_on=caused_on, actor=SYSTEM, now=now
        )
        run.obligation_id = row.id
        run.save(update_fields=["obligation"])


def _discharge(column: ColumnRow, feeds: Iterable[ColumnUpdate], at: datetime, actor: Signatory) -> None:
    open_runs = CadenceRun.objects.filter(
        column=column.code, entry=column.cadence, unit_id__in=[feed.unit_id for feed in feeds], updated_at__isnull=True
    ).filter(period_first__lte=day_of(at))
    owed = open_runs.filter(obligation__state=ObligationState.OPEN.value).select_related("obligation").order_by("obligation__uuid")
    evidence = Evidence(kind="column_update", reference=f"{column.code} {at.isoformat()}", label=f"“{column.title}”{day_of(at)} 有更新")
    done = []
    for run in owed:
        if run.obligation is not None:
            obligations.fulfil(obligation=run.obligation.uuid, evidence=evidence, actor=actor, now=at)
            done.append(run.pk)
    CadenceRun.objects.filter(pk__in=done).update(updated_at=at, next_check_at=None)
    open_runs.filter(lapsed_at__isnull=True, obligation__isnull=True).update(updated_at=at, next_check_at=None)


def tick_cadences(*, now: datetime) -> int:
    """Open the periods that began up to `now` and tell those that passed without an update (周期巡查). Returns how many were told.

    Each period is opened once and told once, dated when it passed, whatever downtime lay between and however many tick. A period in a
    year without calendar accuses nobody: it waits, and goes when its day turns out to be off. Nothing due costs two looks at an index.
    """
    told = 0
    while ColumnUpdate.objects.filter(next_opens_at__lte=now).exists() and _open_batch(now):
        pass
    while CadenceRun.objects.filter(next_check_at__lte=now).exists():
        written, claimed = _tell_batch(now)
        told += written
        if not claimed:
            break
    return told


@transaction.atomic
def _open_batch(now: datetime) -> int:
    """Open what begins for some rows. Returns how many rows were claimed: none when another holds them."""
    calendar = workdays.hold_calendar()
    come = ColumnUpdate.objects.filter(next_opens_at__lte=now).select_for_update(skip_locked=True)
    feeds = list(come.order_by("next_opens_at", "id")[:BATCH])
    versions = _read_versions({feed.entry for feed in feeds})
    today = day_of(now)
    for feed in feeds:
        stored = choose_terms(versions.get(feed.entry, ()), today)
        since = day_of(feed.next_opens_at or now)
        feed.next_opens_at = None
        if stored is not None:
            terms = as_terms_row(stored)
            for period in _list_due(terms, since, feed, today, calendar):
                is_updated = period.first <= day_of(feed.last_at) <= period.last
                _open([feed], stored, period, now, updated_at=feed.last_at if is_updated else None)
                feed.due_on = period.last
            feed.next_opens_at = None if is_rolling(terms) else start_of(next_first_day(terms, today))
        feed.save(update_fields=["next_opens_at", "due_on"])
    return len(feeds)


def _list_due(terms: TermsRow, since: date, feed: ColumnUpdate, today: date, calendar: WorkCalendar) -> list[Period]:
    """The periods that began since a day; of a rolling cadence the one that the last update began."""
    if is_rolling(terms):
        return [roll_period(terms, day_of(feed.last_at))]
    return list_periods(terms, since - ONE_DAY, today, calendar, most=MOST)


def _read_versions(entries: Iterable[str]) -> Mapping[str, list[Terms]]:
    versions: dict[str, list[Terms]] = {}
    for stored in Terms.objects.filter(entry__in=sorted(entries), is_current=True):
        versions.setdefault(stored.entry, []).append(stored)
    return versions


@transaction.atomic
def _tell_batch(now: datetime) -> tuple[int, int]:
    """Runs told and runs claimed. The calendar and the columns are held before their runs, as an update holds them."""
    calendar = workdays.hold_calendar()
    come = CadenceRun.objects.filter(next_check_at__lte=now).order_by("next_check_at", "id")
    places = list(come.values_list("column", "entry", "unit_id")[:BATCH])
    of_these = Q(column__in={place[0] for place in places}, entry__in={place[1] for place in places})
    of_these &= Q(unit_id__in={place[2] for place in places})
    list(ColumnUpdate.objects.filter(of_these).select_for_update().order_by("id").values_list("id"))
    held = come.filter(of_these)
    runs = list(held.select_for_update(skip_locked=True, of=("self",)).select_related("terms")[:BATCH])
    passed = [run for run in runs if _has_passed(run, calendar, now)]
    for run in passed:
        run.lapsed_at, run.next_check_at = run.due_at, None
    CadenceRun.objects.bulk_update(passed, ["lapsed_at", "next_check_at", "is_provisional"])
    for run in passed:
        # Only where nothing new came since: an update that was noted meanwhile speaks for itself.
        feeds = ColumnUpdate.objects.filter(column=run.column, entry=run.entry, unit_id=run.unit_id, last_at__lt=run.due_at)
        feeds.update(lapsed_on=run.last_day)
    return len(passed), len(runs)


def _has_passed(run: CadenceRun, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether the period is certain to have passed. One that is not waits for the calendar, or goes."""
    if not run.is_provisional:
        return True
    period = period_on(as_terms_row(run.terms), run.period_first, calendar)
    if period is None:
        run.delete()
        return False
    if period.is_provisional:
        run.next_check_at = start_of(day_of(now) + ONE_DAY)
        run.save(update_fields=["next_check_at"])
        return False
    run.is_provisional, run.last_day, run.due_at, run.next_check_at = False, period.last, end_of(period.last), end_of(period.last)
    run.save(update_fields=["last_day", "due_at", "is_provisional", "next_check_at"])
    return run.due_at <= now
