"""The manual's installation names every load that the product needs: a bureau that follows it can submit a text."""

import re
from pathlib import Path

from gongkai.config.cli import build_parser

MANUAL = Path(__file__).resolve().parents[2] / "docs/operations/README.md"
LATER = {"documents"}  # what the bureau brings itself, not what it needs to work


def list_import_kinds() -> set[str]:
    (commands,) = (action for action in build_parser()._actions if action.dest == "command")
    assert commands.choices is not None
    imports = dict(commands.choices)["import"]
    (kinds,) = (action for action in imports._actions if action.dest == "what")
    return set(kinds.choices)


def test_every_load_stands_in_the_installation():
    named = set(re.findall(r"`gongkai import ([a-z-]+)", MANUAL.read_text(encoding="utf-8")))

    assert named == list_import_kinds() - LATER
