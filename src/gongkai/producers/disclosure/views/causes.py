from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.core.catalogue import api as catalogue
from gongkai.core.catalogue.kinds import EntryRow
from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts.api import DeskRequest, needs
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import UnitRow
from gongkai.lib.errors import BadInput, NotFound
from gongkai.lib.moments import day_of
from gongkai.lib.paging import read_cursor
from gongkai.producers.disclosure import actions, queries
from gongkai.producers.disclosure.forms import CauseForm
from gongkai.producers.disclosure.kinds import CausePage
from gongkai.producers.disclosure.rules import choose_entries, choose_unit, say_last_day
from gongkai.producers.disclosure.views.coverage import whole_of
from gongkai.producers.disclosure.views.visible import visible_units


@require_GET
def list_causes(request: DeskRequest) -> HttpResponse:
    """What was registered in the units this person may see (应公开事项)."""
    page = queries.list_causes(unit_ids=visible_units(request), after=read_cursor(request.GET.get("after", "")))
    coverage, share = whole_of(request)
    context = {
        "page": page,
        "may_write": bool(request.actor.units(Right.WRITE)),
        "week": queries.list_week(request.now),
        "coverage": coverage,
        "share": share,
    }
    return render(request, "disclosure/causes.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.WRITE)
def new_cause(request: DeskRequest) -> HttpResponse:
    """Register something that happened (登记应公开事项): first the entry, then the day and what it is."""
    code = request.GET.get("entry", "")
    return _fill_in(request, catalogue.get_entry(code)) if code else _choose_entry(request)


@require_GET
def show_cause(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """One cause with its limit and the next step (事由)."""
    page = _visible(request, uuid)
    context = {
        "page": page,
        "cause": page.cause,
        "duty": page.obligation,
        "public_page": publishing.find_public_page(page.cause.publication) if page.cause.publication else "",
        "may_write": request.actor.may(Right.WRITE, page.cause.unit_id),
    }
    return render(request, "disclosure/cause.html", context)


@require_POST
@needs(Right.WRITE)
def write(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Begin the text of a cause (起草) and open it."""
    cause = _visible(request, uuid).cause
    publication = actions.start_writing(cause=cause.uuid, actor=request.actor, now=request.now)
    return redirect("publishing:draft", uuid=publication)


def _choose_entry(request: DeskRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    mine = [row for row in organisations.list_units() if row.id in request.actor.units(Right.WRITE)]
    own_names = {name for unit in mine if unit.id == request.actor.unit_id for name in (unit.name, unit.short_name)}
    groups = choose_entries(catalogue.list_entries(), words, own_names)
    return render(request, "disclosure/choose_entry.html", {"groups": groups, "words": words})


def _fill_in(request: DeskRequest, entry: EntryRow) -> HttpResponse:
    units = [row for row in organisations.list_units() if row.id in request.actor.units(Right.WRITE)]
    today = day_of(request.now)
    day_help = queries.explain_entry_day(entry, today)
    if request.method == "POST":
        form = CauseForm(request.POST, units=units, day_help=day_help)
        if form.is_valid() and "register" in request.POST:
            answer = _register(request, entry, form)
            if answer is not None:
                return answer
    else:
        form = CauseForm(units=units, day_help=day_help, initial=_first_values(entry, units, request.actor.unit_id, today))
    happened_on = form.cleaned_data.get("happened_on") if form.is_bound else today
    preview = queries.preview_limit(entry_code=entry.code, happened_on=happened_on, today=today, now=request.now) if happened_on else None
    words = say_last_day(preview.receipt, today) if preview and preview.receipt else ""
    context = {"form": form, "entry": entry, "preview": preview, "happened_on": happened_on, "last_day_words": words}
    return render(request, "disclosure/new_cause.html", context, status=422 if form.errors else 200)


def _register(request: DeskRequest, entry: EntryRow, form: CauseForm) -> HttpResponse | None:
    """Save when the person saw the last day of what he typed. None: the page comes again, with that day or with what is wrong."""
    typed = form.cleaned_data
    preview = queries.preview_limit(entry_code=entry.code, happened_on=typed["happened_on"], today=day_of(request.now), now=request.now)
    if preview.last_day_text != request.POST.get("seen", "") and not preview.refusal:
        messages.info(request, "事由日改了，最后一天跟着改。请核对下面算出的日子，再登记。")
        return None
    try:
        cause = actions.register_cause(
            entry_code=entry.code,
            title=typed["title"],
            happened_on=typed["happened_on"],
            unit_id=typed["unit"],
            note=typed["note"],
            actor=request.actor,
            now=request.now,
        )
    except BadInput as refusal:
        field = {"caused_on": "happened_on"}.get(refusal.field or "", refusal.field)
        form.add_error(field if field in form.fields else None, str(refusal))
        return None
    messages.success(request, "已登记，期限开始计算。" if cause.obligation else "已登记。这一项没有可以计算的期限，请自己掌握时间。")
    return redirect("disclosure:cause", uuid=cause.uuid)


def _first_values(entry: EntryRow, units: list[UnitRow], own_unit_id: int | None, today: date) -> dict[str, object]:
    usual = organisations.find_unit_by_usual_name(entry.owner_usual_name)
    unit_id = choose_unit([row.id for row in units], usual.id if usual else None, own_unit_id)
    return {"happened_on": today, "unit": unit_id}


def _visible(request: DeskRequest, uuid: UUID) -> CausePage:
    page = queries.get_cause_page(uuid=uuid, now=request.now)
    if page.cause.unit_id not in visible_units(request):
        raise NotFound("没有这件应公开事项，请从列表里打开。")
    return page
