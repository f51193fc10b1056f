from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.views.lines import address_of_work, get_visible, kind_of, line_of, list_acts
from gongkai.core.ledger.views.movements import movement_panel
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.workdays import api as workdays


@require_safe
def show_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One obligation (应公开事项) with its history and proofs."""
    desk = cast("DeskRequest", request)
    row = get_visible(desk, uuid)
    evidence = ledger.list_evidence(obligation_ids=[row.id]).get(row.id, [])
    acts = list_acts([row], {row.id: evidence}, desk.actor)
    context = {
        "line": line_of(row, desk, workdays.get_calendar(), "", kind=kind_of(row), act=acts.get(row.id, ("", ""))),
        "evidence": [(item.label, ledger.find_evidence_page(item)) for item in evidence],
        "history": ledger.list_history(obligation_id=row.id),
        "clock": movement_panel(row, desk),
        "work": address_of_work(row.page, row.subject),
    }
    return render(request, "ledger/detail.html", context)
