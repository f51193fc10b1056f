"""The limits as the legal office keeps them: read by everybody on the desk, changed by those who may confirm."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import PublicDisplay, TermsDraft, TermsPart
from gongkai.core.ledger.views.terms_forms import ConfirmForm, LocalForm, VersionForm, WithdrawForm
from gongkai.foundation.accounts.api import DeskRequest, needs
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.ui.kinds import TabView
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound
from gongkai.lib.moments import day_of

MOVES_SHOWN = 100


@require_safe
def show_terms(request: HttpRequest) -> HttpResponse:
    """All limits (期限条款), by words and part."""
    desk = cast("DeskRequest", request)
    words, wanted = request.GET.get("words", "").strip(), request.GET.get("part", "")
    part = TermsPart(wanted) if wanted in TermsPart.values() else TermsPart.ALL
    found = ledger.list_terms(words=words, part=part, now=desk.now)
    context = {
        "lines": found.lines,
        "words": words,
        "part": part,
        "tabs": [TabView(one.label, _address(words, one), one is part, count) for one, count in found.counts.items()],
        "may_confirm": _may_confirm(desk),
    }
    return render(request, "ledger/terms_list.html", context)


@require_safe
def show_duty_terms(request: HttpRequest, entry: str) -> HttpResponse:
    """The limits of one duty (一项职责的条款) with their history."""
    desk = cast("DeskRequest", request)
    context = {"duty": ledger.get_duty_terms(entry=entry, now=desk.now), "may_confirm": _may_confirm(desk)}
    return render(request, "ledger/terms_duty.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.CONFIRM_TERMS)
def confirm_terms(request: DeskRequest, entry: str, terms: int) -> HttpResponse:
    """Confirm one version against its source (核对条款)."""
    version, mark = ledger.get_version(terms)
    if version.terms.entry != entry:
        raise NotFound("没有这一版条款，请从条款清单里打开。")
    shown = version.terms.public_display
    first = {"seen": mark, "public_display": "" if shown is PublicDisplay.REVIEW else shown.value}
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        wanted = PublicDisplay(typed["public_display"])
        try:
            ledger.confirm_terms(
                terms=terms, public_display=wanted, seen=typed["seen"], note=typed["note"], actor=request.actor, now=request.now
            )
        except (BadInput, ActNotPossible) as refusal:
            form.add_error("public_display", str(refusal))
        else:
            messages.success(request, f"已核对“{version.terms.label}”，对外显示：{wanted.label}。")
            return redirect("ledger:terms_duty", entry)
    context = {"version": version, "form": form, "entry": entry}
    return render(request, "ledger/terms_confirm.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.CONFIRM_TERMS)
def add_terms(request: DeskRequest, entry: str) -> HttpResponse:
    """Add a version of a limit (加一版条款): write it, look at what would move, confirm."""
    duty = ledger.get_duty_terms(entry=entry, now=request.now)
    form = VersionForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"duty": duty, "form": form, "entry": entry}
    if request.method == "GET" or not form.is_valid():
        return render(request, "ledger/terms_add.html", context, status=422 if form.is_bound else 200)
    typed = form.cleaned_data
    draft = TermsDraft(
        entry=entry,
        limit_text=typed["limit_text"],
        basis=typed["basis"],
        source=typed["source"],
        effective_from=typed["effective_from"],
        effective_to=typed["effective_to"],
        public_display=PublicDisplay(typed["public_display"]),
        note=typed["note"],
    )
    try:
        if "confirm" in request.POST:
            moved = ledger.add_terms_version(draft=draft, seen=request.POST.get("seen", ""), actor=request.actor, now=request.now)
            messages.success(request, f"已加上这一版，改了 {moved:,} 件在办事项的期限，承办岗位会收到消息。")
            return redirect("ledger:terms_duty", entry)
        preview = ledger.preview_terms_version(draft=draft, now=request.now)
    except BadInput as refusal:
        _complain(form, refusal)
        return render(request, "ledger/terms_add.html", context, status=422)
    moves = preview.moves[:MOVES_SHOWN]
    return render(
        request, "ledger/terms_preview.html", context | {"preview": preview, "moves": moves, "hidden": len(preview.moves) - len(moves)}
    )


@require_http_methods(["GET", "POST"])
@needs(Right.CONFIRM_TERMS)
def withdraw_terms(request: DeskRequest, entry: str, terms: int) -> HttpResponse:
    """Take back a version that was added by hand (撤回一版), after looking at what would move."""
    preview = ledger.preview_withdrawal(terms=terms, now=request.now)
    if preview.draft.entry != entry:
        raise NotFound("没有这一版条款，请从条款清单里打开。")
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen", "")
        moved = ledger.withdraw_terms_version(
            terms=terms, reason=form.cleaned_data["reason"], seen=seen, actor=request.actor, now=request.now
        )
        messages.success(request, f"已撤回这一版，改了 {moved:,} 件在办事项的期限。")
        return redirect("ledger:terms_duty", entry)
    moves = preview.moves[:MOVES_SHOWN]
    context = {
        "duty": ledger.get_duty_terms(entry=entry, now=request.now),
        "entry": entry,
        "preview": preview,
        "moves": moves,
        "hidden": len(preview.moves) - len(moves),
        "form": form,
        "is_withdrawal": True,
    }
    return render(request, "ledger/terms_preview.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.CONFIRM_TERMS)
def set_local_terms(request: DeskRequest, entry: str) -> HttpResponse:
    """Set a limit of our own (定局内期限)."""
    duty = ledger.get_duty_terms(entry=entry, now=request.now)
    units = organisations.list_units()
    form = LocalForm(request.POST if request.method == "POST" else None, units=units, initial={"effective_from": day_of(request.now)})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            ledger.set_local_terms(
                entry=entry,
                unit_id=typed["unit_id"],
                limit_text=typed["limit_text"],
                reason=typed["reason"],
                effective_from=typed["effective_from"],
                effective_to=typed["effective_to"],
                actor=request.actor,
                now=request.now,
            )
        except (BadInput, ActNotPossible) as refusal:
            _complain(form, refusal)
        else:
            messages.success(request, "已定局内期限。从它的起日起登记的事项有目标日，只提醒，不算逾期。")
            return redirect("ledger:terms_duty", entry)
    return render(request, "ledger/terms_local.html", {"duty": duty, "form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["POST"])
@needs(Right.CONFIRM_TERMS)
def withdraw_local_terms(request: DeskRequest, entry: str, local: UUID) -> HttpResponse:
    """Take back a limit of our own (停用局内期限)."""
    ledger.withdraw_local_terms(local=local, reason=request.POST.get("reason", ""), actor=request.actor, now=request.now)
    messages.success(request, "已停用这条局内期限。已经有目标日的事项不变。")
    return redirect("ledger:terms_duty", entry)


def _may_confirm(desk: DeskRequest) -> bool:
    return bool(desk.actor.units(Right.CONFIRM_TERMS))


def _complain(form: Form, refusal: BadInput | ActNotPossible) -> None:
    named = refusal.field if isinstance(refusal, BadInput) else None
    field = "amount" if named == "limit_text" else named
    form.add_error(field if field in form.fields else None, str(refusal))


def _address(words: str, part: TermsPart) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in (("words", words), ("part", part.value if part is not TermsPart.ALL else "")) if value})
    return f"?{query.urlencode()}"
