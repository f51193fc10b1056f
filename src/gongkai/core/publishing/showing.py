"""What the desk's pages show, made of finished rows: words, marks, steps. Views put it into templates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from gongkai.core.publishing.kinds import (
    STEPS,
    DraftDetail,
    EditionState,
    GateReport,
    Origin,
    PassRow,
    Place,
    Spot,
    StepFacts,
    StepKind,
    StepRow,
    StepState,
    UnlookedRow,
)
from gongkai.core.publishing.kinds.editing import EditHolder
from gongkai.core.publishing.marking import Mark, mark_body
from gongkai.core.publishing.pictures import list_pictures, show_pictures
from gongkai.core.publishing.rules import PASSABLE_BLOCKS_OF_IMPORTED
from gongkai.foundation.ui.kinds import StepMark, StepView
from gongkai.lib.gate import RULE_WORDS, Finding, Part, Severity
from gongkai.lib.moments import SHANGHAI

MOST_NAMED = 3
SPOT_PARTS = {
    Spot.TITLE: "title",
    Spot.DOCUMENT_NUMBER: "document_number",
    Spot.FORMED_DATE: "formed_date",
    Spot.PARAGRAPH: "text",
    Spot.ELEMENT: "element",
    Spot.ATTACHMENT: "attachment",
}


@dataclass(frozen=True, kw_only=True)
class RemarkView:
    """One remark of a return, as the author sees it (退回意见): numbered on after the findings, so that F8 walks both."""

    number: int
    place: Place
    words: str
    part: str

    @property
    def element(self) -> str:
        """The element it is about; empty for anything else."""
        return self.place.key if self.place.spot is Spot.ELEMENT else ""


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One finding in the panel (检查发现), wherever it stands in the text: its number, how often, and what may be done about it."""

    number: int
    finding: Finding
    times: int
    passed: PassRow | None
    may_pass: bool

    @property
    def is_block(self) -> bool:
        """Whether it has to be changed."""
        return self.finding.severity is Severity.BLOCK

    @property
    def repair_words(self) -> str:
        """The repair button: the act, the place count, the right words. Empty when there is no certain repair."""
        if self.finding.repair is None:
            return ""
        return f"{f'{self.times} 处' if self.times > 1 else ''}改为“{self.finding.repair}”"


def list_finding_views(report: GateReport, origin: Origin) -> list[FindingView]:
    """Findings by what they are, numbered in reading order: the same words twice are one row."""
    groups: dict[str, list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(finding.key, []).append(finding)
    return [
        FindingView(
            number=number,
            finding=findings[0],
            times=len(findings),
            passed=report.passed.get(key),
            may_pass=findings[0].severity is Severity.WARN
            or (origin is Origin.IMPORTED and findings[0].rule in PASSABLE_BLOCKS_OF_IMPORTED),
        )
        for number, (key, findings) in enumerate(groups.items(), start=1)
    ]


def verdict_of(report: GateReport, act: str = "送审") -> str:
    """The panel's first line (检查结论), in words."""
    if report.failed:
        return f"检查没有做完，不能{act}"
    if report.blocks:
        return f"还不能{act}：{report.blocks} 处必须改"
    if report.warnings:
        return f"还不能{act}：{report.warnings} 处提醒，要改好或写理由"
    return f"可以{act}"


def list_clean(report: GateReport) -> list[str]:
    """Names of the checks that found nothing."""
    found = {finding.rule for finding in report.findings}
    return [RULE_WORDS.get(code, code) for code in report.checked if code not in found]


def mark_text(body: str, findings: Sequence[FindingView], *, has_files: bool = True) -> SafeString:
    """A clean body with its findings marked and its pictures shown. Safe: bodies are stored cleaned, and the marks are ours.

    `has_files`: whether the reader may have the files; otherwise a picture gives way to its words.
    """
    marks = [
        Mark(number=row.number, quote=row.finding.quote, css="must" if row.is_block else "warn", word=row.finding.severity.word)
        for row in findings
        if row.finding.quote and row.finding.part is Part.TEXT
    ]
    pictures = list_pictures(body) if has_files else []
    addresses = {picture.uuid: reverse("attachments:download", args=[picture.uuid]) for picture in pictures}
    return mark_safe(show_pictures(mark_body(body, marks), addresses))  # noqa: S308


def mark_rows(findings: Sequence[FindingView]) -> list[dict[str, str | int]]:
    """The same marks for the editor's script."""
    return [
        {"number": row.number, "quote": row.finding.quote, "css": "must" if row.is_block else "warn"}
        for row in findings
        if row.finding.quote and row.finding.part is Part.TEXT
    ]


def list_remark_views(detail: DraftDetail, findings: Sequence[FindingView]) -> list[RemarkView]:
    """What the last return said of which place (退回意见), numbered on after the findings; none when it pointed nowhere."""
    returned = [step for step in detail.steps if step.state is StepState.RETURNED][-1:]
    pointed = [row for step in returned for row in step.remarks if row.place.spot is not Spot.WHOLE]
    parts = {row.finding.key: row.finding.part.value for row in findings}
    return [
        RemarkView(
            number=number,
            place=row.place,
            words=row.words,
            part=parts.get(row.place.key, "") if row.place.spot is Spot.FINDING else SPOT_PARTS.get(row.place.spot, ""),
        )
        for number, row in enumerate(pointed, start=len(findings) + 1)
    ]


def mark_remarks(remarks: Sequence[RemarkView]) -> list[dict[str, str | int]]:
    """The places in the body that a reviewer pointed at, as marks for the editor's script."""
    return [
        {"number": row.number, "quote": row.place.quote, "css": "returned"} for row in remarks if row.place.quote and row.part == "text"
    ]


def list_unlooked_of(detail: DraftDetail, facts: StepFacts) -> list[UnlookedRow]:
    """The one text of a page, when it came out before its review and nobody has looked again (待补审): for the red line."""
    waiting = detail.waiting
    if detail.urgent is None or waiting is None or waiting.kind is not StepKind.SECOND_LOOK:
        return []
    return [
        UnlookedRow(
            step=waiting.uuid,
            publication=detail.uuid,
            title=detail.content.title,
            unit_name=detail.unit_name,
            officer_name=detail.urgent.officer_name,
            released_at=detail.urgent.at,
            due_at=facts.due_at,
        )
    ]


def list_step_views(detail: DraftDetail, facts: StepFacts, now: datetime) -> list[StepView]:
    """The five steps of a text (审核步骤): writing, three reviews, release; each with who, limit, time waited, times returned."""
    is_writing = detail.state is EditionState.DRAFT
    returned = sum(step.state is StepState.RETURNED for step in detail.steps)
    first = StepView(
        label="起草",
        mark=StepMark.CURRENT if is_writing else StepMark.DONE,
        who=detail.author_name,
        detail=f"退回 {returned} 次" if returned else "",
    )
    last = StepView(
        label="公开",
        mark=StepMark.DONE if detail.is_public else StepMark.COMING,
        detail=f"{detail.released_at.astimezone(SHANGHAI):%m-%d %H:%M}" if detail.released_at else "本门户",
    )
    reviews = [_step_view(kind, detail.steps, facts, now) for kind in STEPS]
    if detail.urgent is None:
        return [first, *reviews, last]
    # It came out before its review: what was not passed by then is left out, and the second look follows.
    skipped = [view if view.mark is StepMark.DONE else replace(view, mark=StepMark.SKIPPED, who="", detail="先发后审") for view in reviews]
    return [first, *skipped, replace(last, who=detail.urgent.officer_name), _step_view(StepKind.SECOND_LOOK, detail.steps, facts, now)]


def _step_view(kind: StepKind, steps: Sequence[StepRow], facts: StepFacts, now: datetime) -> StepView:
    own = [step for step in steps if step.kind is kind]
    waiting = next((step for step in own if step.state is StepState.WAITING), None)
    passed = next((step for step in own if step.state is StepState.PASSED), None)
    times = sum(step.state is StepState.RETURNED for step in own)
    returned = f"退回 {times} 次" if times else ""
    limit = facts.limits.get(kind, "")
    if waiting is not None:
        words = (f"限 {limit}" if limit else "", words_since(waiting.opened_at, now), returned)
        return StepView(label=kind.label, mark=StepMark.CURRENT, who=say_names(facts.deciders), detail=_join(words))
    if passed is not None and passed.decided_at is not None:
        moment = f"{passed.decided_at.astimezone(SHANGHAI):%m-%d %H:%M} 通过"
        words = (moment, words_used(passed.opened_at, passed.decided_at), returned)
        return StepView(label=kind.label, mark=StepMark.DONE, who=passed.signed, detail=_join(words))
    last = own[-1] if own else None
    if last is not None and last.state is StepState.RETURNED:
        return StepView(label=kind.label, mark=StepMark.RETURNED, who=last.signed, detail=returned)
    return StepView(label=kind.label, mark=StepMark.COMING, detail=_join((f"限 {limit}" if limit else "", returned)))


def _join(words: Sequence[str]) -> str:
    return "，".join(one for one in words if one)


def say_names(names: Sequence[str]) -> str:
    """Who may decide (可审的人), in words: 陈默、苏明远, of many the first three."""
    return "、".join(names[:MOST_NAMED]) + (f"等 {len(names)} 人" if len(names) > MOST_NAMED else "")


def say_waits(detail: DraftDetail, facts: StepFacts) -> str:
    """With whom a text is and how long it may take (等谁): 已送科室审核（陈默、苏明远），限 1 个工作日. Empty when it waits for nobody."""
    if detail.waiting is None:
        return ""
    who = f"（{say_names(facts.deciders)}）" if facts.deciders else "，现在没有人能审，请找政务公开办"
    limit = facts.limits.get(detail.waiting.kind, "")
    return f"已送{detail.waiting.kind.label}{who}" + (f"，限 {limit}" if limit else "")


def words_used(opened: datetime, decided: datetime) -> str:
    """How long a step took (用时): 用了 3 小时. Empty under a minute."""
    return words_since(opened, decided).replace("等了", "用了").replace("刚送到", "")


def words_of_holder(holder: EditHolder, officer_id: int | None) -> str:
    """Who writes on a text and since when (编辑占用), for the page that may not: another person, or another page of one's own."""
    since = f"{holder.since.astimezone(SHANGHAI):%m-%d %H:%M}"
    if holder.officer_id == officer_id:
        return "您在另一个窗口打开了这份稿。这一页不再自动保存；要在这一页接着改，请按“保存草稿”。"
    if holder.taken_from:
        return f"{holder.officer_name}在 {since} 接手了这份稿。您写的还在这一页，没有存进去的可以按“保存草稿”对照。"
    return f"{holder.officer_name}从 {since} 起在改这份稿。您写的还在这一页，没有存进去的可以按“保存草稿”对照。"


def words_since(then: datetime, now: datetime) -> str:
    """How long something has waited: 等了 3 小时."""
    minutes = max(int((now - then).total_seconds() // 60), 0)
    if minutes < 1:
        return "刚送到"
    if minutes < 60:
        return f"等了 {minutes} 分钟"
    if minutes < 24 * 60:
        return f"等了 {minutes // 60} 小时"
    return f"等了 {minutes // (24 * 60)} 日"
