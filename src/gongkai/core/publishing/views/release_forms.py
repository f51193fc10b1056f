from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from gongkai.core.publishing.kinds.releases import WaitingText
from gongkai.lib.errors import BadInput
from gongkai.lib.moments import SHANGHAI


class MomentForm(forms.Form):
    """The minute at which something becomes public (公开时间): a day and a time of day, both or neither."""

    day = forms.DateField(
        label="公开日期",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "请按 2026-10-12 的写法填日期。"},
    )
    time = forms.TimeField(
        label="几点几分",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text="到这一分钟由后台公开；后台停过，恢复以后马上公开。",
        error_messages={"invalid": "请按 09:00 的写法填时间。"},
    )

    def __init__(self, *args: Any, due_at: datetime | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if due_at is not None:
            shown = due_at.astimezone(SHANGHAI)
            self.initial.update({"day": shown.date(), "time": shown.time()})

    def clean(self) -> dict[str, Any]:
        """Both or neither."""
        kept = super().clean() or self.cleaned_data
        if not self.errors and (kept.get("day") is None) != (kept.get("time") is None):
            missing = "time" if kept.get("time") is None else "day"
            raise ValidationError({missing: "日期和时间要一起填。"})
        return kept

    @property
    def due_at(self) -> datetime | None:
        """The moment; None when nothing was filled in."""
        if self.cleaned_data["day"] is None:
            return None
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], SHANGHAI)

    def refuse(self, refusal: BadInput) -> None:
        """Show a refusal beside the field it is about."""
        self.add_error("texts" if refusal.field == "texts" and "texts" in self.fields else "day", str(refusal))


class PlanForm(MomentForm):
    """Which texts become public together, and when (安排公开)."""

    texts = forms.MultipleChoiceField(
        label="要公开的文稿",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="选几条就一起公开：要么都公开，要么都不公开。",
        error_messages={"invalid_choice": "选的文稿里有一份已经不能安排，请重新选。"},
    )
    field_order = ("texts", "day", "time")

    def __init__(self, texts: Sequence[WaitingText], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: forms.MultipleChoiceField = self.fields["texts"]  # type: ignore[assignment]  # declared above
        choices.choices = [(str(text.uuid), _say(text)) for text in texts]

    @property
    def chosen(self) -> list[UUID]:
        """The texts that were ticked."""
        return [UUID(text) for text in self.cleaned_data["texts"]]


def _say(text: WaitingText) -> str:
    return f"{text.title}（{text.unit_name}，{'已签发' if text.is_signed else '审核中'}）"
