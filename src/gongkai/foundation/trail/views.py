import csv
from collections.abc import Iterator
from io import StringIO

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from gongkai.foundation.accounts.api import DeskRequest, needs
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.trail import actions, queries
from gongkai.foundation.trail.forms import TrailForm
from gongkai.foundation.trail.kinds import TrailFilter, TrailLine
from gongkai.lib.errors import BadInput
from gongkai.lib.moments import SHANGHAI
from gongkai.lib.paging import read_cursor
from gongkai.lib.sheets import harmless

COLUMNS = ("业务时间", "写入时间", "姓名", "途径", "动作", "动作代码", "对象", "要点", "记录号")
BYTE_ORDER_MARK = "\ufeff"


@require_GET
@needs(Right.SEE_AUDIT)
def show_trail(request: DeskRequest) -> HttpResponse:
    """Who did what, about which thing, when (审计记录), newest first; and whether the trail is whole."""
    form = _form_of(request)
    filters = form.filters if form.is_valid() else TrailFilter()
    page = queries.list_lines(filters, after=read_cursor(request.GET.get("after", "")))
    head = audit.find_head()
    context = {
        "form": form,
        "page": page,
        "is_filtered": not filters.is_open,
        "head": head,
        "waiting": audit.count_waiting(),
        "check": queries.find_last_check(),
        "job": outbox.find_active(kind=actions.VERIFY, key="whole"),
        "query": _query_of(request),
    }
    return render(request, "trail/trail.html", context)


@require_POST
@needs(Right.SEE_AUDIT)
def verify(request: DeskRequest) -> HttpResponse:
    """Have the whole trail proved (核验审计链)."""
    actions.ask_for_verification(at_system=timezone.now())
    audit.record(actor=request.actor, act="audit.verify", subject=None, at=request.now)
    messages.success(request, "已开始核验。可以离开此页，核完结果在这里。")
    return redirect("trail:trail")


@require_safe
@needs(Right.SEE_AUDIT)
def export_lines(request: DeskRequest) -> StreamingHttpResponse:
    """The trail as it is filtered, as CSV, row by row (导出审计记录). That it was taken is written into the trail itself."""
    form = _checked_form(request, what="csv")
    return _as_file(_write_csv(queries.iterate_lines(form.filters)), "audit.csv", "text/csv; charset=utf-8")


@require_safe
@needs(Right.SEE_AUDIT)
def export_chain(request: DeskRequest) -> StreamingHttpResponse:
    """The whole chain, for `gongkai tool audit` on another machine (导出审计链)."""
    _checked_form(request, what="chain")
    return _as_file(audit.write_export(audit.iterate_links()), "audit-chain.jsonl", "application/jsonl; charset=utf-8")


def _checked_form(desk: DeskRequest, *, what: str) -> TrailForm:
    """The filter of an export, after it was written into the trail."""
    form = _form_of(desk)
    if not form.is_valid():
        raise BadInput("筛选里有填错的，请回到审计记录改好再导出。")
    audit.record(actor=desk.actor, act="audit.export", subject=None, at=desk.now, about={"what": what, "filter": desk.GET.urlencode()})
    return form


def _as_file(lines: Iterator[str], name: str, content_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _form_of(desk: DeskRequest) -> TrailForm:
    officers = [(officer.id, officer.name) for officer in organisations.list_officers()]
    return TrailForm(desk.GET, officers=officers, acts=queries.list_act_choices())


def _query_of(desk: DeskRequest) -> str:
    kept = desk.GET.copy()
    kept.pop("after", None)
    return f"?{kept.urlencode()}" if kept else ""


def _write_csv(lines: Iterator[TrailLine]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _as_row(COLUMNS)
    for line in lines:
        row = line.row
        yield _as_row(
            (
                f"{row.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
                f"{row.recorded_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
                row.actor_name,
                row.via or "工作台",
                line.act,
                row.act,
                str(row.subject or ""),
                line.notes,
                str(row.id),
            )
        )


def _as_row(cells: tuple[str, ...]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerow([harmless(cell) for cell in cells])
    return buffer.getvalue()
