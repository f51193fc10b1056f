from datetime import datetime

import pytest
from django.urls import reverse

from gongkai.foundation.outbox.kinds import Drain, IntentState
from gongkai.foundation.outbox.models import DrainFault, Intent
from tests.factories.outbox import NOON, a_stopped_intent, an_intent, draining, later


@pytest.fixture
def the_administrator(bureau) -> str:
    """Name of somebody who may manage jobs."""
    from gongkai.foundation.accounts import api as accounts  # noqa: PLC0415
    from gongkai.foundation.accounts.kinds import Right  # noqa: PLC0415
    from gongkai.foundation.organisations import api as organisations  # noqa: PLC0415

    day = NOON.date()
    names = (officer.name for officer in organisations.list_officers())
    return next(name for name in names if accounts.find_actor(name=name, on=day).units(Right.MANAGE_JOBS))


def empty(at_system: datetime) -> int:
    return 0


def test_the_jobs_page_says_what_stopped_and_why(sign_in, the_administrator) -> None:
    a_stopped_intent(key="2026-09", error="磁盘满了")
    page = sign_in(the_administrator).get(reverse("outbox:jobs")).content.decode()
    assert "1 个后台任务停下了，要人处理" in page
    assert "磁盘满了" in page
    assert "连续失败 8 次" in page


def test_the_jobs_page_shows_drains_with_what_waits_and_their_fault_in_words(sign_in, the_administrator) -> None:
    DrainFault.objects.create(code="pages", failures=3, last_error="磁盘满了", retry_at=later(minutes=1))
    with draining(Drain("pages", empty, "生成门户页面", waiting=lambda: 1204), Drain("sweep", empty, "巡查期限")):
        page = sign_in(the_administrator).get(reverse("outbox:jobs")).content.decode()
    assert "生成门户页面" in page
    assert "等着 1,204" in page
    assert "连续失败 3 次，2026-10-09 12:01 自动再试" in page
    assert "不计数" in page


def test_the_jobs_page_says_when_no_worker_is_there(sign_in, the_administrator) -> None:
    an_intent(at_system=NOON.replace(year=2020))
    assert "后台进程可能没有运行" in sign_in(the_administrator).get(reverse("outbox:jobs")).content.decode()


def test_retry_by_button_queues_it_and_says_so(sign_in, the_administrator) -> None:
    intent = a_stopped_intent()
    answer = sign_in(the_administrator).post(reverse("outbox:retry", args=[intent.pk]), follow=True)
    assert "已重新排队，从停下的地方接着做。" in answer.content.decode()
    assert Intent.objects.get().state == IntentState.READY.value


def test_retry_of_work_that_is_not_stopped_is_refused_in_words(sign_in, the_administrator) -> None:
    intent = an_intent()
    answer = sign_in(the_administrator).post(reverse("outbox:retry", args=[intent.pk]))
    assert answer.status_code == 409
    assert "没有停下" in answer.content.decode()


def test_retry_by_link_is_refused(sign_in, the_administrator) -> None:
    assert sign_in(the_administrator).get(reverse("outbox:retry", args=[a_stopped_intent().pk])).status_code == 405


def test_a_clerk_may_neither_see_nor_retry_jobs(sign_in) -> None:
    browser = sign_in("周岚")
    assert browser.get(reverse("outbox:jobs")).status_code == 403
    answer = browser.post(reverse("outbox:retry", args=[a_stopped_intent().pk]))
    assert answer.status_code == 403
    assert Intent.objects.get().state == IntentState.FAILED.value


def test_somebody_not_signed_in_is_sent_to_the_login(client, db) -> None:
    assert client.get(reverse("outbox:jobs")).status_code == 302


def test_the_jobs_page_costs_the_same_for_many_jobs(sign_in, the_administrator, django_assert_max_num_queries) -> None:
    for number in range(30):
        an_intent(key=str(number))
    browser = sign_in(the_administrator)
    with draining(), django_assert_max_num_queries(20):
        browser.get(reverse("outbox:jobs"))


def test_the_settings_of_the_system_administrator_lead_to_the_jobs(sign_in) -> None:
    page = sign_in("卫东来").get("/desk/").content.decode()
    assert f'href="{reverse("outbox:jobs")}"' in page
    assert sign_in("卫东来").get(reverse("outbox:jobs")).status_code == 200


def test_who_may_not_see_the_jobs_is_told_who_may(sign_in) -> None:
    answer = sign_in("何静").get(reverse("outbox:jobs"))
    assert answer.status_code == 403
    assert "现在能用的是卫东来（系统管理员）" in answer.content.decode()
