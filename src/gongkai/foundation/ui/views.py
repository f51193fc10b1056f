from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongkai.foundation.ui.forms import PreferencesForm
from gongkai.foundation.ui.preferences import CHOICES, COOKIE_AGE, COOKIE_PREFIX, read_preferences
from gongkai.foundation.ui.samples import SAMPLES, SampleForm


def show_components(request: HttpRequest) -> HttpResponse:
    """Every component in every state (组件页). A page for the people who make pages; the build photographs it."""
    return render(request, "ui/components.html", {**SAMPLES, "form": SampleForm({"title": "", "kind": "x"}), "clean_form": SampleForm()})


def choose_preferences(request: HttpRequest) -> HttpResponse:
    """Appearance, size of letters and single keys of this browser (显示设置)."""
    chosen = read_preferences(request)
    form = PreferencesForm(request.POST or None, initial={"theme": chosen.theme, "size": chosen.size, "keys": chosen.keys})
    if request.method == "POST" and form.is_valid():
        answer = redirect("ui:preferences")
        for name in CHOICES:
            _set_cookie(request, answer, name, form.cleaned_data[name])
        messages.success(request, "已经按您选的显示。只对这台设备上的这个浏览器有效。")
        return answer
    return render(request, "ui/preferences.html", {"form": form})


def _set_cookie(request: HttpRequest, answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(COOKIE_PREFIX + name, value, max_age=COOKIE_AGE, secure=request.is_secure(), httponly=True, samesite="Lax")
