from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongkai.core.catalogue.kinds import EntryRow
from gongkai.core.ledger.kinds import LimitChip, ObligationRow, Receipt
from gongkai.lib.enums import LabelledEnum
from gongkai.lib.moments import day_of


class CauseOrigin(LabelledEnum):
    """How a cause became known (事由来源)."""

    REGISTERED = "REGISTERED", "登记"
    IMPORTED = "IMPORTED", "导入"


@dataclass(frozen=True)
class CauseRow:
    """Something that happened and has to be made public (事由). `publication` and `obligation` are None until they exist."""

    id: int
    uuid: UUID
    entry_code: str
    entry_name: str
    title: str
    happened_on: date
    unit_id: int
    unit_name: str
    registered_at: datetime
    registered_by: str
    note: str
    origin: CauseOrigin
    obligation: UUID | None
    publication: UUID | None


@dataclass(frozen=True)
class CausePage:
    """A cause with what stands around it. `obligation`, `chip` and the last day in words are empty where there is no limit to compute."""

    cause: CauseRow
    entry: EntryRow
    obligation: ObligationRow | None = None
    chip: LimitChip | None = None
    last_day_words: str = ""

    @property
    def days_late(self) -> int:
        """How many days after it happened it was registered (登记滞后); 0 when on the same day or before."""
        return max((day_of(self.cause.registered_at) - self.cause.happened_on).days, 0)


@dataclass(frozen=True)
class Preview:
    """The limit a cause would have (期限预告). Without `receipt`, `words` says why; `refusal`: the day itself cannot stand."""

    receipt: Receipt | None
    words: str = ""
    refusal: bool = False

    @property
    def last_day_text(self) -> str:
        """The last day as a form carries it; empty when there is none."""
        return self.receipt.last_day.isoformat() if self.receipt else ""


@dataclass(frozen=True)
class EntryGroup:
    """Entries to choose from under one heading (可选事项)."""

    title: str
    entries: tuple[EntryRow, ...]


@dataclass(frozen=True)
class FoundFile:
    """A file handed in for import (待导入的文件): what it is called and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class ImportedRow:
    """A document that came in (导入成功的文件). `remark` says what a person should know about it; empty when nothing."""

    name: str
    title: str
    entry_code: str
    entry_name: str
    remark: str


@dataclass(frozen=True)
class RefusedRow:
    """A document that did not come in (未导入的文件), with the reason in words."""

    name: str
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or on a dry run would do. `known` are names of documents that had come in before."""

    imported: tuple[ImportedRow, ...]
    known: tuple[str, ...]
    refused: tuple[RefusedRow, ...]
