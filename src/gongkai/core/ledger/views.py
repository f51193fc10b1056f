from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import queries, rules
from gongkai.core.ledger.forms import EVERY_BINDING, read_filter
from gongkai.core.ledger.kinds import ENFORCEABLE, Binding, LedgerFilter, LedgerPart, LimitChip, ObligationRow, Totals
from gongkai.core.ledger.queries.rows import DETAIL_PAGE
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.ui.kinds import FigureView
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import day_of
from gongkai.lib.paging import read_cursor
from gongkai.lib.workcalendar import WorkCalendar

LOOKS = {
    LedgerPart.DONE_IN_TIME: ("tick-disc", "malachite"),
    LedgerPart.DONE_LATE: ("state-done-late", ""),
    LedgerPart.NOT_DUE: ("state-running", "azurite"),
    LedgerPart.OVERDUE: ("warning", "cinnabar"),
    LedgerPart.PAST: ("bell", "ochre"),
    LedgerPart.PROVISIONAL: ("state-provisional", ""),
    LedgerPart.CANCELLED: ("state-not-applicable", ""),
}
ALWAYS_SHOWN = {LedgerPart.DONE_IN_TIME, LedgerPart.DONE_LATE, LedgerPart.NOT_DUE, LedgerPart.OVERDUE}
FREE_WEEKEND = 5


@dataclass(frozen=True)
class LedgerLine:
    """One row of the ledger as its table shows it."""

    row: ObligationRow
    chip: LimitChip
    is_late: bool
    limit_words: str
    evidence: str
    why: str


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """The ledger (应公开事项台账), filtered by the address."""
    desk = cast("DeskRequest", request)
    units, filters = visible_units(desk), read_filter(request.GET)
    page = ledger.list_page(unit_ids=units, filters=filters, after=read_cursor(request.GET.get("after", "")), now=desk.now)
    totals = ledger.count_totals(unit_ids=units, now=desk.now, filters=filters)
    shown = totals.whole if filters.part is None else totals.parts[filters.part]
    evidence = ledger.list_evidence(obligation_ids=[row.id for row in page.rows])
    calendar = workdays.get_calendar()
    context = {
        "page": page,
        "lines": [_line(row, desk, calendar, "、".join(item.label for item in evidence.get(row.id, []))) for row in page.rows],
        "words": f"这一页 {len(page.rows)} 行，共 {shown:,} 行",
        "figures": _figures(totals, filters, request.GET),
        "sum": _say_sum(totals),
        "totals": totals,
        "others": _others(units, filters, request.GET),
        "filters": filters,
        "binding": request.GET.get("binding", ""),
        "bindings": list(Binding),
        "parts": list(LedgerPart),
        "units": [unit for unit in organisations.list_units() if unit.id in units],
        "every_binding": EVERY_BINDING,
    }
    return render(request, "ledger/list.html", context)


@require_safe
def show_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One obligation (应公开事项) with its history and proofs."""
    desk = cast("DeskRequest", request)
    row = _visible(desk, uuid)
    evidence = ledger.list_evidence(obligation_ids=[row.id]).get(row.id, [])
    context = {
        "line": _line(row, desk, workdays.get_calendar(), ""),
        "evidence": evidence,
        "history": ledger.list_history(obligation_id=row.id),
        "work": _work_address(row),
    }
    return render(request, "ledger/detail.html", context)


@require_safe
def show_receipt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Why the limit ends on that day (为什么是这一天)."""
    desk = cast("DeskRequest", request)
    row = _visible(desk, uuid)
    receipt = ledger.get_receipt(uuid=uuid, now=desk.now)
    context = {
        "line": _line(row, desk, workdays.get_calendar(), ""),
        "receipt": receipt,
        "weeks": rules.lay_out(receipt, day_of(desk.now)),
        "steps": rules.explain(receipt),
        "sum": rules.add_up(receipt),
        # The stored date stands until somebody moves it; a calendar that changed meanwhile is said, not hidden.
        "has_moved": receipt.due_at != row.due_at,
    }
    return render(request, "ledger/receipt.html", context)


def visible_units(request: DeskRequest) -> frozenset[int]:
    """Units whose ledger this person sees: those of the right, and always his own."""
    own = request.actor.unit_id
    return request.actor.units(Right.SEE_LEDGER) | (frozenset() if own is None else {own})


def _visible(request: DeskRequest, uuid: UUID) -> ObligationRow:
    row = ledger.get_obligation(uuid, now=request.now)
    if row.unit_id not in visible_units(request):
        raise NotFound("台账里没有这件事项，或者它属于您看不到的单位。")
    return row


def _line(row: ObligationRow, request: DeskRequest, calendar: WorkCalendar, evidence: str) -> LedgerLine:
    is_weekend = row.last_day is not None and row.last_day.weekday() >= FREE_WEEKEND
    return LedgerLine(
        row=row,
        chip=ledger.chip_of(row, request.now, calendar),
        is_late=row.overdue_since is not None,
        limit_words=rules.say_limit(rules.parse_limit(row.limit_text)),
        evidence=evidence,
        why=f"为什么是{rules.say_weekday(row.last_day)}" if is_weekend and row.last_day else "怎么算",
    )


def _figures(totals: Totals, filters: LedgerFilter, typed: Mapping[str, str]) -> list[FigureView]:
    whole = FigureView(f"{totals.whole:,}", "全部", _address(typed, part=""), is_current=filters.part is None)
    parts = [part for part in LedgerPart if part in ALWAYS_SHOWN or totals.parts[part] or filters.part is part]
    return [whole, *(_figure(part, totals.parts[part], filters, typed) for part in parts)]


def _figure(part: LedgerPart, count: int, filters: LedgerFilter, typed: Mapping[str, str]) -> FigureView:
    icon, tone = LOOKS[part]
    return FigureView(
        f"{count:,}", part.label, _address(typed, part=part.value), icon=icon, tone=tone if count else "", is_current=filters.part is part
    )


def _say_sum(totals: Totals) -> str:
    parts = [totals.parts[part] for part in LedgerPart if part in ALWAYS_SHOWN or totals.parts[part]]
    return f"{totals.whole} = {'+'.join(str(count) for count in parts)}"


def _others(units: frozenset[int], filters: LedgerFilter, typed: Mapping[str, str]) -> list[tuple[Binding, int, str]]:
    """What the default filter leaves out, counted apart: bindings that never become overdue."""
    if filters.bindings != ENFORCEABLE:
        return []
    counts = queries.count_by_binding(unit_ids=units, filters=filters)
    left_out = [binding for binding in Binding if binding not in ENFORCEABLE and counts[binding]]
    return [(binding, counts[binding], _address(typed, binding=binding.value, part="")) for binding in left_out]


def _address(typed: Mapping[str, str], **changed: str) -> str:
    """The list's own address with some of its filters changed, from its first page."""
    kept = {name: typed.get(name, "") for name in ("unit", "binding", "part")} | changed
    return f"?{urlencode({name: value for name, value in kept.items() if value})}"


def _work_address(row: ObligationRow) -> str:
    """Where the work itself is done; empty when its page does not exist in this installation."""
    if row.page == DETAIL_PAGE:
        return ""
    try:
        return reverse(row.page, args=[row.subject])
    except NoReverseMatch:
        return ""
