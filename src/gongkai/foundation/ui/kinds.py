from dataclasses import dataclass

from gongkai.lib.enums import LabelledEnum


class StepMark(LabelledEnum):
    """How a step of the stepper looks (步骤状态)."""

    DONE = "DONE", "已通过"
    CURRENT = "CURRENT", "当前"
    COMING = "COMING", "还没到"
    RETURNED = "RETURNED", "已退回"
    SKIPPED = "SKIPPED", "不经过"


@dataclass(frozen=True)
class StepView:
    """One step as `_stepper.html` shows it (审核步骤). `detail`: own limit, time waited, times returned, in words."""

    label: str
    mark: StepMark
    who: str = ""
    detail: str = ""


@dataclass(frozen=True)
class TabView:
    """One tab of `_tabs.html`. Tabs are links to addresses, never script."""

    label: str
    href: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class FigureView:
    """One part of a totals strip, `_figures.html` (合计). `icon` names a symbol of the sprite, `tone` one of the pigments of ui.md 3.1."""

    value: str
    label: str
    href: str = ""
    icon: str = ""
    tone: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class OpenItems:
    """How many things of one's own wait behind an entry of the sidebar (待办件数). `late`: how many of them are overdue."""

    count: int
    late: int = 0


@dataclass(frozen=True)
class Navigation:
    """One entry of the desk's sidebar (导航). `key` is pressed after G, empty when there is none.

    `count` is what waits there for this person; `is_pressing` makes it red, which only 我的今日 may be.
    """

    label: str
    icon: str
    href: str
    is_current: bool
    key: str = ""
    count: int = 0
    is_pressing: bool = False


@dataclass(frozen=True)
class Preferences:
    """What a person chose for his browser (显示设置). Empty means: as the device says."""

    theme: str = ""
    size: str = ""
    keys: str = ""
