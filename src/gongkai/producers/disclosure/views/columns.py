from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongkai.foundation.accounts.api import DeskRequest, needs
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import BadInput
from gongkai.producers.disclosure import actions
from gongkai.producers.disclosure.actions.uploads import NEEDED
from gongkai.producers.disclosure.kinds import SheetField, SheetReading, UploadRow, UploadState
from gongkai.producers.disclosure.queries.uploads import get_upload, list_head, list_sample, list_unknown_words

HELP = {
    SheetField.NUMBER: "同一个编号就是同一件事，再传一次不会重复登记。不要选序号。",
    SheetField.TITLE: "是哪一件事：项目、宗地或文件的名称。",
    SheetField.DAY: "期限从这一天起算，例如合同签订、收到批文、作出决定的日子。",
    SheetField.KIND: "由它定登记成哪一项公开事项。没有这一列，就在下面选一项。",
    SheetField.UNIT: "没有这一列，就归通常承办这一项的单位，或在下面选一个。",
}


@dataclass(frozen=True)
class ColumnChoice:
    """One question of the page: which column says this (认列)."""

    field: SheetField
    label: str
    help: str
    chosen: int | None
    is_needed: bool
    error: str = ""


@require_http_methods(["GET", "POST"])
@needs(Right.WRITE)
def map_columns(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Say which column of a sheet says what (认列): guessed, to be corrected; then every line is checked."""
    upload = get_upload(uuid, actor=request.actor)
    if upload.state not in {UploadState.READING, UploadState.CHECKED}:
        messages.info(request, "这份登记表已经开始导入，不能再改认列。")
        return redirect("disclosure:upload", uuid=uuid)
    error: BadInput | None = None
    reading = upload.reading
    if request.method == "POST":
        reading = _read_form(request.POST, upload)
        if "check" in request.POST:
            try:
                actions.set_reading(upload=uuid, reading=reading, actor=request.actor, now=request.now)
            except BadInput as refusal:
                error = refusal
            else:
                return redirect("disclosure:upload", uuid=uuid)
    context = {
        "upload": upload,
        "reading": reading,
        "choices": [_choice(part, upload, reading, error) for part in SheetField],
        "columns": list(enumerate(reading.names)),
        "error": error,
        "head": list_head(upload.id, reading.sheet),
        "sample": list_sample(upload, sheet=reading.sheet, header=reading.header),
        "units": [unit for unit in organisations.list_units() if unit.id in request.actor.units(Right.WRITE)],
        "unknown": list_unknown_words(upload) if upload.state is UploadState.CHECKED else [],
        "header_value": "-".join(str(number) for number in reading.header),
    }
    return render(request, "disclosure/columns.html", context, status=422 if error else 200)


def _read_form(form: QueryDict, upload: UploadRow) -> SheetReading:
    """The reading a person chose. Another sheet or another header line is read anew; the rest is taken as it stands."""
    sheet = _number(form.get("sheet"), len(upload.sheets)) or 0
    header = tuple(int(number) for number in form.get("header", "").split("-") if number.isdecimal())[:2]
    reading = upload.reading
    if sheet != reading.sheet:
        return actions.guess_reading(upload.id, upload.source, sheet=sheet)
    if header != reading.header:
        fresh = actions.guess_reading(upload.id, upload.source, sheet=sheet, header=header)
        if "check" not in form or form.get("seen") != "-".join(str(number) for number in header):
            return fresh
        reading = fresh
    codes = {entry.code for entry in upload.source.entries}
    entry = form.get("entry", "")
    return replace(
        reading,
        columns={part: at for part in SheetField if (at := _number(form.get(part.value), len(reading.names))) is not None},
        entry=entry if entry in codes else "",
        unit_id=_number(form.get("unit_id"), None),
        kinds={**reading.kinds, **{word: code for word, code in _words(form, "kind") if code in codes}},
        units={**reading.units, **{word: int(unit) for word, unit in _words(form, "unit") if unit.isdecimal()}},
    )


def _words(form: QueryDict, what: str) -> list[tuple[str, str]]:
    """Unknown words with what was chosen for each: the word stands in one field, the choice in another of the same number."""
    return [(form.get(f"{what}-word-{at}", ""), form.get(f"{what}-choice-{at}", "")) for at in range(60) if f"{what}-word-{at}" in form]


def _number(text: str | None, below: int | None) -> int | None:
    if text is None or not text.isdecimal() or len(text) > 9:
        return None
    return int(text) if below is None or int(text) < below else None


def _choice(part: SheetField, upload: UploadRow, reading: SheetReading, error: BadInput | None) -> ColumnChoice:
    label = f"{part.label}（{upload.source.number_label}）" if part is SheetField.NUMBER else part.label
    words = str(error) if error and error.field == part.value else ""
    return ColumnChoice(part, label, HELP[part], reading.columns.get(part), part in NEEDED, words)
