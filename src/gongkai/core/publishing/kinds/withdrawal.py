"""What is taken back after it was public: withdrawals, take-downs, corrections."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongkai.lib.enums import LabelledEnum


class PublicationAct(LabelledEnum):
    """What is done to a public item (公开后的动作)."""

    WITHDRAW = "WITHDRAW", "撤回"
    TAKE_DOWN = "TAKE_DOWN", "紧急下线"
    RESTORE = "RESTORE", "恢复公开"


class WithdrawalKind(LabelledEnum):
    """How an item was taken back (撤下方式): with a reason from the table, or at once, the reason to follow."""

    WITHDRAWAL = "WITHDRAWAL", "撤回"
    TAKE_DOWN = "TAKE_DOWN", "紧急下线"


class PageAfter(LabelledEnum):
    """What the address of a withdrawn item shows (撤下后显示)."""

    GONE = "GONE", "撤下说明（410）"
    MOVED = "MOVED", "转到另一条信息（301）"
    BANNER = "BANNER", "原页保留，顶上加说明"


class Need(LabelledEnum):
    """Whether a reason asks for something (是否要填)."""

    NEEDED = "NEEDED", "必填"
    OPTIONAL = "OPTIONAL", "可填"
    UNUSED = "UNUSED", "不填"


@dataclass(frozen=True, kw_only=True)
class WithdrawalReason:
    """One row of the table of reasons (撤下原因): what the page then shows, what has to be named, and what becomes of the duty behind it.

    `public_words` stand on the page. `reopens_duty`: the duty that the page had discharged is owed again. `shows_title`: citizens still
    see what it was called.
    """

    code: str
    label: str
    page: PageAfter
    public_words: str
    note: Need
    successor: Need
    paper: Need
    shows_title: bool
    reopens_duty: bool
    about: str


@dataclass(frozen=True)
class Successor:
    """The public item that stands in the place of a withdrawn one (替代信息)."""

    uuid: UUID
    title: str
    path: str


@dataclass(frozen=True, kw_only=True)
class WithdrawnPage:
    """What citizens find at the address of a withdrawn item (撤下的页). No officer's own words are in it.

    `title` and the numbers are empty where they may not be seen any more. `successor_path` stays when the successor is no longer public;
    `successor` is None then.
    """

    uuid: UUID
    path: str
    page: PageAfter
    withdrawn_at: datetime
    public_words: str
    title: str
    document_number: str
    index_number: str
    unit_name: str
    unit_telephone: str
    successor: Successor | None
    successor_path: str


@dataclass(frozen=True, kw_only=True)
class WithdrawalRow:
    """One taking back of an item as the desk shows it (撤下记录). `ended_at` None: it stands; `explained_at` None: the reason is to follow.

    `fault`: what kept an outlet from acting at once, in words; empty when nothing did.
    """

    uuid: UUID
    publication: UUID
    kind: WithdrawalKind
    reason: WithdrawalReason | None
    page: PageAfter
    note: str
    paper: str
    successor: Successor | None
    title: str
    entry_name: str
    unit_id: int
    unit_name: str
    path: str
    index_number: str
    published_at: datetime
    officer_name: str
    at: datetime
    explained_by: str
    explained_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    end_reason: str
    fault: str

    @property
    def is_standing(self) -> bool:
        """Whether it holds."""
        return self.ended_at is None

    @property
    def lacks_reason(self) -> bool:
        """Whether the reason and the papers are still to follow (待补手续)."""
        return self.is_standing and self.explained_at is None


@dataclass(frozen=True, kw_only=True)
class CorrectionRow:
    """What an edition corrects (更正): shown on the page for good. `earlier` is the number of the edition that was public before."""

    edition: int
    earlier: int
    what: str
    why: str
    corrected_at: datetime


@dataclass(frozen=True)
class OutletStanding:
    """Whether an outlet still shows an item (渠道现状), in words."""

    label: str
    is_down: bool
    words: str
    telephone: str = ""
