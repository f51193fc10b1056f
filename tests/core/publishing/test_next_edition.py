"""The next edition while the old one stays public, and what follows it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ObligationState
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import EditionState
from gongkai.core.publishing.models import Edition, IndexCounter, Publication
from gongkai.core.search import api as search
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, NotAllowed, NotFound
from tests.factories.publishing import a_content, a_draft, a_publication, a_text_in_review, find_holder, pass_all_steps

pytestmark = pytest.mark.django_db

NEW_TITLE = "双桥村征收土地预公告（更正）"


def begin(uuid, clerk, now, title=NEW_TITLE):
    publishing.start_next_edition(publication=uuid, actor=clerk, now=now)
    detail = publishing.get_draft(uuid)
    publishing.save_draft(
        publication=uuid, content=replace(detail.content, title=title), seen_hash=detail.content_hash, actor=clerk, now=now
    )


def go_on(uuid, clerk, reviewers, now, title=NEW_TITLE):
    begin(uuid, clerk, now, title)
    publishing.submit(publication=uuid, actor=clerk, now=now)
    pass_all_steps(publication=uuid, by=reviewers, now=now)


def find(words):
    return [hit.uuid for hit in search.search(question=words).hits]


def test_the_next_edition_begins_with_what_is_there(clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)

    assert publishing.start_next_edition(publication=uuid, actor=clerk, now=friday) == 2

    detail = publishing.get_draft(uuid)
    assert (detail.number, detail.state, detail.content) == (2, EditionState.DRAFT, publishing.get_draft(uuid, number=1).content)
    assert detail.writers == {clerk.officer_id}
    assert not detail.is_public
    assert detail.other_is_public
    assert audit.list_rows(subject=uuid)[-1].act == "publishing.next_edition"


def test_the_old_edition_stays_public_until_the_next_is_released(clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)
    before = publishing.get_published(uuid)
    begin(uuid, clerk, friday)
    assert publishing.get_published(uuid) == before
    publishing.submit(publication=uuid, actor=clerk, now=friday)
    assert publishing.get_published(uuid) == before

    later = friday + timedelta(days=3)
    pass_all_steps(publication=uuid, by=reviewers, now=later)

    after = publishing.get_published(uuid)
    assert after.title == NEW_TITLE
    assert (after.index_number, after.path, after.published_at) == (before.index_number, before.path, before.published_at)
    assert [edition.released_at for edition in publishing.list_editions(uuid)] == [later, friday]
    assert [edition.is_shown for edition in publishing.list_editions(uuid)] == [True, False]
    assert IndexCounter.objects.get().last == 1
    assert publishing.count_published() == 1


def test_lists_and_search_follow_the_next_edition(clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday, content=a_content(title="甲地块出让公告"))
    go_on(uuid, clerk, reviewers, friday + timedelta(hours=1), title="乙地块出让公告")

    (row,) = publishing.list_published().rows
    assert row.title == "乙地块出让公告"
    assert find("甲地块") == []
    assert find("乙地块") == [uuid]


def test_the_next_edition_is_reviewed_like_the_first(clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)
    begin(uuid, clerk, friday)
    publishing.submit(publication=uuid, actor=clerk, now=friday)

    with pytest.raises(ActNotPossible, match="审核中"):
        publishing.release(publication=uuid, actor=reviewers.signer, now=friday)
    assert publishing.get_draft(uuid).number == 2
    assert len(publishing.get_draft(uuid).steps) == 1


def test_only_one_edition_is_in_hand(clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)
    publishing.start_next_edition(publication=uuid, actor=clerk, now=friday)

    with pytest.raises(ActNotPossible, match="已有一版起草中"):
        publishing.start_next_edition(publication=uuid, actor=clerk, now=friday)
    with pytest.raises(ActNotPossible, match="已有一版起草中"):
        publishing.start_next_edition(publication=a_draft(actor=clerk, now=friday), actor=clerk, now=friday)


def test_who_may_not_write_for_the_unit_begins_nothing(clerk, reviewers, secrecy_reviewer, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)

    with pytest.raises(NotAllowed):
        publishing.start_next_edition(publication=uuid, actor=secrecy_reviewer, now=friday)


def test_what_is_public_is_not_released_again(clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)

    with pytest.raises(ActNotPossible, match="已经公开"):
        publishing.release(publication=uuid, actor=reviewers.signer, now=friday)


def test_a_duty_that_is_done_stays_done_with_its_first_day(clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)
    assert Publication.objects.get(uuid=uuid).obligation_id is None
    go_on(uuid, clerk, reviewers, friday)
    steps = Edition.objects.get(publication__uuid=uuid, number=2).steps.values_list("uuid", flat=True)

    assert {duty.state for step in steps for duty in ledger.list_obligations(subject=step)} == {ObligationState.FULFILLED}


def test_an_edition_that_does_not_exist_is_not_found(clerk, friday):
    with pytest.raises(NotFound):
        publishing.get_draft(a_draft(actor=clerk, now=friday), number=2)


# Pages.


def test_outsiders_read_what_citizens_read_while_the_next_is_written(sign_in, clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)
    begin(uuid, clerk, friday, title="还没有公开的标题")
    own = sign_in("周岚").get(f"/desk/publishing/{uuid}/").content.decode()
    other = sign_in(find_holder("LC06-1")).get(f"/desk/publishing/{uuid}/").content.decode()

    assert "还没有公开的标题" in own
    assert "还没有公开的标题" not in other
    assert "双桥村征收土地预公告" in other


def test_the_page_shows_the_history_and_begins_the_next(sign_in, clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)
    browser = sign_in("周岚")
    assert "起草下一版" in browser.get(f"/desk/publishing/{uuid}/").content.decode()

    answer = browser.post(f"/desk/publishing/{uuid}/next-edition/", follow=True)

    assert "第 2 版已经开始" in answer.content.decode()
    old = browser.get(f"/desk/publishing/{uuid}/editions/1/").content.decode()
    assert "公众看到的版本" in old
    assert "起草下一版" not in old
    assert browser.post(f"/desk/publishing/{uuid}/next-edition/").status_code == 409


def test_a_reviewer_sees_that_another_edition_is_public(sign_in, clerk, reviewers, friday):
    uuid = a_publication(actor=clerk, by=reviewers, now=friday)
    begin(uuid, clerk, friday)
    publishing.submit(publication=uuid, actor=clerk, now=friday)

    assert "公众现在看到的是" in sign_in("周岚").get(f"/desk/publishing/{uuid}/").content.decode()


def test_a_first_text_has_no_history(sign_in, clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)

    assert "版本</h2>" not in sign_in("周岚").get(f"/desk/publishing/{uuid}/").content.decode()
