from collections.abc import Sequence

from django import forms

from gongkai.core.ledger.models import REASON_LENGTH
from gongkai.foundation.organisations.kinds import PostRow


class ReassignForm(forms.Form):
    """To whom duties go and why (改派)."""

    reason = forms.CharField(
        label="理由",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：原专员调离，暂由政务公开办接手。原岗位和新岗位都会看到。",
    )

    def __init__(self, *arguments: object, posts: Sequence[PostRow], from_post: int | None = None, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came
        choices = [(post.id, f"{post.unit_name} · {post.title}（{post.holder.name if post.holder else '空缺'}）") for post in posts]
        offered = [("", "请选岗位"), *(choice for choice in choices if choice[0] != from_post)]
        self.fields["to_post"] = forms.TypedChoiceField(
            label="改派给",
            coerce=int,
            choices=offered,
            help_text="接手的岗位。岗位空缺也可以：以后谁任这个岗位，谁接着办。",
        )
        self.order_fields(["to_post", "reason"])
