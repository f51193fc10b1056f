from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import forms, registry, rules
from gongkai.core.ledger.kinds import DateChangeRow, MovementDraft, MovementRow, ObligationRow, Receipt, ReceiptLine, Told
from gongkai.core.ledger.queries.movements import list_movements
from gongkai.core.ledger.views.lines import get_visible, line_of
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.audit import api as audit
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import BadInput
from gongkai.lib.moments import SHANGHAI, day_of

OPENED = "ledger.open"
PUBLIC_PAGE = "portal_desk:limit"
"""Where the desk shows what citizens see; the portal may be absent from an installation."""


@require_safe
def show_receipt(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Why the limit ends on that day (为什么是这一天)."""
    desk = cast("DeskRequest", request)
    row = get_visible(desk, uuid)
    receipt = with_people(ledger.get_receipt(uuid=uuid, now=desk.now), list_movements(uuid))
    sheet = ledger.lay_receipt(receipt, day_of(desk.now))
    changes = list_changes(receipt, registry.list_told(uuid))
    context = {
        "line": line_of(row, desk, workdays.get_calendar(), ""),
        "receipt": receipt,
        "sheet": sheet,
        "steps": with_registrar(sheet.steps, row),
        "changes": changes,
        # The stored date stands until somebody moves it; a calendar that changed meanwhile is said, not hidden.
        "has_moved": not receipt.is_stopped and receipt.due_at != row.due_at,
        "public_page": _find_public_page(row, receipt),
    }
    return render(request, "ledger/receipt.html", context)


@require_safe
def show_preview(request: HttpRequest) -> HttpResponse:
    """Why the limit of a cause would end on a day, before anything is registered (登记前怎么算). Raises: BadInput, ActNotPossible."""
    desk = cast("DeskRequest", request)
    caused_on, caused_at = _read_cause(request.GET)
    receipt = ledger.preview_due(entry=request.GET.get("entry", "")[:60], caused_on=caused_on, caused_at=caused_at, now=desk.now)
    sheet = ledger.lay_receipt(receipt, day_of(desk.now))
    context = {"receipt": receipt, "sheet": sheet, "steps": sheet.steps}
    return render(request, "ledger/receipt.html", context)


def _read_cause(typed: Mapping[str, str]) -> tuple[date, datetime | None]:
    """The day of a cause and, where it was told, its moment. Raises: BadInput."""
    day = forms.read_day(typed.get("on", ""))
    if day is None:
        raise BadInput("没有事由日，算不出最后一天。请从登记的页面打开。", field="on")
    try:
        clock = time.fromisoformat(typed.get("at", ""))
    except ValueError:
        return day, None
    return day, datetime.combine(day, clock.replace(tzinfo=None), SHANGHAI)


def with_people(receipt: Receipt, noted: Sequence[MovementRow]) -> Receipt:
    """The receipt with who noted and who approved what moved it (经手人): on the desk names belong to it."""
    people = {(row.kind, row.first_day): row for row in noted if row.voided_at is None}

    def known(movements: Sequence[MovementDraft]) -> tuple[MovementDraft, ...]:
        return tuple(people.get((one.kind, one.first_day), one) for one in movements)

    return replace(receipt, movements=known(receipt.movements), stops=known(receipt.stops))


def list_changes(receipt: Receipt, told: Sequence[Told]) -> list[DateChangeRow]:
    """How the date changed (期限改动), newest first, each with who was told of it."""
    return [
        replace(change, told=tuple(dict.fromkeys((*change.told, *(one.who for one in told if one.at == change.at)))))
        for change in reversed(receipt.history)
    ]


def with_registrar(steps: Sequence[ReceiptLine], row: ObligationRow) -> tuple[ReceiptLine, ...]:
    """The steps, the first of them with who registered the cause and when: both days where it was registered late."""
    opened = next((entry for entry in audit.list_rows(subject=row.uuid) if entry.act == OPENED), None)
    who = f"{opened.actor_name} " if opened else ""
    note = f"{who}{rules.say_day(day_of(row.registered_at))}登记"
    first, *rest = steps
    return (replace(first, notes=(*first.notes, note)), *rest)


def _find_public_page(row: ObligationRow, receipt: Receipt) -> str:
    """The address of what citizens see; empty where they may not see the date."""
    if not ledger.may_be_shown(receipt):
        return ""
    try:
        return reverse(PUBLIC_PAGE, args=[row.uuid])
    except NoReverseMatch:
        return ""
