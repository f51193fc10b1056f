from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import rules, showing
from gongkai.core.publishing.forms import PassStepForm, ReturnStepForm
from gongkai.core.publishing.kinds import DraftDetail, GateReport, StepKind, StepRow, StepState
from gongkai.core.publishing.places import list_places, number_body
from gongkai.core.publishing.views.editor import STATUS, with_hash
from gongkai.core.publishing.views.limits import find_limit
from gongkai.core.publishing.views.purges import may_request_purge
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, Refusal, SomebodyWasFaster

Forms = tuple[PassStepForm, ReturnStepForm]


@require_safe
def review_step(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The review page of one step (审核): the text, what was let through, two buttons for who may press them."""
    step, detail, report = look(request, uuid)
    return show_review(request, step, detail, report, new_forms(detail, report))


@require_POST
def pass_step(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Pass the step (通过), then on to the next that waits."""
    step, detail, report = look(request, uuid)
    form = PassStepForm(len(report.passed), request.POST)
    refusal: Refusal | None = None
    if form.is_valid():
        try:
            publishing.pass_step(
                step=uuid,
                seen_hash=form.cleaned_data["seen_hash"],
                opinion=form.cleaned_data["opinion"],
                has_looked=form.cleaned_data.get("looked", False),
                actor=request.actor,
                now=request.now,
            )
        except BadInput as fault:
            form.add_error("looked" if fault.field == "looked" and "looked" in form.fields else "opinion", str(fault))
        except (ActNotPossible, SomebodyWasFaster) as fault:
            refusal = fault
        else:
            is_last = step.kind is StepKind.SIGN_OFF
            waits = is_last and detail.release is not None
            done = "已签发，到时公开" if waits else "已签发并公开" if is_last else f"{step.kind.label}已通过"
            messages.success(request, f"{done}：{detail.content.title}")
            return go_on(request)
    return show_review(request, step, detail, report, (form, new_forms(detail, report)[1]), refusal)


@require_POST
def return_step(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Send the text back (退回) with a reason, then on to the next that waits."""
    step, detail, report = look(request, uuid)
    form = ReturnStepForm(list_places(detail, report), request.POST)
    refusal: Refusal | None = None
    # Who asks for one more row has not finished: nothing is judged yet.
    if "more" not in request.POST and form.is_valid():
        try:
            publishing.return_step(
                step=uuid,
                seen_hash=form.cleaned_data["seen_hash"],
                reason=form.words,
                remarks=form.remarks,
                actor=request.actor,
                now=request.now,
            )
        except BadInput as fault:
            form.add_error("place" if fault.field == "place" else "reason", str(fault))
        except (ActNotPossible, SomebodyWasFaster) as fault:
            refusal = fault
        else:
            done = "补审没有通过，已紧急下线" if step.kind is StepKind.SECOND_LOOK else "已退回起草人"
            messages.success(request, f"{done}：{detail.content.title}")
            return go_on(request)
    return show_review(request, step, detail, report, (new_forms(detail, report)[0], form), refusal)


def look(request: DeskRequest, uuid: UUID) -> tuple[StepRow, DraftDetail, GateReport]:
    """A step, its text and what the gate says, for somebody who may read it. Raises: NotFound."""
    step, detail, report = publishing.get_reviewed(uuid)
    rules.check_may_see(request.actor, detail.unit_id)
    return step, detail, report


def new_forms(detail: DraftDetail, report: GateReport) -> Forms:
    """The two forms as they stand before anything is typed: both name the content that is shown."""
    seen = {"seen_hash": detail.content_hash}
    return PassStepForm(len(report.passed), initial=seen), ReturnStepForm(list_places(detail, report), initial=seen)


def show_review(
    request: DeskRequest, step: StepRow, detail: DraftDetail, report: GateReport, forms: Forms, refusal: Refusal | None = None
) -> HttpResponse:
    """The review page, with what was typed when a decision was refused."""
    findings = showing.list_finding_views(report, detail.origin)
    if isinstance(refusal, SomebodyWasFaster):
        # The page shows the text as it is now: this is what the next press is about.
        for form in forms:
            form.data = with_hash(form.data, detail.content_hash) if form.is_bound else form.data
    facts = publishing.get_step_facts(detail, request.now)
    obstacle, absent_name = judge(request, step, detail)
    context = {
        "step": step,
        "draft": detail,
        "elements": rules.order_elements(detail.content.elements, detail.required),
        "marked": showing.mark_text(number_body(detail.content.body_html), findings),
        "findings": findings,
        "passed": list(report.passed.values()),
        "steps": showing.list_step_views(detail, facts, request.now),
        "waited": showing.words_since(step.opened_at, request.now),
        "step_limit": facts.limits.get(step.kind, ""),
        "last_day": facts.last_day,
        "limit": find_limit(detail, request.now),
        "pass_form": forms[0],
        "return_form": forms[1],
        "is_second_look": step.kind is StepKind.SECOND_LOOK,
        "return_words": "没有通过，立即下线" if step.kind is StepKind.SECOND_LOOK else "退回起草人",
        "unlooked": showing.list_unlooked_of(detail, facts),
        "obstacle": obstacle,
        "absent_name": absent_name,
        "may_purge": may_request_purge(request.actor, detail.unit_id),
        "release": publishing.get_release(detail.release) if detail.release else None,
        "may_release": request.actor.may(Right.SIGN, detail.unit_id) and request.actor.officer_id not in detail.writers,
        "refusal": refusal,
    }
    has_errors = "more" not in request.POST and bool(forms[0].errors or forms[1].errors)
    status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), 422 if has_errors else 200)
    return render(request, "publishing/review.html", context, status=status)


def judge(request: DeskRequest, step: StepRow, detail: DraftDetail) -> tuple[str, str]:
    """Why this person cannot decide this step, in words, empty when he can; and in whose place he would, empty in his own.

    The action judges again: this only hides the buttons.
    """
    if step.state is not StepState.WAITING:
        return f"这一步{step.state.label}。", ""
    try:
        decider = rules.check_may_decide(request.actor, step.kind, detail.unit_id, rules.People(detail.writers, detail.passers))
    except NotAllowed as refusal:
        return str(refusal), ""
    return "", decider.absent.name if decider.absent else ""


def go_on(request: DeskRequest) -> HttpResponse:
    """The next step that waits for this person, or his list when nothing does."""
    following = publishing.list_review_page(actor=request.actor, size=1).rows
    return redirect("publishing:review", uuid=following[0].step) if following else redirect("publishing:queue")
