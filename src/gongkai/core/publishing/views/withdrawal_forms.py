from django import forms

from gongkai.core.publishing.api import Grounds
from gongkai.core.publishing.tables import read_withdrawal_reasons
from gongkai.lib.errors import BadInput


def list_reason_choices() -> list[tuple[str, str]]:
    """The table of reasons (撤下原因) as options: each says what the page then shows."""
    return [(reason.code, f"{reason.label}：{reason.about}") for reason in read_withdrawal_reasons().values()]


class GroundsForm(forms.Form):
    """Why an item is taken back (撤下的理由). What a reason asks for is judged by the action, so that every way in judges alike."""

    reason = forms.ChoiceField(
        label="原因",
        choices=list_reason_choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一个原因。", "invalid_choice": "请从列出的原因里选一个。"},
    )
    successor = forms.CharField(
        label="现在看哪一条", required=False, help_text="替代它的信息的门户地址，例如 /d/2026/00231/。并入、替代时要填。"
    )
    paper = forms.CharField(label="文书号", required=False, help_text="法院判决、裁定的文书号。会显示在撤下说明里。")
    note = forms.CharField(
        label="说明",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="公开有误和紧急下线要写：哪里错了，谁提出的。只在工作台看得到，会署您的名字。",
    )

    @property
    def grounds(self) -> Grounds:
        """What was typed, once the form is valid."""
        return Grounds(**{name: self.cleaned_data[name] for name in ("reason", "note", "paper", "successor")})

    def refuse(self, refusal: BadInput) -> None:
        """Show a refusal beside the field it is about."""
        self.add_error(refusal.field if refusal.field in self.fields else "note", str(refusal))


class TakeDownForm(forms.Form):
    """What is known in the moment of a take-down (紧急下线): nothing is needed, the reason follows."""

    note = forms.CharField(
        label="情况",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="可以稍后补：下一个工作日前写明原因。",
    )


class RestoreForm(forms.Form):
    """Why an item becomes public again (恢复公开)."""

    end_reason = forms.CharField(
        label="恢复公开的理由",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="会署您的名字。",
        error_messages={"required": "请写明恢复公开的理由，会署您的名字。"},
    )
