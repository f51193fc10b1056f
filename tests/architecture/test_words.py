"""The glossary holds every model, state and duty, each Chinese term with one identifier; models say what personal data they hold."""

import ast
import csv
import importlib
import re
from collections import Counter

from django.apps import apps

from gongkai.lib.enums import LabelledEnum
from tests.architecture.tree import PRODUCT, ROOT, list_apps, list_modules, tree_of

GLOSSARY = ROOT / "docs/glossary.csv"
COLUMNS = ["term_zh", "identifier", "kind", "meaning", "source"]
KINDS = {"model", "state", "duty", "act", "function", "field", "concept", "kind", "role", "right", "step", "event"}


def read_glossary() -> list[dict[str, str]]:
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def list_models() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("gongkai.")]


def list_states() -> dict[str, str]:
    """Every member of an enum of states: `IntentState.READY` and its label."""
    found: dict[str, str] = {}
    for path in list_modules("kinds"):
        module = importlib.import_module(".".join(path.relative_to(PRODUCT.parent).with_suffix("").parts))
        for kind in vars(module).values():
            is_own = isinstance(kind, type) and issubclass(kind, LabelledEnum) and kind.__module__ == module.__name__
            if is_own and kind.__name__.endswith("State"):
                found |= {f"{kind.__name__}.{member.name}": member.label for member in kind}
    return found


def list_duties(tree: ast.Module) -> list[str]:
    """Codes that a module registers."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("register_duty")]
    return [ast.literal_eval(keyword.value) for call in calls for keyword in call.keywords if keyword.arg == "code"]


def find_missing(rows: list[dict[str, str]], wanted: set[str], kind: str) -> list[str]:
    return sorted(wanted - {row["identifier"] for row in rows if row["kind"] == kind})


def find_doubles(rows: list[dict[str, str]]) -> list[str]:
    """Identifiers of two terms; and terms with two identifiers. A word for a state may name states of several things."""
    identifiers = Counter(row["identifier"] for row in rows)
    terms = Counter(row["term_zh"] for row in rows if row["kind"] != "state")
    return sorted(word for counts in (identifiers, terms) for word, count in counts.items() if count > 1)


def find_silent(models: list[type]) -> list[str]:
    """Models whose docstring has no line about personal data."""
    return [model.__name__ for model in models if not re.search(r"Personal data:\s*\w", model.__doc__ or "")]


def test_the_glossary_is_well_formed():
    rows = read_glossary()

    assert list(rows[0]) == COLUMNS
    assert [row for row in rows if None in row or not all(row[column] for column in COLUMNS[:4])] == []
    assert {row["kind"] for row in rows} - KINDS == set()


def test_every_term_has_one_identifier_and_every_identifier_one_term():
    assert find_doubles(read_glossary()) == []


def test_every_model_is_in_the_glossary():
    assert find_missing(read_glossary(), {model.__name__ for model in list_models()}, "model") == []


def test_every_state_is_in_the_glossary_with_its_label():
    states = list_states()
    rows = read_glossary()

    assert find_missing(rows, set(states), "state") == []
    assert {row["identifier"]: row["term_zh"] for row in rows if row["kind"] == "state"} == states


def test_every_duty_is_in_the_glossary():
    duties = {code for path in list_modules("duties") for code in list_duties(tree_of(path))}

    assert duties
    assert find_missing(read_glossary(), duties, "duty") == []


def test_every_model_says_what_personal_data_it_holds():
    assert find_silent(list_models()) == []


def test_no_app_label_is_used_twice():
    assert [name for name, count in Counter(app.name for app in list_apps()).items() if count > 1] == []


# Every check can fail.


def a_row(term: str, identifier: str, kind: str = "model") -> dict[str, str]:
    return {"term_zh": term, "identifier": identifier, "kind": kind, "meaning": "m", "source": ""}


def test_a_missing_word_is_found():
    assert find_missing([a_row("稿件", "Draft"), a_row("版本", "Edition", "concept")], {"Draft", "Edition"}, "model") == ["Edition"]


def test_a_word_used_twice_is_found():
    assert find_doubles([a_row("考核", "assessment"), a_row("研判", "assessment")]) == ["assessment"]
    assert find_doubles([a_row("考核", "assessment"), a_row("考核", "appraisal")]) == ["考核"]
    assert find_doubles([a_row("进行中", "AState.OPEN", "state"), a_row("进行中", "BState.OPEN", "state")]) == []


def test_a_duty_is_seen_where_it_is_registered():
    assert list_duties(ast.parse("REPLY = ledger.register_duty(code='foi.reply', label='答复', page='x', entry=None)")) == ["foi.reply"]


def test_a_model_that_says_nothing_about_personal_data_is_found():
    assert find_silent([type("Silent", (), {"__doc__": "A row."}), type("Told", (), {"__doc__": "A row. Personal data: none."})]) == [
        "Silent"
    ]
