from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.views.frames import frame_context, read_frame
from gongkai.foundation.accounts.api import DeskRequest


@require_safe
def show_freshness(request: HttpRequest) -> HttpResponse:
    """How fresh the columns are (栏目新鲜度): last update, cadence, next day, inspection line."""
    desk = cast("DeskRequest", request)
    rows = ledger.list_freshness(now=desk.now)
    reminded = sum(1 for row in rows if row.lapsed_on is not None)
    tabs = frame_context(read_frame(desk), desk, "ledger:freshness")["tabs"]
    return render(request, "ledger/freshness.html", {"rows": rows, "reminded": reminded, "tabs": tabs})
