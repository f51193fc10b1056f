from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.outbox.models import Intent
from gongkai.foundation.outbox.worker import run_once
from gongkai.producers.disclosure import actions
from gongkai.producers.disclosure.kinds import UploadRow
from gongkai.producers.disclosure.queries.uploads import get_upload

NOON = datetime(2026, 10, 9, 4, 0, tzinfo=UTC)
HEAD = ("电子监管号", "项目名称", "合同签订日期", "供地方式", "承办单位")


def a_row(number: int = 17, **changed: str) -> list[str]:
    """A row of the land-market system, in the order of HEAD."""
    values = {
        "number": f"9901002026B{number:05}",
        "title": f"2026-{number}号地块",
        "day": "2026年9月7日",
        "kind": "挂牌出让",
        "unit": "开发利用科",
    }
    return list((values | changed).values())


def a_csv(*rows: Sequence[str], head: Sequence[str] | None = HEAD) -> bytes:
    """A sheet with these rows, as a file."""
    return "".join(",".join(row) + "\r\n" for row in ([head] if head else []) + list(rows)).encode("gb18030")


def an_upload(
    *rows: Sequence[str], actor: Actor, now: datetime, source: str = "land_market", name: str = "供地.csv", data: bytes | None = None
) -> UUID:
    """A sheet that was uploaded and read as guessed, so checked."""
    actions.load_sources()
    upload = actions.upload_sheet(source=source, name=name, data=a_csv(*rows) if data is None else data, actor=actor, now=now)
    actions.set_reading(upload=upload, reading=get_upload(upload, actor=actor).reading, actor=actor, now=now)
    return upload


def agree(upload: UUID, *, actor: Actor, now: datetime, with_changes: bool = False) -> None:
    """Press the button with the numbers that stand on it."""
    row = get_upload(upload, actor=actor)
    counts = {state.value: number for state, number in row.counts.items()}
    changes = counts.get("CHANGED", 0) if with_changes else None
    actions.start_import(upload=upload, ready=counts.get("READY", 0), changes=changes, actor=actor, now=now, at_system=NOON)


def _after(at: datetime, seconds: int) -> datetime:
    return at + timedelta(seconds=seconds)


def work(steps: int = 100, *, at: datetime = NOON) -> int:
    """Let the worker do so many rounds at most; returns how many it took until nothing waited. Views ask for work in real system time."""
    for number in range(steps):
        if not Intent.objects.filter(state__in=["READY", "RUNNING"]).exists():
            return number
        run_once(partial(_after, at, number + 1), "tests")
    return steps


def import_all(upload: UUID, *, actor: Actor, now: datetime, with_changes: bool = False) -> UploadRow:
    """Import what can be imported, to the end."""
    agree(upload, actor=actor, now=now, with_changes=with_changes)
    work()
    return get_upload(upload, actor=actor)
