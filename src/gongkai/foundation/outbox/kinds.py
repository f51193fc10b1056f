from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gongkai.lib.enums import LabelledEnum


class IntentState(LabelledEnum):
    """Where an intent stands (任务状态)."""

    READY = "READY", "等待"
    RUNNING = "RUNNING", "进行中"
    DONE = "DONE", "已完成"
    FAILED = "FAILED", "已停下，要人处理"


class Cadence(LabelledEnum):
    """How often periodic work comes round (周期), by system time in Shanghai."""

    HOURLY = "HOURLY", "每小时"
    NIGHTLY = "NIGHTLY", "每夜"


@dataclass(frozen=True)
class DirtyRow:
    """One note that a page has to be rendered again (待生成). The same key may stand in several rows."""

    id: int
    key: str


@dataclass(frozen=True)
class Job:
    """An intent as its handler gets it (任务). `cursor` is what the step before handed back, empty at first."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    cursor: Mapping[str, Any]
    done: int
    total: int


@dataclass(frozen=True)
class Step:
    """How far a handler came (进度). `cursor` None: finished. `pause_seconds`: how long it has nothing to do before the next step."""

    done: int = 0
    total: int = 0
    cursor: Mapping[str, Any] | None = None
    pause_seconds: float = 0


@dataclass(frozen=True)
class Handler:
    """What runs the intents of one kind. `run` does one short step and may be called again after a crash.

    `effective` says on the jobs page what of work under way holds already; `{done}` in it is how far it came.
    """

    kind: str
    run: Callable[[Job, datetime], Step]
    label: str
    effective: str = ""


@dataclass(frozen=True)
class Periodic:
    """Work that comes round by itself (周期任务). `code` is the kind of its intents; each period has one."""

    code: str
    cadence: Cadence


@dataclass(frozen=True)
class Drain:
    """Work that waits in an app's own rows. `run` handles one batch and returns how many; `waiting` counts what is left."""

    code: str
    run: Callable[[datetime], int]
    label: str
    waiting: Callable[[], int] | None = None


@dataclass(frozen=True)
class DrainRow:
    """One drain on the jobs page. `waiting` is None where the app does not count."""

    code: str
    label: str
    waiting: int | None
    error: str = ""
    failures: int = 0
    retry_at: datetime | None = None


@dataclass(frozen=True)
class JobRow:
    """One intent on the jobs page (任务行). `effective`: what holds already, in words. `minutes_left` None: nobody can tell."""

    id: int
    label: str
    key: str
    state: IntentState
    done: int
    total: int
    attempts: int
    run_after: datetime
    created_at: datetime
    finished_at: datetime | None
    error: str = field(default="")
    effective: str = ""
    minutes_left: int | None = None

    @property
    def can_retry(self) -> bool:
        """Whether a person may start it again."""
        return self.state is IntentState.FAILED


@dataclass(frozen=True)
class JobCounts:
    """How many intents stand in each state that still asks for something."""

    stopped: int
    running: int
    ready: int
