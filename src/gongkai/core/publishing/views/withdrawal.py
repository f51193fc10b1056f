"""Taking back what is public: withdrawal, 紧急下线 on one confirm page, the record with reason and papers, putting back."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ObligationState
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import rules
from gongkai.core.publishing.kinds import DraftDetail, PublicationState, WithdrawalKind, WithdrawalRow
from gongkai.core.publishing.views.lists import make_tabs
from gongkai.core.publishing.views.withdrawal_forms import GroundsForm, RestoreForm, TakeDownForm
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound
from gongkai.lib.paging import read_cursor

WITHDRAWAL, TAKE_DOWN = WithdrawalKind.WITHDRAWAL, WithdrawalKind.TAKE_DOWN


STANDING = {PublicationState.UNPUBLISHED, PublicationState.PUBLIC}
"""States of what has not been taken back."""


@dataclass(frozen=True)
class TakingBack:
    """What a person may do about a public text, and what was done (撤下). `withdrawal` None: it is not taken back."""

    withdrawal: WithdrawalRow | None
    may_withdraw: bool
    may_take_down: bool


def find_taking_back(request: DeskRequest, detail: DraftDetail) -> TakingBack:
    """What stands on the page of a text about taking it back. The actions judge again: this only shows and hides."""
    state = detail.publication_state
    may_take_down = publishing.may_take_back(request.actor, TAKE_DOWN, detail.unit_id)
    return TakingBack(
        withdrawal=publishing.find_withdrawal(detail.uuid) if state not in STANDING else None,
        # Also while a next edition is in hand: citizens read the one before.
        may_withdraw=state is PublicationState.PUBLIC and publishing.may_take_back(request.actor, WITHDRAWAL, detail.unit_id),
        may_take_down=may_take_down and state in {PublicationState.PUBLIC, PublicationState.WITHDRAWN},
    )


@require_safe
def list_withdrawals(request: DeskRequest) -> HttpResponse:
    """What is taken back (已撤下), the last first; those whose reason is to follow say so."""
    page = publishing.list_withdrawals(unit_ids=request.actor.seen_units, after=read_cursor(request.GET.get("after", "")))
    return render(request, "publishing/withdrawal_list.html", {"page": page, "tabs": make_tabs(request, "withdrawn")})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Withdraw a public text (撤回): the reasons with what each leads to, one button."""
    detail = public(request, uuid, WITHDRAWAL)
    form = GroundsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = publishing.withdraw(publication=uuid, grounds=form.grounds, actor=request.actor, now=request.now)
        except BadInput as refusal:
            form.refuse(refusal)
        else:
            say(request, publishing.get_withdrawal(done), f"已撤回：{detail.content.title}")
            return redirect("publishing:withdrawal", uuid=done)
    context = {"draft": detail, "form": form, "standings": publishing.list_standings(uuid)}
    return render(request, "publishing/withdraw.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def take_down(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """紧急下线: one page with the item and its outlets, one button that acts at once. Works on a telephone."""
    detail = public(request, uuid, TAKE_DOWN)
    form = TakeDownForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = publishing.take_down(publication=uuid, note=form.cleaned_data["note"], actor=request.actor, now=request.now)
        except BadInput as refusal:
            form.add_error("note", str(refusal))
        else:
            say(request, publishing.get_withdrawal(done), f"已紧急下线：{detail.content.title}")
            return redirect("publishing:withdrawal", uuid=done)
    context = {"draft": detail, "form": form, "standings": publishing.list_standings(uuid)}
    return render(request, "publishing/take_down.html", context, status=422 if form.errors else 200)


@require_safe
def show_withdrawal(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The record of one taking back (撤下记录): which outlets still show it, the reason or the form for it, and the way back."""
    row = visible_withdrawal(request, uuid)
    return show(request, row, new_grounds(row), RestoreForm())


@require_POST
def explain(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Add the reason and the papers of a take-down (补手续)."""
    row = visible_withdrawal(request, uuid)
    form = GroundsForm(request.POST)
    if form.is_valid():
        try:
            publishing.explain(withdrawal=uuid, grounds=form.grounds, actor=request.actor, now=request.now)
        except BadInput as refusal:
            form.refuse(refusal)
        else:
            say(request, publishing.get_withdrawal(uuid), "原因已经补上，署您的名字。")
            return redirect("publishing:withdrawal", uuid=uuid)
    return show(request, row, form, RestoreForm())


@require_POST
def restore(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Make it public again (恢复公开)."""
    row = visible_withdrawal(request, uuid)
    form = RestoreForm(request.POST)
    if form.is_valid():
        try:
            publishing.restore(withdrawal=uuid, reason=form.cleaned_data["end_reason"], actor=request.actor, now=request.now)
        except BadInput as refusal:
            form.add_error("end_reason", str(refusal))
        else:
            messages.success(request, f"已恢复公开：{row.title}。门户的页面随后生成。")
            return redirect("publishing:draft", uuid=row.publication)
    return show(request, row, new_grounds(row), form)


def public(request: DeskRequest, uuid: UUID, kind: WithdrawalKind) -> DraftDetail:
    """A text that this person may take back now. Raises: NotFound, NotAllowed, ActNotPossible."""
    detail = publishing.get_draft(uuid)
    if detail.publication_state is PublicationState.UNPUBLISHED:
        raise NotFound("没有这条公开的信息。请从“已公开”的列表里打开。")
    rules.withdrawal.check_may_withdraw(request.actor, kind, detail.unit_id)
    standing = publishing.find_withdrawal(uuid)
    if standing is not None and (kind is WITHDRAWAL or standing.lacks_reason):
        raise ActNotPossible(f"这条信息已由{standing.officer_name}{standing.kind.label}。请从“已撤下”的列表里打开它的记录。")
    return detail


def visible_withdrawal(request: DeskRequest, uuid: UUID) -> WithdrawalRow:
    """A record that this person may read. Raises: NotFound."""
    row = publishing.get_withdrawal(uuid)
    rules.check_may_see(request.actor, row.unit_id)
    return row


def new_grounds(row: WithdrawalRow) -> GroundsForm:
    """The form for the reason that is to follow, with what was written in the moment."""
    return GroundsForm(initial={"note": row.note})


def show(request: DeskRequest, row: WithdrawalRow, grounds: GroundsForm, restoring: RestoreForm) -> HttpResponse:
    """The page of a record, with what was typed when something was refused."""
    kind = TAKE_DOWN if row.explained_at is None else WITHDRAWAL
    owed = [one for one in ledger.list_obligations(subject=row.uuid, now=request.now) if one.state is ObligationState.OPEN]
    context = {
        "row": row,
        "standings": publishing.list_standings(row.publication) if row.is_standing else [],
        "may_explain": row.lacks_reason and publishing.may_take_back(request.actor, TAKE_DOWN, row.unit_id),
        "may_restore": row.is_standing and publishing.may_take_back(request.actor, kind, row.unit_id),
        "grounds": grounds,
        "restoring": restoring,
        "owed": owed[0] if owed else None,
        "history": publishing.list_past_withdrawals(row.publication),
    }
    return render(request, "publishing/withdrawal.html", context, status=422 if grounds.errors or restoring.errors else 200)


def say(request: DeskRequest, row: WithdrawalRow, done: str) -> None:
    """What came of it in words: done everywhere, or what stands in the way and that it is repeated."""
    if row.fault:
        messages.error(request, f"{done}。但是有渠道没有马上撤下来：{row.fault}")
    else:
        messages.success(request, done)
