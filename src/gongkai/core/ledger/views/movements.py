"""Moving the clock of an obligation by hand: typed, looked at with the old and the new day, then done."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import rules
from gongkai.core.ledger.kinds import DateChangeRow, MovementRow, ObligationRow, ObligationState, ProposalRow, Receipt
from gongkai.core.ledger.views.lines import get_visible, line_of
from gongkai.core.ledger.views.movement_forms import FORMS, MoveAct, MoveForm, VoidForm, complain
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from gongkai.lib.moments import day_of


@dataclass(frozen=True)
class MovementPanel:
    """What the page of an obligation shows of its clock: what can be done now, what was done, how its date changed."""

    acts: tuple[MoveAct, ...]
    movements: tuple[MovementRow, ...]
    changes: tuple[DateChangeRow, ...]
    may_void: bool
    proposals: tuple[ProposalRow, ...] = ()
    may_decide: bool = False


def movement_panel(row: ObligationRow, request: DeskRequest) -> MovementPanel:
    """The panel of an obligation (期限变动). Three queries."""
    movements = tuple(ledger.list_movements(row.uuid))
    may_move = row.state is ObligationState.OPEN and request.actor.may(Right.WRITE, row.unit_id)
    may_extend = row.state is ObligationState.OPEN and request.actor.may(Right.APPROVE_EXTENSION, row.unit_id)
    proposals = tuple(ledger.list_proposals(row.uuid))
    may_ask = may_move and row.may_be_extended and not any(one.is_waiting for one in proposals)
    acts = _list_acts(row, may_move=may_move, may_extend=may_extend, may_ask=may_ask)
    changes = tuple(ledger.list_date_changes(row.uuid))
    return MovementPanel(acts, movements, changes, may_void=may_move, proposals=proposals, may_decide=may_extend)


def _list_acts(row: ObligationRow, *, may_move: bool, may_extend: bool, may_ask: bool) -> tuple[MoveAct, ...]:
    if row.stopped_since is not None:
        return ((MoveAct.PAYMENT,) if row.waits_for_fee else (MoveAct.RESUME,)) if may_move else ()
    acts = (MoveAct.STOP, MoveAct.RESTART, MoveAct.FEE) if may_move else ()
    acts = (*acts, MoveAct.EXTEND) if may_extend else acts
    return (*acts, MoveAct.PROPOSE) if may_ask else acts


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, uuid: UUID, act: str) -> HttpResponse:
    """Move a clock (期限变动): a GET with values shows the old and the new day, a POST does it. A refusal keeps what was typed."""
    desk = cast("DeskRequest", request)
    if act not in MoveAct.values():
        raise NotFound("没有这种期限变动，请从事项页里打开。")
    wanted, row = MoveAct(act), get_visible(desk, uuid)
    _refuse(desk, row, wanted)
    terms, today = ledger.get_terms_of(uuid), day_of(desk.now)
    typed = request.POST if request.method == "POST" else request.GET if "seen" in request.GET else None
    form = FORMS[wanted](typed, terms=terms, today=today, proposers=_list_proposers(row, desk, wanted), seen=row.moves)
    status = 200
    receipts: tuple[Receipt, Receipt] | None = None
    if form.is_bound and form.is_valid():
        try:
            if request.method == "POST":
                _do(wanted, row, form, desk)
                asked = "已提出，等有权批准的人决定。期限现在没有变。" if wanted is MoveAct.PROPOSE else ""
                messages.success(request, asked or _say_done(ledger.get_obligation(uuid, now=desk.now)))
                return redirect("ledger:detail", uuid)
            receipts = ledger.preview_movement(obligation=uuid, movement=form.movement(), now=desk.now)
        except (BadInput, ActNotPossible, SomebodyWasFaster) as refusal:
            complain(form, refusal)
            status = 422 if isinstance(refusal, BadInput) else 409
    elif form.is_bound:
        status = 422
    context = {
        "line": line_of(row, desk, workdays.get_calendar(), ""),
        "act": wanted,
        "form": form,
        "terms": terms,
        "before": say_receipt(receipts[0]) if receipts else "",
        "after": say_receipt(receipts[1]) if receipts else "",
        "sentence": receipts[1].sentence if receipts else "",
        "after_target": receipts[1].target_day if receipts and not receipts[1].is_stopped else None,
        "button": _say_button(wanted, form) if receipts else "",
        "kept": [(name, value) for name, value in (typed or {}).items() if name in form.fields],
    }
    return render(request, "ledger/move.html", context, status=status)


@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, uuid: UUID, movement: UUID) -> HttpResponse:
    """Take back a movement that was a mistake (作废)."""
    desk = cast("DeskRequest", request)
    row, noted = get_visible(desk, uuid), ledger.get_movement(movement)
    if noted not in ledger.list_movements(uuid):
        raise NotFound("这件事项没有这条变动，请从事项页里打开。")
    _refuse(desk, row, MoveAct.STOP)
    form = VoidForm(request.POST if request.method == "POST" else None, initial={"seen": row.moves})
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            ledger.void_movement(movement=movement, reason=typed["reason"], actor=desk.actor, now=desk.now, seen=typed["seen"])
        except (BadInput, ActNotPossible, SomebodyWasFaster) as refusal:
            complain(form, refusal)
            status = 422 if isinstance(refusal, BadInput) else 409
        else:
            messages.success(request, _say_done(ledger.get_obligation(uuid, now=desk.now)))
            return redirect("ledger:detail", uuid)
    context = {"line": line_of(row, desk, workdays.get_calendar(), ""), "movement": noted, "form": form}
    return render(request, "ledger/move_void.html", context, status=status)


def _refuse(request: DeskRequest, row: ObligationRow, act: MoveAct) -> None:
    needed = Right.APPROVE_EXTENSION if act is MoveAct.EXTEND else Right.WRITE
    if not request.actor.may(needed, row.unit_id):
        raise NotAllowed(f"{act.label}要有“{needed.label}”的权限，对象是{row.unit_name}。权限由安全管理员按岗位授予。")


def _list_proposers(row: ObligationRow, request: DeskRequest, act: MoveAct) -> list[tuple[int, str]]:
    """Who may have asked for an extension: the officers of the unit that does the work, but whoever approves it."""
    if act is not MoveAct.EXTEND:
        return []
    posts = organisations.list_posts(unit_id=row.unit_id, on=day_of(request.now))
    holders = {post.holder.id: post.holder.name for post in posts if post.holder and post.holder.id != request.actor.officer_id}
    return sorted(holders.items(), key=lambda holder: holder[1])


def _do(act: MoveAct, row: ObligationRow, form: MoveForm, request: DeskRequest) -> None:
    """The one call into the actions that the act is."""
    wanted, typed = form.movement(), form.cleaned_data
    common: dict[str, Any] = {"obligation": row.uuid, "document": wanted.document, "actor": request.actor, "now": request.now}
    common["seen"] = typed["seen"]
    told: dict[str, Any] = {"reason": wanted.reason, "article": wanted.article}
    if act is MoveAct.STOP and wanted.latest_day:
        ledger.stop(first_day=wanted.first_day, latest_day=wanted.latest_day, **told, **common)
    elif act is MoveAct.FEE and wanted.latest_day:
        ledger.charge_fee(notified_on=wanted.first_day, latest_day=wanted.latest_day, **told, **common)
    elif act is MoveAct.RESTART:
        ledger.restart(new_cause=wanted.first_day, **told, **common)
    elif act is MoveAct.EXTEND:
        ledger.extend(amount=wanted.amount, proposed_by=typed["proposed_by"], **told, **common)
    elif act is MoveAct.PROPOSE:
        ledger.propose_extension(amount=wanted.amount, **told, **common)
    elif act is MoveAct.RESUME and wanted.last_day:
        ledger.resume(last_day=wanted.last_day, **common)
    elif act is MoveAct.PAYMENT and wanted.last_day:
        ledger.note_payment(paid_on=wanted.last_day, **common)


def say_receipt(receipt: Receipt) -> str:
    """The day of a receipt in words; a limit that stands still has none."""
    if receipt.waits_for_fee and receipt.resumes_by:
        return f"等缴费，最迟 {rules.say_day(receipt.resumes_by)}缴"
    if receipt.is_stopped and receipt.resumes_by:
        return f"暂停计算，最迟 {rules.say_day(receipt.resumes_by)}恢复"
    provisional = "，暂定" if receipt.is_provisional else ""
    return f"{rules.say_day(receipt.last_day)}（{rules.say_weekday(receipt.last_day)}{provisional}）"


def _say_done(row: ObligationRow) -> str:
    if row.stopped_since and row.resumes_by and row.waits_for_fee:
        return f"从 {rules.say_day(row.stopped_since)}起等缴费，最迟 {rules.say_day(row.resumes_by)}缴。缴了，从次日重新起算。"
    if row.stopped_since and row.resumes_by:
        return f"从 {rules.say_day(row.stopped_since)}起暂停计算，最迟 {rules.say_day(row.resumes_by)}恢复。"
    return f"已改，最后一天是 {rules.say_day(row.last_day)}（{rules.say_weekday(row.last_day)}）。" if row.last_day else "已改。"


def _say_button(act: MoveAct, form: MoveForm) -> str:
    """What the button does, in words."""
    wanted = form.movement()
    day = rules.say_day(wanted.last_day or wanted.first_day)
    words = {
        MoveAct.STOP: f"从 {day}起暂停计算",
        MoveAct.RESUME: f"停到 {day}，恢复计算",
        MoveAct.EXTEND: f"批准延长 {wanted.amount} {wanted.unit.label if wanted.unit else ''}",
        MoveAct.PROPOSE: f"提出延长 {wanted.amount} {wanted.unit.label if wanted.unit else ''}",
        MoveAct.RESTART: f"从 {day}重新起算",
        MoveAct.FEE: f"记下 {day}的收费",
        MoveAct.PAYMENT: f"记下 {day}的缴费",
    }
    return words[act]
