from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.foundation.accounts.api import DeskRequest, needs
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import IntentState, JobRow
from gongkai.foundation.ui.kinds import FigureView
from gongkai.lib.errors import Refusal
from gongkai.producers.disclosure import actions
from gongkai.producers.disclosure.actions.sheets import UNDO_WITHIN
from gongkai.producers.disclosure.exports import write_workbook
from gongkai.producers.disclosure.kinds import LineState, LineView, UploadRow, UploadState
from gongkai.producers.disclosure.queries.uploads import find_same_file, get_upload, list_lines, list_together, list_without_clock
from gongkai.producers.disclosure.views.registers import send_workbook, tell

PARTS: tuple[tuple[LineState, str], ...] = (
    (LineState.ERROR, "cinnabar"),
    (LineState.REFUSED, "cinnabar"),
    (LineState.READY, "azurite"),
    (LineState.CHANGED, "ochre"),
    (LineState.SAME, ""),
    (LineState.DOUBLE, ""),
    (LineState.IMPORTED, "malachite"),
    (LineState.APPLIED, "malachite"),
    (LineState.UNDONE, ""),
)
"""Parts of a sheet in the order in which they matter; every line of data is in exactly one."""

EDITABLE = frozenset({LineState.ERROR, LineState.REFUSED})
WORKING = frozenset({UploadState.IMPORTING, UploadState.UNDOING})


@require_GET
@needs(Right.WRITE)
def show_upload(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One uploaded sheet: what can be imported, what has to be changed, how far it is (登记表)."""
    upload = get_upload(uuid, actor=request.actor)
    if upload.state in {UploadState.READING, UploadState.DISCARDED}:
        is_waiting = upload.state is UploadState.READING
        return redirect("disclosure:columns", uuid=uuid) if is_waiting else redirect("disclosure:register", code=upload.source.code)
    shown = _choose_part(upload, request.GET.get("show", ""))
    after = request.GET.get("after", "")
    lines, next_after = list_lines(
        upload=upload, states=[shown], actor=request.actor, now=request.now, after=int(after) if after.isdecimal() and len(after) < 9 else 0
    )
    context = {
        "upload": upload,
        "figures": _figures(upload, shown),
        "shown": shown,
        "lines": lines,
        "next_after": next_after,
        "ready": upload.count(LineState.READY),
        "changed": upload.count(LineState.CHANGED),
        "bad": upload.count(*EDITABLE),
        "is_editable": shown in EDITABLE and upload.state not in WORKING,
        "is_working": upload.state in WORKING,
        "job": _find_job(upload),
        "same_file": find_same_file(upload=upload),
        "without_clock": list_without_clock(upload, request.now),
        "together": list_together(upload),
        "may_undo": _may_undo(upload, request),
        "headline": say_headline(upload),
    }
    return render(request, "disclosure/upload.html", context)


@require_POST
@needs(Right.WRITE)
def edit_lines(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Keep what was typed into the cells of lines that have to be changed, and check them again (改行)."""
    edits: dict[int, dict[int, str]] = {}
    for name, text in request.POST.items():
        what, _, rest = name.partition("-")
        line, _, column = rest.partition("-")
        if what == "cell" and line.isdecimal() and column.isdecimal():
            edits.setdefault(int(line), {})[int(column)] = str(text)
    try:
        number = actions.edit_lines(upload=uuid, edits=edits, actor=request.actor, now=request.now)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        upload = get_upload(uuid, actor=request.actor)
        messages.success(request, f"改了 {number} 行，已重新核对。还有 {upload.count(*EDITABLE)} 行要改。" if number else "没有改动。")
    return redirect("disclosure:upload", uuid=uuid)


@require_GET
@needs(Right.WRITE)
def download_bad_lines(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """The lines that could not be imported, as in the sheet, with a column of reasons (要改的行)."""
    upload = get_upload(uuid, actor=request.actor)
    head = ["原表行号", "要改什么", *(name for _, name in _parts(upload))]
    return send_workbook(f"{upload.source.name}要改的行.xlsx", write_workbook("要改的行", head, _bad_rows(request, upload)))


@require_POST
@needs(Right.WRITE)
def start_import(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Have the lines registered that can be (导入)."""
    ready, changes = request.POST.get("ready", ""), request.POST.get("changes", "")
    try:
        actions.start_import(
            upload=uuid,
            ready=int(ready) if ready.isdecimal() else -1,
            changes=int(changes) if changes.isdecimal() else None,
            actor=request.actor,
            now=request.now,
            at_system=timezone.now(),
        )
    except Refusal as refusal:
        tell(request, refusal)
    return redirect("disclosure:upload", uuid=uuid)


@require_POST
@needs(Right.WRITE)
def start_undo(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Have an import taken back (撤销导入)."""
    try:
        actions.start_undo(upload=uuid, actor=request.actor, now=request.now, at_system=timezone.now())
    except Refusal as refusal:
        tell(request, refusal)
    return redirect("disclosure:upload", uuid=uuid)


@require_POST
@needs(Right.WRITE)
def recheck(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Check the lines again that are not registered (重新核对)."""
    try:
        actions.recheck(upload=uuid, actor=request.actor, now=request.now)
    except Refusal as refusal:
        tell(request, refusal)
    return redirect("disclosure:upload", uuid=uuid)


@require_POST
@needs(Right.WRITE)
def discard(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Throw an uploaded sheet away (放弃)."""
    upload = get_upload(uuid, actor=request.actor)
    actions.discard(upload=uuid, actor=request.actor, now=request.now)
    messages.success(request, f"已放弃“{upload.file_name}”，没有登记任何事项。")
    return redirect("disclosure:register", code=upload.source.code)


def say_headline(upload: UploadRow) -> str:
    """What is to be done with a sheet, in one sentence (标题)."""
    ready, bad, changed = upload.count(LineState.READY), upload.count(*EDITABLE), upload.count(LineState.CHANGED)
    if upload.state is UploadState.IMPORTING:
        return f"正在导入，还有 {ready:,} 行"
    if upload.state is UploadState.UNDOING:
        return "正在撤销导入"
    if upload.state is UploadState.UNDONE:
        return f"导入已撤销，{upload.count(LineState.UNDONE):,} 行"
    parts = [f"{ready:,} 行可以导入"] if ready else []
    parts += [f"{bad:,} 行要改"] if bad else []
    parts += [f"{changed:,} 行有改动"] if changed else []
    if not parts:
        taken = upload.count(LineState.IMPORTED, LineState.APPLIED)
        return f"已登记 {taken:,} 行，没有剩下的" if taken else "都已登记过，没有新的行"
    return "，".join(parts)


def _figures(upload: UploadRow, shown: LineState) -> list[FigureView]:
    address = reverse("disclosure:upload", args=[upload.uuid])
    return [
        FigureView(f"{number:,}", state.label, f"{address}?show={state.value}", tone=tone, is_current=state is shown)
        for state, tone in PARTS
        if (number := upload.count(state))
    ]


def _choose_part(upload: UploadRow, wanted: str) -> LineState:
    parts = [state for state, _ in PARTS]
    chosen = next((state for state in parts if state.value == wanted), None)
    return chosen or next((state for state in parts if upload.count(state)), LineState.READY)


def _find_job(upload: UploadRow) -> JobRow | None:
    """The work in the background, while it is under way or has stopped."""
    if upload.job is None or upload.state not in WORKING:
        return None
    job = outbox.get_job(upload.job)
    return replace(job, error="") if job.state is not IntentState.FAILED and job.attempts == 0 else job


def _may_undo(upload: UploadRow, request: DeskRequest) -> bool:
    if upload.state is not UploadState.IMPORTED or upload.imported_at is None or request.now - upload.imported_at > UNDO_WITHIN:
        return False
    return bool(upload.count(LineState.IMPORTED, LineState.APPLIED))


def _parts(upload: UploadRow) -> Sequence[tuple[int, str]]:
    return list(enumerate(upload.reading.names))


def _bad_rows(request: DeskRequest, upload: UploadRow) -> Iterator[list[str]]:
    after: int | None = 0
    while after is not None:
        lines, after = list_lines(upload=upload, states=[*EDITABLE], actor=request.actor, now=request.now, after=after, size=500)
        yield from (_bad_row(line, upload) for line in lines)


def _bad_row(line: LineView, upload: UploadRow) -> list[str]:
    words = [f"{cell.field.label}：{cell.words}" for cell in line.cells if cell.words] + ([line.words] if line.words else [])
    texts = list(line.texts) + [""] * (len(upload.reading.names) - len(line.texts))
    return [str(line.number), "".join(words), *texts]
