from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts import api as accounts
from gongkai.producers.disclosure import api as disclosure
from gongkai.producers.disclosure.models import Cause
from tests.factories.disclosure import a_cause, a_file
from tests.factories.publishing import ENTRY, Reviewers, a_content, a_draft, find_holder, pass_all_steps

pytestmark = pytest.mark.django_db
YEAR: dict[str, Any] = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}


def made_public(publication, by, now, *, writer):
    """A text filled, reviewed by three people and released."""
    title = publishing.get_draft(publication).content.title
    publishing.save_draft(publication=publication, content=a_content(title=title), seen_hash=None, actor=writer, now=now)
    publishing.submit(publication=publication, actor=writer, now=now)
    pass_all_steps(publication=publication, by=by, now=now)


@pytest.fixture
def published(clerk, unit_head, secrecy_reviewer, signer, openness_office, friday):
    """Of one unit three registered first and one without a cause, of 征地科 one imported; and one registered that is not public."""
    here = Reviewers(unit_head, secrecy_reviewer, signer)
    there = Reviewers(accounts.find_actor(name=find_holder("LC06-2"), on=friday.date()), secrecy_reviewer, signer)
    for number in range(3):
        cause = a_cause(actor=clerk, now=friday, entry=ENTRY, unit_id=clerk.unit_id, title=f"先登记的{number}号预公告")
        made_public(disclosure.start_writing(cause=cause.uuid, actor=clerk, now=friday), here, friday, writer=clerk)
    made_public(a_draft(actor=clerk, now=friday), here, friday, writer=clerk)
    disclosure.import_documents(documents=[a_file()], actor=openness_office, now=friday)
    imported = Cause.objects.get(origin="IMPORTED")
    made_public(imported.publication_id, there, friday, writer=openness_office)
    a_cause(actor=clerk, now=friday)
    return {clerk.unit_id, imported.unit_id}


def test_registered_by_hand_before_the_text_counts_and_an_import_or_a_text_alone_does_not(published):
    whole, *units = disclosure.list_coverage(unit_ids=published, **YEAR)
    assert (whole.first, whole.whole, whole.rest, whole.unit_id) == (3, 5, 2, None)
    assert sorted((unit.first, unit.whole) for unit in units) == [(0, 1), (3, 4)]


def test_the_number_opens_exactly_its_rows_with_why(published):
    page = disclosure.list_uncovered(unit_ids=published, **YEAR)
    whole = disclosure.list_coverage(unit_ids=published, **YEAR)[0]
    assert len(page.rows) == whole.rest
    assert {row.why for row in page.rows} == {"没有登记过", "历史原件，导入时才登记"}


def test_a_cause_registered_after_the_text_was_begun_does_not_count(published, friday):
    Cause.objects.filter(title="先登记的0号预公告").update(began_at=friday - timedelta(days=1))
    assert disclosure.list_coverage(unit_ids=published, **YEAR)[0].first == 2
    assert "起草以后才登记" in {row.why for row in disclosure.list_uncovered(unit_ids=published, **YEAR).rows}


def test_only_the_year_and_the_units_asked_for_are_counted(published):
    assert disclosure.list_coverage(unit_ids=set(), **YEAR)[0].whole == 0
    assert disclosure.list_coverage(unit_ids=published, since=date(2025, 1, 1), until=date(2025, 12, 31))[0].whole == 0
    assert disclosure.list_uncovered(unit_ids=set(), **YEAR).rows == ()


def test_the_rest_is_paged_by_key(published):
    first = disclosure.list_uncovered(unit_ids=published, size=1, **YEAR)
    second = disclosure.list_uncovered(unit_ids=published, size=1, after=first.after, **YEAR)
    assert second.after is None
    assert {first.rows[0].uuid, second.rows[0].uuid} == {row.uuid for row in disclosure.list_uncovered(unit_ids=published, **YEAR).rows}


def test_the_pages_say_the_same(published, sign_in, clerk):
    browser = sign_in("何静")
    page = browser.get(reverse("disclosure:list")).content.decode()
    assert "60.0%（3／5）" in page
    assert "2 条没有先登记" in page
    page = browser.get(reverse("disclosure:coverage")).content.decode()
    assert "75.0%" in page
    assert f"?year=2026&amp;unit={clerk.unit_id}" in page
    for query, number in ({"year": "2026"}, 2), ({"year": "2026", "unit": str(clerk.unit_id)}, 1):
        page = browser.get(reverse("disclosure:uncovered"), query).content.decode()
        assert page.count("<tr data-key-row>") == number
        assert f"没有先登记的 {number} 条" in page


@pytest.mark.parametrize("query", [{"year": "x"}, {"year": "9999"}, {"year": "2026", "unit": "zzz"}, {"unit": "9" * 30}, {"after": "x"}])
def test_an_address_somebody_typed_is_no_fault(published, sign_in, query):
    assert sign_in("周岚").get(reverse("disclosure:uncovered"), query).status_code == 200


def test_the_coverage_costs_the_same_for_any_number_of_texts(published, sign_in, django_assert_max_num_queries):
    browser = sign_in("周岚")
    browser.get(reverse("disclosure:coverage"))  # the first page after the sign-in also notes that the session is in use
    with django_assert_max_num_queries(14):
        browser.get(reverse("disclosure:coverage"))
    with django_assert_max_num_queries(16):
        browser.get(reverse("disclosure:uncovered"))


def test_the_row_of_a_public_text_leads_who_may_to_taking_it_down_while_it_is_public(published, sign_in, openness_office, friday):
    cause = Cause.objects.get(title="先登记的0号预公告")
    assert cause.publication_id is not None
    address = reverse("publishing:take-down", args=[cause.publication_id])
    places = [reverse("ledger:list") + "?due=ALL", reverse("ledger:detail", args=[cause.obligation_id])]
    for place in places:
        assert address in sign_in("何静").get(place).content.decode()
        assert address not in sign_in("周岚").get(place).content.decode()

    publishing.take_down(publication=cause.publication_id, note="", actor=openness_office, now=friday)

    for place in places:
        assert address not in sign_in("何静").get(place).content.decode()
