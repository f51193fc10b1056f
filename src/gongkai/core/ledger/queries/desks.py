"""What somebody owes, as the first screen asks for it: numbers that are always right, and the first rows of each stretch of days."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import Case, CharField, Count, DateField, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from gongkai.core.ledger.kinds import ENFORCEABLE, Binding, DeskCount, DeskScope, MovementKind, ObligationRow, Standing
from gongkai.core.ledger.models import Movement, Obligation
from gongkai.core.ledger.queries.rows import IS_OPEN, as_row, select_rows
from gongkai.core.ledger.registry import DUTIES
from gongkai.lib.moments import day_of, end_of

ENFORCED = sorted(binding.value for binding in ENFORCEABLE)
PAUSING = [MovementKind.STOP.value, MovementKind.FEE.value]
DESK_DAY = Coalesce(F("target_day"), F("last_day"), output_field=DateField())
MOMENT = Coalesce(F("target_at"), F("due_at"))
LAW_FIRST = Case(When(binding__in=ENFORCED, then=Value(0)), default=Value(1), output_field=IntegerField())


def count_desk(*, scope: DeskScope, now: datetime) -> list[DeskCount]:
    """How many open duties stand how under which day (名下件数): one query, however many there are."""
    found = _scoped(scope).annotate(standing=_standing(now), day=DESK_DAY).values_list("standing", "day").annotate(count=Count("pk"))
    return [DeskCount(Standing(standing), day, count) for standing, day, count in found.order_by("standing", "day")]


def list_desk(*, scope: DeskScope, edges: Sequence[date], size: int, now: datetime) -> list[ObligationRow]:
    """The first open duties (名下事项) of each standing and stretch of days, at most `size` each, by moment due, law before the rest.

    `edges` are the last days of the stretches; what comes after the last edge is one more. Two queries.
    """
    stretch = Case(*(When(day__lte=edge, then=Value(place)) for place, edge in enumerate(edges)), default=Value(len(edges)))
    ordered = Window(RowNumber(), partition_by=[F("standing"), F("stretch")], order_by=[MOMENT, LAW_FIRST, F("id")])
    placed = _scoped(scope).annotate(standing=_standing(now), day=DESK_DAY).annotate(stretch=stretch).annotate(place=ordered)
    wanted = list(placed.filter(place__lte=size).values_list("pk", flat=True))
    return [as_row(stored, now=now) for stored in select_rows().filter(pk__in=wanted).order_by(MOMENT, LAW_FIRST, "id")]


def count_pressing(*, scopes: Sequence[DeskScope], now: datetime) -> tuple[int, int]:
    """How many open duties are due today or late (今天要办数), and how many of them are overdue: one query for all scopes.

    No row may be in two of the scopes. For the sidebar of every page. What only reminds, what is stopped, and what only has to last are not
    among them.
    """
    today = day_of(now)
    is_late = Q(due_at__lte=now, is_minimum=False, is_provisional=False)
    presses = Q(due_at__lte=end_of(today)) | Q(target_day__lte=today)
    wanted = (
        Q(stopped_since=None)
        & presses
        & ~(is_late & Q(binding=Binding.INTERNAL.value))
        & ~Q(is_minimum=True, is_provisional=False, due_at__lte=now)
    )
    asked = [_scoped(scope).filter(wanted).exclude(caused_on__gt=today, last_day__gte=F("caused_on")) for scope in scopes]
    overdue = Count("pk", filter=is_late & Q(binding__in=ENFORCED))
    # Summed apart, each by its own index: one condition with OR would read every open row.
    first, *rest = (
        rows.order_by().values("state").annotate(pressing=Count("pk"), late=overdue).values_list("pressing", "late") for rows in asked
    )
    found = list(first.union(*rest, all=True) if rest else first)
    return sum(pressing for pressing, _ in found), sum(late for _, late in found)


def count_by_post(*, post_ids: Collection[int], now: datetime) -> dict[int, tuple[int, int]]:
    """How many duties some posts hold open (岗位在办数), and how many of them are overdue: one query."""
    late = Q(due_at__lte=now, is_minimum=False, is_provisional=False, stopped_since=None, binding__in=ENFORCED)
    rows = Obligation.objects.filter(IS_OPEN, post_id__in=sorted(post_ids)).exclude(duty_code__in=sorted(list_unheld_duties())).order_by()
    found = rows.values_list("post_id").annotate(count=Count("pk"), late=Count("pk", filter=late))
    return {cast(int, post): (count, overdue) for post, count, overdue in found}


def _scoped(scope: DeskScope) -> QuerySet[Obligation]:
    rows = Obligation.objects.filter(IS_OPEN)
    if scope.subjects is not None:
        return rows.filter(subject__in=cast("Collection[UUID]", scope.subjects))
    rows = rows.filter(Q(post_id__in=sorted(scope.post_ids)) | Q(post__isnull=True), unit_id__in=sorted(scope.unit_ids))
    return rows.exclude(duty_code__in=sorted(scope.left_out)) if scope.left_out else rows


def _standing(now: datetime) -> Case:
    """The same answers as rules.standing_of, as conditions; the tests hold the two against each other."""
    passed = Q(is_provisional=False, due_at__lte=now)
    cases = [
        (Q(stopped_since__isnull=False), Standing.STOPPED),
        (passed & Q(is_minimum=True), Standing.ENDED),
        (passed & Q(binding__in=ENFORCED), Standing.OVERDUE),
        (passed & Q(binding=Binding.PROMISE.value), Standing.EXCEEDED),
        (passed, Standing.REMINDED),
        (Q(caused_on__gt=day_of(now), last_day__gte=F("caused_on")), Standing.COMING),
    ]
    whens = [When(condition, then=Value(standing.value)) for condition, standing in cases]
    return Case(*whens, default=Value(Standing.RUNNING.value), output_field=CharField())


def list_pause_reasons(*, obligation_ids: Collection[int]) -> dict[int, str]:
    """Why the clocks of some duties stand still (暂停理由), by obligation id: one query. Of several movements the one that runs."""
    running = Movement.objects.filter(
        obligation_id__in=sorted(obligation_ids), kind__in=PAUSING, last_day__isnull=True, voided_at__isnull=True
    )
    return dict(running.order_by("id").values_list("obligation_id", "reason"))


def list_unheld_duties() -> frozenset[str]:
    """Codes of the duties that no post holds (无岗位职责): whoever may decide them does them."""
    return frozenset(duty.code for duty in DUTIES.values() if not duty.is_held)
