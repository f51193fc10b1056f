from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from gongkai.core.search import api as search
from gongkai.core.search.memory import SCHEMA
from gongkai.core.search.rules import IDS_PER_DAY
from tests.factories.search import a_document

pytestmark = pytest.mark.django_db


def paths_of(answer):
    return [hit.path for hit in answer.hits]


def test_a_document_is_found_from_the_moment_it_is_indexed_and_no_longer_once_removed():
    document = a_document()
    search.index(document)
    assert paths_of(search.search(question="大营村")) == [document.path]
    assert search.remove(document.uuid)
    assert search.search(question="大营村").total == 0
    assert not search.remove(document.uuid)
    assert not search.find_faults()


def test_indexing_again_replaces_what_was_known():
    document = a_document()
    search.index(document)
    search.index(a_document(uuid=document.uuid, title="关于国有土地出让的公告", body="挂牌出让"))
    assert search.search(question="大营村").total == 0
    assert search.search(question="挂牌出让").total == 1
    assert not search.find_faults()


def test_a_document_that_moves_to_another_day_moves_in_the_order():
    older = a_document(day=date(2026, 10, 8), path="/older/")
    newer = a_document(day=date(2026, 10, 9), path="/newer/")
    for document in (older, newer):
        search.index(document)
    search.index(a_document(uuid=older.uuid, day=date(2026, 10, 10), path="/older/"))
    assert paths_of(search.search(question="征地", order=search.Order.DATE)) == ["/older/", "/newer/"]


def test_what_is_rolled_back_is_not_findable():
    def index_and_fail():
        search.index(a_document())
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        index_and_fail()
    assert search.search(question="大营村").total == 0


def test_a_title_counts_more_than_a_body():
    search.index(a_document(title="别的事", body="顺便提到补偿标准", path="/body/"))
    search.index(a_document(title="补偿标准", body="正文", day=date(2020, 1, 1), path="/title/"))
    assert paths_of(search.search(question="补偿标准")) == ["/title/", "/body/"]


def test_a_document_number_typed_whole_comes_first_in_any_order():
    search.index(a_document(document_number="临澄自然资规〔2026〕3号", day=date(2026, 1, 1), path="/exact/"))
    search.index(a_document(body="依据临澄自然资规〔2026〕3号，现公告如下", path="/mentions/"))
    for order in search.Order:
        assert paths_of(search.search(question="临澄自然资规[2026]第3号", order=order)) == ["/exact/", "/mentions/"]


def test_filters_narrow_and_an_empty_filter_tells_what_there_is_elsewhere():
    search.index(a_document(section_id=1, day=date(2025, 5, 1)))
    search.index(a_document(section_id=2, day=date(2026, 5, 1)))
    assert search.search(question="征地", filters=search.Filters(section_id=1)).total == 1
    assert search.search(question="征地", filters=search.Filters(year=2026)).total == 1
    assert search.search(question="征地", filters=search.Filters(since=date(2025, 5, 1), until=date(2025, 5, 1))).total == 1
    answer = search.search(question="征地", filters=search.Filters(section_id=1, year=2026))
    assert (answer.total, answer.elsewhere) == (0, 2)


def test_what_was_relaxed_is_told():
    search.index(a_document(title="关于双桥村的公告", body="双桥村征地，补偿按标准执行"))
    answer = search.search(question="双桥村征地补偿标准")
    assert answer.total == 1
    assert answer.relaxed_to is not None
    assert "征地、补偿、标准" in answer.relaxed_to.sentence


def test_a_word_hides_letters_across_words_and_literal_mode_shows_them():
    search.index(a_document(title="和服展", body="介绍和服", path="/word/"))
    search.index(a_document(title="通知", body="产品和服务", path="/letters/"))
    answer = search.search(question="和服")
    assert paths_of(answer) == ["/word/"]
    assert (answer.literal_only, answer.literal_words) == (1, ("和服",))
    assert search.search(question="和服", literal=True).total == 2


def test_pages_hold_twenty_hits_each_and_no_hit_twice():
    for number in range(45):
        search.index(a_document(path=f"/{number}/", day=date(2026, 1, 1) + timedelta(days=number)))
    for order in search.Order:
        pages = [paths_of(search.search(question="征地", order=order, page=page)) for page in (1, 2, 3)]
        assert [len(page) for page in pages] == [20, 20, 5]
        assert len({path for page in pages for path in page}) == 45
    assert search.search(question="征地", page=99).page == 3


def test_a_day_with_more_documents_than_ids_spills_into_the_day_before():
    day = date(2026, 10, 9)
    first = day.toordinal() * IDS_PER_DAY
    columns = "uuid, kind, title, document_number, number_key, body, section_id, unit_id, day, path, token_version, is_spilled"
    with connection.cursor() as cursor:
        for number in range(IDS_PER_DAY):
            values: list[Any] = [first + number, uuid4().hex, "PUBLICATION", "", "", "", "", 1, 1, day.isoformat(), "", "", False]
            cursor.execute(f"INSERT INTO search_entry (id, {columns}) VALUES ({', '.join(['%s'] * 13)})", values)
    search.index(a_document(day=day, path="/spilled/"))
    search.index(a_document(day=day - timedelta(days=1), path="/day-before/"))
    on_day = search.search(question="征地", filters=search.Filters(since=day, until=day))
    before = search.search(question="征地", filters=search.Filters(until=day - timedelta(days=1)))
    assert paths_of(on_day) == ["/spilled/"]
    assert paths_of(before) == ["/day-before/"]


def test_faults_are_found_and_a_rebuild_repairs_them(capsys):
    search.index(a_document())
    search.index(a_document(title="另一件"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE search_entry SET token_version = 'older'")
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_text(search_text) VALUES ('delete-all')")
        else:
            cursor.execute("UPDATE search_entry SET canonical = '', pieces = '{}'")
    faults = search.find_faults()
    assert (faults.lost, faults.outdated) == (2, 2)

    call_command("rebuild_search", "--dry-run")
    assert search.find_faults()
    call_command("rebuild_search")
    assert "已重建 2 篇" in capsys.readouterr().out
    assert not search.find_faults()
    assert search.search(question="大营村").total == 2
    call_command("rebuild_search", "--if-needed")
    assert "已重建" not in capsys.readouterr().out


def test_a_row_of_older_rules_can_still_be_taken_out():
    document = a_document()
    search.index(document)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE search_entry SET token_version = 'older'")
    assert search.remove(document.uuid)
    assert not search.find_faults()
    assert search.search(question="大营村").total == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the index in memory is SQLite's")
def test_the_tables_in_memory_are_those_of_the_migrations():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA table_info(search_entry)")
        columns = [row[1] for row in cursor.fetchall()]
        cursor.execute("SELECT sql FROM sqlite_master WHERE name IN ('search_text', 'search_words')")
        tables = [row[0] for row in cursor.fetchall()]
    assert all(f"    {name} " in SCHEMA or f" {name} " in SCHEMA for name in columns)
    assert all(table in SCHEMA for table in tables)
