from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import rules, showing
from gongkai.core.publishing.forms import UrgentForm
from gongkai.core.publishing.tables import read_urgent_duties
from gongkai.core.publishing.views.editor import STATUS, visible, with_hash
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.lib.errors import ActNotPossible, BadInput, Refusal, SomebodyWasFaster


@require_http_methods(["GET", "HEAD", "POST"])
def release_urgently(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The one page that makes a text public before its review (先发后审): the text, why, and who looks again by when."""
    detail = visible(request, uuid)
    duties = read_urgent_duties()
    # Who may not do it does not get the page either, in words.
    rules.check_may_release_urgently(request.actor, detail.unit_id, detail.entry_code, duties)
    form = UrgentForm(initial={"seen_hash": detail.content_hash})
    refusal: Refusal | None = None
    if request.method == "POST":
        form = UrgentForm(request.POST)
        if form.is_valid():
            try:
                publishing.release_urgently(publication=uuid, **form.cleaned_data, actor=request.actor, now=request.now)
            except BadInput as fault:
                form.add_error(fault.field if fault.field in form.fields else None, str(fault))
            except (ActNotPossible, SomebodyWasFaster) as fault:
                refusal = fault
            else:
                messages.success(request, f"已先发：{detail.content.title}。24 小时内要补审，补审没过就紧急下线。")
                return redirect("publishing:draft", uuid=uuid)
    report = publishing.list_findings(uuid)
    if isinstance(refusal, SomebodyWasFaster):
        form.data = with_hash(form.data, detail.content_hash)
    context = {
        "draft": detail,
        "duty": duties[detail.entry_code],
        "elements": rules.order_elements(detail.content.elements, detail.required),
        "marked": showing.mark_text(detail.content.body_html, showing.list_finding_views(report, detail.origin)),
        "verdict": showing.verdict_of(report, "先发"),
        "standing": report.standing,
        "form": form,
        "refusal": refusal,
    }
    status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), 422 if form.errors else 200)
    return render(request, "publishing/urgent.html", context, status=status)
