import grimp
import pytest

from tools.import_contracts import AppDoorContract


def check(importer: str, imported: str):
    graph = grimp.ImportGraph()
    for module in ("gongkai", "gongkai.core", "gongkai.core.ledger", "gongkai.core.ledger.api", "gongkai.core.ledger.kinds"):
        graph.add_module(module)
    for module in (
        "gongkai.core.ledger.models",
        "gongkai.core.ledger.rules",
        "gongkai.core.ledger.rules.due",
        "gongkai.producers.foi.actions",
    ):
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported)
    options = {"name": "Doors", "type": "app_door", "groups": ["gongkai.core"], "doors": ["api", "kinds"]}
    return AppDoorContract("Doors", {"root_packages": ["gongkai"]}, options).check(graph, verbose=False)


@pytest.mark.parametrize("imported", ["gongkai.core.ledger.models", "gongkai.core.ledger.rules.due"])
def test_an_import_that_goes_round_a_door_is_found(imported):
    found = check("gongkai.producers.foi.actions", imported)

    assert not found.kept
    assert found.metadata["broken"] == [("gongkai.producers.foi.actions", imported)]


@pytest.mark.parametrize("imported", ["gongkai.core.ledger.api", "gongkai.core.ledger.kinds"])
def test_the_doors_are_open(imported):
    assert check("gongkai.producers.foi.actions", imported).kept


def test_inside_an_app_there_are_no_doors():
    assert check("gongkai.core.ledger.api", "gongkai.core.ledger.models").kept
