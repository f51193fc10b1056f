"""What the page of the trail calls things: every act that some line of the product writes has words, every read that counts is listed."""

import ast
import re

from gongkai.foundation.trail.acts import find_words
from tests.architecture.tree import PRODUCT, list_files, tree_of

README = PRODUCT / "foundation/trail/README.md"
ACT = re.compile(r"[a-z_]+\.[a-z_]+")


def list_named(keyword: str, *, of: str) -> set[str]:
    """Literals given by keyword to calls of functions whose name begins so."""
    found = set()
    for path in list_files(".py"):
        if PRODUCT not in path.parents:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2].startswith(of):
                literals = [one.value for one in node.keywords if one.arg == keyword and isinstance(one.value, ast.Constant)]
                found |= {one.value for one in literals if isinstance(one.value, str)}
    return found


def test_every_act_of_the_product_has_words_in_acts_csv():
    acts = {act for act in list_named("act", of="record") if ACT.fullmatch(act)}

    assert len(acts) > 40
    assert sorted(act for act in acts if find_words(act) == act) == []


def test_every_read_of_personal_data_is_listed_in_the_readme():
    listed = README.read_text(encoding="utf-8")
    reads = list_named("what", of="record_read")

    assert reads
    assert sorted(what for what in reads if what not in listed) == []
