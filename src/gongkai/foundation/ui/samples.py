"""What the component page shows: made-up rows, one for each state of each component."""

from dataclasses import dataclass
from typing import Any

from django import forms

from gongkai.foundation.ui.kinds import FigureView, StepMark, StepView, TabView
from gongkai.lib.enums import LabelledEnum


@dataclass(frozen=True)
class SampleChip:
    """A limit chip as the ledger would give it."""

    state: str
    words: str


class SampleBinding(LabelledEnum):
    """The four bindings, as the ledger names them (约束力)."""

    LAW = "LAW", "法定"
    SUPERIOR = "SUPERIOR", "上级要求"
    PROMISE = "PROMISE", "对外承诺"
    INTERNAL = "INTERNAL", "内部要求"


class SampleForm(forms.Form):
    """Every kind of field once."""

    title = forms.CharField(label="名称", max_length=120, help_text="写文件原来的标题，不加书名号。")
    happened_on = forms.DateField(label="事由发生之日", widget=forms.DateInput(attrs={"type": "date"}), help_text="从这一天的次日起算。")
    kind = forms.ChoiceField(label="种类", choices=[("PLAN", "供应计划"), ("RESULT", "供应结果")])
    outlet = forms.ChoiceField(
        label="公开到哪里", choices=[("OWN", "本门户"), ("CITY", "市政府网站")], widget=forms.RadioSelect, required=False
    )
    note = forms.CharField(label="说明", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    original = forms.FileField(label="附件", required=False, help_text="PDF、Word、Excel 或图片，不超过 20 MB。")
    is_checked = forms.BooleanField(label="已核对审图号", required=False)


CHIPS = [
    SampleChip("RUNNING", "还剩 5 个工作日"),
    SampleChip("DUE_SOON", "今天 17:30 前"),
    SampleChip("OVERDUE", "逾期 2 个工作日"),
    SampleChip("PROMISE_EXCEEDED", "超过承诺 1 个工作日"),
    SampleChip("REMINDER", "10-08 没有更新"),
    SampleChip("REMINDER_NEAR", "国家监测线 10-14"),
    SampleChip("STOPPED", "暂停第 3 个工作日"),
    SampleChip("DONE", "按时，早 1 天"),
    SampleChip("DONE_LATE", "已办，迟 2 个工作日"),
    SampleChip("MISSING", "应公开未公开"),
    SampleChip("NOT_YET_PUBLIC", "尚未公开"),
    SampleChip("PROVISIONAL", "暂定，日历未发布"),
    SampleChip("NOT_APPLICABLE", "不适用，有说明"),
]

STEPS = [
    StepView("起草", StepMark.DONE, "周岚", "10-08 16:20 送出"),
    StepView("科室审核", StepMark.CURRENT, "陈默", "已等 2 小时，限 1 个工作日 · 退回 1 次"),
    StepView("保密审查", StepMark.COMING, "林晓", "限 1 个工作日"),
    StepView("签发", StepMark.COMING, "顾长青", "限 1 个工作日"),
    StepView("公开", StepMark.COMING, "", "期限 11-03，法定"),
]

RETURNED_STEPS = [
    StepView("起草", StepMark.CURRENT, "周岚", "要改 2 处"),
    StepView("科室审核", StepMark.RETURNED, "陈默", "10-09 09:40 退回"),
    StepView("保密审查", StepMark.SKIPPED, "", "历史原件，有依据"),
    StepView("签发", StepMark.COMING, "顾长青", "限 1 个工作日"),
    StepView("公开", StepMark.COMING),
]

TABS = [TabView("列表", "#tabs", is_current=True), TabView("日历", "#tabs"), TabView("退回", "#tabs", count=2)]

FIGURES = [
    FigureView("126", "全部应办", "#figures", is_current=True),
    FigureView("71", "按时办结", "#figures", "tick-disc", "malachite"),
    FigureView("0", "逾期办结", "", "state-done-late"),
    FigureView("50", "未到期", "#figures", "state-running", "azurite"),
    FigureView("3", "暂停", "#figures", "state-stopped", "indigo"),
    FigureView("2", "逾期未办", "#figures", "state-overdue", "cinnabar"),
]

ICONS = [
    "today", "ledger", "publish", "business", "foi", "opinion", "supervise", "report", "settings", "search", "lock", "bell", "file",
    "download", "upload", "return", "again", "pen", "plus", "tick-disc", "warning",
]  # fmt: skip

SAMPLES: dict[str, Any] = {
    "chips": CHIPS,
    "bindings": list(SampleBinding),
    "steps": STEPS,
    "returned_steps": RETURNED_STEPS,
    "tabs": TABS,
    "figures": FIGURES,
    "icons": ICONS,
}
