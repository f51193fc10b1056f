"""Deciding an extension that somebody else asked for."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ProposalRow
from gongkai.core.ledger.views.lines import get_visible, line_of
from gongkai.core.ledger.views.movement_forms import RefusalForm, complain
from gongkai.core.ledger.views.movements import say_receipt
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from gongkai.lib.moments import day_of

DONE = {"approve": "已批准延长。", "refuse": "已答复：不批准延长。期限没有变。", "withdraw": "延长申请已撤回。"}


@require_http_methods(["GET", "POST"])
def decide_extension(request: HttpRequest, uuid: UUID, proposal: UUID) -> HttpResponse:
    """One extension that was asked for (延长申请): both days, and what can be decided by whoever looks."""
    desk = cast("DeskRequest", request)
    row, asked = get_visible(desk, uuid), ledger.get_proposal(proposal)
    if asked.obligation != uuid:
        raise NotFound("这件事项没有这份延长申请，请从事项页里打开。")
    act = request.POST.get("act", "")
    form = RefusalForm(request.POST if act == "refuse" else None)
    problem, status = "", 200
    if request.method == "POST" and (act != "refuse" or form.is_valid()):
        try:
            _decide(act, asked, form, desk)
            messages.success(request, DONE[act])
            return redirect("ledger:detail", uuid)
        except (BadInput, ActNotPossible, SomebodyWasFaster) as refusal:
            status = 422 if isinstance(refusal, BadInput) else 409
            problem = str(refusal)
            if form.is_bound:
                complain(form, refusal)
    elif request.method == "POST":
        status = 422
    is_mine = asked.proposer_id == desk.actor.officer_id
    before = after = ""
    if asked.is_waiting:
        try:
            receipts = ledger.preview_movement(obligation=uuid, movement=asked.draft(day_of(desk.now)), now=desk.now)
            before, after = say_receipt(receipts[0]), say_receipt(receipts[1])
        except (BadInput, ActNotPossible, SomebodyWasFaster) as refusal:
            problem = problem or str(refusal)
    context = {
        "line": line_of(row, desk, workdays.get_calendar(), ""),
        "asked": asked,
        "before": before,
        "after": after,
        "problem": problem,
        "form": form,
        "may_decide": asked.is_waiting and not is_mine and desk.actor.may(Right.APPROVE_EXTENSION, row.unit_id),
        "may_withdraw": asked.is_waiting and is_mine,
        "is_mine": is_mine,
        "seen": row.moves,
    }
    return render(request, "ledger/proposal.html", context, status=status)


def _decide(act: str, asked: ProposalRow, form: RefusalForm, request: DeskRequest) -> None:
    """The one call into the actions. Raises: as the actions; NotAllowed without the right."""
    if act == "withdraw":
        ledger.withdraw_proposal(proposal=asked.uuid, actor=request.actor, now=request.now)
        return
    row = ledger.get_obligation(asked.obligation, now=request.now)
    if not request.actor.may(Right.APPROVE_EXTENSION, row.unit_id):
        raise NotAllowed(f"批准延长要有“{Right.APPROVE_EXTENSION.label}”的权限，对象是{row.unit_name}。权限由安全管理员按岗位授予。")
    if act == "refuse":
        ledger.refuse_extension(proposal=asked.uuid, reason=form.cleaned_data["reason"], actor=request.actor, now=request.now)
    elif act == "approve":
        seen = request.POST.get("seen", "")
        known = int(seen) if seen.isdecimal() and len(seen) < 6 else None
        ledger.approve_extension(proposal=asked.uuid, actor=request.actor, now=request.now, seen=known)
    else:
        raise NotFound("没有这种决定，请从事项页里打开。")
