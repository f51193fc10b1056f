"""The official lists that come with the product, as they stand in `data/`. Read once in a process; nobody edits them at run time."""

import csv
from functools import cache
from importlib.resources import files

from gongkai.core.catalogue.rules import TitleRule, choose_code

Row = dict[str, str]


def read_table(name: str) -> list[Row]:
    """All rows of one packaged list (`duties`, `deadlines`, `sections`, …), as text."""
    text = files("gongkai.core.catalogue").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def read_title_rules() -> tuple[TitleRule, ...]:
    """The rules that choose an entry by a title, in their order."""
    return tuple(TitleRule(row["pattern"], row["entry"]) for row in read_table("title_rules"))


def list_elements_by_title(title: str) -> tuple[str, ...]:
    """The elements (要素) that a document of this title has to give, from the packaged lists alone; none when it fits no rule."""
    code = choose_code(title, read_title_rules())
    row = next((row for row in read_table("duties") if row["code"] == code), None)
    return tuple(row["required_elements"].split(";")) if row else ()
