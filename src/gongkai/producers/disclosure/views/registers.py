from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.foundation.accounts.api import DeskRequest, needs
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import BadInput, NotAllowed, NotFound, Refusal
from gongkai.producers.disclosure import actions
from gongkai.producers.disclosure.exports import MEDIA_TYPE, write_workbook
from gongkai.producers.disclosure.forms import SourceForm, UploadForm
from gongkai.producers.disclosure.kinds import SheetField, SourceRow
from gongkai.producers.disclosure.queries.sources import get_source, list_sources, list_week
from gongkai.producers.disclosure.queries.uploads import list_uploads
from gongkai.producers.disclosure.rules.sheets import write_entry


@require_GET
@needs(Right.WRITE)
def list_registers(request: DeskRequest) -> HttpResponse:
    """Registers other systems keep, with what came this week (登记来源)."""
    manages = actions.may_manage(request.actor)
    unused = [source for source in list_sources(with_inactive=True) if not source.is_active] if manages else []
    return render(request, "disclosure/registers.html", {"week": list_week(request.now), "manages": manages, "unused": unused})


@require_POST
@needs(Right.WRITE)
def load_usual(request: DeskRequest) -> HttpResponse:
    """Put the four usual registers on record (装入常用的登记来源)."""
    if not actions.may_manage(request.actor):
        raise NotAllowed("登记来源由政务公开办设置。要用请找政务公开办。")
    messages.success(request, f"登记来源：{actions.load_sources().words}。")
    return redirect("disclosure:registers")


@require_http_methods(["GET", "POST"])
@needs(Right.WRITE)
def show_source(request: DeskRequest, code: str) -> HttpResponse:
    """One register: upload this week's sheet, see those before (上传登记表)."""
    source = get_source(code)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = actions.upload_sheet(source=code, name=file.name, data=file.read(), actor=request.actor, now=request.now)
        except BadInput as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("disclosure:columns", uuid=upload)
    context = {
        "source": source,
        "form": form,
        "uploads": list_uploads(source=source, actor=request.actor),
        "manages": actions.may_manage(request.actor),
    }
    return render(request, "disclosure/register.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.WRITE)
def edit_source(request: DeskRequest, code: str) -> HttpResponse:
    """Who uploads a register by when, and where its rows lead (登记来源设置)."""
    if not actions.may_manage(request.actor):
        raise NotAllowed("登记来源由政务公开办设置。要改请找政务公开办。")
    source = get_source(code)
    units = organisations.list_units()
    form = SourceForm(request.POST if request.method == "POST" else None, units=units, initial=_first_values(source))
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        try:
            actions.save_source(code=code, unit_id=typed.pop("unit"), actor=request.actor, now=request.now, **typed)
        except (BadInput, NotFound) as refusal:
            form.add_error("entries", str(refusal))
        else:
            messages.success(request, f"“{typed['name']}”的设置已保存。")
            return redirect("disclosure:registers")
    return render(request, "disclosure/edit_register.html", {"source": source, "form": form}, status=422 if form.errors else 200)


@require_GET
@needs(Right.WRITE)
def download_template(request: DeskRequest, code: str) -> HttpResponse:
    """An empty sheet with the columns that are read by themselves (空表), for registers that are kept by hand."""
    del request
    source = get_source(code)
    head = [source.number_label, *(source.names.get(part, (part.label,))[0] for part in SheetField if part is not SheetField.NUMBER)]
    return send_workbook(f"{source.name}登记表.xlsx", write_workbook("登记表", head, []))


def send_workbook(name: str, data: bytes) -> HttpResponse:
    """A workbook to be saved, never shown."""
    header = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(data, content_type=MEDIA_TYPE, headers={"Content-Disposition": header or "attachment"})


def _first_values(source: SourceRow) -> dict[str, object]:
    lines = [write_entry(entry) for entry in source.entries]
    return {
        "name": source.name,
        "number_label": source.number_label,
        "unit": source.unit_id,
        "weekday": source.weekday,
        "entries": "\n".join(lines),
        "is_active": source.is_active,
    }


def tell(request: DeskRequest, refusal: Refusal) -> None:
    """Show a refusal on the page that comes next: the upload stays as it is. Raises: NotFound again, where he may not see that page."""
    if isinstance(refusal, NotFound):
        raise refusal
    messages.error(request, str(refusal))
