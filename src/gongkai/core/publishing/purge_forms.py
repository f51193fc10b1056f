"""Forms of 涉密清除. Every field for words says that the words themselves do not belong there."""

from django import forms

from gongkai.core.publishing.rules.purge import NOTE_LENGTH, PAPER_LENGTH, REASON_LENGTH

NO_WORDS = "只写怎么发现、在哪一部分。不要写涉密内容本身，也不要写它的标题。"


class PurgeForm(forms.Form):
    """What is asked for (申请清除)."""

    reason = forms.CharField(label="发现的情况", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_WORDS)
    paper = forms.CharField(label="审批单号", max_length=PAPER_LENGTH, help_text="线下填的审批单，例如 保密清〔2026〕1号")


class RefusePurgeForm(forms.Form):
    """Why it is not approved (不批准的理由)."""

    reason = forms.CharField(label="不批准的理由", max_length=REASON_LENGTH, help_text=NO_WORDS)


class ConfirmPartForm(forms.Form):
    """What was done about one place that no program reaches (处理情况)."""

    note = forms.CharField(label="处理情况", max_length=NOTE_LENGTH, help_text="写明哪几份、怎么处理、谁经办；没有的写“没有”")
