from collections.abc import Sequence
from typing import Any

from django import forms

from gongkai.core.ledger.kinds import LimitUnit, PublicDisplay
from gongkai.core.ledger.models import REASON_LENGTH
from gongkai.foundation.organisations.kinds import UnitRow

LETTERS = {
    LimitUnit.WORKDAY: "P{}WD",
    LimitUnit.DAY: "P{}D",
    LimitUnit.MONTH: "P{}M",
    LimitUnit.YEAR: "P{}Y",
    LimitUnit.HOUR: "PT{}H",
}
UNITS = [(unit.value, unit.label) for unit in LETTERS]
RHYTHMS = [
    ("cadence:workday", "每个工作日"),
    ("cadence:1W", "每周一次"),
    ("cadence:2W", "每 2 周一次"),
    ("cadence:1M", "每个月一次"),
    ("cadence:2M", "每 2 个月一次"),
    ("cadence:1Q", "每个季度一次"),
    ("cadence:1Y", "每年一次"),
]
YEARLY = "fixed"
OTHER = [(YEARLY, "每年的一天"), *RHYTHMS]
DAY_ERRORS = {"required": "请写日期。", "invalid": "请写成 2026-10-09 这样的日期。"}


class LimitForm(forms.Form):
    """A limit in fields that people know: so many working days, at least so many days, a date in the year, again and again."""

    amount = forms.IntegerField(label="期限", min_value=0, max_value=9999, required=False, help_text="多少；0 是当天。")
    unit = forms.ChoiceField(label="单位", choices=[*UNITS, *OTHER], help_text="“日”是自然日，和“个工作日”不是一回事，照依据的原文选。")
    is_minimum = forms.BooleanField(label="不少于（最短时间，不是最后一天）", required=False)
    month_day = forms.RegexField(
        label="每年哪一天", regex=r"^\d\d-\d\d$", required=False, help_text="单位选“每年的一天”时写，例如 01-31。",
        error_messages={"invalid": "请写成 01-31 这样的月和日。"},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The limit as one text, in `limit_text`."""
        typed = super().clean() or {}
        unit = typed.get("unit", "")
        if unit == YEARLY:
            if not typed.get("month_day") and "month_day" not in self.errors:
                self.add_error("month_day", "请写每年哪一天，例如 01-31。")
            typed["limit_text"] = f"fixed:{typed.get('month_day', '')}"
        elif unit in dict(RHYTHMS):
            typed["limit_text"] = unit
        elif unit:
            if typed.get("amount") is None and "amount" not in self.errors:
                self.add_error("amount", "请写多少。")
            least = "min:" if typed.get("is_minimum") else ""
            typed["limit_text"] = f"{least}{LETTERS[LimitUnit(unit)].format(typed.get('amount'))}"
        return typed


class VersionForm(LimitForm):
    """A version of the law's limit (加一版条款)."""

    effective_from = forms.DateField(
        label="自", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), error_messages=DAY_ERRORS
    )
    effective_to = forms.DateField(
        label="至", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), required=False, error_messages=DAY_ERRORS,
        help_text="当天也算在内；还有效就空着。",
    )  # fmt: skip
    basis = forms.CharField(label="依据", max_length=200, help_text="文件和条款，例如“条例33条”。")
    source = forms.CharField(label="来源", max_length=200, help_text="在哪里看到原文：机关、标题、文号。不写网址。")
    public_display = forms.ChoiceField(
        label="对外显示", choices=[(one.value, one.label) for one in (PublicDisplay.YES, PublicDisplay.NO)],
        help_text="公众能不能看到按这一版算出的日子。",
    )  # fmt: skip
    note = forms.CharField(label="说明", max_length=REASON_LENGTH, required=False)


class LocalForm(LimitForm):
    """A limit of our own (定局内期限)."""

    reason = forms.CharField(label="理由", max_length=REASON_LENGTH, help_text="例如“局办公会2026年第9次纪要”。")
    effective_from = forms.DateField(
        label="自", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), error_messages=DAY_ERRORS
    )
    effective_to = forms.DateField(
        label="至", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), required=False, error_messages=DAY_ERRORS
    )

    def __init__(self, *args: Any, units: Sequence[UnitRow], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit_id"] = forms.TypedChoiceField(
            label="适用单位", coerce=int, empty_value=None, required=False, choices=[("", "全局"), *((row.id, row.name) for row in units)]
        )
        self.order_fields(["unit_id", "amount", "unit", "is_minimum", "month_day", "effective_from", "effective_to", "reason"])


class ConfirmForm(forms.Form):
    """The confirmation of a version against its source (核对条款)."""

    public_display = forms.ChoiceField(
        label="对外显示",
        choices=[(one.value, one.label) for one in (PublicDisplay.YES, PublicDisplay.NO)],
        widget=forms.RadioSelect,
        error_messages={"required": "请定下来：公众能不能看到这个日子。"},
    )
    note = forms.CharField(label="在哪里核对的", max_length=REASON_LENGTH, help_text="例如“法规库原文第三十三条，纸质汇编第 12 页”。")
    seen = forms.CharField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    """Why something is taken back (撤回理由)."""

    reason = forms.CharField(label="理由", max_length=REASON_LENGTH)
