from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from gongkai.foundation.organisations.kinds import UnitRow
from gongkai.lib.errors import BadInput
from gongkai.producers.disclosure.kinds import SourceEntryRow
from gongkai.producers.disclosure.rules.sheets import read_entry
from gongkai.producers.disclosure.tables import check_size


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


class UploadForm(forms.Form):
    """The sheet another system exported (上传登记表)."""

    file = forms.FileField(
        label="导出的表",
        error_messages={"required": "请选从来源系统导出的表。", "empty": "文件是空的。请在来源系统里重新导出。"},
        help_text=".xlsx 或 .csv，最多 50,000 行、20 MB。不用改格式：标题、合并的表头、合计行都认得。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """The file, refused by its size alone before it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            check_size(file.size or 0)
        except BadInput as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return file


class SourceForm(forms.Form):
    """Who uploads a register by when, and where its rows lead (登记来源设置)."""

    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请写来源系统或登记簿的名称。"})
    number_label = forms.CharField(
        label="编号叫什么",
        max_length=40,
        error_messages={"required": "请写编号叫什么，例如“合同编号”。"},
        help_text="同一个编号就是同一件事：再传一次不会重复登记。",
    )
    weekday = forms.TypedChoiceField(
        label="每周几以前上传",
        coerce=int,
        choices=list(enumerate(("周一", "周二", "周三", "周四", "周五", "周六", "周日"), 1)),
        help_text="内部要求：到时只提醒，不算逾期。",
    )
    entries = forms.CharField(
        label="登记成哪些公开事项",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "请至少写一项公开事项的代码。"},
        help_text="一行一项：事项代码=类别列里的写法，写法之间用分号隔开。例如 land.contract_result=挂牌出让；拍卖出让。"
        "一行要公开几项的，事项代码用加号连起来：expro.approval+expro.notice=征地批准文件",
    )
    is_active = forms.BooleanField(label="在用", required=False)

    def __init__(self, *args: Any, units: Sequence[UnitRow], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = forms.TypedChoiceField(label="由谁上传", coerce=int, choices=[(row.id, row.name) for row in units])
        self.order_fields(["name", "number_label", "unit", "weekday", "entries", "is_active"])

    def clean_entries(self) -> list[SourceEntryRow]:
        """The entries as rows: code, name left empty, words."""
        return [read_entry(line) for line in self.cleaned_data["entries"].splitlines() if line.strip()]
