"""The lists that come with the product, as they stand in `data/`. Read once in a process; nobody edits them at run time."""

import csv
from functools import cache
from importlib.resources import files

from gongkai.core.publishing.kinds import UrgentDuty, WithdrawalReason
from gongkai.core.publishing.rules.withdrawal import read_reasons
from gongkai.lib.gate import Tables

Row = dict[str, str]


def read_table(name: str) -> list[Row]:
    """All rows of one packaged list, as text."""
    text = files("gongkai.core.publishing").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def read_urgent_duties() -> dict[str, UrgentDuty]:
    """The entries whose texts may be released before they are reviewed, by their code."""
    return {row["entry"]: UrgentDuty(**row) for row in read_table("urgent_duties")}


@cache
def read_gate_tables() -> Tables:
    """The tables the gate's checks are handed."""
    rows = read_table("element_names")
    return Tables(
        element_names={row["name"]: tuple(row["also_called"].split(";")) for row in rows if row["also_called"]},
        answered_by={row["name"]: row["answered_by"] for row in rows if row["answered_by"]},
        said_as={row["name"]: tuple(row["said_as"].split(";")) for row in rows if row["said_as"]},
    )


@cache
def read_withdrawal_reasons() -> dict[str, WithdrawalReason]:
    """Why public items are taken back (撤下原因), by code in the table's order."""
    return read_reasons(read_table("withdrawal_reasons"))
