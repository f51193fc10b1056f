"""What is typed to move a clock, and the movement it comes to. One form for each act."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from gongkai.core.ledger import rules
from gongkai.core.ledger.kinds import MovementDraft, MovementKind, TermsRow
from gongkai.core.ledger.models import REASON_LENGTH
from gongkai.lib.enums import LabelledEnum
from gongkai.lib.errors import BadInput

MOST = 366


class MoveAct(LabelledEnum):
    """What the page of a clock can do (期限变动). The code stands in the address."""

    STOP = "stop", "中止"
    RESUME = "resume", "恢复计算"
    EXTEND = "extend", "延长"
    PROPOSE = "propose", "提出延长"
    RESTART = "restart", "重新起算"
    FEE = "fee", "收费"
    PAYMENT = "payment", "登记缴费"


def _day(label: str, *, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"要写{label}。", "invalid": f"{label}要写成 2026-10-09 这样。"},
    )


def _line(label: str, *, help_text: str = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=REASON_LENGTH, error_messages={"required": f"要写{label}。"}
    )


class MoveForm(forms.Form):
    """The part that all acts share: `seen` is how often the clock had been moved when the page was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, terms: TermsRow, today: date, proposers: Sequence[tuple[int, str]] = (), seen: int = 0) -> None:
        """Take the terms of the obligation, today, and who may have proposed an extension."""
        super().__init__(data, initial={"seen": seen})
        self.terms = terms
        self.today = today
        self.proposers = proposers
        if "article" in self.fields:
            self.fields["article"].initial = terms.basis

    def movement(self) -> MovementDraft:
        """The movement that the typed values come to."""
        raise NotImplementedError


class StopForm(MoveForm):
    """中止: an opinion is asked for."""

    sent_on = _day("征求意见书发出的日子")
    latest_day = _day("最迟恢复的日子", help_text="到这天还没有意见，也恢复计算")
    reason = _line("理由", help_text="征求谁的意见，涉及什么利益、哪一部分")
    article = _line("条款")
    document = _line("文书", help_text="征求意见书的编号或标题", required=False)

    def movement(self) -> MovementDraft:
        """The stop, from the day that the terms say."""
        typed = self.cleaned_data
        return MovementDraft(
            kind=MovementKind.STOP,
            first_day=rules.first_stopped_day(self.terms, typed["sent_on"]),
            latest_day=typed["latest_day"],
            reason=typed["reason"],
            article=typed["article"],
            document=typed["document"],
        )


class ResumeForm(MoveForm):
    """恢复计算: the answer came."""

    answered_on = _day("收到意见的日子")
    document = _line("文书", help_text="意见的编号或标题", required=False)

    def movement(self) -> MovementDraft:
        """The end of the stop."""
        last_day = rules.last_stopped_day(self.terms, self.cleaned_data["answered_on"])
        return MovementDraft(kind=MovementKind.STOP, first_day=last_day, last_day=last_day, document=self.cleaned_data["document"])


class ProposeForm(MoveForm):
    """提出延长: another decides."""

    amount = forms.IntegerField(label="延长多少", min_value=1, max_value=MOST, error_messages={"required": "要写延长多少。"})
    reason = _line("理由")
    article = _line("条款")
    document = _line("文书", help_text="告知书的编号或标题", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the unit and the cap of the law beside the amount."""
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = f"延长多少{rules.extension_unit(self.terms).label}"
        self.fields["amount"].help_text = rules.say_may_extend(self.terms)

    def movement(self) -> MovementDraft:
        """The extension, decided today."""
        typed = self.cleaned_data
        return MovementDraft(
            kind=MovementKind.EXTEND,
            first_day=self.today,
            amount=typed["amount"],
            unit=rules.extension_unit(self.terms),
            reason=typed["reason"],
            article=typed["article"],
            document=typed["document"],
        )


class ExtendForm(ProposeForm):
    """延长: proposed by one, approved by whoever sends the form."""

    proposed_by = forms.TypedChoiceField(label="提出人", coerce=int, error_messages={"required": "要写谁提出的。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name who may have asked for it."""
        super().__init__(*args, **kwargs)
        proposer = self.fields["proposed_by"]
        if isinstance(proposer, forms.TypedChoiceField):
            proposer.choices = [("", "请选择"), *self.proposers]


class RestartForm(MoveForm):
    """重新起算: a clarified request came."""

    new_cause = _day("收到补正的日子", help_text="从次日起重新计算，以前的暂停和延长不再算")
    reason = _line("理由")
    article = _line("条款")
    document = _line("文书", required=False)

    def movement(self) -> MovementDraft:
        """The restart."""
        typed = self.cleaned_data
        return MovementDraft(
            kind=MovementKind.RESTART,
            first_day=typed["new_cause"],
            reason=typed["reason"],
            article=typed["article"],
            document=typed["document"],
        )


class FeeForm(MoveForm):
    """收费: a notice of a fee went out."""

    notified_on = _day("收费通知发出的日子")
    latest_day = _day("最迟缴费的日子")
    reason = _line("理由", help_text="按件还是按量，多少")
    article = _line("条款")
    document = _line("文书", help_text="收费通知的编号", required=False)

    def movement(self) -> MovementDraft:
        """The fee."""
        typed = self.cleaned_data
        return MovementDraft(
            kind=MovementKind.FEE,
            first_day=typed["notified_on"],
            latest_day=typed["latest_day"],
            reason=typed["reason"],
            article=typed["article"],
            document=typed["document"],
        )


class PaymentForm(MoveForm):
    """登记缴费: the fee was paid."""

    paid_on = _day("缴费的日子")
    document = _line("文书", help_text="缴款凭证号", required=False)

    def movement(self) -> MovementDraft:
        """The payment."""
        paid_on = self.cleaned_data["paid_on"]
        return MovementDraft(kind=MovementKind.FEE, first_day=paid_on, last_day=paid_on, document=self.cleaned_data["document"])


FORMS: dict[MoveAct, type[MoveForm]] = {
    MoveAct.STOP: StopForm,
    MoveAct.RESUME: ResumeForm,
    MoveAct.EXTEND: ExtendForm,
    MoveAct.PROPOSE: ProposeForm,
    MoveAct.RESTART: RestartForm,
    MoveAct.FEE: FeeForm,
    MoveAct.PAYMENT: PaymentForm,
}
# What a refusal of the rules speaks of, and where the form has it.
FIELDS = {
    "first_day": ("sent_on", "new_cause", "notified_on"),
    "last_day": ("answered_on", "paid_on"),
}


class RefusalForm(forms.Form):
    """不批准: why."""

    reason = _line("不批准的理由", help_text="提出的人会看到")


class VoidForm(forms.Form):
    """作废: why it was a mistake."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = _line("作废理由")


def complain(form: forms.Form, refusal: Exception) -> None:
    """Put a refusal beside the field it is about, or on top of the form."""
    about = refusal.field if isinstance(refusal, BadInput) else None
    names = FIELDS.get(about or "", (about,))
    form.add_error(next((name for name in names if name in form.fields), None), str(refusal))
