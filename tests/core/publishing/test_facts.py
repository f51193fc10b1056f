"""How far texts are, for all rows of 我的今日 at once; and drafts that go with their duty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import EditionState, StepKind
from gongkai.foundation.organisations.models import Unit
from tests.factories.publishing import a_content, a_draft, a_text_in_review

pytestmark = pytest.mark.django_db


def test_a_draft_tells_what_the_editor_would(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(document_number="临澄自然资规[2026]03号"))
    report = publishing.list_findings(uuid)
    facts = publishing.list_draft_facts(publications=[uuid])[uuid]
    assert (facts.blocks, facts.warnings, facts.number, facts.state) == (report.blocks, report.warnings, 1, EditionState.DRAFT)
    assert facts.blocks


def test_a_text_in_review_tells_for_whom_it_waits_and_is_not_checked(clerk, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    facts = publishing.list_draft_facts(publications=[uuid])[uuid]
    assert (facts.waiting_for, facts.blocks, facts.state) == (StepKind.UNIT, 0, EditionState.IN_REVIEW)


def test_many_texts_cost_as_many_queries_as_one(clerk, friday):
    def ask(uuids):
        with CaptureQueriesContext(connection) as asked:
            assert len(publishing.list_draft_facts(publications=uuids)) == len(uuids)
        return len(asked)

    uuids = [a_draft(actor=clerk, now=friday) for _ in range(6)]
    assert ask(uuids) == ask(uuids[:1]) <= 4
    assert publishing.list_draft_facts(publications=[]) == {}


def test_a_draft_goes_to_another_unit_once_and_a_text_in_review_stays(clerk, friday):
    other = Unit.objects.get(code="LC07")
    draft, in_review = a_draft(actor=clerk, now=friday), a_text_in_review(actor=clerk, now=friday)
    assert publishing.move_draft(publication=draft, unit_id=other.pk, now=friday)
    assert not publishing.move_draft(publication=draft, unit_id=other.pk, now=friday)
    assert publishing.get_draft(draft).unit_id == other.pk
    assert not publishing.move_draft(publication=in_review, unit_id=other.pk, now=friday)


def test_the_steps_somebody_may_decide_can_be_asked_for_inside_another_question(clerk, unit_head, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    steps = list(publishing.select_review_steps(actor=unit_head))
    assert [publishing.list_review_rows(steps=steps, actor=clerk)[step].publication for step in steps] == [uuid]
    assert list(publishing.select_review_steps(actor=clerk)) == []
