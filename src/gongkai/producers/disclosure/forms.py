from collections.abc import Sequence
from typing import Any

from django import forms

from gongkai.foundation.organisations.kinds import UnitRow


class CauseForm(forms.Form):
    """What a clerk says about something that happened (登记应公开事项). The entry was chosen before."""

    title = forms.CharField(
        label="名称",
        error_messages={"required": "请写明是哪一件事，例如“2026-17号地块挂牌出让成交”。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        help_text="是哪一件事，例如“2026-17号地块挂牌出让成交”。起草时先用作标题，以后可以改。",
    )
    happened_on = forms.DateField(
        label="事由日",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "请写事情发生的那一天。", "invalid": "请写成 2026-10-09 这样的日期。"},
    )
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="只在工作台显示，不公开。")

    def __init__(self, *args: Any, units: Sequence[UnitRow], day_help: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["happened_on"].help_text = day_help
        self.fields["unit"] = forms.TypedChoiceField(
            label="承办单位",
            coerce=int,
            choices=[(row.id, row.name) for row in units],
            error_messages={"required": "请选承办单位。", "invalid_choice": "您没有替这个单位登记的权限，请另选。"},
        )
        self.order_fields(["title", "happened_on", "unit", "note"])
