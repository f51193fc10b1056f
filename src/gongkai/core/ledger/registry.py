"""What this process knows of duties and of those who listen. Filled in `AppConfig.ready` and the apps' `duties.py`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from gongkai.core.ledger.kinds import (
    ColumnRow,
    Duty,
    EntryGroup,
    EventKind,
    EventRow,
    Evidence,
    EvidenceAct,
    Intake,
    Told,
    UnpublishedCause,
)
from gongkai.foundation.accounts.kinds import Actor

DUTIES: dict[str, Duty] = {}
SUBSCRIBERS: dict[str, Callable[[EventRow], None]] = {}
WANTED: dict[str, frozenset[EventKind]] = {}
CAUSE_SOURCES: dict[str, Callable[[frozenset[int] | None, datetime], Sequence[UnpublishedCause]]] = {}
GROUP_READERS: list[Callable[[], Sequence[EntryGroup]]] = []
COLUMN_READERS: list[Callable[[], Mapping[str, ColumnRow]]] = []
INTAKE_READERS: list[Callable[[Actor, datetime], Intake]] = []
TELLERS: dict[str, Callable[[UUID], Sequence[Told]]] = {}
EVIDENCE_PAGES: dict[str, Callable[[str], str]] = {}
EVIDENCE_ACTS: dict[str, EvidenceAct] = {}


def register_duty(*, code: str, label: str, page: str, entry: str | None = None, is_held: bool = True, work: str = "") -> Duty:
    """Name a kind of obligation (登记职责). `entry` None: named each time one is opened. `is_held` False: no post holds it.

    `work`: what people call its page, for the button that opens it.

    Raises: ValueError when the code is taken.
    """
    if code in DUTIES:
        raise ValueError(f"Duty {code} is registered twice.")
    DUTIES[code] = Duty(code=code, label=label, page=page, entry=entry, is_held=is_held, work=work)
    return DUTIES[code]


def register_subscriber(code: str, handle: Callable[[EventRow], None], kinds: frozenset[EventKind] | None = None) -> None:
    """Name a function that gets every event once (订阅事件), in a transaction of its own; it may be called again after a crash.

    `kinds`: only events of these kinds; no row waits for it with any other. None: all.
    Raises: ValueError when the code is taken.
    """
    if code in SUBSCRIBERS:
        raise ValueError(f"Subscriber {code} is registered twice.")
    SUBSCRIBERS[code] = handle
    if kinds is not None:
        WANTED[code] = kinds


def wants(code: str, kind: str) -> bool:
    """Whether a subscriber wants events of a kind."""
    return code not in WANTED or kind in {wanted.value for wanted in WANTED[code]}


def register_columns(read: Callable[[], Mapping[str, ColumnRow]]) -> None:
    """Name what tells in which column each entry stands (登记栏目), by entry. Asked often: it must cost no query.

    Raises: ValueError when something is named already.
    """
    if COLUMN_READERS:
        raise ValueError("Columns are registered twice.")
    COLUMN_READERS.append(read)


def find_column(entry: str) -> ColumnRow | None:
    """The column that an entry of the catalogue stands in (栏目); None for an entry that no catalogue knows."""
    return next((read().get(entry) for read in COLUMN_READERS), None)


def list_columns() -> dict[str, ColumnRow]:
    """All columns by their code (全部栏目), each with what is asked of the column as a whole."""
    columns: dict[str, ColumnRow] = {}
    for read in COLUMN_READERS:
        for column in read().values():
            if column.code not in columns or not column.is_own:
                columns[column.code] = column
    return columns


def register_entry_groups(read: Callable[[], Sequence[EntryGroup]]) -> None:
    """Name what tells which entries belong together (登记类别): categories, each followed by its sections. It must cost no query.

    Raises: ValueError when something is named already.
    """
    if GROUP_READERS:
        raise ValueError("Entry groups are registered twice.")
    GROUP_READERS.append(read)


def list_entry_groups() -> tuple[EntryGroup, ...]:
    """The groups of entries that a reader of the ledger may choose (类别); none where no catalogue is installed."""
    return tuple(group for read in GROUP_READERS for group in read())


def register_intake(read: Callable[[Actor, datetime], Intake]) -> None:
    """Name what tells where the ledger's rows come from (登记导入来源), for the strip above its list.

    Raises: ValueError when something is named already.
    """
    if INTAKE_READERS:
        raise ValueError("The intake is registered twice.")
    INTAKE_READERS.append(read)


def find_intake(actor: Actor, now: datetime) -> Intake | None:
    """Where the ledger's rows come from, as this person may see it (本周导入); None where nothing registers causes."""
    return next((read(actor, now) for read in INTAKE_READERS), None)


def register_cause_source(code: str, list_unpublished: Callable[[frozenset[int] | None, datetime], Sequence[UnpublishedCause]]) -> None:
    """Name what knows causes that have no limit in the ledger and no publication (登记事由来源). It gets the units, None being all.

    Raises: ValueError when the code is taken.
    """
    if code in CAUSE_SOURCES:
        raise ValueError(f"Cause source {code} is registered twice.")
    CAUSE_SOURCES[code] = list_unpublished


def register_teller(code: str, list_told: Callable[[UUID], Sequence[Told]]) -> None:
    """Name what knows who was told of what happened to an obligation (登记告知记录). Asked for one receipt at a time.

    Raises: ValueError when the code is taken.
    """
    if code in TELLERS:
        raise ValueError(f"Teller {code} is registered twice.")
    TELLERS[code] = list_told


def register_evidence_page(kind: str, address_of: Callable[[str], str]) -> None:
    """Name what leads to a kind of proof (登记凭据页面): it gets the reference and gives the address, empty when there is none.

    Raises: ValueError when the kind is taken.
    """
    if kind in EVIDENCE_PAGES:
        raise ValueError(f"Evidence page {kind} is registered twice.")
    EVIDENCE_PAGES[kind] = address_of


def register_evidence_act(kind: str, act: EvidenceAct) -> None:
    """Name what can be done to a kind of proof (登记凭据动作), such as taking a public text down.

    Raises: ValueError when the kind has one.
    """
    if kind in EVIDENCE_ACTS:
        raise ValueError(f"Evidence {kind} has an act already.")
    EVIDENCE_ACTS[kind] = act


def find_evidence_page(evidence: Evidence) -> str:
    """The address where a proof can be seen (凭据页面); empty for a kind that has no page."""
    address_of = EVIDENCE_PAGES.get(evidence.kind)
    return address_of(evidence.reference) if address_of else ""


def list_told(obligation: UUID) -> list[Told]:
    """Who was told of what happened to an obligation, and when (告知记录), oldest first."""
    return sorted((told for read in TELLERS.values() for told in read(obligation)), key=lambda told: (told.at, told.who))
