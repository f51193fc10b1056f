from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.moments import day_of
from gongkai.lib.paging import read_cursor
from gongkai.producers.disclosure.kinds import CoverageRow
from gongkai.producers.disclosure.queries.coverage import list_coverage, list_uncovered
from gongkai.producers.disclosure.rules.weeks import say_share
from gongkai.producers.disclosure.views.visible import visible_units

FIRST_YEAR = 2008


@require_GET
def show_coverage(request: DeskRequest) -> HttpResponse:
    """Of what each unit made public in a year, how much had been registered first (登记覆盖率)."""
    year = read_year(request)
    rows = list_coverage(unit_ids=visible_units(request), since=date(year, 1, 1), until=date(year, 12, 31))
    context = {"year": year, "years": _years(request), "rows": [(row, say_share(row.first, row.whole)) for row in rows if row.whole]}
    return render(request, "disclosure/coverage.html", context)


@require_GET
def show_uncovered(request: DeskRequest) -> HttpResponse:
    """The publications whose item was not registered first (没有先登记的信息): exactly those the number on the page before counts."""
    year = read_year(request)
    visible = visible_units(request)
    wanted = request.GET.get("unit", "")
    unit_ids = visible & {int(wanted)} if wanted.isdecimal() and len(wanted) < 10 else visible
    since, until = date(year, 1, 1), date(year, 12, 31)
    page = list_uncovered(unit_ids=unit_ids, since=since, until=until, after=read_cursor(request.GET.get("after", "")))
    whole = list_coverage(unit_ids=unit_ids, since=since, until=until)[0]
    unit = next((row for row in organisations.list_units() if row.id in unit_ids), None) if wanted and len(unit_ids) == 1 else None
    context = {"year": year, "page": page, "whole": whole, "share": say_share(whole.first, whole.whole), "unit": unit}
    return render(request, "disclosure/uncovered.html", context)


def read_year(request: DeskRequest) -> int:
    """The year that is asked for; this one when none is, or none that can be."""
    text = request.GET.get("year", "")
    this = day_of(request.now).year
    return int(text) if text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= this else this


def _years(request: DeskRequest) -> list[int]:
    this = day_of(request.now).year
    return list(range(this, this - 5, -1))


def whole_of(request: DeskRequest) -> tuple[CoverageRow, str]:
    """This year's coverage of all units this person may see, with the share in words, for a line on another page."""
    year = day_of(request.now).year
    row = list_coverage(unit_ids=visible_units(request), since=date(year, 1, 1), until=date(year, 12, 31))[0]
    return row, say_share(row.first, row.whole)
