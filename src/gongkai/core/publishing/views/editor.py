import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import rules, showing
from gongkai.core.publishing.cleaning import clean_body
from gongkai.core.publishing.forms import DraftForm, read_reason
from gongkai.core.publishing.kinds import AttachedFiles, DraftDetail, EditionState, IncomingFile, PublicationState, SavedDraft
from gongkai.core.publishing.kinds.editing import EditHolder, EditWindow
from gongkai.core.publishing.pictures import MEDIA_TYPES, list_pictures
from gongkai.core.publishing.rules.leasing import HeldBySomebody
from gongkai.core.publishing.side_by_side import PartPair, compare
from gongkai.core.publishing.tables import read_urgent_duties
from gongkai.core.publishing.views.limits import find_limit, list_steps
from gongkai.core.publishing.views.purges import may_request_purge
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
    if detail.publication_state is PublicationState.PUBLIC and not request.actor.may_see(detail.unit_id):
        return show_public(request, publishing.get_draft(uuid, number=detail.public_number))
    rules.check_may_see(request.actor, detail.unit_id)
    if request.method == "HEAD" or not is_editable(request, detail):
        return show_text(request, detail)
    window = read_window(request)
    holder = publishing.open_editor(publication=uuid, window=window, actor=request.actor, now=request.now)
    if not holder.is_here:
        return show_text(request, detail, holder)
    return show_editor(request, detail, DraftForm(detail), window=window)


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


def read_window(request: DeskRequest) -> EditWindow:
    """Which opened page this is: the one that sent the form, or a new one."""
    try:
        token = UUID(request.POST.get("window", ""))
    except ValueError:
        token = uuid4()
    return EditWindow(token, timezone.now())


def keep_then(request: DeskRequest, uuid: UUID, act: Callable[[], object] | None, done: str, *, failed_key: str = "") -> HttpResponse:
    """Keep the form's content, then do one act. Whatever is refused, the page comes back with everything that was typed."""
    detail = visible(request, uuid)
    if "title" in request.POST:
        form = DraftForm(detail, request.POST, request.FILES)
        refusal = keep(request, uuid, form, says_so=act is None)
        if refusal is not None or form.errors:
            # The files may be refused and the text saved all the same: the page shows what is stored now.
            return show_editor(request, publishing.get_draft(uuid), form, refusal=refusal)
    if act is None and is_automatic(request):
        detail = publishing.get_draft(uuid)
        return show_editor(request, detail, DraftForm(detail))
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


def is_automatic(request: DeskRequest) -> bool:
    """Whether the page's script sent the form by itself: it takes what it needs from the page that comes back."""
    return "auto" in request.POST


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
        messages.warning(request, f"粘贴的内容里去掉了：{'，'.join(saved.dropped)}。图片请用“插图”上传。")
    if says_so and not attached.refused and not is_automatic(request):
        messages.success(request, f"{request.now:%H:%M} 已保存。")
    return None


def save_text(request: DeskRequest, uuid: UUID, form: DraftForm) -> tuple[SavedDraft | None, Refusal | None]:
    """Save the content of a sound form. None when it was refused: about a field in the form, about the whole as the second.

    `replace` names the content that the author has seen beside his own and wants to be replaced; the text is his to write on then.
    """
    window, replaced = read_window(request), request.POST.get("replace", "")
    try:
        check_person(request)
        if replaced:
            publishing.take_over(publication=uuid, window=window, actor=request.actor, now=request.now)
        saved = publishing.save_draft(
            publication=uuid,
            content=form.content,
            seen_hash=replaced or form.cleaned_data["seen_hash"],
            actor=request.actor,
            now=request.now,
            window=window,
            is_automatic=is_automatic(request),
        )
    except BadInput as refusal:
        form.refuse(refusal)
    except (ActNotPossible, SomebodyWasFaster) as refusal:
        return None, refusal
    else:
        return saved, None
    return None, None


def list_uploads(form: DraftForm) -> "list[UploadedFile[Any]]":
    """The files chosen in a form that was judged."""
    uploads: list[UploadedFile[Any]] = form.cleaned_data.get("uploads", [])
    return uploads


def check_person(request: DeskRequest) -> None:
    """Whether who opened the page is who sends it: signing in elsewhere in the same browser changes it. Raises: ActNotPossible."""
    if request.POST.get("person", str(request.actor.officer_id)) != str(request.actor.officer_id):
        raise ActNotPossible(
            f"这一页是别人登录时打开的，现在登录的是{request.actor.name}，没有存进去。要用{request.actor.name}的名字存，请再按一次“保存草稿”。"
        )


def compare_with_stored(detail: DraftDetail, form: DraftForm) -> list[PartPair]:
    """What is stored and what was typed side by side (两份对照), when the one must not replace the other unseen."""
    typed = form.content
    files = attachments.list_attachments(uuids=form.kept_attachments)
    return compare(
        detail.content,
        rules.tidy(typed, clean_body(typed.body_html).html),
        files_before=[file.name for file in detail.attachments],
        files_after=[file.name for file in files if file.unit_id == detail.unit_id],
    )


def show_editor(
    request: DeskRequest,
    detail: DraftDetail,
    form: DraftForm,
    *,
    window: EditWindow | None = None,
    refusal: Refusal | None = None,
    reasons: dict[str, str] | None = None,
) -> HttpResponse:
    """The editor page. With a refusal or errors it shows what was typed, not what is stored, and answers with their status."""
    report = publishing.check_draft(detail)
    findings = showing.list_finding_views(report, detail.origin)
    remarks = showing.list_remark_views(detail, findings)
    is_conflict = isinstance(refusal, SomebodyWasFaster) and form.is_bound
    context = {
        "draft": detail,
        "form": form,
        "is_ledger_only": settings.LEDGER_ONLY,
        # Whoever names another unit's file in a request of his own making does not learn what it is called.
        "files": [file for file in attachments.list_attachments(uuids=form.kept_attachments) if file.unit_id == detail.unit_id],
        "findings": findings,
        "remarks": remarks,
        "may_be_urgent": rules.is_urgent_possible(request.actor, detail.unit_id, detail.entry_code, read_urgent_duties()),
        "marks": json.dumps([*showing.mark_rows(findings), *showing.mark_remarks(remarks)], ensure_ascii=False),
        "report": report,
        "verdict": showing.verdict_of(report),
        "given": len(detail.required) - sum(finding.rule == "element" for finding in report.findings),
        "clean": showing.list_clean(report),
        "steps": list_steps(detail, request.now),
        "returned": [step for step in detail.steps if step.state.value == "RETURNED"][-1:],
        "limit": find_limit(detail, request.now),
        "refusal": refusal,
        "is_conflict": is_conflict,
        "is_held": isinstance(refusal, HeldBySomebody),
        "pairs": compare_with_stored(detail, form) if is_conflict else [],
        "reasons": reasons or {},
        "shown": {picture.uuid: picture.words for picture in list_pictures(str(form["body"].value() or ""))},
        "picture_types": MEDIA_TYPES,
        "file_address": reverse("attachments:download", args=[UUID(int=0)]),
        "window": (window or read_window(request)).token,
        "is_automatic": is_automatic(request),
    }
    status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), 422 if form.errors else 200)
    return render(request, "publishing/editor.html", context, status=status)


def with_hash(data: Any, content_hash: str) -> MultiValueDict[str, Any]:
    """Posted data with the hash of what is stored now."""
    changed: MultiValueDict[str, Any] = data.copy()
    changed["seen_hash"] = content_hash
    return changed


def show_text(request: DeskRequest, detail: DraftDetail, holder: EditHolder | None = None) -> HttpResponse:
    """A text to read: in review, public, or open on another's desk. Nothing on this page changes it."""
    report = publishing.check_draft(detail)
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
        "holder": holder,
        "may_purge": may_request_purge(request.actor, detail.unit_id),
        "is_own": request.actor.officer_id in detail.writers,
        "waits_with": showing.say_waits(detail, facts),
        "unlooked": showing.list_unlooked_of(detail, facts),
        "may_be_urgent": not detail.is_public
        and rules.is_urgent_possible(request.actor, detail.unit_id, detail.entry_code, read_urgent_duties()),
        **history_of(request, detail),
    }
    return render(request, "publishing/text.html", context)


def history_of(request: DeskRequest, detail: DraftDetail) -> dict[str, object]:
    """What the page of a text says of its editions and of its release."""
    editions = publishing.list_editions(detail.uuid)
    release = publishing.get_release(detail.release) if detail.release else None
    is_newest = not editions or editions[0].number == detail.number
    is_signed = is_newest and detail.state is EditionState.APPROVED
    return {
        "editions": editions,
        "release": release,
        "is_newest": is_newest,
        "waits": is_signed and detail.released_at is None,
        "may_release": request.actor.may(Right.SIGN, detail.unit_id) and request.actor.officer_id not in detail.writers,
        "may_go_on": is_signed and release is None and request.actor.may(Right.WRITE, detail.unit_id),
    }


def show_public(request: DeskRequest, detail: DraftDetail) -> HttpResponse:
    """A public text for somebody of another unit: what citizens read, and nothing of the way it went."""
    context = {
        "draft": detail,
        "elements": rules.order_elements(detail.content.elements, detail.required),
        "marked": showing.mark_text(detail.content.body_html, [], has_files=False),
        "is_outside": True,
        "taking_back": find_taking_back(request, detail),
        "may_purge": may_request_purge(request.actor, detail.unit_id),
    }
    return render(request, "publishing/text.html", context)
