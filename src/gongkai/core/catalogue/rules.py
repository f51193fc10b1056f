import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from gongkai.core.catalogue.kinds import Category
from gongkai.core.ledger.kinds import Binding, ColumnRow, EntryGroup, LimitUnit, PublicDisplay, TermsRow

Row = Mapping[str, str]

UNSEEN_SOURCES = frozenset({"memory", "检索摘录，未见原文"})
UNIT_LETTERS = {"working_days": "WD", "calendar_days": "D", "months": "M", "years": "Y"}
EXTENSION_UNITS = {
    "working_days": LimitUnit.WORKDAY,
    "calendar_days": LimitUnit.DAY,
    "months": LimitUnit.MONTH,
    "years": LimitUnit.YEAR,
    "hours": LimitUnit.HOUR,
}
QUARTER_MARK = "季度首日"
FOLDED = str.maketrans({"﹝": "〔", "[": "〔", "【": "〔", "﹞": "〕", "]": "〕", "】": "〕", "號": "号", " ": None, "\u3000": None})


class ClockRules(TypedDict):
    """The part of a row of terms that speaks of the movements of its clock (期限变动规则)."""

    rolls: bool
    extend_amount: int | None
    extend_unit: LimitUnit | None
    extend_max_times: int | None
    extend_cap_total: int | None
    extend_approval: str
    excluded_time: str
    restart_on: str
    on_timeout: str


@dataclass(frozen=True)
class TitleRule:
    """A pattern found in titles, and the code of the entry it tells."""

    pattern: str
    entry: str


def choose_code(title: str, rules: Iterable[TitleRule]) -> str | None:
    """Code of the entry (公开事项) that a title tells: the first rule that is found in it wins. None when no rule is.

    Brackets of document numbers are folded to 〔〕 and spaces dropped before looking.
    """
    folded = title.translate(FOLDED)
    return next((rule.entry for rule in rules if re.search(rule.pattern, folded)), None)


def superseded_codes(versions: Iterable[Row]) -> frozenset[str]:
    """Codes of duties.csv that are only versions of another duty: they stay in the catalogue, out of use."""
    return frozenset(row["code"] for row in versions if row["code"]) - {row["duty"] for row in versions}


@dataclass(frozen=True)
class Sources:
    """What the limits are made of: the tables of `data/` by their keys."""

    duties: Mapping[str, Row]
    deadlines: Mapping[str, Row]
    versions: Sequence[Row]
    names: Mapping[str, str]


def build_terms(sources: Sources) -> list[TermsRow]:
    """Dated terms (期限条款) of every duty: one row for each version of its limit, oldest first.

    A duty without versions has one row, dated by its deadline; a version carries its own days.
    """
    versioned = {row["duty"] for row in sources.versions}
    older = superseded_codes(sources.versions)
    plain = [_terms(sources, code, row) for code, row in sources.duties.items() if code not in versioned | older]
    dated = [_version(sources, version) for version in sources.versions]
    return plain + dated


def _version(sources: Sources, version: Row) -> TermsRow:
    row = sources.duties[version["code"] or version["duty"]]
    if version["deadline_id"]:
        deadline = sources.deadlines[version["deadline_id"]]
        own = {"time_limit": limit_of(deadline), "deadline_id": deadline["id"], "legal_basis": deadline["basis"], "note": deadline["notes"]}
        row = {**row, **own}
    return _terms(sources, version["duty"], row, first=version["from"], last=version["to"])


def _terms(sources: Sources, duty: str, row: Row, *, first: str = "", last: str = "") -> TermsRow:
    deadline = sources.deadlines[row["deadline_id"]] if row["deadline_id"] else None
    return TermsRow(
        entry=duty,
        label=row["name_zh"],
        limit_text=row["time_limit"],
        basis=list_in_words(row["legal_basis"]),
        source=_source_name(sources, row, deadline),
        is_verified=row["source"] != "memory" and (deadline is None or deadline["verified"] not in UNSEEN_SOURCES),
        deadline_id=row["deadline_id"],
        binding=Binding(row["binding"].upper()),
        public_display=PublicDisplay(row["public_display"].upper()),
        holder=row["duty_holder_zh"],
        clock_start=row["clock_start"],
        effective_from=_day(first or (deadline["effective_from"] if deadline else "")),
        effective_to=_day(last or (deadline["effective_to"] if deadline else "")),
        note=row["note"],
        **_clock_of(deadline or {}),
    )


def _clock_of(deadline: Row) -> ClockRules:
    """What a deadline says about the movements of its clock: extension, what stops it, what begins it anew, what happens at its end.

    A deadline that does not roll says so (`rolls` = no): how long something may stand in public at most, how old a column may grow.
    """
    return ClockRules(
        rolls=deadline.get("rolls", "") != "no",
        extend_amount=_number(deadline.get("extend_amount", "")),
        extend_unit=EXTENSION_UNITS[deadline["extend_unit"]] if deadline.get("extend_unit") else None,
        extend_max_times=_number(deadline.get("extend_max_times", "")),
        extend_cap_total=_number(deadline.get("extend_cap_total", "")),
        extend_approval=deadline.get("extend_approval", ""),
        excluded_time=list_in_words(deadline.get("excluded_time", "")),
        restart_on=deadline.get("restart_on", ""),
        on_timeout=deadline.get("on_timeout", ""),
    )


def list_in_words(text: str) -> str:
    """A list of the tables as people read it (并列): the half-width semicolon between its parts is no Chinese punctuation."""
    return text.replace(";", "；")


def _number(text: str) -> int | None:
    return int(text) if text else None


def build_columns(sections: Iterable[Row], entries: Iterable[Row]) -> dict[str, ColumnRow]:
    """In which column (栏目) each entry stands, by its code, and which habit and which inspection line watch over that column.

    An entry whose own limit is a cadence is watched by that; `cadence` of the section is the habit of the column as a whole.
    """
    columns = {row["section_zh"]: row for row in sections}
    return {row["code"]: _column(columns[row["section_zh"]], row) for row in entries}


def _column(section: Row, entry: Row) -> ColumnRow:
    has_own = entry["time_limit"].startswith("cadence:") or QUARTER_MARK in entry["clock_start"]
    return ColumnRow(
        code=section["code"],
        title=section["section_zh"],
        order=int(section["order"]),
        cadence=entry["code"] if has_own else section["cadence"],
        line=section["line"],
        is_own=has_own,
    )


def _source_name(sources: Sources, row: Row, deadline: Row | None) -> str:
    """Where the duty was seen and where its limit was: two things that can have two sources."""
    of_duty = sources.names.get(row["source"].rstrip("†"), "凭记忆，未核实")
    of_limit = deadline["verified"].replace("memory", "凭记忆，未核实") if deadline else of_duty
    return of_duty if of_limit == of_duty else f"{of_duty}；期限：{of_limit}"


def limit_of(deadline: Row) -> str:
    """A deadline's amount, unit and direction as one limit text: `P10D`, `min:P30D`, `fixed:01-31`, `none`."""
    if not deadline["amount"]:
        return "none"
    if deadline["unit"] == "fixed_date":
        return f"fixed:{deadline['amount']}"
    if deadline["unit"] == "hours":
        return f"PT{deadline['amount']}H"
    least = "min:" if deadline["direction"] == "at_least" else ""
    return f"{least}P{deadline['amount']}{UNIT_LETTERS[deadline['unit']]}"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def build_groups(sections: Sequence[Row], duties: Sequence[Row], unused: Collection[str]) -> tuple[EntryGroup, ...]:
    """Which entries belong together for a reader of the ledger (类别): categories in their order, each followed by its sections.

    A category is found by its code, a section by `section:` and its own. Groups without an entry in use are left out.
    """
    groups: list[EntryGroup] = []
    for category in Category:
        inside = [section for section in sections if section["category"] == category.value]
        parts = [(section, _entries_of(section, duties, unused)) for section in sorted(inside, key=lambda row: int(row["order"]))]
        entries = {code: name for _, held in parts for code, name in held.items()}
        if entries:
            groups.append(EntryGroup(category.value, category.label, entries))
            groups += [EntryGroup(f"section:{row['code']}", row["section_zh"], held, category.label) for row, held in parts if held]
    return tuple(groups)


def _entries_of(section: Row, duties: Sequence[Row], unused: Collection[str]) -> dict[str, str]:
    return {row["code"]: row["name_zh"] for row in duties if row["section_zh"] == section["section_zh"] and row["code"] not in unused}
