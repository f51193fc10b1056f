import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from gongkai.core.publishing.kinds import (
    STEPS,
    DraftContent,
    EditionAct,
    EditionState,
    Origin,
    StepAct,
    StepKind,
    StepState,
)
from gongkai.core.publishing.rules.deciding import (
    NEXT_STEP,
    STEP_RIGHTS,
    Decider,
    People,
    check_may_decide,
    holds,
    list_capacities,
    list_lenders,
)
from gongkai.core.publishing.rules.urgent import check_may_come_back, check_may_release_urgently, check_secrecy_said, is_urgent_possible
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from gongkai.lib.gate import Finding, Severity
from gongkai.lib.moments import SHANGHAI, day_of

__all__ = [
    "NEXT_STEP",
    "STEP_RIGHTS",
    "Decider",
    "People",
    "check_may_come_back",
    "check_may_decide",
    "check_may_release_urgently",
    "check_secrecy_said",
    "holds",
    "is_urgent_possible",
    "list_capacities",
    "list_lenders",
]
"""What is taken over from the modules beside; what stands below needs no naming."""

MAX_TITLE = 200
MAX_DOCUMENT_NUMBER = 80
MAX_BODY = 500_000
MAX_ELEMENT = 5_000
MAX_REASON = 300
MIN_REASON = 4

# What a database refuses to store, and nobody sees.
UNSTORABLE = {0: None, **dict.fromkeys(range(0xD800, 0xE000))}

EDITION_TRANSITIONS = {
    (EditionState.DRAFT, EditionAct.EDIT): EditionState.DRAFT,
    (EditionState.DRAFT, EditionAct.SUBMIT): EditionState.IN_REVIEW,
    (EditionState.IN_REVIEW, EditionAct.RETURN): EditionState.DRAFT,
    (EditionState.IN_REVIEW, EditionAct.APPROVE): EditionState.APPROVED,
    (EditionState.DRAFT, EditionAct.RELEASE_URGENTLY): EditionState.APPROVED,
    (EditionState.IN_REVIEW, EditionAct.RELEASE_URGENTLY): EditionState.APPROVED,
}
STEP_TRANSITIONS = {
    (StepState.WAITING, StepAct.PASS): StepState.PASSED,
    (StepState.WAITING, StepAct.RETURN): StepState.RETURNED,
    (StepState.PASSED, StepAct.VOID): StepState.VOID,
    (StepState.WAITING, StepAct.VOID): StepState.VOID,
}
# Blocks that an original from elsewhere may pass as it is, with a reason, by the openness office: its text is history.
PASSABLE_BLOCKS_OF_IMPORTED = frozenset({"doc_number", "personal_data"})


def next_edition_state(state: EditionState, act: EditionAct) -> EditionState:
    """State of an edition (版本) after an act. Raises: ActNotPossible."""
    try:
        return EDITION_TRANSITIONS[state, act]
    except KeyError:
        raise ActNotPossible(f"文稿{state.label}，不能{act.label}。请回到列表看它现在在哪一步。") from None


def next_step_state(state: StepState, act: StepAct) -> StepState:
    """State of a review step (审核步骤) after an act. Raises: ActNotPossible."""
    try:
        return STEP_TRANSITIONS[state, act]
    except KeyError:
        raise ActNotPossible(f"这一步{state.label}，不能再{act.label}。请回到列表看它现在在哪一步。") from None


def content_hash(content: DraftContent, attachment_hashes: Sequence[str]) -> str:
    """Hash of everything a reader will see (内容校验值): approvals are bound to it.

    Canonical JSON of title, document number, body, formed day, elements by name and the attachments' own hashes in their order.
    """
    canonical = json.dumps(
        {
            "title": content.title,
            "document_number": content.document_number,
            "body": content.body_html,
            "formed_date": content.formed_date.isoformat() if content.formed_date else None,
            "elements": dict(content.elements),
            "attachments": list(attachment_hashes),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def check_content(content: DraftContent, known_elements: Collection[str]) -> None:
    """Whether a draft's fields can be kept as they are. Raises: BadInput, naming the field."""
    if not content.title:
        raise BadInput("请填写标题，例如“2026年第三季度国有建设用地供应结果公示”。", field="title")
    if len(content.title) > MAX_TITLE:
        raise BadInput(f"标题 {len(content.title)} 字，超过 {MAX_TITLE} 字，请改短。", field="title")
    if len(content.document_number) > MAX_DOCUMENT_NUMBER:
        raise BadInput(f"发文字号 {len(content.document_number)} 字，超过 {MAX_DOCUMENT_NUMBER} 字，请核对。", field="document_number")
    if len(content.body_html) > MAX_BODY:
        raise BadInput(f"正文 {len(content.body_html):,} 字，超过 {MAX_BODY:,} 字，请把大表改作附件。", field="body")
    for name, value in content.elements.items():
        if name not in known_elements:
            raise BadInput(f"这个事项没有“{name}”这项要素，请刷新页面再填。", field="elements")
        if len(value) > MAX_ELEMENT:
            raise BadInput(f"要素“{name}”{len(value):,} 字，超过 {MAX_ELEMENT:,} 字，请放进正文。", field="elements")


def tidy(content: DraftContent, body_html: str) -> DraftContent:
    """The content as it is kept, with its cleaned body: blanks around the fields gone, empty elements left out, no file twice."""
    elements = {name: value.translate(UNSTORABLE).replace("\r\n", "\n").strip() for name, value in content.elements.items()}
    return DraftContent(
        title=" ".join(content.title.translate(UNSTORABLE).split()),
        document_number=" ".join(content.document_number.translate(UNSTORABLE).split()),
        body_html=body_html,
        formed_date=content.formed_date,
        elements={name: value for name, value in elements.items() if value},
        attachments=tuple(dict.fromkeys(content.attachments)),
    )


def overtaken(saved_by: str, saved_at: datetime, *, is_own: bool = False) -> SomebodyWasFaster:
    """The refusal for somebody whose text was changed while he wrote (同时修改): by another, or by himself in another window."""
    moment = saved_at.astimezone(SHANGHAI)
    if is_own:
        return SomebodyWasFaster(f"您在另一个窗口改过这份稿（{moment:%m-%d %H:%M} 保存）。您在这一页写的还在，没有盖掉那一次的。")
    return SomebodyWasFaster(f"您打开以后，{saved_by}在 {moment:%m-%d %H:%M} 改过这份稿。您写的还在这一页，没有盖掉他的。")


def check_formed_date(content: DraftContent, now: datetime) -> None:
    """A text cannot have been formed after today (成文日期). Raises: BadInput."""
    if content.formed_date and content.formed_date > day_of(now):
        raise BadInput(f"成文日期 {content.formed_date.isoformat()} 在今天之后，请核对。", field="formed_date")


def check_may_write(actor: Actor, unit_id: int) -> int:
    """The officer's id of somebody who may write for a unit. Raises: NotAllowed."""
    if actor.officer_id is None or not actor.may(Right.WRITE, unit_id):
        raise NotAllowed("您没有这个单位的“登记和起草”权限。要写这份稿，请找安全管理员给您的岗位授权。")
    return actor.officer_id


def check_may_see(actor: Actor, unit_id: int) -> None:
    """Whether somebody may read a unit's texts that are not public. Raises: NotFound: he may not know that there is one."""
    if not actor.may_see(unit_id):
        raise NotFound("没有这份稿，或者它不在您的单位范围里。请从“信息发布”的列表里打开。")


def check_may_release(actor: Actor, unit_id: int, people: People) -> None:
    """Whether somebody may make a text public (公开): a signer for the unit, who did not write it, of a text nobody reviewed for himself.

    Raises: NotAllowed.
    """
    if actor.officer_id is None:
        raise NotAllowed("公开要由人来定，系统不能代办。")
    if actor.officer_id in people.writers:
        raise NotAllowed("不能公开自己起草的稿，要由别人签发。")
    check_reviewed_by_others(people)
    if not holds(actor, Right.SIGN, unit_id):
        raise NotAllowed(f"您没有这个单位的“{Right.SIGN.label}”权限。要公开这份稿，请找系统管理员开通。")


def check_reviewed_by_others(people: People) -> None:
    """Nobody who wrote on a text has passed a step of it (回避规则). Raises: NotAllowed."""
    if people.writers & people.passers:
        raise NotAllowed("这份稿有一步是起草人自己审的，不能公开，要退回重审。")


def check_may_pass_finding(actor: Actor, finding: Finding, origin: Origin, unit_id: int) -> int:
    """The officer's id of somebody who may let a finding through with a reason (写理由放行).

    Warnings: whoever may write for the unit. Blocks: nobody, but for originals imported from elsewhere, where the openness office may let
    document numbers and personal data stand. Raises: NotAllowed, ActNotPossible.
    """
    if finding.severity is Severity.WARN:
        return check_may_write(actor, unit_id)
    if origin is not Origin.IMPORTED or finding.rule not in PASSABLE_BLOCKS_OF_IMPORTED:
        raise ActNotPossible(f"{finding.message}这一处必须改，不能写理由通过。")
    if actor.officer_id is None or not actor.may(Right.PASS_IMPORTED, unit_id):
        raise NotAllowed("历史原件里必须改的一处，只有政务公开办能写理由放行。")
    return actor.officer_id


def check_reason(reason: str, what: str, *, field: str = "reason") -> str:
    """The reason as it is kept. Raises: BadInput when it says nothing or too much."""
    kept = " ".join(reason.translate(UNSTORABLE).split())
    if len(kept) < MIN_REASON:
        raise BadInput(f"请写明{what}，至少 {MIN_REASON} 个字；会署您的名字，别人看得到。", field=field)
    if len(kept) > MAX_REASON:
        raise BadInput(f"{what}写了 {len(kept)} 字，超过 {MAX_REASON} 字，请改短。", field=field)
    return kept


def check_opinion(opinion: str) -> str:
    """A reviewer's opinion (意见) as it is kept; empty is allowed. Raises: BadInput when it is too long."""
    kept = opinion.translate(UNSTORABLE).strip()
    if len(kept) > MAX_REASON:
        raise BadInput(f"意见写了 {len(kept)} 字，超过 {MAX_REASON} 字，请改短。", field="opinion")
    return kept


def list_open(findings: Iterable[Finding], passed: Collection[str]) -> list[Finding]:
    """Findings that still stand in the way (未处理的发现): no hints, nothing that was let through. `passed` are fingerprints."""
    return [finding for finding in findings if finding.severity is not Severity.INFO and finding.key not in passed]


def check_findings(findings: Iterable[Finding], passed: Collection[str], act: str) -> None:
    """Whether a text may go on. `act` is what was wanted, in words. Raises: ActNotPossible, naming what has to be done first."""
    standing = list_open(findings, passed)
    if not standing:
        return
    blocks = sum(finding.severity is Severity.BLOCK for finding in standing)
    warnings = len(standing) - blocks
    counts = "，".join(
        words for number, words in ((blocks, f"{blocks} 处必须改"), (warnings, f"{warnings} 处提醒要改好或写理由")) if number
    )
    raise ActNotPossible(f"还不能{act}：{counts}。第一处：{standing[0].message}{standing[0].advice}")


def check_approvals(steps: Mapping[StepKind, str], released_hash: str) -> None:
    """Whether all three steps were passed for exactly this content (三审齐全). `steps`: hash each passed step was given for.

    Raises: ActNotPossible. Legal source: OGIR art. 17
    """
    for kind in STEPS:
        if kind not in steps:
            raise ActNotPossible(f"还没有{kind.label}，不能公开。")
        if steps[kind] != released_hash:
            raise ActNotPossible(f"{kind.label}审的不是现在这份内容，不能公开，要退回重审。")


def check_approved(state: EditionState) -> None:
    """Only a signed-off edition becomes public. Raises: ActNotPossible."""
    if state is not EditionState.APPROVED:
        raise ActNotPossible(f"文稿{state.label}，不能公开。三步审核都通过以后，它会随签发一起公开。")


def check_looked(passed: Collection[str], *, has_looked: bool) -> None:
    """Findings that were let through are looked at before a step is passed (放行处须看过). `passed` are fingerprints. Raises: BadInput."""
    if passed and not has_looked:
        raise BadInput("请先看过写理由通过的各处，再勾上“我看过了”这一项。", field="looked")


def check_seen(seen_hash: str, current_hash: str) -> None:
    """A decision is about the text the reviewer saw. Raises: SomebodyWasFaster."""
    if seen_hash != current_hash:
        raise SomebodyWasFaster("您看到的不是现在这份内容。请重新打开这份稿，看过以后再办。")


def format_path(year: int, number: int) -> str:
    """Permanent address on the portal (路径): `/d/2026/00231/`."""
    return f"/d/{year}/{number:05d}/"


def index_month(now: datetime) -> str:
    """The month whose counter an index number (索引号) comes from: `202610`."""
    return f"{day_of(now):%Y%m}"


def format_index_number(agency: str, month: str, number: int) -> str:
    """Index number (索引号): agency code, month and five figures, `11990100MB0000017Q/202610-00231`.

    The month keeps numbers of a monthly counter apart.
    """
    return f"{agency}/{month}-{number:05d}"


def search_day(origin: Origin, formed_date: date | None, published_at: datetime) -> date:
    """The day by which readers sort and narrow what they search (检索日期).

    An original from elsewhere keeps the day it was formed: the day of import would tell a reader nothing.
    """
    if origin is Origin.IMPORTED and formed_date is not None:
        return formed_date
    return day_of(published_at)


def order_elements(values: Mapping[str, str], names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Given elements (要素) in the catalogue's order; those the catalogue no longer names come last."""
    ordered = [name for name in names if name in values] + [name for name in values if name not in names]
    return tuple((name, values[name]) for name in ordered)
