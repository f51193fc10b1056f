from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, ObligationState
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import fetching
from gongkai.core.publishing.actions.outlets import RECHECK, run_recheck
from gongkai.core.publishing.kinds import PostingState
from gongkai.core.publishing.models import Posting
from gongkai.core.search import api as search
from gongkai.foundation.organisations.models import Unit
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import IntentState, Job
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound
from tests.factories.attachments import PNG
from tests.factories.ledger import an_obligation, some_terms
from tests.factories.publishing import a_file, a_publication
from tests.factories.websites import a_web_site

pytestmark = pytest.mark.django_db
TITLE = "双桥村征收土地预公告"
TEXT = "拟征收双桥村集体土地2.20公顷，用于道路建设。"


def a_page(title=TITLE, day="发布日期：2026-10-09", text=TEXT):
    return f"<h1>{title}</h1><p>{day}</p><p>{text}</p>"


@pytest.fixture
def site(settings):
    """The city's site, on this machine, which the setting allows to be asked."""
    settings.OUTLET_INTERNAL_HOSTS = ["127.0.0.1"]
    with a_web_site() as one:
        yield one


@pytest.fixture
def city(site, openness_office, friday):
    """The city's site as an outlet."""
    return publishing.save_outlet(
        outlet=None, name="市政府网站", address=site.address, telephone="0000-8866001", is_active=True, actor=openness_office, now=friday
    )


@pytest.fixture
def text(settings, clerk, reviewers, friday):
    """A released text with a duty, where no portal is ours."""
    settings.LEDGER_ONLY = True
    ledger.load_terms([some_terms()])
    duty = an_obligation(Unit.objects.get(pk=clerk.unit_id), caused_on=friday.date(), now=friday)
    return a_publication(actor=clerk, by=reviewers, now=friday, obligation=duty.uuid)


def duty_of(text):
    duty = publishing.get_draft(text).obligation
    assert duty is not None
    return ledger.get_obligation(duty)


def enter(text, city, address, *, actor, now):
    return publishing.enter_address(publication=text, outlet=city, address=address, actor=actor, now=now, at_system=timezone.now())


def check(text, city, address, *, actor, now):
    posting = enter(text, city, address, actor=actor, now=now)
    return posting, publishing.check_posting(posting=posting, actor=actor, now=now)


def test_without_a_portal_a_release_discharges_nothing_and_a_checked_page_does(text, city, site, clerk, friday):
    assert duty_of(text).state is ObligationState.OPEN
    assert publishing.count_published() == 1
    posting, state = check(text, city, site.put("/a", a_page()), actor=clerk, now=friday)
    assert state is PostingState.CHECKED
    assert duty_of(text).state is ObligationState.FULFILLED
    (proof,) = ledger.list_evidence(obligation_ids=[duty_of(text).id])[duty_of(text).id]
    assert (proof.kind, proof.reference) == ("posting", str(posting))
    assert ledger.find_evidence_page(proof).endswith(f"/postings/{posting}/")


def test_a_wrong_page_discharges_nothing(text, city, site, clerk, friday):
    for path, html, expected in (
        ("/title", a_page(title="别的公告"), PostingState.TITLE_DIFFERS),
        ("/text", a_page(text="本页正在建设中，敬请期待以后的内容。"), PostingState.TEXT_DIFFERS),
        ("/day", a_page(day=""), PostingState.DATE_UNREAD),
    ):
        assert check(text, city, site.put(path, html), actor=clerk, now=friday)[1] is expected
    assert check(text, city, f"{site.address}/none", actor=clerk, now=friday)[1] is PostingState.UNREACHABLE
    assert duty_of(text).state is ObligationState.OPEN
    # Somebody has to look at it: it is owed, and done once the page is right.
    posting = Posting.objects.get().uuid
    (owed,) = ledger.list_obligations(subject=posting)
    assert (owed.duty_code, owed.state) == ("publish.posting", ObligationState.OPEN)
    check(text, city, site.put("/right", a_page()), actor=clerk, now=friday)
    (owed,) = ledger.list_obligations(subject=posting)
    assert owed.state is ObligationState.FULFILLED


def test_a_day_that_was_not_read_is_confirmed_by_a_person_with_a_screenshot(text, city, site, clerk, friday, sealed_root):
    posting, _ = check(text, city, site.put("/a", a_page(day="")), actor=clerk, now=friday)

    def confirm(**changed):
        known: dict[str, Any] = {"published_on": date(2026, 10, 9), "screenshot": a_file("截图.png", PNG)} | changed
        publishing.confirm_posting(posting=posting, actor=clerk, now=friday, **known)

    for wrong, field in (({"screenshot": None}, "screenshot"), ({"published_on": None}, "published_on")):
        with pytest.raises(BadInput) as refusal:
            confirm(**wrong)
        assert refusal.value.field == field
    with pytest.raises(BadInput):
        confirm(published_on=date(2026, 10, 10))
    confirm()
    assert duty_of(text).state is ObligationState.FULFILLED
    (row,) = publishing.list_postings(text)
    assert (row.confirmed_by, row.found_date, row.state) == ("周岚", date(2026, 10, 9), PostingState.CHECKED)
    with pytest.raises(ActNotPossible, match="不用确认日期"):
        confirm()
    # Another look reads no day either: what a person confirmed stays.
    assert publishing.check_posting(posting=posting, actor=clerk, now=friday) is PostingState.CHECKED


def test_a_title_that_differs_cannot_be_confirmed_away(text, city, site, clerk, friday):
    posting, _ = check(text, city, site.put("/a", a_page(title="别的")), actor=clerk, now=friday)
    with pytest.raises(ActNotPossible):
        publishing.confirm_posting(
            posting=posting, published_on=date(2026, 10, 9), screenshot=a_file("截图.png", PNG), actor=clerk, now=friday
        )


def test_a_page_that_vanished_reopens_the_duty_after_three_looks_and_counts_anew(text, city, site, clerk, friday):
    posting, _ = check(text, city, site.put("/a", a_page()), actor=clerk, now=friday)
    first_day = duty_of(text).last_day
    site.pages.clear()
    later = friday + timedelta(days=200)
    for look in range(3):
        assert duty_of(text).state is ObligationState.FULFILLED
        publishing.check_posting(posting=posting, actor=clerk, now=later + timedelta(days=look))
    again = duty_of(text)
    assert again.state is ObligationState.OPEN
    assert again.last_day is not None
    assert first_day is not None
    assert again.last_day > later.date() > first_day
    kinds = [line.kind for line in ledger.list_history(obligation_id=again.id)]
    assert kinds[-2:] == [EventKind.REOPENED, EventKind.RESTARTED]
    # It was public when its first day passed: nobody is told that it was late then.
    assert EventKind.BECAME_OVERDUE not in kinds
    site.put("/a", a_page())
    publishing.check_posting(posting=posting, actor=clerk, now=later + timedelta(days=4))
    assert duty_of(text).state is ObligationState.FULFILLED


def test_a_site_that_is_down_for_an_hour_reopens_nothing(text, city, site, clerk, friday):
    posting, _ = check(text, city, site.put("/a", a_page()), actor=clerk, now=friday)
    site.put("/a", "", status=503)
    assert publishing.check_posting(posting=posting, actor=clerk, now=friday) is PostingState.CHECKED
    site.put("/a", a_page())
    publishing.check_posting(posting=posting, actor=clerk, now=friday)
    assert Posting.objects.get().misses == 0


def test_it_is_looked_at_again_each_month_and_sooner_when_it_is_missing(text, city, site, clerk, friday, demo_clock):
    posting, _ = check(text, city, site.put("/a", a_page()), actor=clerk, now=friday)
    (row,) = [job for job in outbox.list_jobs(states=[IntentState.READY]) if job.key == str(posting)]
    job = Job(row.id, RECHECK, str(posting), {}, {}, 0, 0)
    step = run_recheck(job, timezone.now())
    assert (step.cursor, step.pause_seconds) == ({}, timedelta(days=30).total_seconds())
    site.pages.clear()
    assert run_recheck(job, timezone.now()).pause_seconds == timedelta(days=1).total_seconds()


def test_an_address_of_another_site_or_of_none_is_refused(text, city, site, clerk, friday):
    for address in ("https://www.example.com/a", "javascript:alert(1)", "", "http://127.0.0.1.example.com/"):
        with pytest.raises(BadInput) as refusal:
            enter(text, city, address, actor=clerk, now=friday)
        assert refusal.value.field == "address"
    assert not Posting.objects.exists()


def test_only_who_writes_for_the_unit_types_addresses_and_only_the_office_keeps_outlets(text, city, site, signer, clerk, friday):
    with pytest.raises(NotAllowed):
        enter(text, city, f"{site.address}/a", actor=signer, now=friday)
    with pytest.raises(NotAllowed):
        publishing.save_outlet(outlet=None, name="x", address=site.address, telephone="1", is_active=True, actor=clerk, now=friday)


def test_an_outlet_needs_a_name_a_telephone_and_an_address(site, city, openness_office, friday):
    good = {"outlet": None, "name": "省平台", "address": site.address, "telephone": "0000-1", "is_active": True}
    for changed, field in (
        ({"name": " "}, "name"),
        ({"telephone": ""}, "telephone"),
        ({"address": "x"}, "address"),
        ({"name": "市政府网站"}, "name"),
    ):
        with pytest.raises(BadInput) as refusal:
            publishing.save_outlet(actor=openness_office, now=friday, **(good | changed))
        assert refusal.value.field == field
    with pytest.raises(NotFound):
        publishing.save_outlet(actor=openness_office, now=friday, **(good | {"outlet": 999_999}))


def test_taken_down_it_is_asked_for_by_telephone_and_noted(text, city, site, clerk, openness_office, friday):
    posting, _ = check(text, city, site.put("/a", a_page()), actor=clerk, now=friday)
    with pytest.raises(ActNotPossible):
        publishing.note_down(posting=posting, is_down=True, actor=openness_office, now=friday)
    publishing.take_down(publication=text, note="", actor=openness_office, now=friday)
    standing = publishing.list_standings(text)[-1]
    assert (standing.is_down, standing.telephone) == (False, "0000-8866001")
    assert standing.words == "未撤，请打电话请对方撤下"
    publishing.note_down(posting=posting, is_down=False, actor=openness_office, now=friday)
    standing = publishing.list_standings(text)[-1]
    assert standing.words == "未撤，10-09 10:20 已电话告知"
    publishing.note_down(posting=posting, is_down=True, actor=openness_office, now=friday)
    standing = publishing.list_standings(text)[-1]
    assert (standing.is_down, standing.words) == (True, "已撤（10-09 10:20）")


def test_a_page_that_is_gone_after_a_take_down_is_noted_by_the_machine(text, city, site, clerk, openness_office, friday):
    posting, _ = check(text, city, site.put("/a", a_page()), actor=clerk, now=friday)
    publishing.take_down(publication=text, note="", actor=openness_office, now=friday)
    publishing.check_posting(posting=posting, actor=clerk, now=friday)
    assert Posting.objects.get().down_at is None
    site.pages.clear()
    publishing.check_posting(posting=posting, actor=clerk, now=friday)
    assert Posting.objects.get().down_at == friday
    assert duty_of(text).state is ObligationState.FULFILLED


def test_withdrawn_in_error_the_duty_that_a_foreign_page_discharged_is_owed_again(text, city, site, clerk, signer, friday):
    check(text, city, site.put("/a", a_page()), actor=clerk, now=friday)
    grounds = publishing.Grounds(reason="ERROR", note="发错了文件")
    publishing.withdraw(publication=text, grounds=grounds, actor=signer, now=friday)
    assert duty_of(text).state is ObligationState.OPEN


def test_what_came_back_from_an_old_address_is_not_kept_for_the_new_one(text, city, site, clerk, friday, monkeypatch):
    posting = enter(text, city, site.put("/old", a_page()), actor=clerk, now=friday)
    real = fetching.fetch

    def slow(address, **known):
        found = real(address, **known)
        enter(text, city, f"{site.address}/new", actor=clerk, now=friday)
        return found

    monkeypatch.setattr("gongkai.core.publishing.actions.outlets.fetch", slow)
    assert publishing.check_posting(posting=posting, actor=clerk, now=friday) is PostingState.WAITING
    assert duty_of(text).state is ObligationState.OPEN


def test_with_a_portal_of_our_own_the_release_discharges(settings, clerk, reviewers, city, site, friday):
    ledger.load_terms([some_terms()])
    duty = an_obligation(Unit.objects.get(pk=clerk.unit_id), caused_on=friday.date(), now=friday)
    text = a_publication(actor=clerk, by=reviewers, now=friday, obligation=duty.uuid)
    assert duty_of(text).state is ObligationState.FULFILLED
    posting, _ = check(text, city, site.put("/a", a_page()), actor=clerk, now=friday)
    site.pages.clear()
    for _ in range(3):
        publishing.check_posting(posting=posting, actor=clerk, now=friday)
    # Our own page still stands.
    assert duty_of(text).state is ObligationState.FULFILLED
    assert {hit.uuid for hit in search.search(question="双桥村集体土地").hits} == {text}
