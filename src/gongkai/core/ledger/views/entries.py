from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.forms import LedgerChoice
from gongkai.core.ledger.kinds import EntryCount, EntryGroup, LedgerPart, MissingEntry
from gongkai.core.ledger.queries.missing import MISSING
from gongkai.core.ledger.views.frames import ALWAYS_SHOWN, STRIP, Frame, frame_context, name_of_entry, read_frame
from gongkai.core.ledger.views.lines import address_of_work, lines_of
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.lib.paging import read_cursor

OUTSIDE = "目录以外"
ONLY_MISSING = "1"


@dataclass(frozen=True)
class EntryLine:
    """One entry of the catalogue in the table: its numbers, each with the address of its rows; no address where it is 0."""

    code: str
    name: str
    cells: tuple[tuple[str, int, str], ...]

    @property
    def is_idle(self) -> bool:
        """Whether nothing is owed under it: its name is enough."""
        return not any(number for _, number, _ in self.cells)


@dataclass(frozen=True)
class EntrySection:
    """A section of the catalogue in the table: entries with numbers, each a line; those without, by name only."""

    label: str
    lines: tuple[EntryLine, ...]
    idle: tuple[str, ...]


@require_safe
def show_entries(request: HttpRequest) -> HttpResponse:
    """Every entry of the catalogue in use with what is owed under it (按目录), or only those with something due and not public."""
    desk = cast("DeskRequest", request)
    frame = read_frame(desk)
    filters = replace(frame.choice.filters, part=None, apart=frozenset())
    counts = ledger.count_by_entry(unit_ids=frame.unit_ids, filters=filters, now=desk.now)
    missing = {one.entry: one for one in ledger.list_missing(unit_ids=frame.unit_ids, now=desk.now, filters=filters)}
    is_only_missing = request.GET.get("missing") == ONLY_MISSING
    parts = [part for part in STRIP if part in ALWAYS_SHOWN or any(count.parts.get(part) for count in counts.values())]
    sections = _list_sections(frame, counts, missing, parts, is_only_missing=is_only_missing)
    context = frame_context(frame, desk, "ledger:by_entry") | {
        "sections": [section for section in sections if section.lines],
        "idle_sections": [section for section in sections if not section.lines],
        "idle_count": sum(len(section.idle) for section in sections if not section.lines),
        "parts_shown": parts,
        "totals": _add_up(counts, missing, parts, frame.choice),
        "is_only_missing": is_only_missing,
        "column_count": len(parts) + 3,
        "missing_count": sum(one.whole for one in missing.values()),
        "missing_entries": len(missing),
        "all_href": frame.choice.address(),
        "missing_href": _with_missing(frame.choice),
    }
    return render(request, "ledger/entries.html", context)


@require_safe
def show_missing(request: HttpRequest) -> HttpResponse:
    """What is due and not public (应公开未公开) under one entry or all: causes without a duty, and overdue duties."""
    desk = cast("DeskRequest", request)
    frame = read_frame(desk)
    filters = replace(MISSING, unit_id=frame.choice.filters.unit_id, entries=frame.choice.filters.entries)
    counted = ledger.list_missing(unit_ids=frame.unit_ids, now=desk.now, filters=filters)
    overdue = sum(one.overdue for one in counted)
    causes = [(cause, address_of_work(cause.page, cause.subject)) for one in counted for cause in one.causes]
    after = read_cursor(request.GET.get("after", ""))
    page = ledger.list_page(unit_ids=frame.unit_ids, filters=filters, after=after, now=desk.now, expected=overdue)
    context = frame_context(frame, desk, "ledger:by_entry") | {
        "count": overdue + len(causes),
        "overdue": overdue,
        "causes": causes,
        "page": page,
        "lines": lines_of(page.rows, desk),
        "words": f"这一页 {len(page.rows)} 行，共 {overdue:,} 行",
        "back_href": f"{reverse('ledger:by_entry')}{_with_missing(frame.choice, entry='')}",
    }
    return render(request, "ledger/missing.html", context)


def _list_sections(
    frame: Frame, counts: Mapping[str, EntryCount], missing: Mapping[str, MissingEntry], parts: list[LedgerPart], *, is_only_missing: bool
) -> list[EntrySection]:
    """The entries under their sections, and last those that stand in no catalogue, so that the columns add up."""
    wanted = frame.choice.filters.entries
    known = {code for group in frame.groups for code in group.entries}
    sections = [group for group in frame.groups if group.heading]
    outside = EntryGroup(OUTSIDE, OUTSIDE, {code: name_of_entry((), code) for code in sorted((counts.keys() | missing.keys()) - known)})
    found = []
    for group in [*sections, outside]:
        codes = [code for code in group.entries if wanted is None or code in wanted]
        if is_only_missing:
            codes = [code for code in codes if code in missing]
        label = f"{group.heading} · {group.label}" if group.heading and group.heading != group.label else group.label
        lines = [EntryLine(code, name_of_entry([group], code), _cells(code, counts, missing, parts, frame.choice)) for code in codes]
        if lines:
            shown, idle = tuple(line for line in lines if not line.is_idle), tuple(line.name for line in lines if line.is_idle)
            found.append(EntrySection(label, shown, idle))
    return found


def _cells(
    code: str, counts: Mapping[str, EntryCount], missing: Mapping[str, MissingEntry], parts: list[LedgerPart], choice: LedgerChoice
) -> tuple[tuple[str, int, str], ...]:
    count = counts.get(code, EntryCount(code, {}))
    numbers = [("应办", count.whole, _list_address(choice, entry=code))]
    numbers += [(part.label, count.parts.get(part, 0), _list_address(choice, entry=code, part=part.value)) for part in parts]
    gone = missing[code].whole if code in missing else 0
    numbers.append(("应公开未公开", gone, _missing_address(choice, entry=code)))
    return tuple((label, number, address if number else "") for label, number, address in numbers)


def _add_up(
    counts: Mapping[str, EntryCount], missing: Mapping[str, MissingEntry], parts: list[LedgerPart], choice: LedgerChoice
) -> tuple[tuple[str, int, str], ...]:
    whole = sum(count.whole for count in counts.values())
    numbers = [("应办", whole, _list_address(choice))]
    numbers += [
        (part.label, sum(one.parts.get(part, 0) for one in counts.values()), _list_address(choice, part=part.value)) for part in parts
    ]
    numbers.append(("应公开未公开", sum(one.whole for one in missing.values()), _missing_address(choice)))
    return tuple((label, number, address if number else "") for label, number, address in numbers)


def _list_address(choice: LedgerChoice, **changed: str) -> str:
    return f"{reverse('ledger:list')}{choice.address(**{'part': '', 'apart': '', **changed})}"


def _missing_address(choice: LedgerChoice, **changed: str) -> str:
    """Whatever is missing is missing whatever its day and binding: those words are left out."""
    plain = {"due": "", "from": "", "to": "", "part": "", "apart": "", "binding": ""}
    return f"{reverse('ledger:missing')}{choice.address(**{**plain, **changed})}"


def _with_missing(choice: LedgerChoice, **changed: str) -> str:
    address = choice.address(**changed)
    return f"{address}{'' if address == '?' else '&'}missing={ONLY_MISSING}"
