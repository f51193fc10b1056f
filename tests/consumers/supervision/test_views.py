from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.core.ledger import api as ledger
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import DraftContent
from gongkai.producers.disclosure import api as disclosure
from tests.factories.disclosure import a_cause

pytestmark = pytest.mark.django_db
DESK = "/desk/"


def page_of(browser):
    response = browser.get(DESK)
    assert response.status_code == 200
    return response.content.decode()


def a_text_in_review(cause, clerk, now):
    """The text of a cause, complete enough for the gate, sent to the unit's head."""
    publication = disclosure.start_writing(cause=cause.uuid, actor=clerk, now=now)
    draft = publishing.get_draft(publication)
    content = DraftContent(
        title=cause.title, body_html="<p>现予公示。</p>", formed_date=now.date(), elements=dict.fromkeys(draft.required, "见正文所列")
    )
    publishing.save_draft(publication=publication, content=content, seen_hash=draft.content_hash, actor=clerk, now=now)
    publishing.submit(publication=publication, actor=clerk, now=now)
    return publication


def test_a_day_without_work_says_so(sign_in):
    assert "今天没有要办的，后面也没有等着到期的。" in page_of(sign_in("周岚"))


def test_what_i_owe_stands_in_groups_with_the_overdue_first(sign_in, clerk, friday):
    a_cause(actor=clerk, now=friday, title="下周的公示", happened_on=date(2026, 9, 25))
    a_cause(actor=clerk, now=friday, title="迟了的公示", happened_on=date(2026, 9, 1))
    a_cause(actor=clerk, now=friday, title="明天的公示", happened_on=date(2026, 9, 20))
    page = page_of(sign_in("周岚"))
    assert "今天没有到期的，有 1 件已经逾期。" in page
    assert page.index("迟了的公示") < page.index("明天的公示") < page.index("下周的公示")
    assert page.index("已逾期") < page.index("明天 10-10 周六") < page.index("下周起")
    assert "国庆节调休，要上班" in page
    assert "为什么是周六" in page
    assert "法定" in page


def test_each_row_has_its_next_step_and_its_reason(sign_in, clerk, friday):
    begun = a_cause(actor=clerk, now=friday, title="已起草的")
    fresh = a_cause(actor=clerk, now=friday, title="没起草的")
    publication = disclosure.start_writing(cause=begun.uuid, actor=clerk, now=friday)
    page = page_of(sign_in("周岚"))
    assert f'action="{reverse("disclosure:write", args=[fresh.uuid])}"' in page
    assert f'href="{reverse("publishing:draft", args=[publication])}"' in page
    assert page.count(reverse("ledger:receipt", args=[fresh.obligation])) == 1
    assert (page.count(">起草<span"), page.count(">打开文稿<span")) == (1, 1)


def test_the_duties_of_other_posts_are_not_mine(sign_in, openness_office, friday):
    a_cause(actor=openness_office, now=friday, entry="geo.plan", title="别科的方案")
    a_cause(actor=openness_office, now=friday, entry="expro.notice", title="征收公告")
    assert "征收公告" not in page_of(sign_in("周岚"))


def test_a_text_in_review_waits_at_the_reviewers_desk_and_not_at_the_authors(sign_in, clerk, friday):
    cause = a_cause(actor=clerk, now=friday)
    publication = a_text_in_review(cause, clerk, friday)

    at_author = page_of(sign_in("周岚"))
    at_reviewer = page_of(sign_in("陈默"))

    (step,) = publishing.get_draft(publication).steps
    review = reverse("publishing:review", args=[step.uuid])
    assert review in at_reviewer
    assert "周岚 起草" in at_reviewer
    assert "打开审核" in at_reviewer
    assert review not in at_author
    assert "等别人" in at_author
    assert "科室审核 · 刚送到，限 1 个工作日" in at_author


def test_a_returned_text_says_that_it_came_back(sign_in, clerk, unit_head, friday):
    cause = a_cause(actor=clerk, now=friday)
    publication = a_text_in_review(cause, clerk, friday)
    draft = publishing.get_draft(publication)
    publishing.return_step(
        step=draft.steps[0].uuid, seen_hash=draft.content_hash, reason="宗地编号与合同不一致", actor=unit_head, now=friday
    )
    page = page_of(sign_in("周岚"))
    assert "已退回 1 次" in page
    assert "去改文稿" in page


def test_a_returned_text_without_a_duty_has_a_row_of_its_own(sign_in, openness_office, friday):
    cause = a_cause(actor=openness_office, now=friday, entry="summary.yearly", title="2025年工作总结")
    a_text_in_review(cause, openness_office, friday)
    (queued,) = publishing.list_review_queue(actor=_head_of(cause.unit_id))
    publishing.return_step(
        step=queued.step,
        seen_hash=publishing.get_draft(queued.publication).content_hash,
        reason="数字加不起来",
        actor=_head_of(cause.unit_id),
        now=friday,
    )
    page = page_of(sign_in("何静"))
    assert "退回要改" in page
    assert "2025年工作总结" in page


def _head_of(unit_id):
    """Whoever may pass the unit's review there and is not the author."""
    from gongkai.foundation.accounts import api as accounts  # noqa: PLC0415
    from gongkai.foundation.accounts.kinds import Right  # noqa: PLC0415
    from gongkai.foundation.organisations import api as organisations  # noqa: PLC0415

    day = date(2026, 10, 9)
    people = [accounts.get_actor(officer_id=officer.id, on=day) for officer in organisations.list_officers()]
    return next(person for person in people if person.may(Right.REVIEW_UNIT, unit_id) and person.name != "何静")


def test_what_just_happened_stands_at_the_side(sign_in, clerk, friday):
    cause = a_cause(actor=clerk, now=friday)
    ledger.deliver_events(friday)
    page = page_of(sign_in("周岚"))
    assert "刚刚发生" in page
    assert "登记：2026-17号地块挂牌出让成交，最后一天 10-21 周三" in page
    assert reverse("ledger:detail", args=[cause.obligation]) in page


def test_a_broken_internal_limit_reminds_and_is_never_late(sign_in, clerk, friday):
    cause = a_cause(actor=clerk, now=friday - timedelta(days=11), happened_on=date(2026, 9, 25))
    a_text_in_review(cause, clerk, friday - timedelta(days=11))
    page = page_of(sign_in("陈默"))
    assert "内部要求，不算逾期，不考核" in page
    assert "今天没有要办的" in page


def test_the_number_of_queries_does_not_grow_with_the_rows(sign_in, clerk, friday):
    def count(browser):
        with CaptureQueriesContext(connection) as asked:
            page_of(browser)
        return len(asked)

    for number in range(2):
        a_cause(actor=clerk, now=friday, title=f"第{number}件")
    a_text_in_review(a_cause(actor=clerk, now=friday), clerk, friday)
    ledger.deliver_events(friday)
    author, reviewer = sign_in("周岚"), sign_in("陈默")
    page_of(author)
    few = count(author), count(reviewer)
    for number in range(12):
        a_cause(actor=clerk, now=friday, title=f"又{number}件")
        a_text_in_review(a_cause(actor=clerk, now=friday, title=f"审{number}件"), clerk, friday)
    ledger.deliver_events(friday)
    assert (count(author), count(reviewer)) == few
    assert max(few) <= 20


def test_the_page_carries_the_line_on_secrets_and_no_inline_code(sign_in, clerk, friday):
    a_cause(actor=clerk, now=friday)
    page = page_of(sign_in("周岚"))
    assert "本系统不得存储、处理涉密信息" in page
    assert " style=" not in page
    assert "<style" not in page
    assert page.count("<h1") == 1


def test_everybody_has_a_first_screen(sign_in):
    for name in ("林晓", "顾长青", "何静"):
        assert "今天" in page_of(sign_in(name))
