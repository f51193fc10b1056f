"""What a reader of the ledger chose in its filters, from the address."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from gongkai.core.ledger.kinds import ENFORCEABLE, Apart, Binding, EntryGroup, LedgerFilter, LedgerPart
from gongkai.lib.enums import LabelledEnum

EVERY = "ALL"
LATE = "1"
MOST_POSTS = 50
FIRST_YEAR, LAST_YEAR = 1950, 2999
Code = TypeVar("Code", bound=LabelledEnum)
# The words of an address, in the order in which they are written.
WORDS = ("due", "from", "to", "unit", "group", "entry", "part", "binding", "apart", "posts", "late")


class DueSpan(LabelledEnum):
    """Which last days a reader asks for (应办日)."""

    MONTH = "MONTH", "本月应办＋结转逾期"
    THIS = "THIS", "本月应办"
    NEXT = "NEXT", "下月应办"
    RANGE = "RANGE", "某一段"
    ALL = "ALL", "全部"


@dataclass(frozen=True)
class LedgerChoice:
    """What an address asks for (筛选): the filter, and the words as they were read, for the page to show."""

    filters: LedgerFilter
    due: DueSpan
    group: EntryGroup | None
    words: Mapping[str, str]

    def address(self, **changed: str) -> str:
        """The same list with some words changed, from its first page: an address after the path. An empty word is left out."""
        kept = dict(self.words) | changed
        query = urlencode({word: kept[word] for word in WORDS if kept.get(word)})
        return f"?{query}" if query else "?"


def read_choice(typed: Mapping[str, str], today: date, groups: Sequence[EntryGroup] = ()) -> LedgerChoice:
    """The filter that an address asks for (筛选). Without a binding: what can become overdue. What cannot be read is ignored."""
    due = _read(DueSpan, typed.get("due", "")) or DueSpan.MONTH
    first, last = _read_days(due, typed, today)
    part, binding = _read(LedgerPart, typed.get("part", "")), typed.get("binding", "")
    apart = frozenset(Apart) if typed.get("apart") == EVERY else _as_set(_read(Apart, typed.get("apart", "")))
    group = next((group for group in groups if group.code == typed.get("group")), None)
    entry = typed.get("entry", "")[:60]
    unit_id = _read_number(typed.get("unit", ""))
    filters = LedgerFilter(
        part=None if apart else part,
        unit_id=unit_id,
        bindings=_read_bindings(binding),
        first=first,
        last=last,
        is_carrying=due is DueSpan.MONTH,
        entries=frozenset({entry}) if entry else frozenset(group.entries) if group else None,
        apart=apart,
        post_ids=_read_posts(typed.get("posts", "")),
        is_late_registered=typed.get("late") == LATE,
    )
    is_range = due is DueSpan.RANGE
    words = {
        "due": "" if due is DueSpan.MONTH else due.value,
        "from": first.isoformat() if is_range and first else "",
        "to": last.isoformat() if is_range and last else "",
        "unit": "" if unit_id is None else str(unit_id),
        "group": group.code if group else "",
        "entry": entry,
        "part": filters.part.value if filters.part else "",
        "binding": binding if binding in {EVERY, *Binding.values()} else "",
        "apart": "" if not apart else EVERY if len(apart) > 1 else next(iter(apart)).value,
        "posts": "-".join(str(post) for post in sorted(filters.post_ids)),
        "late": LATE if filters.is_late_registered else "",
    }
    return LedgerChoice(filters, due, group, words)


def read_chosen(typed: Iterable[str]) -> frozenset[UUID]:
    """The rows that were ticked (选中的行). What is no uuid is ignored."""
    found = set()
    for text in typed:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return frozenset(found)


def read_month(text: str, today: date) -> date:
    """The first day of the month that an address asks for (月份): 2026-10. This month when it cannot be read."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return month if _is_usual(month) else today.replace(day=1)


def read_day(text: str) -> date | None:
    """A day as a date field sends it; None when there is none or it cannot be read."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _is_usual(day) else None


def month_after(month: date, count: int = 1) -> date:
    """The first day of the month so many months later; earlier for a negative count."""
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def last_of_month(day: date) -> date:
    """The last day of the month in which the day lies."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _read_days(due: DueSpan, typed: Mapping[str, str], today: date) -> tuple[date | None, date | None]:
    month = today.replace(day=1)
    if due is DueSpan.ALL:
        return None, None
    if due is DueSpan.NEXT:
        return month_after(month), month_after(month, 2) - timedelta(days=1)
    if due is not DueSpan.RANGE:
        return month, last_of_month(month)
    first, last = read_day(typed.get("from", "")), read_day(typed.get("to", ""))
    if first is None and last is None:
        return month, last_of_month(month)
    return (last, first) if first and last and last < first else (first, last)


def _read_bindings(binding: str) -> frozenset[Binding]:
    if binding == EVERY:
        return frozenset()
    return frozenset({Binding(binding)}) if binding in Binding.values() else ENFORCEABLE


def _read(kind: type[Code], text: str) -> Code | None:
    return kind(text) if text in kind.values() else None


def _read_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _read_posts(text: str) -> frozenset[int]:
    """Ids of posts, as 我的今日 and 岗位空缺 write them: 12-15."""
    found = (_read_number(part) for part in text.split("-")[:MOST_POSTS])
    return frozenset(post for post in found if post is not None)


def _as_set(apart: Apart | None) -> frozenset[Apart]:
    return frozenset() if apart is None else frozenset({apart})


def _is_usual(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR
