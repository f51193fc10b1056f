from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.forms import EVERY
from gongkai.core.ledger.kinds import Apart, LedgerPart
from gongkai.core.ledger.registry import find_intake
from gongkai.core.ledger.views.frames import figures_of, frame_context, list_apart, read_frame, say_sum
from gongkai.core.ledger.views.lines import lines_of
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right
from gongkai.lib.paging import read_cursor


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """The ledger (应公开事项台账), filtered by the address."""
    desk = cast("DeskRequest", request)
    frame = read_frame(desk)
    filters = frame.choice.filters
    totals = ledger.count_totals(unit_ids=frame.unit_ids, now=desk.now, filters=filters)
    expected = totals.count(filters)
    after = read_cursor(request.GET.get("after", ""))
    page = ledger.list_page(unit_ids=frame.unit_ids, filters=filters, after=after, now=desk.now, expected=expected)
    context = frame_context(frame, desk, "ledger:list") | {
        "page": page,
        "lines": lines_of(page.rows, desk),
        "words": f"这一页 {len(page.rows)} 行，共 {expected:,} 行",
        "expected": expected,
        "figures": figures_of(totals, frame.choice),
        "sum": say_sum(totals, frame.choice),
        "totals": totals,
        "others": list_apart(totals, frame.choice),
        "others_count": sum(totals.apart.values()),
        "others_href": frame.choice.address(part="", apart=EVERY),
        "shown_words": _say_shown(filters.part, filters.apart),
        "export_query": frame.choice.address(),
        # Above the first page only: whoever turns the pages knows it already.
        "intake": None if after else _show_intake(desk),
        "reassign_href": find_address("ledger:reassign") if desk.actor.units(Right.REASSIGN) else "",
    }
    return render(request, "ledger/list.html", context)


def _show_intake(request: DeskRequest) -> dict[str, Any] | None:
    """The strip above the list (本周导入、登记覆盖率) with the addresses of its pages."""
    intake = find_intake(request.actor, request.now)
    if intake is None:
        return None
    return {
        "sources": [(source, find_address(source.page, source.key)) for source in intake.sources],
        "import_href": find_address(intake.import_page),
        "register_href": find_address(intake.register_page),
        "share": intake.share,
        "count_words": intake.count_words,
        "share_href": find_address(intake.share_page),
    }


def find_address(page: str, *arguments: str) -> str:
    """The address of a page that may not be installed or is not named; empty then."""
    try:
        return reverse(page, args=arguments) if page else ""
    except NoReverseMatch:
        return ""


def _say_shown(part: LedgerPart | None, apart: frozenset[Apart]) -> str:
    if len(apart) > 1:
        return "不计入合计的事项"
    return next(iter(apart)).label if apart else part.label if part else ""
