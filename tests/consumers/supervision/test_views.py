import html
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.models import Obligation
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import DraftContent
from gongkai.foundation.organisations.models import Post
from gongkai.lib.moments import end_of
from gongkai.producers.disclosure import api as disclosure
from gongkai.producers.disclosure.kinds import CauseRow
from tests.factories.disclosure import a_cause

pytestmark = pytest.mark.django_db
DESK = "/desk/"


def page_of(browser):
    response = browser.get(DESK)
    assert response.status_code == 200
    return response.content.decode()


def duties_of(cause: CauseRow) -> QuerySet[Obligation]:
    """What stands on the ledger for a cause."""
    assert cause.obligation is not None
    return Obligation.objects.filter(uuid=cause.obligation)


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
    assert page.index(">迟了的公示</a>") < page.index(">明天的公示</a>") < page.index(">下周的公示</a>")
    assert page.index("已逾期") < page.index("明天 10-10 周六") < page.index("下周起")
    assert "国庆节调休，要上班" in page
    assert "为什么是周六" in page
    assert "法定" in page


def test_every_number_of_the_strip_leads_to_where_its_duties_are_listed(sign_in, clerk, friday):
    for day in (date(2026, 9, 18), date(2026, 9, 20), date(2026, 9, 25), date(2026, 10, 8)):
        a_cause(actor=clerk, now=friday, title=f"{day}的公示", happened_on=day)
    page = page_of(sign_in("周岚"))
    led = re.findall(r'class="strip-count" href="#([^"]+)"', page)
    assert len(led) >= 3
    assert all(f'id="{group}"' in page for group in led)


def test_each_row_has_its_next_step_and_its_reason(sign_in, clerk, friday):
    begun = a_cause(actor=clerk, now=friday, title="已起草的")
    fresh = a_cause(actor=clerk, now=friday, title="没起草的")
    publication = disclosure.start_writing(cause=begun.uuid, actor=clerk, now=friday)
    page = page_of(sign_in("周岚"))
    assert f'action="{reverse("disclosure:write", args=[fresh.uuid])}"' in page
    assert f'href="{reverse("publishing:draft", args=[publication])}"' in page
    assert page.count(reverse("ledger:receipt", args=[fresh.obligation])) == 1
    assert (page.count(">起草<span"), page.count(">打开文稿<span")) == (1, 1)


def test_what_must_be_changed_in_a_draft_is_counted_in_its_row_and_on_its_button(sign_in, clerk, friday):
    cause = a_cause(actor=clerk, now=friday)
    publication = disclosure.start_writing(cause=cause.uuid, actor=clerk, now=friday)
    content = DraftContent(title=cause.title, document_number="临澄自然资规[2026]03号", body_html="<p>现予公示。</p>")
    seen = publishing.get_draft(publication).content_hash
    publishing.save_draft(publication=publication, content=content, seen_hash=seen, actor=clerk, now=friday)
    report = publishing.list_findings(publication)
    page = page_of(sign_in("周岚"))
    assert report.blocks
    assert f'<strong class="must-words">{report.blocks} 处必须改</strong>、{report.warnings} 处提醒' in page
    assert page.count(f">去改 {report.blocks} 处<span") == 1


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
    # The first page after the sign-in also notes that the session is in use.
    page_of(author)
    page_of(reviewer)
    few = count(author), count(reviewer)
    for number in range(12):
        a_cause(actor=clerk, now=friday, title=f"又{number}件")
        a_text_in_review(a_cause(actor=clerk, now=friday, title=f"审{number}件"), clerk, friday)
    ledger.deliver_events(friday)
    assert (count(author), count(reviewer)) == few
    assert max(few) <= 25


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


def test_a_row_with_two_dates_tells_the_target_and_the_limit(sign_in, clerk, friday):
    cause = a_cause(actor=clerk, now=friday, title="第三季度供应结果", happened_on=date(2026, 10, 8))
    duties_of(cause).update(target_day=friday.date(), target_at=end_of(friday.date()))
    page = page_of(sign_in("周岚"))
    assert "今天要办 1 件。" in page
    assert "目标 今天" in page
    assert "期限 10-21" in page
    assert "两个期限的来历" in page


def test_what_is_due_next_stands_under_the_headline(sign_in, clerk, friday):
    a_cause(actor=clerk, now=friday, title="明天的公示", happened_on=date(2026, 9, 20))
    assert "下一个到点：<strong>10-10 周六 明天的公示</strong>" in page_of(sign_in("周岚"))


def test_a_paused_duty_stands_beside_with_why_and_until_when_and_in_no_group(sign_in, clerk, friday):
    cause = a_cause(actor=clerk, now=friday, title="停着的公示")
    duties_of(cause).update(stopped_since=friday.date(), resumes_by=date(2026, 10, 26), next_check_at=None)
    page = page_of(sign_in("周岚"))
    assert "暂停 1 件" in page
    assert "最迟 10-26 恢复" in page
    assert "今天没有要办的，后面也没有等着到期的。" in page


def test_a_promise_that_was_exceeded_is_not_called_overdue(sign_in, clerk, friday):
    cause = a_cause(actor=clerk, now=friday, happened_on=date(2026, 9, 1))
    duties_of(cause).update(binding="PROMISE")
    page = page_of(sign_in("周岚"))
    assert "对外承诺过了日子，不算逾期" in page
    assert "今天没有到期的，有 1 件超过承诺。" in page
    assert "已逾期" not in page


def test_the_month_counts_what_can_be_overdue_and_leads_to_exactly_those_rows(sign_in, clerk, friday):
    for number, day in enumerate((date(2026, 9, 1), date(2026, 9, 20), date(2026, 10, 8))):
        a_cause(actor=clerk, now=friday, title=f"第{number}件", happened_on=day)
    next_month = a_cause(actor=clerk, now=friday, title="下月的", entry="land.allocation", happened_on=date(2026, 10, 8))
    assert next_month.obligation is not None
    browser = sign_in("周岚")
    page = page_of(browser)
    link = re.search(r'href="([^"]+)">逐条看 2 件', page)
    assert link
    ledger_page = browser.get(html.unescape(link[1])).content.decode()
    assert "共 2 行" in ledger_page
    assert ("第1件" in ledger_page, "第2件" in ledger_page, "下月的" in ledger_page) == (True, True, False)


def test_of_many_rows_the_first_are_shown_the_number_is_that_of_all_and_a_link_leads_to_them(sign_in, clerk, friday):
    stored = duties_of(a_cause(actor=clerk, now=friday, happened_on=date(2026, 9, 1))).get()
    Obligation.objects.bulk_create([copy_of(stored) for _ in range(1500)])
    page = page_of(sign_in("周岚"))
    assert "有 1501 件已经逾期" in page
    assert "1,501 件，先看最近 30 件" in page
    link = re.search(r'<p class="duty-more"><a href="([^"]+)">', page)
    assert link
    assert "共 1,501 行" in sign_in("周岚").get(html.unescape(link[1])).content.decode()


def copy_of(stored):
    values = {field.attname: getattr(stored, field.attname) for field in Obligation._meta.concrete_fields if not field.generated}
    return Obligation(**(values | {"id": None, "uuid": uuid4(), "subject": uuid4()}))


def test_a_vacant_post_is_shown_to_the_head_and_the_openness_office_with_what_it_owes(sign_in, clerk, friday):
    a_cause(actor=clerk, now=friday, happened_on=date(2026, 9, 1))
    post = Post.objects.get(code="LC05-1")
    post.holdings.update(to_date=date(2026, 10, 8))
    for name in ("陈默", "何静"):
        page = page_of(sign_in(name))
        assert "岗位空缺" in page
        assert "逾期 1 件" in page
        assert f"{reverse('ledger:reassign')}?post={post.pk}" in page
    assert "岗位空缺" not in page_of(sign_in("叶知秋"))


def test_a_manned_post_is_no_vacancy(sign_in, clerk, friday):
    a_cause(actor=clerk, now=friday)
    assert "岗位空缺" not in page_of(sign_in("何静"))


def test_the_sidebar_counts_mine_and_only_my_today_is_ever_red(sign_in, clerk, friday):
    a_cause(actor=clerk, now=friday, happened_on=date(2026, 9, 1))
    a_cause(actor=clerk, now=friday, happened_on=date(2026, 9, 18), title="今天的")
    a_text_in_review(a_cause(actor=clerk, now=friday, title="送审的"), clerk, friday)
    at_clerk, at_head = page_of(sign_in("周岚")), page_of(sign_in("陈默"))
    assert re.findall(r'class="count([^"]*)"><span class="unseen">，等我办的 </span>(\d+)<', at_clerk) == [(" is-pressing", "2")]
    assert re.findall(r'class="count([^"]*)"><span class="unseen">，等我办的 </span>(\d+)<', at_head) == [("", "1")]


def test_a_late_registration_shows_both_days(sign_in, clerk, friday):
    a_cause(actor=clerk, now=friday, happened_on=date(2026, 9, 21))
    assert "09-21 事由，10-09 才登记" in page_of(sign_in("周岚"))


def test_the_list_of_notices_shows_what_the_posts_were_told(sign_in, clerk, friday):
    cause = a_cause(actor=clerk, now=friday)
    ledger.deliver_events(friday)
    page = sign_in("周岚").get(reverse("supervision:notices")).content.decode()
    assert "登记：2026-17号地块挂牌出让成交，最后一天 10-21 周三" in page
    assert reverse("ledger:detail", args=[cause.obligation]) in page
    assert "还没有消息。" in sign_in("叶知秋").get(reverse("supervision:notices")).content.decode()
