from dataclasses import dataclass

from gongkai.lib.enums import LabelledEnum


class RowEvent(LabelledEnum):
    """What is done to a row that a trigger looks at (触发时机)."""

    INSERT = "INSERT", "新增"
    UPDATE = "UPDATE", "修改"
    DELETE = "DELETE", "删除"


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """One thing the database itself refuses (触发器), whoever asks: the text of the refusal is what a clerk reads.

    Refused is what `event` does to a row of `table` when `condition` holds: SQL that SQLite and PostgreSQL read alike, over OLD and NEW;
    empty is always. With `columns` (only for UPDATE) one of them has to change besides. `yields_to_purge`: a purge that has opened
    the very row (PurgeOpening) is let through.
    """

    name: str
    table: str
    event: RowEvent
    message: str
    condition: str = ""
    columns: tuple[str, ...] = ()
    yields_to_purge: bool = False
