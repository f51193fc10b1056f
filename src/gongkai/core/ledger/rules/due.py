"""The day on which a limit ends, and why. The only place that computes one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from gongkai.core.ledger.kinds import Limit, LimitUnit, MovementDraft, MovementKind, Receipt, ReceiptCount, ReceiptDay, TermsRow
from gongkai.core.ledger.rules.cadences import is_rolling, period_on, roll_period
from gongkai.core.ledger.rules.counting import ONE_DAY, QUARTER_MARK, Count, Reader, Walk, cause_day, count_hours, counted, skipped
from gongkai.core.ledger.rules.limits import parse_limit, say_limit
from gongkai.core.ledger.rules.movements import BACKWARD_MARK, Leg, Plan, plan_movements, say_may_extend
from gongkai.core.ledger.rules.sentences import Outcome, say_day, say_outcome
from gongkai.core.ledger.rules.soon import soon_day, soon_moment
from gongkai.lib.errors import ActNotPossible, BadInput
from gongkai.lib.moments import day_of, end_of, start_of
from gongkai.lib.workcalendar import DayFact, WorkCalendar

MONTHS = {LimitUnit.MONTH: 1, LimitUnit.YEAR: 12}
STEPPED = frozenset({LimitUnit.WORKDAY, LimitUnit.DAY, LimitUnit.MONTH, LimitUnit.YEAR})


@dataclass(frozen=True)
class _Cause:
    """What a count begins with: a day, of hours the moment; and whether it is a new one."""

    on: date
    at: datetime | None
    is_restart: bool = False


def compute_due(
    terms: TermsRow,
    caused_on: date,
    calendar: WorkCalendar,
    movements: Sequence[MovementDraft] = (),
    *,
    caused_at: datetime | None = None,
    target: str | None = None,
) -> Receipt:
    """When a limit ends that began with a cause on that day (期限计算), with every day that counted and every day that did not.

    The day of the cause is not counted. Working days: the last one counted is the last day. Calendar days, months and years: a last day
    that is a day off moves to the next working day when the terms say so; a month ends on the same day of the month, or on the month's
    last. Hours run through nights and holidays and need `caused_at`. A minimum counted back from an event gives the latest day before
    it; any other minimum gives the day until which it has to last. A date in the year is the first on or after the cause and never
    moves. A cadence gives the end of the period that the cause lies in, or that begins with the update that is its cause. A year without
    calendar is read as plain weeks and makes the receipt provisional.

    `movements`: the days of a stop do not count, a restart (and a fee that is paid) begins again and forgets what was before, an
    extension adds. A stop that runs and a fee that is unpaid are counted as if they ended at the latest day, and the receipt is
    stopped. `target`: the limit text of the bureau's own, stricter limit; it gives the target day, never later than the last day.

    Raises: ActNotPossible, in words, for a limit without a number, or hours from an unknown moment; BadInput when `caused_at` is on another
    day. Legal source: ALIT-INT art. 48.
    """
    limit, plan, reader = parse_limit(terms.limit_text), plan_movements(caused_on, movements), Reader(calendar)
    counts = [_count(limit, terms, leg, _cause_of(leg, caused_at), reader) for leg in plan.legs]
    count, leg = counts[-1], plan.current
    is_minimum = limit.is_minimum and not count.is_backward
    missing = tuple(sorted(reader.missing))
    due_at = count.due_at or end_of(count.last_day)
    bare = _count(limit, terms, replace(leg, spans=(), extensions=()), _cause_of(leg, caused_at), Reader(calendar))
    outcome = Outcome(
        limit=limit,
        caused_on=leg.caused_on,
        caused_at=caused_at,
        last_day=count.last_day,
        due_at=count.due_at,
        days=count.days,
        is_backward=count.is_backward,
        is_minimum=is_minimum,
        missing_years=missing,
        movements=leg.movements,
        begun_by=leg.begun_by,
        running=plan.running,
        bare_day=bare.last_day,
    )
    aim = None if target is None or is_minimum else _count(parse_limit(target), terms, leg, _cause_of(leg, caused_at), Reader(calendar))
    target_day = min(aim.last_day, count.last_day) if aim else None
    near = _near_at(limit, leg, count, target_day, caused_at, calendar)
    return Receipt(
        caused_on=leg.caused_on,
        start=count.start,
        last_day=count.last_day,
        due_at=due_at,
        days=count.days,
        unit=limit.unit,
        limit_words=say_limit(limit),
        sentence=say_outcome(outcome),
        article=terms.basis,
        source=terms.source,
        is_verified=terms.is_verified,
        binding=terms.binding,
        public_display=terms.public_display,
        holder=terms.holder,
        clock_start=terms.clock_start,
        effective_from=terms.effective_from,
        effective_to=terms.effective_to,
        is_minimum=is_minimum,
        is_backward=count.is_backward,
        is_provisional=bool(missing),
        missing_years=missing,
        movements=_applied(plan),
        stops=tuple(one for one in leg.movements if one.kind is MovementKind.STOP),
        earlier=tuple(_ended(one, found) for one, found in zip(plan.legs[:-1], counts[:-1], strict=True)),
        target_day=target_day,
        target_at=min(aim.due_at or end_of(aim.last_day), due_at) if aim else None,
        stopped_since=_stopped_since(plan),
        resumes_by=plan.running.latest_day if plan.running else None,
        may_extend=say_may_extend(terms),
        caused_at=_cause_of(leg, caused_at).at if limit.unit is LimitUnit.HOUR else None,
        near_at=None if is_minimum else near,
    )


def _near_at(limit: Limit, leg: Leg, count: Count, target_day: date | None, caused_at: datetime | None, calendar: WorkCalendar) -> datetime:
    if limit.unit is LimitUnit.HOUR and caused_at is not None and count.due_at is not None:
        return soon_moment(caused_at, count.due_at)
    return start_of(soon_day(leg.caused_on, count.last_day, target_day, calendar))


def _cause_of(leg: Leg, caused_at: datetime | None) -> _Cause:
    is_restart = leg.begun_by is not None
    return _Cause(leg.caused_on, None if is_restart else caused_at, is_restart)


def _applied(plan: Plan) -> tuple[MovementDraft, ...]:
    """Every movement that shapes a count or ended one, in the order of their days."""
    found: list[MovementDraft] = []
    for leg in plan.legs:
        found += [one for one in (*leg.movements, leg.ended_by) if one is not None and one not in found]
    return tuple(sorted(found, key=lambda one: one.first_day))


def _stopped_since(plan: Plan) -> date | None:
    if plan.running is None:
        return None
    return plan.running.first_day if plan.running.kind is MovementKind.STOP else plan.running.first_day + ONE_DAY


def _ended(leg: Leg, count: Count) -> ReceiptCount:
    """The days that a count had come to when counting began again."""
    ended_by = leg.ended_by
    if ended_by is None:
        raise ValueError("Only the last count has no end.")
    until = ended_by.first_day if ended_by.kind is MovementKind.FEE else (ended_by.last_day or ended_by.first_day)
    return ReceiptCount(leg.caused_on, ended_by, tuple(replace(day, is_last=False) for day in count.days if day.day <= until))


def _count(limit: Limit, terms: TermsRow, leg: Leg, cause: _Cause, reader: Reader) -> Count:
    if limit.unit is LimitUnit.NONE:
        raise ActNotPossible(f"“{terms.label}”的依据没有写天数，算不出最后一天。先由法规科配一个局内期限，再登记。")
    if limit.unit is LimitUnit.CADENCE:
        return _count_period(terms, limit, cause.on, reader)
    if limit.unit is LimitUnit.HOUR:
        return _count_hours(limit, terms, leg, cause)
    if limit.is_minimum and BACKWARD_MARK in terms.clock_start:
        return _count_back(limit, cause.on, reader)
    if limit.unit is LimitUnit.DAY and QUARTER_MARK in terms.clock_start:
        return _count_from_quarter(limit, cause.on)
    if limit.unit is LimitUnit.DATE and not leg.extensions:
        return _count_to_date(limit, cause.on)
    if limit.amount == 0 and not leg.extensions:
        return Count((ReceiptDay(day=cause.on, reason="当天", is_last=True),), cause.on, cause.on)
    return _count_steps(limit, terms, leg, cause, reader)


def _count_steps(limit: Limit, terms: TermsRow, leg: Leg, cause: _Cause, reader: Reader) -> Count:
    """Days, months and years, with what is added behind them. What is added in the same unit is one count with them."""
    walk = Walk(reader, leg.spans, cause.on, [cause_day(cause.on, is_restart=cause.is_restart)])
    if limit.unit is LimitUnit.DATE:
        walk.day = _count_to_date(limit, cause.on).last_day
        walk.days += [] if walk.day == cause.on else [ReceiptDay(day=walk.day, reason="原定的日子")]
    steps = _join_steps(limit, leg)
    for unit, amount in steps:
        if unit in MONTHS:
            walk.add_months(amount * MONTHS[unit], MONTHS[unit])
        else:
            walk.step(unit, amount)
    walk.close(rolls=terms.rolls and steps[-1][0] is not LimitUnit.WORKDAY)
    return Count(tuple(walk.days), cause.on + ONE_DAY, walk.day)


def _join_steps(limit: Limit, leg: Leg) -> list[tuple[LimitUnit, int]]:
    steps = [(limit.unit, limit.amount)] if limit.unit in STEPPED and limit.amount else []
    for one in leg.extensions:
        unit = one.unit or limit.unit
        if unit not in STEPPED:
            raise ActNotPossible(f"不能按“{unit.label}”延长，请法规科核对期限条款。")
        if steps and steps[-1][0] is unit:
            steps[-1] = (unit, steps[-1][1] + one.amount)
        else:
            steps.append((unit, one.amount))
    return steps


def _count_back(limit: Limit, event_on: date, reader: Reader) -> Count:
    """At least so long before an event: the latest day on which it is still in time. It never moves, later would be too late."""
    days, day, number = [ReceiptDay(day=event_on, reason="开始之日，不计")], event_on, 0
    while number < limit.amount:
        day -= ONE_DAY
        fact = reader.fact(day) if limit.unit is LimitUnit.WORKDAY else DayFact(day=day, is_workday=True)
        number += fact.is_workday
        days.append(counted(fact, number, is_last=number == limit.amount) if fact.is_workday else skipped(fact))
    return Count(tuple(reversed(days)), event_on - ONE_DAY, day, is_backward=True)


def _count_from_quarter(limit: Limit, caused_on: date) -> Count:
    """The first days of a quarter: its first day counts, the last one is a date and does not move."""
    first = date(caused_on.year, caused_on.month - (caused_on.month - 1) % 3, 1)
    last = limit.amount
    days = tuple(ReceiptDay(day=first + ONE_DAY * (number - 1), number=number, is_last=number == last) for number in range(1, last + 1))
    return Count(days, first, days[-1].day)


def _count_to_date(limit: Limit, caused_on: date) -> Count:
    last = _date_in(caused_on.year, limit)
    if last < caused_on:
        last = _date_in(caused_on.year + 1, limit)
    final = ReceiptDay(day=last, reason="每年的这一天", is_last=True)
    return Count((final,) if last == caused_on else (cause_day(caused_on), final), min(caused_on + ONE_DAY, last), last)


def _date_in(year: int, limit: Limit) -> date:
    is_leap_day_missing = (limit.month, limit.day) == (2, 29) and (year % 4 != 0 or (year % 100 == 0 and year % 400 != 0))
    return date(year, limit.month, 28 if is_leap_day_missing else limit.day)


def _count_period(terms: TermsRow, limit: Limit, caused_on: date, reader: Reader) -> Count:
    """The period of a cadence: by its last day something new has to be there."""
    period = roll_period(terms, caused_on) if is_rolling(terms) else period_on(terms, caused_on, reader.calendar)
    if period is None:
        raise ActNotPossible(f"“{terms.label}”{say_limit(limit)}，{say_day(caused_on)}休息，没有这一期。")
    if period.is_provisional:
        reader.missing |= {period.first.year, period.last.year} - set(reader.calendar.years)
    first = ReceiptDay(day=period.first, reason="这一期的第一天")
    final = ReceiptDay(day=period.last, reason="这一期的最后一天" if period.last != period.first else "当天", is_last=True)
    return Count((final,) if period.first == period.last else (first, final), period.first, period.last)


def _count_hours(limit: Limit, terms: TermsRow, leg: Leg, cause: _Cause) -> Count:
    if cause.is_restart:
        raise ActNotPossible(f"“{terms.label}”的期限按小时算，不能从某一天重新起算。请撤销后按新的时刻重新登记。")
    if cause.at is None:
        raise ActNotPossible(f"“{terms.label}”的期限按小时算（{say_limit(limit)}），只有日期算不出来，要登记到几点几分。")
    if day_of(cause.at) != cause.on:
        raise BadInput("事由的时刻不在事由日那一天，请改成同一天。", field="caused_at")
    if any((one.unit or limit.unit) is not LimitUnit.HOUR for one in leg.extensions):
        raise ActNotPossible(f"“{terms.label}”的期限按小时算，只能按小时延长。")
    due_at, days = count_hours(cause.at, limit.amount + sum(one.amount for one in leg.extensions), leg.spans)
    return Count(days, cause.on, days[-1].day, due_at)
