"""The official lists that come with the product, as they stand in `data/`. Read once in a process; nobody edits them at run time."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from gongkai.core.catalogue.rules import TitleRule, build_columns, build_groups, choose_code, superseded_codes
from gongkai.core.ledger.kinds import ColumnRow, EntryGroup

Row = dict[str, str]


def read_table(name: str) -> list[Row]:
    """All rows of one packaged list (`duties`, `deadlines`, `sections`, …), as text."""
    text = files("gongkai.core.catalogue").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def read_duties() -> list[Row]:
    """Every entry of the catalogue: those of the handbook, then those the bureau added itself (`local_duties`)."""
    return [*read_table("duties"), *read_table("local_duties")]


@cache
def read_columns() -> Mapping[str, ColumnRow]:
    """In which column each entry stands and what watches over it (栏目更新要求), by entry."""
    return MappingProxyType(build_columns(read_table("sections"), read_duties()))


@cache
def read_groups() -> tuple[EntryGroup, ...]:
    """Which entries belong together (类别和栏目): every category with an entry in use, followed by its sections."""
    return build_groups(read_table("sections"), read_duties(), superseded_codes(read_table("duty_versions")))


@cache
def read_title_rules() -> tuple[TitleRule, ...]:
    """The rules that choose an entry by a title, in their order."""
    return tuple(TitleRule(row["pattern"], row["entry"]) for row in read_table("title_rules"))


def list_elements_by_title(title: str) -> tuple[str, ...]:
    """The elements (要素) that a document of this title has to give, from the packaged lists alone; none when it fits no rule."""
    code = choose_code(title, read_title_rules())
    row = next((row for row in read_duties() if row["code"] == code), None)
    return tuple(row["required_elements"].split(";")) if row else ()
