"""What the three views of the ledger share: whose rows, the filters, the strip of totals, the tabs."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from gongkai.core.ledger import queries
from gongkai.core.ledger.forms import EVERY, DueSpan, LedgerChoice, read_choice
from gongkai.core.ledger.kinds import Apart, Binding, EntryGroup, LedgerPart, SavedViewRow, Totals
from gongkai.core.ledger.registry import DUTIES, list_entry_groups
from gongkai.core.ledger.views.lines import visible_units
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import UnitRow
from gongkai.foundation.ui.kinds import FigureView, TabView
from gongkai.lib.moments import day_of

LOOKS = {
    LedgerPart.DONE_IN_TIME: ("tick-disc", "malachite"),
    LedgerPart.DONE_LATE: ("state-done-late", ""),
    LedgerPart.NOT_DUE: ("state-running", "azurite"),
    LedgerPart.STOPPED: ("state-stopped", "indigo"),
    LedgerPart.OVERDUE: ("warning", "cinnabar"),
    LedgerPart.PAST: ("bell", "ochre"),
    LedgerPart.PROVISIONAL: ("state-provisional", ""),
}
# The order of the strip; the first five are shown also when they are 0.
STRIP = tuple(LOOKS)
ALWAYS_SHOWN = frozenset(STRIP[:5])
APART_NOTES = {Apart.INTERNAL: "（提醒，不考核）", Apart.PROMISE: "（只算超过承诺）", Apart.NEXT_YEARS: "", Apart.CANCELLED: ""}
TABS = (
    ("列表", "ledger:list"),
    ("日历", "ledger:calendar"),
    ("按目录", "ledger:by_entry"),
    ("栏目新鲜度", "ledger:freshness"),
    ("期限条款", "ledger:terms"),
)
BUILT_IN = (
    ("本月全局", "ledger:list", ""),
    ("逾期未说明", "ledger:list", "?due=ALL&part=OVERDUE"),
    ("应公开未公开", "ledger:by_entry", "?missing=1"),
)


@dataclass(frozen=True)
class Frame:
    """What a reader sees of the ledger and asked of it. `unit_ids` None: all there are."""

    unit_ids: Collection[int] | None
    units: list[UnitRow]
    choice: LedgerChoice
    groups: tuple[EntryGroup, ...]


def read_frame(request: DeskRequest, typed: QueryDict | None = None) -> Frame:
    """Whose rows this person sees, and what the address asks for: two queries."""
    seen = visible_units(request)
    sees_all = seen >= organisations.list_parents().keys()
    groups = list_entry_groups()
    choice = read_choice(request.GET if typed is None else typed, day_of(request.now), groups)
    return Frame(None if sees_all else seen, [unit for unit in organisations.list_units() if unit.id in seen], choice, groups)


def frame_context(frame: Frame, request: DeskRequest, current: str) -> dict[str, Any]:
    """What the tabs and filters of every view need."""
    choice = frame.choice
    return {
        "choice": choice,
        "tabs": _list_tabs(choice, current),
        "due_spans": list(DueSpan),
        "units": frame.units,
        "groups": frame.groups,
        "entry_name": name_of_entry(frame.groups, choice.words["entry"]),
        "parts": list(STRIP),
        "bindings": list(Binding),
        "every": EVERY,
        "is_filtered": choice.address() != "?",
        "built_in": [(label, f"{reverse(page)}{query}") for label, page, query in BUILT_IN],
        "saved_views": _list_saved(request),
        "view_query": choice.address().removeprefix("?"),
    }


def figures_of(totals: Totals, choice: LedgerChoice) -> list[FigureView]:
    """The strip of totals (合计): the whole, then the parts that make it, each leading to its rows."""
    shown = None if choice.filters.apart else choice.filters.part
    is_whole = shown is None and not choice.filters.apart
    whole = FigureView(f"{totals.whole:,}", "全部应办", choice.address(part="", apart=""), is_current=is_whole)
    return [whole, *(_figure(part, totals, choice, is_current=part is shown) for part in _shown(totals, shown))]


def say_sum(totals: Totals, choice: LedgerChoice) -> str:
    """The strip as a sum: 126 = 71+0+50+3+2."""
    return f"{totals.whole:,} = {'+'.join(f'{totals.parts.get(part, 0):,}' for part in _shown(totals, choice.filters.part))}"


def list_apart(totals: Totals, choice: LedgerChoice) -> list[tuple[str, int, str]]:
    """What is counted apart (另计): words, how many, and where its rows are."""
    found = [(apart, totals.apart[apart]) for apart in Apart if totals.apart.get(apart)]
    return [
        (f"{apart.label} {count:,} 项{APART_NOTES[apart]}", count, choice.address(part="", apart=apart.value)) for apart, count in found
    ]


def name_of_entry(groups: Collection[EntryGroup], code: str) -> str:
    """What the catalogue calls an entry (事项名称); the name of its duty, or its code, where the catalogue does not know it."""
    called = next((group.entries[code] for group in groups if code in group.entries), "")
    return called or next((duty.label for duty in DUTIES.values() if duty.entry == code), code)


def _shown(totals: Totals, part: LedgerPart | None) -> list[LedgerPart]:
    return [one for one in STRIP if one in ALWAYS_SHOWN or totals.parts.get(one) or one is part]


def _figure(part: LedgerPart, totals: Totals, choice: LedgerChoice, *, is_current: bool) -> FigureView:
    icon, tone = LOOKS[part]
    count = totals.parts.get(part, 0)
    address = choice.address(part=part.value, apart="")
    return FigureView(f"{count:,}", part.label, address, icon=icon, tone=tone if count else "", is_current=is_current)


def _list_tabs(choice: LedgerChoice, current: str) -> list[TabView]:
    kept = choice.address(part="", apart="", entry="").removeprefix("?")
    tabs = []
    for label, page in TABS:
        try:
            path = reverse(page)
        except NoReverseMatch:
            continue
        tabs.append(TabView(label, f"{path}?{kept}" if kept else path, is_current=page == current))
    return tabs


def _list_saved(request: DeskRequest) -> list[SavedViewRow]:
    return queries.list_views(officer_id=request.actor.officer_id) if request.actor.officer_id else []
