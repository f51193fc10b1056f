"""Where a text is made public: our own outlets and those of others, with what was found there; and the outlets themselves."""

import tempfile
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import rules
from gongkai.core.publishing.kinds import DraftDetail, IncomingFile, PostingRow, PostingState, PublicationState
from gongkai.foundation.accounts.api import DeskRequest, needs
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.attachments import api as attachments
from gongkai.lib.errors import BadInput, NotFound


class AddressForm(forms.Form):
    """Where another site published the text (填写网址)."""

    outlet = forms.IntegerField(widget=forms.HiddenInput)
    address = forms.CharField(label="网址", required=False, help_text="从浏览器的地址栏复制。按下以后马上去取，核对标题、日期和正文。")


class ConfirmForm(forms.Form):
    """The day that a person read on the page, with a screenshot (确认日期)."""

    published_on = forms.DateField(
        label="网页上的发布日期",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "请按 2026-10-09 的写法填日期。"},
    )
    screenshot = forms.FileField(label="截图", required=False, help_text="看得到网址、标题和日期。PNG、JPEG 或 PDF。")


class OutletForm(forms.Form):
    """An outlet that is not ours (渠道)."""

    outlet = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="名称", required=False, help_text="例如 市政府网站（集约化平台）")
    address = forms.CharField(label="网址", required=False, help_text="首页的网址。填的网页要在这个网站上。")
    telephone = forms.CharField(label="电话", required=False, help_text="紧急下线时打这个电话，请对方撤下。")
    is_active = forms.BooleanField(label="在用", required=False, initial=True)


@require_http_methods(["GET", "HEAD", "POST"])
def show_outlets(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Where a text is made public (公开到哪里). A POST notes an address and looks at it at once."""
    detail = public(request, uuid)
    if request.method != "POST":
        return show(request, detail)
    form = AddressForm(request.POST)
    if not form.is_valid():
        raise NotFound("没有这个渠道，或已不在用。请刷新后再填。")
    try:
        posting = publishing.enter_address(
            publication=uuid,
            outlet=form.cleaned_data["outlet"],
            address=form.cleaned_data["address"],
            actor=request.actor,
            now=request.now,
            at_system=timezone.now(),
        )
    except BadInput as refusal:
        form.add_error("address", str(refusal))
        return show(request, detail, address=form)
    say(request, publishing.check_posting(posting=posting, actor=request.actor, now=request.now))
    return redirect("publishing:outlets", uuid=uuid)


@require_safe
def open_posting(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """From a posting to its text: evidence and duties lead here."""
    return redirect("publishing:outlets", uuid=public(request, publishing.find_publication_of(uuid)).uuid)


@require_POST
def check(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Look at the page again (再核对)."""
    detail = public(request, publishing.find_publication_of(uuid))
    say(request, publishing.check_posting(posting=uuid, actor=request.actor, now=request.now))
    return redirect("publishing:outlets", uuid=detail.uuid)


@require_POST
def confirm(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The day was read by a person (确认日期)."""
    detail = public(request, publishing.find_publication_of(uuid))
    form = ConfirmForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["screenshot"]
        incoming = IncomingFile(file.name or "", file.size or 0, file.read) if file else None
        try:
            publishing.confirm_posting(
                posting=uuid, published_on=form.cleaned_data["published_on"], screenshot=incoming, actor=request.actor, now=request.now
            )
        except BadInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "screenshot", str(refusal))
        else:
            messages.success(request, "日期已确认，署您的名字；已核对。")
            return redirect("publishing:outlets", uuid=detail.uuid)
    return show(request, detail, confirming=(uuid, form))


@require_POST
def note_down(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The other site was told, or took it down (告知撤下、已撤)."""
    detail = public(request, publishing.find_publication_of(uuid))
    publishing.note_down(posting=uuid, is_down=request.POST.get("act") == "down", actor=request.actor, now=request.now)
    return redirect("publishing:outlets", uuid=detail.uuid)


@require_safe
def download_package(request: DeskRequest, uuid: UUID) -> FileResponse:
    """Text, files and metadata as one archive (移交包)."""
    public(request, uuid)
    package = publishing.make_package(uuid)
    archive = tempfile.TemporaryFile()  # noqa: SIM115 — the answer closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target, tempfile.TemporaryDirectory() as folder:
        for name, text in package.texts.items():
            target.writestr(name, text)
        for name, file in package.files.items():
            # The public copy, as citizens get it: never the sealed original.
            copy = Path(folder, str(file))
            attachments.write_public_copy(uuid=file, target=copy)
            target.write(copy, name)
    archive.seek(0)
    return FileResponse(archive, as_attachment=True, filename=package.name, content_type="application/zip")


@needs(Right.MANAGE_OUTLETS)
def list_outlets(request: DeskRequest) -> HttpResponse:
    """The outlets that are not ours (设置：渠道). A POST adds one or changes it."""
    form = OutletForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            publishing.save_outlet(actor=request.actor, now=request.now, **form.cleaned_data)
        except BadInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, f"渠道已保存：{form.cleaned_data['name']}")
            return redirect("outlets:list")
    outlets = publishing.list_foreign_outlets(with_unused=True)
    chosen = next((one for one in outlets if str(one.id) == request.GET.get("outlet", "")), None)
    if chosen is not None and request.method != "POST":
        form = OutletForm(
            initial={
                "outlet": chosen.id,
                "name": chosen.name,
                "address": chosen.address,
                "telephone": chosen.telephone,
                "is_active": chosen.is_active,
            }
        )
    context = {"outlets": outlets, "form": form, "chosen": chosen, "is_ledger_only": settings.LEDGER_ONLY}
    return render(request, "publishing/outlet_list.html", context, status=422 if form.errors else 200)


def public(request: DeskRequest, uuid: UUID) -> DraftDetail:
    """A text that is or was public, for who may see its unit's papers. Raises: NotFound."""
    detail = publishing.get_draft(uuid)
    rules.check_may_see(request.actor, detail.unit_id)
    if detail.publication_state is PublicationState.UNPUBLISHED:
        raise NotFound("这份稿还没有公开。签发以后，在这里填其他网站上的网址。")
    return detail


def show(
    request: DeskRequest, detail: DraftDetail, *, address: AddressForm | None = None, confirming: tuple[UUID, ConfirmForm] | None = None
) -> HttpResponse:
    """The page, with what was typed when something was refused."""
    rows = [{"row": row, **_forms_of(row, address, confirming)} for row in publishing.list_postings(detail.uuid)]
    context = {
        "draft": detail,
        "rows": rows,
        "own": [one for one in publishing.list_standings(detail.uuid) if one.label == "本门户"],
        "may_write": request.actor.may(Right.WRITE, detail.unit_id),
        "is_ledger_only": settings.LEDGER_ONLY,
    }
    has_errors = bool((address and address.errors) or (confirming and confirming[1].errors))
    return render(request, "publishing/outlets.html", context, status=422 if has_errors else 200)


def _forms_of(row: PostingRow, address: AddressForm | None, confirming: tuple[UUID, ConfirmForm] | None) -> dict[str, Any]:
    prefix = f"outlet{row.outlet.id}_%s"
    typed = address if address is not None and address["outlet"].value() == str(row.outlet.id) else None
    fresh = AddressForm(initial={"outlet": row.outlet.id, "address": row.address}, auto_id=prefix)
    if typed is not None:
        typed.auto_id = prefix
    is_asked = row.state is PostingState.DATE_UNREAD
    asked = confirming[1] if confirming is not None and confirming[0] == row.uuid else ConfirmForm(auto_id=prefix)
    return {"address": typed or fresh, "confirming": asked if is_asked else None}


def say(request: DeskRequest, state: PostingState) -> None:
    """What the look found, in words."""
    if state is PostingState.CHECKED:
        messages.success(request, "已核对：标题、日期和正文对得上。")
    else:
        messages.warning(request, f"{state.label}。看下面写的是什么，改网址或由人确认。")
