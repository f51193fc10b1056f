import json
import re
from collections.abc import Iterator

from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import AuditRow
from gongkai.foundation.trail.acts import find_words, list_words
from gongkai.foundation.trail.kinds import Check, TrailFilter, TrailLine
from gongkai.foundation.trail.models import TrailCheck
from gongkai.lib.paging import Cursor, Page

DIGEST = re.compile(r"[0-9a-f]{64}")


def find_last_check() -> Check | None:
    """The last check of the trail (最近核验); None before the first."""
    row = TrailCheck.objects.order_by("-finished_at", "-id").first()
    return Check(row.finished_at, row.checked, row.position, row.digest, tuple(row.faults)) if row else None


def list_lines(filters: TrailFilter, *, after: Cursor | None = None, size: int = 50) -> Page[TrailLine]:
    """One page of the trail (审计记录), newest first."""
    page = audit.list_trail(
        officer_id=filters.officer_id,
        act=filters.act,
        subject=filters.subject,
        since=filters.since,
        until=filters.until,
        after=after,
        size=size,
    )
    return Page(tuple(map(_as_line, page.rows)), page.after)


def iterate_lines(filters: TrailFilter) -> Iterator[TrailLine]:
    """All of it, page by page (导出)."""
    after: Cursor | None = None
    while True:
        page = list_lines(filters, after=after, size=1000)
        yield from page.rows
        after = page.after
        if after is None:
            return


def list_act_choices() -> list[tuple[str, str]]:
    """Every act that was ever recorded, with its words, as the filter offers them (动作)."""
    return sorted(((act, find_words(act)) for act in audit.list_acts()), key=lambda choice: choice[1])


def _as_line(row: AuditRow) -> TrailLine:
    return TrailLine(row, find_words(row.act), _say(row))


def _say(row: AuditRow) -> str:
    if row.about == {"purged": True}:
        return "要点已随清除清空"
    names = list_words()
    return "；".join(f"{names.get(key, key)}：{_value(value)}" for key, value in row.about.items())


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return "无"
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    # A digest is compared by machines; people see which one it is by its beginning.
    return f"{value[:12]}…" if DIGEST.fullmatch(value) else value
