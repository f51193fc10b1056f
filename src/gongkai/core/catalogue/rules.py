import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.core.ledger.kinds import Binding, PublicDisplay, TermsRow

Row = Mapping[str, str]

UNSEEN_SOURCES = frozenset({"memory", "检索摘录，未见原文"})
UNIT_LETTERS = {"working_days": "WD", "calendar_days": "D", "months": "M", "years": "Y"}
FOLDED = str.maketrans({"﹝": "〔", "[": "〔", "【": "〔", "﹞": "〕", "]": "〕", "】": "〕", "號": "号", " ": None, "\u3000": None})


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
        basis=row["legal_basis"],
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
