"""The chain as a file of lines (审计链导出): enough to prove it with no database, `gongkai tool audit FILE`. Pure, like rules."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gongkai.foundation.audit.kinds import START, AuditRow, Head, Link
from gongkai.foundation.audit.rules import PURGED, REDACT, is_digest, write_row

FORMAT = "gongkai-audit-1"


@dataclass(frozen=True)
class Exported:
    """What a file of a chain holds: the link before its first one, its links, and which rows a purge has emptied."""

    start: Head
    links: tuple[Link, ...]
    redacted: dict[int, str]


def write_export(links: Iterable[Link], *, start: Head = START) -> Iterator[str]:
    """The lines of the file: a head that names the link before, then one line for each link."""
    yield _line({"format": FORMAT, "position": start.position, "digest": start.digest})
    for link in links:
        row = write_row(link.row) if link.row else None
        yield _line({"position": link.position, "record": link.record_id, "content": link.content, "digest": link.digest, "row": row})


def read_export(text: str) -> Exported:
    """A file read back. Raises: ValueError, in words, for what is no such file."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValueError("文件是空的。")
    start = _read_start(_parse(lines[0], 1))
    links = tuple(_read_link(_parse(line, number), number) for number, line in enumerate(lines[1:], 2))
    redacting = [link.row.about for link in links if link.row and link.row.act == REDACT]
    redacted = {int(about["record"]): str(about["left"]) for about in redacting if "record" in about and "left" in about}
    for link in links:
        # In a part of the chain the row that tells of the purge may stand behind the end.
        if link.row and link.row.about == PURGED and link.record_id not in redacted:
            raise ValueError(f"记录 {link.record_id} 的要点已被清除，说明它的记录不在这份文件里：请导出到链的末尾再核验。")
    return Exported(start, links, redacted)


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _parse(line: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ValueError(f"第 {number} 行不是审计链的一行：请用 gongkai audit export 或“导出审计链”得到的文件。")  # noqa: TRY004 — for a person
    return value


def _read_start(value: dict[str, Any]) -> Head:
    if value.get("format") != FORMAT or not isinstance(value.get("position"), int) or not is_digest(str(value.get("digest"))):
        raise ValueError("这不是导出的审计链：第 1 行没有起点。")
    return Head(value["position"], value["digest"])


def _read_link(value: dict[str, Any], number: int) -> Link:
    try:
        row = value["row"]
        return Link(
            int(value["position"]),
            int(value["record"]),
            str(value["content"]),
            str(value["digest"]),
            AuditRow(
                id=row["id"],
                at=datetime.fromisoformat(row["at"]),
                recorded_at=datetime.fromisoformat(row["recorded_at"]),
                officer_id=row["officer"],
                actor_name=row["name"],
                via=row["via"],
                act=row["act"],
                subject=UUID(row["subject"]) if row["subject"] else None,
                about=row["about"],
            )
            if row is not None
            else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"第 {number} 行缺内容，或内容的写法不对。") from error
