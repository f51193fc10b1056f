import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from gongkai.foundation.audit.kinds import START, AuditRow, Fault, FaultKind, Head, Link
from gongkai.foundation.audit.sm3 import sm3

NOTE_LENGTH = 1000
"""A reason is a sentence or two. What is longer is content, which does not belong into the trail."""

PURGED = {"purged": True}
"""What stands in place of the notes of a row after a purge. The database refuses any other change."""

REDACT = "audit.redact"
"""The act that empties the notes of another row; it names that row and the digest of what is left of it."""


def tidy_about(about: Mapping[str, str | int | bool | None]) -> dict[str, str | int | bool | None]:
    """What is kept of the notes on an act (要点): long text is cut and marked, NUL, which PostgreSQL cannot hold, becomes U+FFFD."""
    return {key: _tidy(value) if isinstance(value, str) else value for key, value in about.items()}


def _tidy(text: str) -> str:
    text = text.replace("\0", "\ufffd")
    return text if len(text) <= NOTE_LENGTH else text[: NOTE_LENGTH - 1] + "…"


def write_row(row: AuditRow) -> dict[str, object]:
    """A row as it is digested and exported (规范写法): instants in UTC with microseconds, everything else as it is."""
    return {
        "id": row.id,
        "at": _instant(row.at),
        "recorded_at": _instant(row.recorded_at),
        "officer": row.officer_id,
        "name": row.actor_name,
        "via": row.via,
        "act": row.act,
        "subject": str(row.subject) if row.subject else None,
        "about": dict(row.about),
    }


def content_digest(row: AuditRow) -> str:
    """The digest of what a row says (内容摘要)."""
    return digest_of(write_row(row))


def digest_of(value: object) -> str:
    """SM3 of a value as JSON without spaces, keys in order, in UTF-8. A lone half of a character, which no database keeps, is escaped."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sm3(text.encode("utf-8", "backslashreplace"))


def link_digest(before: str, position: int, record_id: int, content: str) -> str:
    """The digest of a link (链摘要): of the link before, its own place, its record and what that says."""
    return sm3(f"{before}:{position}:{record_id}:{content}".encode("utf-8", "backslashreplace"))


def check_chain(
    links: Iterable[Link], *, start: Head = START, anchors: Mapping[int, str] | None = None, redacted: Mapping[int, str] | None = None
) -> Iterator[Fault | Link]:
    """Walk along a chain (核验): yields each link that was read, and before it whatever is wrong there.

    `start` is the link before the first. `anchors` are heads that were kept elsewhere, digest by position. `redacted` tells of rows that a
    purge has emptied the digest of what is left.
    """
    anchors, redacted = anchors or {}, redacted or {}
    before = start
    changed: dict[str, tuple[Link, str]] = {}
    for link in links:
        is_next = link.position == before.position + 1
        if link.position > before.position + 1:
            yield _gone(before.position + 1, link.position - 1)
        elif not is_next:
            words = f"第 {link.position} 行排在第 {before.position} 行后面：次序被打乱，或同一行出现两次。"
            yield Fault(FaultKind.BROKEN, words, link.position, link.record_id)
        yield from _check_record(link, redacted.get(link.record_id), changed)
        # Behind a hole nobody can tell what the digest before was; the hole is named already.
        if is_next and link_digest(before.digest, link.position, link.record_id, link.content) != link.digest:
            words = f"链上第 {link.position} 行（记录 {link.record_id}）和前一行接不上：次序被调换，或中间被抽走、插入过。"
            yield Fault(FaultKind.BROKEN, words, link.position, link.record_id)
        if anchors.get(link.position, link.digest) != link.digest:
            words = f"链上第 {link.position} 行和另存的链头对不上：这一行或它之前的行被改写过，整条链重新算过。"
            yield Fault(FaultKind.REWRITTEN, words, link.position, link.record_id)
        yield link
        before = Head(link.position, link.digest)
    yield from _tell_moved(changed)


def tell_cut(head: Head, anchors: Mapping[int, str]) -> Iterator[Fault]:
    """Whether a chain that ends here once went further (末尾被截), by heads that were kept elsewhere."""
    last = max(anchors, default=0)
    if last > head.position:
        words = f"链的末尾被截掉：第 {_range(head.position + 1, last)} 行不见了，另存的链头到第 {last} 行。"
        yield Fault(FaultKind.CUT, words, head.position + 1)


def _check_record(link: Link, left: str | None, changed: dict[str, tuple[Link, str]]) -> Iterator[Fault]:
    if link.row is None:
        words = f"链上第 {link.position} 行的记录 {link.record_id} 被删除。"
        yield Fault(FaultKind.REMOVED, words, link.position, link.record_id)
        return
    found = content_digest(link.row)
    if found == link.content or (left == found and link.row.about == PURGED):
        return
    changed[link.content] = (link, found)


def _tell_moved(changed: Mapping[str, tuple[Link, str]]) -> Iterator[Fault]:
    """Rows that do not say what was sealed. Where one says what was sealed of another, the two were exchanged."""
    for link, found in changed.values():
        row = link.row
        if found in changed:
            words = f"链上第 {link.position} 行被调换：这里现在是记录 {link.record_id}，封存时它在第 {changed[found][0].position} 行。"
            yield Fault(FaultKind.MOVED, words, link.position, link.record_id)
        elif row is not None:
            words = f"链上第 {link.position} 行被改动：记录 {link.record_id}（现在写着 {row.actor_name}、{row.act}）和封存时不一样。"
            yield Fault(FaultKind.CHANGED, words, link.position, link.record_id)


def _gone(first: int, last: int) -> Fault:
    return Fault(FaultKind.REMOVED, f"链上第 {_range(first, last)} 行不见了：连同封条被删除。", first)


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} 至 {last}"


def tell_inserted(record_id: int, name: str, act: str) -> Fault:
    """A record that never went through the door (绕过程序插入): neither in the chain nor waiting for it."""
    words = f"记录 {record_id}（{name}、{act}）不在链上，也不在待封存里：绕过程序插入，或封条被删。"
    return Fault(FaultKind.INSERTED, words, None, record_id)


# ------------------------------------------------------------------ heads kept elsewhere


def write_anchor(head: Head, at: datetime) -> str:
    """A head as one line of the file of anchors (另存的链头)."""
    return f"{head.position} {head.digest} {_instant(at)}\n"


def read_anchors(text: str) -> dict[int, str]:
    """The heads in a file of anchors, digest by position. Raises: ValueError, in words, for a line that is none."""
    anchors: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split()
        if not parts:
            continue
        if len(parts) < 2 or not (parts[0].isascii() and parts[0].isdigit()) or not is_digest(parts[1]):
            raise ValueError(f"链头文件第 {number} 行读不懂：应是“位置 摘要 时间”。")
        anchors[int(parts[0])] = parts[1]
    return anchors


def is_digest(text: str) -> bool:
    """Whether a text is an SM3 digest: 64 hexadecimal figures."""
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
