from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.exporting import read_export
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.trail import actions
from gongkai.foundation.trail.models import TrailCheck
from tests.factories.audit import THE_SYSTEM, Signer, acts, tampering

pytestmark = pytest.mark.django_db

AUDITOR = "申衡之"


@pytest.fixture(autouse=True)
def anchors(tmp_path, settings):
    settings.AUDIT_ANCHORS = tmp_path / "elsewhere" / "anchors.txt"
    return settings.AUDIT_ANCHORS


@pytest.fixture
def auditor(sign_in):
    return sign_in(AUDITOR)


def page_of(browser, **query) -> str:
    page: str = browser.get(reverse("trail:trail"), query).content.decode()
    return page


def test_the_trail_says_who_did_what_when_and_through_what(auditor, clerk, friday):
    with audit.acting_via("gongkai submit（系统账户 li）"):
        audit.record(actor=clerk, act="publishing.submit", subject=uuid4(), at=friday, about={"reason": "依原件", "is_whole": True})
    page = page_of(auditor)

    assert "送审" in page
    assert "周岚" in page
    assert "gongkai submit（系统账户 li）" in page
    assert "理由：依原件；是否完整：是" in page


def test_it_is_filtered_by_person_thing_act_and_day(auditor, clerk, friday):
    thing = uuid4()
    audit.record(actor=clerk, act="publishing.submit", subject=thing, at=friday, about={"note": "甲"})
    audit.record(actor=THE_SYSTEM, act="publishing.return", subject=uuid4(), at=friday.replace(day=8), about={"note": "乙"})

    for query, shown, hidden in (
        ({"officer": str(clerk.officer_id)}, "说明：甲", "说明：乙"),
        ({"act": "publishing.return"}, "说明：乙", "说明：甲"),
        ({"thing": f"http://127.0.0.1/desk/publishing/{thing}/?x=1"}, "说明：甲", "说明：乙"),
        ({"since": "2026-10-09"}, "说明：甲", "说明：乙"),
        ({"until": "2026-10-08"}, "说明：乙", "说明：甲"),
    ):
        page = page_of(auditor, **query)
        assert shown in page, query
        assert hidden not in page, query


def test_a_filter_filled_in_wrongly_says_so_and_hides_nothing(auditor, friday):
    page = page_of(auditor, thing="征地公告", since="2026-10-09", until="2026-10-01")

    assert "没有认出编号" in page
    assert "截止日在起始日之前" in page


def test_pages_go_on_by_key_and_show_every_row_once(auditor, friday):
    for number in range(120):
        audit.record(actor=Signer(name="测试员"), act="x.y", subject=None, at=friday, about={"number": number})
    seen: list[str] = []
    address = reverse("trail:trail") + "?act=x.y"
    while address:
        answer = auditor.get(address)
        seen += [line.notes for line in answer.context["page"].rows]
        after = answer.context["page"].after
        address = reverse("trail:trail") + f"?act=x.y&after={after.text.replace('+', '%2B')}" if after else ""

    assert len(seen) == len(set(seen)) == 120


def test_the_page_costs_the_same_for_a_long_trail(auditor, friday, django_assert_max_num_queries):
    acts(60, at=friday)
    page_of(auditor)
    with django_assert_max_num_queries(18):
        page_of(auditor)


@pytest.mark.parametrize("name", ["周岚", "何静", "卫东来"])
def test_only_the_auditor_sees_it(sign_in, name):
    browser = sign_in(name)

    for address in ("trail:trail", "trail:export", "trail:chain"):
        assert browser.get(reverse(address)).status_code == 403
    assert browser.post(reverse("trail:verify")).status_code == 403


def test_the_sheet_has_the_filtered_rows_and_taking_it_is_an_act(auditor, clerk, friday):
    audit.record(actor=clerk, act="publishing.return", subject=None, at=friday, about={"reason": "=1+1"})
    answer = auditor.get(reverse("trail:export"), {"act": "publishing.return"})
    text = b"".join(answer).decode("utf-8-sig")

    assert [line.split(",")[4] for line in text.splitlines()] == ["动作", "退回"]
    (row,) = audit.list_trail(act="audit.export").rows
    assert (row.actor_name, row.about["filter"]) == (AUDITOR, "act=publishing.return")


def test_the_exported_chain_is_proved_without_a_database(auditor, friday):
    acts(3, at=friday)
    while actions.seal_waiting(timezone.now()):
        pass
    head = audit.find_head()
    text = b"".join(auditor.get(reverse("trail:chain"))).decode()

    assert read_export(text).links[-1].digest == head.digest


def test_the_button_has_the_chain_proved_in_the_background_and_the_page_says_what_came_of_it(auditor, friday):
    auditor.post(reverse("trail:verify"))
    assert "正在核验" in page_of(auditor)
    while actions.seal_waiting(timezone.now()):
        pass
    run_jobs()

    assert f"核验 {TrailCheck.objects.get().checked:,} 行，完整" in page_of(auditor)
    assert [row.actor_name for row in audit.list_trail(act="audit.verify").rows] == [AUDITOR]


def test_the_page_names_what_is_wrong(auditor, friday, monkeypatch):
    monkeypatch.setattr(actions, "STRETCH", 2)
    acts(5, at=friday)
    while actions.seal_waiting(timezone.now()):
        pass
    with tampering():
        link = list(audit.iterate_links())[2]
        from django.db import connection  # noqa: PLC0415

        with connection.cursor() as cursor:
            cursor.execute("UPDATE audit_auditrecord SET actor_name = '张三' WHERE id = %s", [link.record_id])
        auditor.post(reverse("trail:verify"))
        run_jobs()
        page = page_of(auditor)

        assert "发现审计链有 1 处不对" in page
        assert "链上第 3 行被改动" in page


def run_jobs() -> None:
    for _ in range(200):
        job = outbox.find_active(kind=actions.VERIFY, key="whole")
        if job is None:
            return
        outbox.run_once(timezone.now, "test")
    raise AssertionError("The job does not end.")
