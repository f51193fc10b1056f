"""Rules about modules: what they may hold, how large they are, what their docstrings say."""

import ast
import csv
import re
from pathlib import Path

import pytest

from tests.architecture.tree import PRODUCT, ROOT, list_apps, list_files, list_modules, name_of, tree_of

LAWS = PRODUCT / "core/catalogue/data/laws.csv"
LONGEST, LONGEST_TEST, LONGEST_README = 400, 600, 60


def find_too_long(path: Path, text: str) -> list[str]:
    most = LONGEST_TEST if name_of(path).startswith("tests/") else LONGEST
    lines = text.count("\n")
    return [f"{name_of(path)} has {lines} lines, {most} is the most: divide it"] if lines > most else []


def find_undocumented(tree: ast.Module) -> list[str]:
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [node.name for node in functions if not node.name.startswith("_") and not ast.get_docstring(node)]


def find_own_imports(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {"gongkai", "tests", "tools"}:
            found.append(str(node.module))
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in {"gongkai", "tests", "tools"}]
    return found


def find_faults_of_door(tree: ast.Module) -> list[str]:
    """An api module re-exports: imports, then `__all__` with exactly their names, and nothing else."""
    imported: set[str] = set()
    exported: set[str] | None = None
    faults = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom | ast.Import):
            imported |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            exported = set(ast.literal_eval(node.value))
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            faults.append(f"line {node.lineno} is code")
    if exported is None:
        faults.append("has no __all__")
    elif imported != exported:
        faults.append(f"__all__ and imports differ: {sorted(imported ^ exported)}")
    return faults


def find_unknown_laws(text: str, codes: set[str]) -> list[str]:
    """Codes after `Legal source:` that no row of laws.csv has. Several are parted by semicolons: `OGIR art. 17; LAL-2019 art. 47`."""
    unknown = []
    for line in re.findall(r"Legal source:([^\n]*)", text):
        for source in line.split(";"):
            words = source.split()
            if not words or words[0].rstrip(".,") not in codes:
                unknown.append(source.strip() or "(nothing)")
    return unknown


def list_law_codes() -> set[str]:
    with LAWS.open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file)}


def list_docstrings(tree: ast.Module) -> list[str]:
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    return [docstring for node in nodes if (docstring := ast.get_docstring(node))]


def test_no_file_is_too_long():
    assert [fault for path in list_files(".py") if "migrations" not in path.parts for fault in find_too_long(path, path.read_text())] == []


def test_public_functions_of_rules_queries_and_actions_say_what_they_do():
    modules = [*list_modules("rules", "queries", "actions"), *PRODUCT.glob("lib/*.py"), *PRODUCT.glob("lib/gate/*.py")]

    assert [f"{name_of(path)}: {name}" for path in modules for name in find_undocumented(tree_of(path))] == []


def test_migrations_import_nothing_of_ours():
    assert [f"{name_of(path)}: {name}" for path in list_modules("migrations") for name in find_own_imports(tree_of(path))] == []


def test_doors_hold_no_code():
    assert [f"{name_of(path)} {fault}" for path in list_modules("api") for fault in find_faults_of_door(tree_of(path))] == []


def test_every_app_that_others_use_has_a_door():
    without_door = {"ui", "supervision", "trail"}  # templates and pages only: nobody below or beside calls them

    assert [name_of(app) for app in list_apps() if app.name not in without_door and not (app / "api.py").is_file()] == []


def test_cited_laws_are_known():
    codes = list_law_codes()

    assert [
        f"{name_of(path)}: {source}"
        for path in list_files(".py")
        if PRODUCT in path.parents
        for docstring in list_docstrings(tree_of(path))
        for source in find_unknown_laws(docstring, codes)
    ] == []


def test_the_laws_that_documents_link_to_are_those_of_the_product():
    assert (ROOT / "docs/laws.csv").resolve() == LAWS


def test_every_app_has_a_short_readme():
    missing = [name_of(app) for app in list_apps() if not (app / "README.md").is_file()]
    long = [name_of(app) for app in list_apps() if len(_readme(app).splitlines()) > LONGEST_README]

    assert (missing, long) == ([], [])


def _readme(app: Path) -> str:
    path = app / "README.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


# Every check can fail.


@pytest.mark.parametrize(("name", "lines"), [("src/gongkai/lib/long.py", 401), ("tests/test_long.py", 601)])
def test_a_file_that_is_too_long_is_found(name, lines):
    assert find_too_long(ROOT / name, "\n" * lines)
    assert not find_too_long(ROOT / name, "\n" * (lines - 1))


def test_a_function_without_words_is_found():
    assert find_undocumented(ast.parse("def act(): pass\ndef _inner(): pass\ndef told():\n    'Words.'")) == ["act"]


@pytest.mark.parametrize("line", ["from gongkai.core.ledger.kinds import Binding", "import gongkai.lib.enums", "from gongkai import lib"])
def test_a_migration_that_imports_ours_is_found(line):
    assert find_own_imports(ast.parse(f"from django.db import migrations\n{line}"))


@pytest.mark.parametrize(
    "door",
    [
        "from a.b import c",
        "from a.b import c\n__all__ = ['d']",
        "from a.b import c\n__all__ = ['c']\ndef more(): pass",
        "from a.b import c\n__all__ = ['c']\nc = 3",
    ],
)
def test_a_door_with_code_or_without_a_list_is_found(door):
    assert find_faults_of_door(ast.parse(door))
    assert not find_faults_of_door(ast.parse("'Words.'\nfrom a.b import c as d\n__all__ = ['d']"))


def test_a_law_that_is_not_in_the_list_is_found():
    assert find_unknown_laws("Day.\n\nLegal source: OGIR art. 33; XYZ art. 1", {"OGIR"}) == ["XYZ art. 1"]
    assert find_unknown_laws("Legal source:", {"OGIR"}) == ["(nothing)"]
