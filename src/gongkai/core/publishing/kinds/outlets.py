"""Places that are not ours where a text is made public, and what was found there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongkai.lib.enums import LabelledEnum

POSTING_EVIDENCE = "posting"
"""The kind under which the ledger keeps a checked page of another site as a proof; its reference is the posting's uuid."""


class PostingState(LabelledEnum):
    """What the last look at a page of another site found (核对结果)."""

    WAITING = "WAITING", "待核对"
    CHECKED = "CHECKED", "已核对"
    TITLE_DIFFERS = "TITLE_DIFFERS", "标题不符"
    TEXT_DIFFERS = "TEXT_DIFFERS", "正文不符"
    DATE_UNREAD = "DATE_UNREAD", "日期没有读到"
    UNREACHABLE = "UNREACHABLE", "打不开"


@dataclass(frozen=True)
class Fetched:
    """What came back from an address (取回的网页). `html` None: nothing did, and `fault` says why in words.

    `is_gone`: the site answered that there is no such page.
    """

    html: str | None
    fault: str = ""
    is_gone: bool = False


@dataclass(frozen=True)
class PageFacts:
    """What a page of another site says (网页上的内容): titles it may mean, the day of publication, its words without blanks."""

    titles: tuple[str, ...]
    day: date | None
    text: str


@dataclass(frozen=True)
class Comparison:
    """A page held against our text (比对结果). `share`: per cent of our lines that stand there; None: too little to compare."""

    state: PostingState
    title: str
    day: date | None
    share: int | None
    words: str


@dataclass(frozen=True)
class OutletRow:
    """A place of somebody else where our texts are made public (外部渠道)."""

    id: int
    name: str
    address: str
    telephone: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class PostingRow:
    """One text on one outlet that is not ours (渠道记录). `uuid` None: nobody typed an address yet."""

    outlet: OutletRow
    uuid: UUID | None = None
    address: str = ""
    state: PostingState = PostingState.WAITING
    words: str = ""
    found_title: str = ""
    found_date: date | None = None
    share: int | None = None
    checked_at: datetime | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    screenshot: UUID | None = None
    misses: int = 0
    asked_at: datetime | None = None
    down_at: datetime | None = None

    @property
    def is_sound(self) -> bool:
        """Whether it stands there as it should."""
        return self.state is PostingState.CHECKED


@dataclass(frozen=True)
class Package:
    """Everything that another site needs to publish a text (移交包): one file of an archive each, by its name in it."""

    name: str
    texts: Mapping[str, str]
    files: Mapping[str, UUID]
