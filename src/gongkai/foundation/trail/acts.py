"""What the codes of acts and of notes are called (动作名称): two tables beside the page that shows them; every app writes its own acts."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


def find_words(act: str) -> str:
    """What an act is called; its code where nobody has named it yet."""
    return _read("acts.csv").get(act, act)


def list_words() -> Mapping[str, str]:
    """What the keys of notes are called."""
    return _read("note_names.csv")


@cache
def _read(name: str) -> Mapping[str, str]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return dict(list(csv.reader(file))[1:])
