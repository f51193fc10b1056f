import json
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction

from gongkai.core.search import api as search
from gongkai.core.search.memory import index_texts, list_found
from tests.factories.search import a_document

DATA = Path(__file__).parents[2] / "data"
CASES = [
    json.loads(line)
    for name in ("search_cases.jsonl", "search_cases_hard.jsonl")
    for line in (DATA / name).read_text(encoding="utf-8").splitlines()
    if line.strip()
]
TEXTS = list(dict.fromkeys(text for case in CASES for text in (case["must_match_text"], case["must_not_match_text"]) if text))


def is_answered_right(case, found):
    right, wrong = case["must_match_text"], case["must_not_match_text"]
    return (not right or right in found) and (not wrong or wrong not in found)


def test_every_case_is_answered_right_in_memory():
    cursor = index_texts(TEXTS)
    found = {case["query"]: {TEXTS[number] for number in list_found(cursor, case["query"], size=500)} for case in CASES}
    assert [case["query"] for case in CASES if not is_answered_right(case, found[case["query"]])] == []


@pytest.fixture
def filled_index(db):
    for number, text in enumerate(TEXTS):
        search.index(a_document(uuid=UUID(int=number), title="", body=text))


def find_texts(question):
    first = search.search(question=question)
    pages = [first, *(search.search(question=question, page=page) for page in range(2, first.page_count + 1))]
    return {TEXTS[hit.uuid.int] for answer in pages for hit in answer.hits}


def test_every_case_is_answered_right_by_the_database(filled_index):
    wrong = [case["query"] for case in CASES if not is_answered_right(case, find_texts(case["query"]))]
    assert wrong == []


HOSTILE = [
    "'; DROP TABLE search_entry; --",
    '" OR "1"="1',
    "征地* NEAR(补偿, 2)",
    "title:征地 AND NOT body",
    "{title number} : 征地",
    "^征地",
    "%_\\%",
    "征地\x00补偿",
    "\x00",
    "🏠🏠征地👨‍👩‍👧",
    "\ud800征地",
    "()[]{}〔〕“”",
    "-" * 300,
    "征" * 10_000,
    "征地 " * 5_000,
    "9" * 10_000,
    "a" * 10_000,
    "s1 y2026 k0publication",
    "\u202e征地\u200b\ufeff",
    "',$$,%s,%(x)s,?",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_is_never_an_error(typed, filled_index):
    for literal in (False, True):
        for order in search.Order:
            answer = search.search(question=typed, order=order, literal=literal, page=3)
            assert answer.total >= 0


def test_text_that_holds_a_nul_or_half_a_character_is_stored(db):
    search.index(a_document(title="大营\x00村\ud800公告", body="正文\x00\udfff有补偿标准"))
    assert search.search(question="补偿标准").total == 1
    assert not search.find_faults()


def test_a_filter_is_no_token_that_a_text_can_yield(db):
    search.index(a_document(section_id=12, body="s13 u3 y2020"))
    assert search.search(question="公告", filters=search.Filters(section_id=13)).total == 0
    assert search.search(question="公告", filters=search.Filters(section_id=12)).total == 1


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="read-only opening is SQLite's")
def test_the_public_process_asks_with_a_connection_that_cannot_write():
    search.index(a_document())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            assert search.search(question="征地补偿").total == 1
            with pytest.raises(Exception, match="readonly"), transaction.atomic():
                cursor.execute("DELETE FROM search_entry")
        finally:
            cursor.execute("PRAGMA query_only = OFF")
