from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.core.catalogue import api as catalogue
from gongkai.core.catalogue.kinds import Category
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import STEPS, EditionState, StepKind
from gongkai.foundation.accounts.kinds import Right
from gongkai.lib.errors import NotFound
from tests.factories.publishing import (
    a_content,
    a_draft,
    a_file,
    a_publication,
    a_text_in_review,
    an_actor,
    pass_waiting_step,
    the_step_of,
    the_unit_of,
)

pytestmark = pytest.mark.django_db


def titles(rows):
    return [row.title for row in rows]


def count_queries(ask):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        ask()
    return len(caught)


def publish(number, clerk, reviewers, at, **known):
    """Public items 1 … number, a minute apart."""
    return [
        a_publication(actor=clerk, by=reviewers, now=at + timedelta(minutes=n), content=a_content(title=f"第{n}号公告"), **known)
        for n in range(1, number + 1)
    ]


def test_the_newest_public_item_comes_first_and_pages_follow_one_another(clerk, reviewers, friday):
    publish(5, clerk, reviewers, friday)

    first = publishing.list_published(size=2)
    second = publishing.list_published(size=2, after=first.after)
    third = publishing.list_published(size=2, after=second.after)

    assert titles(first.rows) == ["第5号公告", "第4号公告"]
    assert titles(second.rows) == ["第3号公告", "第2号公告"]
    assert (titles(third.rows), third.after) == (["第1号公告"], None)


def test_items_of_the_same_instant_are_neither_lost_nor_doubled(clerk, reviewers, friday):
    for number in range(3):
        a_publication(actor=clerk, by=reviewers, now=friday, content=a_content(title=f"同时{number}"))
    first = publishing.list_published(size=2)
    second = publishing.list_published(size=2, after=first.after)
    assert sorted(titles(first.rows + second.rows)) == ["同时0", "同时1", "同时2"]


def test_lists_and_counts_are_cut_by_section_and_by_day(clerk, reviewers, friday):
    publish(1, clerk, reviewers, friday)
    other = a_publication(
        actor=clerk,
        by=reviewers,
        now=friday + timedelta(days=1),
        entry_code="land.idle_survey",
        content=a_content(
            title="闲置土地调查", elements=dict.fromkeys(["宗地", "使用权人", "约定开工", "闲置原因", "证明材料"], "见正文所列。")
        ),
    )
    section = catalogue.get_entry("land.idle_survey").section

    assert titles(publishing.list_published(section_id=section.id).rows) == ["闲置土地调查"]
    assert publishing.count_published(section_id=section.id) == 1
    assert titles(publishing.list_published(until=date(2026, 10, 9)).rows) == ["第1号公告"]
    assert titles(publishing.list_published(since=date(2026, 10, 10)).rows) == ["闲置土地调查"]
    assert publishing.count_published(since=date(2026, 10, 9), until=date(2026, 10, 10)) == 2
    assert publishing.get_published(other).section == section


def test_the_parts_make_the_whole(clerk, reviewers, friday):
    publish(2, clerk, reviewers, friday)
    a_draft(actor=clerk, now=friday)

    by_category = publishing.count_published_by_category()

    assert set(by_category) == set(Category)
    assert by_category[Category.EXPROPRIATION] == 2
    assert sum(by_category.values()) == publishing.count_published() == len(list(publishing.iterate_published())) == 2
    assert publishing.count_publications() == 3


def test_a_draft_cannot_be_read_as_a_public_text(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    with pytest.raises(NotFound):
        publishing.get_published(uuid)
    assert publishing.find_published_by_path(2026, 1) is None
    assert publishing.list_published_documents() == []


def test_a_public_text_is_found_by_its_address_with_elements_in_order(clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)
    document = publishing.find_published_by_path(2026, 1)
    assert document
    assert document.uuid == uuid
    assert [name for name, _ in document.elements] == ["征收范围", "征收目的", "开展土地现状调查的安排"]
    assert document.unit_telephone == "0000-8866135"
    assert document.text == "拟征收双桥村集体土地2.20公顷，用于道路建设。"


def test_a_batch_of_documents_costs_the_same_for_any_size(clerk, reviewers, friday, sealed_root):
    uuids = [a_draft(actor=clerk, now=friday) for _ in range(4)]
    for number, uuid in enumerate(uuids):
        files = publishing.attach_files(
            publication=uuid, files=[a_file(f"{number}.txt", str(number).encode())], actor=clerk, now=friday
        ).stored
        publishing.save_draft(publication=uuid, content=a_content(attachments=tuple(files)), seen_hash=None, actor=clerk, now=friday)
        publishing.submit(publication=uuid, actor=clerk, now=friday)
        for kind in STEPS:
            pass_waiting_step(publication=uuid, actor=reviewers.of(kind), now=friday)

    assert count_queries(lambda: publishing.list_published_documents(size=1)) == 3
    assert count_queries(lambda: publishing.list_published_documents(size=4)) == 3
    first = publishing.list_published_documents(size=3)
    rest = publishing.list_published_documents(after_id=first[-1].id, size=3)
    assert [document.uuid for document in first + rest] == uuids
    assert [document.attachments[0].name for document in first] == ["0.txt", "1.txt", "2.txt"]


def test_lists_cost_the_same_for_any_length(clerk, reviewers, friday):
    publish(1, clerk, reviewers, friday)
    a_text_in_review(actor=clerk, now=friday)
    units = [the_unit_of(clerk)]

    def costs():
        return [
            count_queries(publishing.list_published),
            count_queries(lambda: publishing.list_drafts(unit_ids=units)),
            count_queries(lambda: publishing.list_review_queue(actor=reviewers.head)),
            count_queries(lambda: publishing.list_waiting_for_others(officer_id=clerk.officer_id)),
            count_queries(lambda: publishing.list_returned(officer_id=clerk.officer_id)),
        ]

    before = costs()
    publish(2, clerk, reviewers, friday)
    for _ in range(3):
        a_text_in_review(actor=clerk, now=friday)
    assert costs() == before == [1, 1, 1, 1, 1]


def test_drafts_of_other_units_are_not_listed(clerk, friday):
    a_draft(actor=clerk, now=friday)
    assert len(publishing.list_drafts(unit_ids=[the_unit_of(clerk)]).rows) == 1
    assert publishing.list_drafts(unit_ids=[the_unit_of(clerk) + 1]).rows == ()
    assert publishing.list_drafts(unit_ids=[]).rows == ()


def test_a_public_text_is_no_draft_any_more(clerk, reviewers, friday):
    a_publication(actor=clerk, by=reviewers, now=friday)
    assert publishing.list_drafts(unit_ids=[the_unit_of(clerk)]).rows == ()


def test_a_draft_says_for_whom_it_waits(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday + timedelta(hours=2))

    (row,) = publishing.list_drafts(unit_ids=[the_unit_of(clerk)]).rows
    assert (row.state, row.waiting_for, row.waiting_since) == (EditionState.IN_REVIEW, StepKind.SECRECY, friday + timedelta(hours=2))
    assert publishing.list_waiting_for_others(officer_id=clerk.officer_id) == [row]
    assert publishing.list_returned(officer_id=clerk.officer_id) == []


def test_a_returned_draft_is_on_its_writers_list(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    seen = publishing.get_draft(uuid).content_hash
    publishing.return_step(step=the_step_of(uuid), seen_hash=seen, reason="数字要核对", actor=unit_head, now=friday)

    (row,) = publishing.list_returned(officer_id=clerk.officer_id)
    assert (row.returned_count, row.waiting_for) == (1, None)
    assert publishing.list_waiting_for_others(officer_id=clerk.officer_id) == []


def test_a_queue_holds_only_what_its_owner_may_decide(clerk, reviewers, friday):
    mine = a_text_in_review(actor=clerk, now=friday, content=a_content(title="周岚的稿"))
    head_writes = an_actor("陈默", {Right.WRITE: frozenset({the_unit_of(clerk)})}, unit_id=the_unit_of(clerk))
    a_text_in_review(actor=head_writes, now=friday, content=a_content(title="陈默自己的稿"))

    assert titles(publishing.list_review_queue(actor=reviewers.head)) == ["周岚的稿"]
    assert publishing.count_review_queue(actor=reviewers.head) == 1
    assert publishing.list_review_queue(actor=reviewers.secrecy) == []
    assert publishing.list_review_queue(actor=clerk) == []

    both = an_actor("陈默", dict.fromkeys(Right, frozenset({the_unit_of(clerk)})))
    pass_waiting_step(publication=mine, actor=both, now=friday)
    assert publishing.list_review_queue(actor=both) == []
    assert titles(publishing.list_review_queue(actor=reviewers.secrecy)) == ["周岚的稿"]


def test_a_queue_is_oldest_first_and_paged(clerk, unit_head, friday):
    for number in range(5):
        a_text_in_review(actor=clerk, now=friday + timedelta(minutes=number), content=a_content(title=f"稿{number}"))
    first = publishing.list_review_page(actor=unit_head, size=3)
    second = publishing.list_review_page(actor=unit_head, size=3, after=first.after)
    assert titles(first.rows) == ["稿0", "稿1", "稿2"]
    assert (titles(second.rows), second.after) == (["稿3", "稿4"], None)
    assert titles(publishing.iterate_review_queue(actor=unit_head)) == ["稿0", "稿1", "稿2", "稿3", "稿4"]


def test_what_does_not_exist_is_refused_in_words(db):
    for ask in (publishing.get_draft, publishing.list_findings, publishing.get_step):
        with pytest.raises(NotFound, match="没有"):
            ask(UUID(int=9))
    assert publishing.find_by_obligation(UUID(int=9)) is None
