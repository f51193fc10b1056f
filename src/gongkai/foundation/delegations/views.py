from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.delegations import actions, queries
from gongkai.foundation.delegations.forms import DelegationForm
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import ActNotPossible, BadInput
from gongkai.lib.moments import day_of


@require_http_methods(["GET", "HEAD", "POST"])
def list_delegations(request: DeskRequest) -> HttpResponse:
    """The delegations this person has to do with (审核代理), and the form for a new one where he may arrange it."""
    today = day_of(request.now)
    principals = queries.list_principals(actor=request.actor, on=today)
    posts = organisations.list_posts(on=today)
    if request.method != "POST":
        form = DelegationForm(principals, posts, initial={"from_date": today})
    else:
        form = DelegationForm(principals, posts, request.POST)
        if form.is_valid() and arrange(request, form):
            return redirect("delegations:list")
    context = {
        "rows": queries.list_delegations(actor=request.actor, principals=principals, on=today),
        "form": form if principals else None,
    }
    return render(request, "delegations/list.html", context, status=422 if form.errors else 200)


def arrange(request: DeskRequest, form: DelegationForm) -> bool:
    """Make what a sound form asks for. Whether it was made; a refusal stands in the form."""
    typed = form.cleaned_data
    try:
        actions.delegate(
            principal_id=typed["principal"],
            delegate_id=typed["delegate"],
            rights=typed["rights"],
            from_date=typed["from_date"],
            to_date=typed["to_date"],
            reason=typed["reason"],
            actor=request.actor,
            now=request.now,
        )
    except BadInput as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    except ActNotPossible as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"已安排代理：{typed['from_date']:%m-%d} 至 {typed['to_date']:%m-%d}。")
    return True


@require_POST
def end_delegation(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """End a delegation before its last day (结束代理)."""
    actions.end(delegation=uuid, actor=request.actor, now=request.now)
    messages.success(request, "代理已经结束，从现在起他不能再代审。")
    return redirect("delegations:list")
