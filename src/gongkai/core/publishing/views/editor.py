import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import rules, showing
from gongkai.core.publishing.forms import DraftForm, read_reason
from gongkai.core.publishing.kinds import AttachedFiles, DraftDetail, EditionState, IncomingFile, SavedDraft
from gongkai.core.publishing.views.limits import find_limit, list_steps
from gongkai.core.publishing.views.withdrawal import find_taking_back
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.attachments import api as attachments
from gongkai.lib.errors import ActNotPossible, BadInput, Refusal, SomebodyWasFaster

STATUS = {BadInput: 422, ActNotPossible: 409, SomebodyWasFaster: 409}


def visible(request: DeskRequest, uuid: UUID) -> DraftDetail:
    """A text whose inner papers this person may read, public or not: reasons, opinions, what was let through. Raises: NotFound."""
    detail = publishing.get_draft(uuid)
    rules.check_may_see(request.actor, detail.unit_id)
    return detail


def is_editable(request: DeskRequest, detail: DraftDetail) -> bool:
    """Whether this person gets the editor rather than the text to read."""
    return detail.state is EditionState.DRAFT and request.actor.may(Right.WRITE, detail.unit_id)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_draft(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """A text in the editor, or to read when it is in others' hands (文稿). A POST keeps what was typed."""
    if request.method == "POST":
        return keep_then(request, uuid, None, "")
    detail = publishing.get_draft(uuid)
    if detail.is_public and not request.actor.may_see(detail.unit_id):
        return show_public(request, detail)
    rules.check_may_see(request.actor, detail.unit_id)
    if is_editable(request, detail):
        return show_editor(request, detail, DraftForm(detail))
    return show_text(request, detail)


@require_POST
def submit_draft(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Keep what was typed and send the text to its first review (送科室审核)."""
    return keep_then(
        request,
        uuid,
        lambda: publishing.submit(publication=uuid, actor=request.actor, now=request.now),
        "已送科室审核。审核期间不能改，退回后可以再改。",
    )


@require_POST
def pass_finding(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Keep what was typed and let one finding through with the reason beside it (写理由通过)."""
    key = request.POST.get("key", "")
    reason = read_reason(request.POST, key) or request.POST.get("reason", "")
    return keep_then(
        request,
        uuid,
        lambda: publishing.pass_finding(publication=uuid, key=key, reason=reason, actor=request.actor, now=request.now),
        "理由已经记下，署您的名字，审核人看得到。",
        failed_key=key,
    )


@require_POST
def repair_finding(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Keep what was typed and put the right words in the place of the wrong ones (改为)."""
    key = request.POST.get("key", "")
    return keep_then(
        request,
        uuid,
        lambda: publishing.repair_finding(publication=uuid, key=key, actor=request.actor, now=request.now),
        "已经改好，重查过了。",
    )


def keep_then(request: DeskRequest, uuid: UUID, act: Callable[[], object] | None, done: str, *, failed_key: str = "") -> HttpResponse:
    """Keep the form's content, then do one act. Whatever is refused, the page comes back with everything that was typed."""
    detail = visible(request, uuid)
    if "title" in request.POST:
        form = DraftForm(detail, request.POST, request.FILES)
        refusal = keep(request, uuid, form, says_so=act is None)
        if refusal is not None or form.errors:
            # The files may be refused and the text saved all the same: the page shows what is stored now.
            return show_editor(request, publishing.get_draft(uuid), form, refusal=refusal)
    if act is None:
        return redirect("publishing:draft", uuid=uuid)
    try:
        act()
    except (ActNotPossible, BadInput, SomebodyWasFaster) as refusal:
        detail = publishing.get_draft(uuid)
        if not is_editable(request, detail):
            raise
        reasons = {failed_key: read_reason(request.POST, failed_key)} if failed_key else {}
        return show_editor(request, detail, DraftForm(detail), refusal=refusal, reasons=reasons)
    messages.success(request, done)
    return redirect("publishing:draft", uuid=uuid)


def keep(request: DeskRequest, uuid: UUID, form: DraftForm, *, says_so: bool) -> Refusal | None:
    """Save what a form holds; `says_so`: with a message. A refusal about a field goes into the form; one about the whole is returned."""
    is_sound = form.is_valid()
    # A browser does not give a chosen file back: it is sealed even when something else has to be corrected first.
    uploads = [IncomingFile(upload.name or "", upload.size or 0, upload.read) for upload in list_uploads(form)]
    attached = AttachedFiles()
    if uploads:
        attached = publishing.attach_files(publication=uuid, files=uploads, actor=request.actor, now=request.now)
        form.kept_attachments = [*form.kept_attachments, *attached.stored]
    saved, refusal = save_text(request, uuid, form) if is_sound else (None, None)
    if attached.refused:
        form.refuse_files(attached.refused, is_saved=saved is not None)
    if saved is None:
        return refusal
    form.data = with_hash(form.data, saved.content_hash)
    if saved.dropped:
        messages.warning(request, f"粘贴的内容里去掉了：{'，'.join(saved.dropped)}。图片请作为附件上传。")
    if says_so and not attached.refused:
        messages.success(request, f"{request.now:%H:%M} 已保存。")
    return None


def save_text(request: DeskRequest, uuid: UUID, form: DraftForm) -> tuple[SavedDraft | None, Refusal | None]:
    """Save the content of a sound form. None when it was refused: about a field in the form, about the whole as the second."""
    try:
        saved = publishing.save_draft(
            publication=uuid, content=form.content, seen_hash=form.cleaned_data["seen_hash"], actor=request.actor, now=request.now
        )
    except BadInput as refusal:
        form.refuse(refusal)
    except SomebodyWasFaster as refusal:
        return None, refusal
    else:
        return saved, None
    return None, None


def list_uploads(form: DraftForm) -> "list[UploadedFile[Any]]":
    """The files chosen in a form that was judged."""
    uploads: list[UploadedFile[Any]] = form.cleaned_data.get("uploads", [])
    return uploads


def show_editor(
    request: DeskRequest, detail: DraftDetail, form: DraftForm, *, refusal: Refusal | None = None, reasons: dict[str, str] | None = None
) -> HttpResponse:
    """The editor page. With a refusal or errors it shows what was typed, not what is stored, and answers with their status."""
    report = publishing.list_findings(detail.uuid)
    findings = showing.list_finding_views(report, detail.origin)
    remarks = showing.list_remark_views(detail, findings)
    if isinstance(refusal, SomebodyWasFaster):
        # A second press is a decision: it replaces what the other one saved.
        form.data = with_hash(form.data, detail.content_hash)
    context = {
        "draft": detail,
        "form": form,
        # Whoever names another unit's file in a request of his own making does not learn what it is called.
        "files": [file for file in attachments.list_attachments(uuids=form.kept_attachments) if file.unit_id == detail.unit_id],
        "findings": findings,
        "remarks": remarks,
        "marks": json.dumps([*showing.mark_rows(findings), *showing.mark_remarks(remarks)], ensure_ascii=False),
        "report": report,
        "verdict": showing.verdict_of(report),
        "clean": showing.list_clean(report),
        "steps": list_steps(detail, request.now),
        "returned": [step for step in detail.steps if step.state.value == "RETURNED"][-1:],
        "limit": find_limit(detail, request.now),
        "refusal": refusal,
        "reasons": reasons or {},
    }
    status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), 422 if form.errors else 200)
    return render(request, "publishing/editor.html", context, status=status)


def with_hash(data: Any, content_hash: str) -> MultiValueDict[str, Any]:
    """Posted data with the hash of what is stored now."""
    changed: MultiValueDict[str, Any] = data.copy()
    changed["seen_hash"] = content_hash
    return changed


def show_text(request: DeskRequest, detail: DraftDetail) -> HttpResponse:
    """A text to read: in review, or public. Nothing on this page changes it."""
    report = publishing.list_findings(detail.uuid)
    findings = showing.list_finding_views(report, detail.origin)
    facts = publishing.get_step_facts(detail, request.now)
    context = {
        "draft": detail,
        "elements": rules.order_elements(detail.content.elements, detail.required),
        "marked": showing.mark_text(detail.content.body_html, findings),
        "findings": findings,
        "steps": showing.list_step_views(detail, facts, request.now),
        "limit": find_limit(detail, request.now),
        "taking_back": find_taking_back(request, detail),
        "is_own": request.actor.officer_id in detail.writers,
        "waits_with": showing.say_waits(detail, facts),
    }
    return render(request, "publishing/text.html", context)


def show_public(request: DeskRequest, detail: DraftDetail) -> HttpResponse:
    """A public text for somebody of another unit: what citizens read, and nothing of the way it went."""
    context = {
        "draft": detail,
        "elements": rules.order_elements(detail.content.elements, detail.required),
        "marked": showing.mark_text(detail.content.body_html, []),
        "is_outside": True,
        "taking_back": find_taking_back(request, detail),
    }
    return render(request, "publishing/text.html", context)
