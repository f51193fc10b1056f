import re
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from gongkai.foundation.trail.kinds import TrailFilter

UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NO_THING = "没有认出编号：请贴这件事所在页面的地址，或地址里的那串编号。"


class TrailForm(forms.Form):
    """The filter above the trail (审计筛选). Empty fields ask for everything."""

    officer = forms.TypedChoiceField(label="谁", required=False, coerce=int, empty_value=None)
    act = forms.ChoiceField(label="动作", required=False)
    thing = forms.CharField(label="哪件事", required=False, max_length=300, help_text="贴页面地址或编号")
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, officers: list[tuple[int, str]], acts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].choices = [("", "所有人"), *officers]  # type: ignore[attr-defined]
        self.fields["act"].choices = [("", "所有动作"), *acts]  # type: ignore[attr-defined]

    def clean_thing(self) -> UUID | None:
        """The uuid in what was pasted: an address of a page, or the number alone."""
        text = str(self.cleaned_data["thing"]).strip()
        found = UUID_FORM.search(text)
        if text and found is None:
            raise forms.ValidationError(NO_THING)
        return UUID(found[0]) if found else None

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            self.add_error("until", "截止日在起始日之前，请调换。")
        return cleaned

    @property
    def filters(self) -> TrailFilter:
        """What was asked for; call after `is_valid`."""
        given = self.cleaned_data
        return TrailFilter(
            officer_id=given["officer"], act=given["act"], subject=given["thing"], since=given["since"], until=given["until"]
        )
