"""涉密清除: asked for by one, approved by another, seen to the end by a third. Nothing of what the text said is on these pages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.core.publishing.actions import purge as actions
from gongkai.core.publishing.kinds.purge import PurgeRow, PurgeState
from gongkai.core.publishing.purge_forms import ConfirmPartForm, PurgeForm, RefusePurgeForm
from gongkai.core.publishing.queries import purges as queries
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.outbox import api as outbox
from gongkai.lib.errors import BadInput, NotAllowed, NotFound

SEEING = (Right.REQUEST_PURGE, Right.APPROVE_PURGE, Right.MANAGE_JOBS, Right.SEE_AUDIT)


@require_GET
def show_purges(request: DeskRequest) -> HttpResponse:
    """Every purge of the units one may see it for (涉密清除)."""
    _check_sees(request.actor)
    rows = [row for row in queries.list_purges() if _may_see(request.actor, row)]
    return render(request, "publishing/purge_list.html", {"rows": rows})


@require_GET
def show_purge(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One purge: what is decided, what is cleared, what people have to see to."""
    return _show(request, _visible(request, uuid))


@require_http_methods(["GET", "POST"])
def request_purge(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Ask for a purge of a text (申请涉密清除)."""
    subject = actions.find_subject(publication=uuid, actor=request.actor)
    form = PurgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            purge = actions.request_purge(
                publication=uuid, reason=form.cleaned_data["reason"], paper=form.cleaned_data["paper"], actor=request.actor, now=request.now
            )
        except BadInput as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已停用：门户上已经撤下，工作台上打不开。请告诉安全管理员来批准。")
            return redirect("purges:purge", uuid=purge)
    status = 422 if form.errors else 200
    return render(request, "publishing/purge_request.html", {"form": form, "subject": subject}, status=status)


@require_POST
def approve_purge(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Approve it as the other person (批准清除)."""
    _visible(request, uuid)
    actions.approve_purge(purge=uuid, actor=request.actor, now=request.now, at_system=timezone.now())
    messages.success(request, "已批准，正在逐处清除。可以离开此页。")
    return redirect("purges:purge", uuid=uuid)


@require_POST
def refuse_purge(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Do not approve it (不批准清除)."""
    row = _visible(request, uuid)
    form = RefusePurgeForm(request.POST)
    if not form.is_valid():
        return _show(request, row, refusing=form, status=422)
    actions.refuse_purge(purge=uuid, reason=form.cleaned_data["reason"], actor=request.actor, now=request.now)
    messages.success(request, "没有批准。文稿又能打开；已经撤下的网页不会自动恢复。")
    return redirect("purges:purge", uuid=uuid)


@require_POST
def confirm_part(request: DeskRequest, uuid: UUID, code: str) -> HttpResponse:
    """Confirm what was done about a backup (核备份)."""
    row = _visible(request, uuid)
    form = ConfirmPartForm(request.POST, prefix=code.replace(".", "-"))
    if not form.is_valid():
        return _show(request, row, confirming=(code, form), status=422)
    actions.confirm_part(
        purge=uuid, code=code, note=form.cleaned_data["note"], actor=request.actor, now=request.now, at_system=timezone.now()
    )
    messages.success(request, "已确认。")
    return redirect("purges:purge", uuid=uuid)


def may_request_purge(actor: Actor, unit_id: int) -> bool:
    """Whether somebody may ask for a purge of a unit's texts: then their pages offer it."""
    return actor.may(Right.REQUEST_PURGE, unit_id)


def _show(
    request: DeskRequest,
    row: PurgeRow,
    *,
    refusing: RefusePurgeForm | None = None,
    confirming: tuple[str, ConfirmPartForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    may_decide = row.state is PurgeState.REQUESTED and actor.may(Right.APPROVE_PURGE, row.unit_id)
    may_confirm = row.state is PurgeState.CLEARED and actor.may(Right.MANAGE_JOBS, row.unit_id)
    by_hand = [part for part in row.parts if part.is_by_hand]
    forms = {part.code: ConfirmPartForm(prefix=part.code.replace(".", "-")) for part in by_hand if part.done_at is None}
    if confirming:
        forms[confirming[0]] = confirming[1]
    context = {
        "row": row,
        "by_machine": [part for part in row.parts if not part.is_by_hand],
        "by_hand": [(part, forms.get(part.code)) for part in by_hand],
        "job": outbox.find_last(kind=actions.JOB, key=str(row.uuid)) if row.state is PurgeState.RUNNING else None,
        "is_own": actor.officer_id == row.requested_by_id,
        "may_decide": may_decide and actor.officer_id != row.requested_by_id,
        "may_confirm": may_confirm,
        "refusing": refusing or RefusePurgeForm(),
    }
    return render(request, "publishing/purge.html", context, status=status)


def _visible(request: DeskRequest, uuid: UUID) -> PurgeRow:
    row = queries.get_purge(uuid)
    if not _may_see(request.actor, row):
        raise NotFound("没有这次清除。请从“涉密清除”的列表里打开。")
    return row


def _may_see(actor: Actor, row: PurgeRow) -> bool:
    return any(actor.may(right, row.unit_id) for right in SEEING)


def _check_sees(actor: Actor) -> None:
    if not any(actor.units(right) for right in SEEING):
        raise NotAllowed("涉密清除只给保密审查人、安全管理员、系统管理员和审计管理员看。发现涉密内容，请马上当面告诉保密审查人。")
