from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongkai.core.ledger.kinds.rows import ObligationRow
from gongkai.core.ledger.kinds.states import PublicDisplay
from gongkai.core.ledger.kinds.terms import TermsRow
from gongkai.lib.enums import LabelledEnum


@dataclass(frozen=True, kw_only=True)
class TermsVersion:
    """One stored version of a limit (条款版本) as the legal office sees it.

    `is_current` False: it was replaced and only cases opened under it know it. `is_by_hand`: the legal office added it, no file changes it.
    `is_held`: the version that holds today.
    """

    id: int
    terms: TermsRow
    limit_words: str
    is_current: bool
    is_by_hand: bool
    is_held: bool
    confirmed_by: str
    confirmed_at: datetime | None
    open_cases: int = 0


@dataclass(frozen=True, kw_only=True)
class LocalTermsRow:
    """A limit of our own house (局内期限), stricter than the law's, for one unit or for all (`unit_id` None).

    `refusal` says, in words, why it does not count against the law of today; empty when it does.
    """

    id: int
    uuid: UUID
    entry: str
    unit_id: int | None
    unit_name: str
    limit_text: str
    limit_words: str
    reason: str
    effective_from: date
    effective_to: date | None
    set_by: str
    set_at: datetime
    withdrawn_at: datetime | None = None
    refusal: str = ""


@dataclass(frozen=True, kw_only=True)
class TermsDraft:
    """A version of a limit that the legal office wants to add (新条款)."""

    entry: str
    limit_text: str
    basis: str
    source: str
    effective_from: date
    effective_to: date | None = None
    public_display: PublicDisplay | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TermsMove:
    """One open case that a version added for its time would move (条款改动影响); nothing has happened yet. `refusal`: why it cannot."""

    obligation: ObligationRow
    from_day: date | None
    to_day: date | None
    refusal: str = ""


@dataclass(frozen=True, kw_only=True)
class TermsPreview:
    """What adding a version would do (条款改动预览). `digest` is handed back with the confirmation: it changes when the list does."""

    draft: TermsDraft
    moves: tuple[TermsMove, ...]
    unmoved: int
    digest: str


class TermsPart(LabelledEnum):
    """What the legal office picks out of the list of limits (条款分类). They overlap; each is a question of its own."""

    ALL = "ALL", "全部"
    UNVERIFIED = "UNVERIFIED", "未核实"
    REVIEW = "REVIEW", "对外显示待确认"
    LOCAL = "LOCAL", "有局内期限"
    CADENCE = "CADENCE", "定期更新"
    BY_HAND = "BY_HAND", "手工加的"


@dataclass(frozen=True, kw_only=True)
class TermsLine:
    """One duty in the list of limits (条款清单): the version of today, how many versions there are, and our own targets in words."""

    version: TermsVersion
    count: int
    local_words: str
    holds_today: bool
    rhythm_words: str = ""


@dataclass(frozen=True)
class TermsList:
    """The list of limits (条款清单) for some words: the lines of one part, and how many each part has."""

    lines: tuple[TermsLine, ...]
    counts: Mapping[TermsPart, int]


@dataclass(frozen=True, kw_only=True)
class TermsNote:
    """One act on the limits of a duty (条款经过): who, when, what, in words."""

    at: datetime
    who: str
    words: str


@dataclass(frozen=True, kw_only=True)
class DutyTerms:
    """Everything about the limits of one duty (一项职责的条款): all versions, newest first, our own targets, and what was done."""

    entry: str
    label: str
    versions: tuple[TermsVersion, ...]
    locals: tuple[LocalTermsRow, ...]
    history: tuple[TermsNote, ...]
