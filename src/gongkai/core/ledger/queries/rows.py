"""How a stored obligation becomes the row that others see. Every reading goes through here, so that overdue has one definition."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import CharField, Func, OuterRef, Q, QuerySet, Subquery

from gongkai.core.ledger.kinds import (
    Binding,
    EventKind,
    LedgerPart,
    LimitUnit,
    ObligationRow,
    ObligationState,
    PublicDisplay,
    TermsRow,
)
from gongkai.core.ledger.models import Event, Obligation, Terms
from gongkai.core.ledger.registry import DUTIES
from gongkai.core.ledger.rules import part_of

DETAIL_PAGE = "ledger:detail"

# Written into the statement, not handed over as a parameter: SQLite uses a partial index only where it can read the condition.
IS_OPEN = Q(state=Func(template="'OPEN'", output_field=CharField()))


def select_rows(*, unit_ids: Collection[int] | None = None) -> QuerySet[Obligation]:
    """Obligations with what a row needs beside them: one query. `unit_ids` None: of all units."""
    rows = Obligation.objects.select_related("terms", "unit")
    return rows if unit_ids is None else rows.filter(unit_id__in=sorted(unit_ids))


def note_overdue(rows: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """With the day on which each became overdue, as the sweep wrote it: for readers that name no moment. A date moved since is none."""
    of_this_date = Event.objects.filter(obligation=OuterRef("pk"), kind=EventKind.BECAME_OVERDUE.value, at=OuterRef("due_at"))
    noted = of_this_date.order_by("-at").values("at")[:1]
    return rows.annotate(overdue_noted_at=Subquery(noted))


def as_row(stored: Obligation, *, now: datetime | None) -> ObligationRow:
    """The row of one obligation. `now` None: `overdue_since` tells what the sweep has noted. A stopped one shows no date."""
    is_stopped = stored.stopped_since is not None
    duty = DUTIES.get(stored.duty_code)
    row = ObligationRow(
        id=stored.pk,
        uuid=stored.uuid,
        duty_code=stored.duty_code,
        duty_label=duty.label if duty else stored.terms.label,
        entry=stored.entry,
        label=stored.label,
        subject=stored.subject,
        unit_id=stored.unit_id,
        unit_name=stored.unit.name,
        post_id=stored.post_id,
        holder=stored.terms.holder,
        binding=Binding(stored.binding),
        public_display=PublicDisplay(stored.terms.public_display),
        basis=stored.terms.basis,
        limit_text=stored.terms.limit_text,
        caused_on=stored.caused_on,
        registered_at=stored.registered_at,
        due_at=None if is_stopped else stored.due_at,
        last_day=None if is_stopped else stored.last_day,
        target_day=None if is_stopped else stored.target_day,
        is_provisional=stored.is_provisional,
        is_minimum=stored.is_minimum,
        state=ObligationState(stored.state),
        fulfilled_at=stored.fulfilled_at,
        overdue_since=getattr(stored, "overdue_noted_at", None) if stored.state == ObligationState.OPEN.value else None,
        page=duty.page if duty else DETAIL_PAGE,
        stopped_since=stored.stopped_since,
        resumes_by=stored.resumes_by,
        waits_for_fee=stored.waits_for_fee,
        may_be_extended=stored.terms.extend_amount is not None or bool(stored.terms.extend_approval),
        target_at=None if is_stopped else stored.target_at,
        moves=stored.moves,
        restarted_on=stored.restarted_on,
    )
    if now is None or part_of(row, now) is not LedgerPart.OVERDUE:
        return row
    return _since(row, row.due_at)


def _since(row: ObligationRow, at: datetime | None) -> ObligationRow:
    return ObligationRow(**{**row.__dict__, "overdue_since": at})


def as_terms_row(stored: Terms) -> TermsRow:
    """One stored version of a limit as the rules read it."""
    return TermsRow(
        entry=stored.entry,
        label=stored.label,
        limit_text=stored.limit_text,
        basis=stored.basis,
        source=stored.source,
        is_verified=stored.is_verified,
        deadline_id=stored.deadline_id,
        binding=Binding(stored.binding),
        public_display=PublicDisplay(stored.public_display),
        holder=stored.holder,
        clock_start=stored.clock_start,
        effective_from=stored.effective_from,
        effective_to=stored.effective_to,
        note=stored.note,
        rolls=stored.rolls,
        extend_amount=stored.extend_amount,
        extend_unit=LimitUnit(stored.extend_unit) if stored.extend_unit else None,
        extend_max_times=stored.extend_max_times,
        extend_cap_total=stored.extend_cap_total,
        extend_approval=stored.extend_approval,
        excluded_time=stored.excluded_time,
        restart_on=stored.restart_on,
        on_timeout=stored.on_timeout,
        stop_from_next_day=stored.stop_from_next_day,
        stop_includes_answer=stored.stop_includes_answer,
    )
