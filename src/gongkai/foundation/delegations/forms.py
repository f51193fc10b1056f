from collections.abc import Sequence
from typing import Any

from django import forms

from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.delegations.kinds import Principal
from gongkai.foundation.delegations.rules import LENDABLE
from gongkai.foundation.organisations.kinds import PostRow

INVALID_DAY = {"invalid": "请按 2026-10-12 的写法填。", "required": "请填哪一天，例如 2026-10-12。"}


class DelegationForm(forms.Form):
    """Who acts in whose place, for which steps, from when to when, and why (安排代理)."""

    principal = forms.TypedChoiceField(label="谁不在", coerce=int, error_messages={"invalid_choice": "您不能为这个人安排代理。"})
    delegate = forms.TypedChoiceField(label="由谁代", coerce=int, error_messages={"required": "请选由谁代。"})
    rights = forms.TypedMultipleChoiceField(
        label="代哪几步",
        coerce=Right,
        choices=[(right.value, right.label) for right in LENDABLE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    from_date = forms.DateField(
        label="从哪一天", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), error_messages=INVALID_DAY
    )
    to_date = forms.DateField(
        label="到哪一天",
        help_text="这一天也算。可以随时提前结束。",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=INVALID_DAY,
    )
    reason = forms.CharField(
        label="理由", help_text="例如：10月12日至16日参加培训。留在记录里。", error_messages={"required": "请写明为什么要代。"}
    )

    def __init__(self, principals: Sequence[Principal], posts: Sequence[PostRow], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = {post.holder.id: f"{post.holder.name}（{post.unit_name} {post.title}）" for post in reversed(posts) if post.holder}
        self.fields["principal"].choices = [(one.officer.id, one.words) for one in principals]  # type: ignore[attr-defined]
        self.fields["delegate"].choices = [("", "请选"), *sorted(people.items())]  # type: ignore[attr-defined]
