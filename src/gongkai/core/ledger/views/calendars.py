from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import CalendarPreview, MovedDate
from gongkai.core.ledger.views.calendar_forms import ChangeForm, DayForm, WithdrawForm, write_lines
from gongkai.core.ledger.views.lines import visible_units
from gongkai.foundation.accounts.api import DeskRequest, needs
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.kinds import CalendarAct, CalendarChange
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound, SomebodyWasFaster

MOVED_SHOWN = 200


@require_GET
@needs(Right.MANAGE_CALENDAR)
def list_calendars(request: DeskRequest) -> HttpResponse:
    """The years with their calendars, notices and editions (工作日历)."""
    years = workdays.list_years()
    held = [row.year for row in years if row.current]
    context = {"years": years, "first": min(held, default=None), "last": max(held, default=None), "waiting": ledger.count_provisional()}
    return render(request, "ledger/calendars.html", context)


@require_GET
@needs(Right.MANAGE_CALENDAR)
def show_calendar(request: DeskRequest, year: int) -> HttpResponse:
    """One year, day by day, and its editions (一年的日历)."""
    row = workdays.get_year(year)
    calendar = workdays.get_calendar()
    months = workdays.lay_months(calendar, year) if row.current else ()
    return render(request, "ledger/calendar_year.html", {"row": row, "months": months, "notices": _list_notices(months)})


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_CALENDAR)
def change_calendar(request: DeskRequest) -> HttpResponse:
    """A new or an amended year (换日历): the table, what it would move, the confirmation."""
    form = ChangeForm(request.POST, request.FILES) if request.method == "POST" else ChangeForm()
    return _go_on(request, form, "ledger/calendar_change.html")


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_CALENDAR)
def add_day(request: DeskRequest) -> HttpResponse:
    """One day by itself, such as a local holiday (加一天): then as `change_calendar`."""
    form = DayForm(request.POST) if request.method == "POST" else DayForm(initial={"agency": ""})
    return _go_on(request, form, "ledger/calendar_day.html")


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_CALENDAR)
def withdraw_calendar(request: DeskRequest, year: int) -> HttpResponse:
    """Withdraw the newest edition of a year (撤回日历): what it would move, the reason, the confirmation."""
    current = workdays.get_year(year).current
    if current is None:
        raise NotFound(f"{year} 年现在没有日历，没有什么可以撤回。")
    form = WithdrawForm(request.POST) if request.method == "POST" else WithdrawForm()
    version = _read_number(request.POST.get("version", "")) if request.method == "POST" else current.version
    reason = form.cleaned_data["reason"] if form.is_bound and form.is_valid() else ""
    change = CalendarChange(act=CalendarAct.WITHDRAW, year=year, version=version, reason=reason)
    if form.is_bound and form.is_valid():
        done = _apply(request, change)
        if done is not None:
            return done
        current = workdays.get_year(year).current or current
    shown = CalendarChange(act=CalendarAct.WITHDRAW, year=year, version=current.version, reason=reason)
    preview = ledger.preview_calendar(change=shown, now=request.now)
    context = {"form": form, "row": current, **_describe(request, preview)}
    return render(request, "ledger/calendar_withdraw.html", context, status=422 if form.errors else 200)


def _go_on(request: DeskRequest, form: ChangeForm | DayForm, template: str) -> HttpResponse:
    """The form, or what it would do, or the deed: a preview carries the whole change along, so that nothing has to be kept meanwhile."""
    if not form.is_bound or not form.is_valid():
        return render(request, template, {"form": form}, status=422 if form.errors else 200)
    change = form.change()
    try:
        if "confirm" in request.POST:
            done = _apply(request, change)
            if done is not None:
                return done
        preview = ledger.preview_calendar(change=change, now=request.now)
    except (BadInput, ActNotPossible) as refusal:
        _note_refusal(form, refusal)
        return render(request, template, {"form": form}, status=422)
    context = {"change": change, "rows": write_lines(change), **_describe(request, preview)}
    return render(request, "ledger/calendar_preview.html", context)


def _apply(request: DeskRequest, change: CalendarChange) -> HttpResponseRedirect | None:
    """Do what was previewed. None: it is not what was seen any more; the preview comes again."""
    seen = request.POST.get("seen", "")
    try:
        moved = ledger.apply_calendar(change=change, seen_digest=seen, actor=request.actor, now=request.now)
    except SomebodyWasFaster as refusal:
        messages.warning(request, str(refusal))
        return None
    act = "已撤回" if change.act is CalendarAct.WITHDRAW else "已更换"
    messages.success(
        request, f"{act} {change.year} 年的日历，{f'改动 {moved:,} 件期限，承办的人都会收到消息' if moved else '没有期限要改'}。"
    )
    return redirect("calendars:year", year=change.year)


def _note_refusal(form: forms.Form, refusal: BadInput | ActNotPossible) -> None:
    field = refusal.field if isinstance(refusal, BadInput) else None
    form.add_error(field if field in form.fields else None, str(refusal))


def _describe(request: DeskRequest, preview: CalendarPreview) -> dict[str, Any]:
    units = visible_units(request)
    shown = preview.moved[:MOVED_SHOWN]
    return {
        "preview": preview,
        "plan": preview.plan,
        "new_years": workdays.say_new_years(preview.plan),
        "moved": [(row, row.obligation.unit_id in units) for row in shown],
        "hidden_count": len(preview.moved) - len(shown),
        "by_unit": _count_by_unit(preview.moved),
        "act_words": "确认更换" + (f"并改动 {len(preview.moved):,} 件期限" if preview.moved else ""),
    }


def _count_by_unit(moved: Sequence[MovedDate]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for row in moved:
        counts[row.obligation.unit_name] = counts.get(row.obligation.unit_name, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _list_notices(months: Sequence[Any]) -> list[tuple[str, int]]:
    """The notices behind the days of a year, with how many days each arranges."""
    counts: dict[str, int] = {}
    for month in months:
        for week in month.weeks:
            for cell in week:
                if cell and cell.notice:
                    counts[cell.notice] = counts.get(cell.notice, 0) + 1
    return list(counts.items())


def _read_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
