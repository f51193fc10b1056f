from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from gongkai.core.catalogue.kinds import SectionRow
from gongkai.core.publishing.kinds.outlets import (
    POSTING_EVIDENCE,
    Comparison,
    Fetched,
    OutletRow,
    Package,
    PageFacts,
    PostingRow,
    PostingState,
)
from gongkai.core.publishing.kinds.purge import Holding, PurgeScope, PurgeState
from gongkai.core.publishing.kinds.remarks import NewRemark, Place, RemarkRow, Spot
from gongkai.core.publishing.kinds.steps import STEPS, StepAct, StepFacts, StepKind, StepState
from gongkai.core.publishing.kinds.urgent import UnlookedRow, UrgentDuty, UrgentRow
from gongkai.core.publishing.kinds.withdrawal import (
    CorrectionRow,
    Need,
    OutletStanding,
    PageAfter,
    PublicationAct,
    Successor,
    WithdrawalKind,
    WithdrawalReason,
    WithdrawalRow,
    WithdrawnPage,
)
from gongkai.foundation.attachments.kinds import AttachmentRow
from gongkai.lib.enums import LabelledEnum
from gongkai.lib.gate import Finding, Severity

EVIDENCE = "publication"
"""The kind under which the ledger keeps a public page as a proof; its reference is the page's path."""


class Origin(LabelledEnum):
    """Where a text comes from (文稿来源)."""

    WRITTEN = "WRITTEN", "本机关起草"
    IMPORTED = "IMPORTED", "历史原件导入"


class PublicationState(LabelledEnum):
    """Whether citizens can read it (公开状态). What happens to a text on its way is the edition's state.

    What is withdrawn or taken down is in no list, count or search; what its address shows, its withdrawal says. What is held waits for a
    purge, and nobody opens it; of what is purged only this row's skeleton is left.
    """

    UNPUBLISHED = "UNPUBLISHED", "未公开"
    PUBLIC = "PUBLIC", "已公开"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    TAKEN_DOWN = "TAKEN_DOWN", "已紧急下线"
    HELD = "HELD", "停用待清除"
    PURGED = "PURGED", "内容已清除"


class EditionState(LabelledEnum):
    """Where one content of a publication stands (文稿状态)."""

    DRAFT = "DRAFT", "起草中"
    IN_REVIEW = "IN_REVIEW", "审核中"
    APPROVED = "APPROVED", "已签发"


class EditionAct(LabelledEnum):
    """What is done to an edition (文稿动作)."""

    EDIT = "EDIT", "修改"
    SUBMIT = "SUBMIT", "送审"
    RETURN = "RETURN", "退回"
    APPROVE = "APPROVE", "签发"
    RELEASE_URGENTLY = "RELEASE_URGENTLY", "先发"


@dataclass(frozen=True, kw_only=True)
class DraftContent:
    """What the author writes (文稿内容). `formed_date` None: not known yet. `attachments` in the order in which readers see them."""

    title: str
    document_number: str = ""
    body_html: str = ""
    formed_date: date | None = None
    elements: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class SavedDraft:
    """What a save did (保存结果). `dropped` says in words what was taken out of the text on the way in."""

    content_hash: str
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class IncomingFile:
    """A file that was sent and is not read yet (待收的文件): what is too big is refused by its size alone."""

    name: str
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True)
class AttachedFiles:
    """What became of files that were uploaded (上传结果): those that were sealed, and for each other its name and why, in words."""

    stored: tuple[UUID, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PassRow:
    """One finding that was let through (放行记录), with the reason and the name under it. `key` is the finding's fingerprint."""

    key: str
    rule: str
    message: str
    reason: str
    officer_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class GateReport:
    """What the gate says about a text (检查结论): everything it found, in reading order, and what was let through.

    `checked` names the checks that ran, found something or not.
    """

    findings: tuple[Finding, ...]
    passed: Mapping[str, PassRow]
    checked: tuple[str, ...]

    @property
    def standing(self) -> tuple[Finding, ...]:
        """Findings that still stand in the way: no hints, nothing that was let through."""
        return tuple(one for one in self.findings if one.severity is not Severity.INFO and one.key not in self.passed)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that broke, in words: an unchecked text never counts as a sound one."""
        return tuple(dict.fromkeys(one.rule_word for one in self.findings if one.is_failure))

    @property
    def blocks(self) -> int:
        """How many standing findings have to be changed."""
        return sum(one.severity is Severity.BLOCK for one in self.standing)

    @property
    def warnings(self) -> int:
        """How many standing findings can be changed or passed with a reason."""
        return len(self.standing) - self.blocks


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One review step of a text (审核步骤), past or waiting. `officer_name` is empty while it waits."""

    uuid: UUID
    kind: StepKind
    state: StepState
    officer_name: str
    opened_at: datetime
    decided_at: datetime | None
    opinion: str
    content_hash: str
    remarks: tuple[RemarkRow, ...] = ()
    absent_name: str = ""

    @property
    def signed(self) -> str:
        """Whose name stands under it: 罗安琪, or 罗安琪（代陈默）."""
        return f"{self.officer_name}（代{self.absent_name}）" if self.absent_name else self.officer_name


@dataclass(frozen=True, kw_only=True)
class DraftDetail:
    """One text whole, as those who work on it see it (文稿): the newest edition, its steps, who wrote on it and who passed it.

    `number` is the edition's, `public_number` that of the edition which is or was last public, `release` the one that it waits for.
    `required` are the catalogue's elements in their order. `content_hash` is what a save or a decision has to name.
    """

    uuid: UUID
    entry_code: str
    entry_name: str
    required: tuple[str, ...]
    basis: str
    section_title: str
    unit_id: int
    unit_name: str
    origin: Origin
    source: str
    path: str
    index_number: str
    obligation: UUID | None
    publication_state: PublicationState
    published_at: datetime | None
    released_at: datetime | None
    approved_at: datetime | None
    public_number: int | None
    release: UUID | None
    number: int
    state: EditionState
    content: DraftContent
    text: str
    attachments: tuple[AttachmentRow, ...]
    content_hash: str
    author_name: str
    saved_by_name: str
    saved_at: datetime
    steps: tuple[StepRow, ...]
    writers: frozenset[int]
    passers: frozenset[int]
    urgent: UrgentRow | None = None

    @property
    def is_public(self) -> bool:
        """Whether this edition is the one citizens can read."""
        return self.publication_state is PublicationState.PUBLIC and self.public_number == self.number

    @property
    def other_is_public(self) -> bool:
        """Whether citizens read another edition than this one."""
        return self.publication_state is PublicationState.PUBLIC and self.public_number != self.number

    @property
    def waiting(self) -> StepRow | None:
        """The step that waits for a decision."""
        return next((step for step in self.steps if step.state is StepState.WAITING), None)


@dataclass(frozen=True, kw_only=True)
class PublishedRow:
    """One public item as a list shows it (已公开信息条目). `id` grows with nothing in particular; order by `published_at`, then `id`."""

    id: int
    uuid: UUID
    title: str
    document_number: str
    path: str
    formed_date: date | None
    published_at: datetime
    section: SectionRow
    entry_code: str
    entry_name: str
    unit_id: int
    unit_name: str


@dataclass(frozen=True, kw_only=True)
class PublishedDocument:
    """One public text whole (已公开文件): everything its page shows. `text` is the body without marks, as search and gate read it.

    `withdrawn`: it was taken back, and its page stands on with a notice. `corrections`: newest first.
    """

    id: int
    uuid: UUID
    title: str
    document_number: str
    index_number: str
    body_html: str
    text: str
    path: str
    formed_date: date | None
    published_at: datetime
    section: SectionRow
    entry_code: str
    entry_name: str
    basis: str
    unit_id: int
    unit_name: str
    unit_telephone: str
    elements: tuple[tuple[str, str], ...]
    attachments: tuple[AttachmentRow, ...]
    origin: Origin
    source: str
    obligation: UUID | None
    content_hash: str
    withdrawn: WithdrawnPage | None = None
    corrections: tuple[CorrectionRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """One text that is not public yet, as the desk lists it (在办文稿). `waiting_for` None: it is in the author's hands."""

    uuid: UUID
    title: str
    entry_name: str
    unit_name: str
    author_name: str
    state: EditionState
    saved_at: datetime
    waiting_for: StepKind | None
    waiting_since: datetime | None
    returned_count: int
    waiting_step: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class DraftFacts:
    """How far a text is that is not public yet (文稿进度). `blocks` has to be changed before review, `warnings` can be."""

    number: int
    state: EditionState
    waiting_for: StepKind | None
    returned_count: int
    blocks: int
    warnings: int


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """One step that waits for a reviewer (待审事项). `step` is the uuid the review page is opened with.

    `absent_name`: in whose place this person would decide it; empty in his own.
    """

    step: UUID
    publication: UUID
    kind: StepKind
    title: str
    entry_name: str
    unit_id: int
    unit_name: str
    author_name: str
    waiting_since: datetime
    absent_name: str = ""


__all__ = [
    "EVIDENCE",
    "POSTING_EVIDENCE",
    "STEPS",
    "AttachedFiles",
    "Comparison",
    "CorrectionRow",
    "DraftContent",
    "DraftDetail",
    "DraftFacts",
    "DraftRow",
    "EditionAct",
    "EditionState",
    "Fetched",
    "GateReport",
    "Holding",
    "IncomingFile",
    "Need",
    "NewRemark",
    "Origin",
    "OutletRow",
    "OutletStanding",
    "Package",
    "PageAfter",
    "PageFacts",
    "PassRow",
    "Place",
    "PostingRow",
    "PostingState",
    "PublicationAct",
    "PublicationState",
    "PublishedDocument",
    "PublishedRow",
    "PurgeScope",
    "PurgeState",
    "RemarkRow",
    "ReviewRow",
    "SavedDraft",
    "Spot",
    "StepAct",
    "StepFacts",
    "StepKind",
    "StepRow",
    "StepState",
    "Successor",
    "UnlookedRow",
    "UrgentDuty",
    "UrgentRow",
    "WithdrawalKind",
    "WithdrawalReason",
    "WithdrawalRow",
    "WithdrawnPage",
]
