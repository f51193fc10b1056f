from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gongkai.core.ledger.kinds.rows import ObligationRow
from gongkai.core.ledger.kinds.states import Binding
from gongkai.lib.enums import LabelledEnum


class Standing(LabelledEnum):
    """How an open duty stands before whoever owes it (在办情形). Exactly one at any moment."""

    OVERDUE = "OVERDUE", "已逾期"
    EXCEEDED = "EXCEEDED", "已超过承诺"
    REMINDED = "REMINDED", "已提醒"
    STOPPED = "STOPPED", "暂停中"
    ENDED = "ENDED", "期满，可以结束"
    COMING = "COMING", "还没起算"
    RUNNING = "RUNNING", "在计算"


@dataclass(frozen=True, kw_only=True)
class DeskScope:
    """Whose open duties are asked for (名下事项): those of some posts, and of their units where no post holds them.

    `subjects` instead names the things themselves, whoever holds them. `left_out`: codes of duties that are asked for elsewhere.
    """

    unit_ids: frozenset[int] = frozenset()
    post_ids: frozenset[int] = frozenset()
    left_out: frozenset[str] = frozenset()
    subjects: Iterable[UUID] | None = None


@dataclass(frozen=True)
class DeskCount:
    """How many open duties of a desk stand alike under one day (按日件数). The day is that of the own target where there is one."""

    standing: Standing
    day: date
    count: int


@dataclass(frozen=True, kw_only=True)
class ComingColumn:
    """A column whose next period has not begun (会来的栏目更新): how often something new has to come, and from when on again."""

    title: str
    rhythm: str
    binding: Binding
    updated_on: date
    begins_on: date


@dataclass(frozen=True)
class Reassigned:
    """Where a duty went in one reassignment (改派记录), and from where. A post is None where the unit itself held it."""

    from_unit_id: int
    from_post_id: int | None
    to_unit_id: int
    to_post_id: int
    reason: str


@dataclass(frozen=True)
class ReassignPreview:
    """What a reassignment would do (改派预告). `count` rows move, of which `rows` are the first; `staying` are there already.

    `digest` tells whether what is confirmed is still what was seen. `units` are those that would give rows away, with how many.
    """

    count: int
    staying: int
    rows: tuple[ObligationRow, ...]
    units: tuple[tuple[str, int], ...]
    to_words: str
    digest: str
    at: datetime
