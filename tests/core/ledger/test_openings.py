"""Many duties opened together stand as if they had been opened one by one."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Duty, Opening
from gongkai.core.ledger.models import Event, LocalTerms, Obligation, PendingEvent
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound
from tests.factories.ledger import PUBLISH, a_proof, a_unit, an_obligation, at

FRIDAY = at("2026-10-09")
CAUSE = date(2026, 9, 9)

pytestmark = pytest.mark.django_db


def an_opening(unit, **changed) -> Opening:
    values = {"duty": PUBLISH, "entry": "policy.rules", "subject": uuid4(), "label": "通知", "unit_id": unit.pk, "caused_on": CAUSE}
    return Opening(**{**values, **changed})


def open_all(*openings: Opening):
    return ledger.open_many(openings, actor=SYSTEM, now=FRIDAY)


def as_stored(uuid) -> dict:
    """All of a row but what tells it from another of the same content."""
    row = Obligation.objects.filter(uuid=uuid).values().get()
    return {name: value for name, value in row.items() if name not in {"id", "uuid", "subject"}}


@pytest.mark.parametrize(
    "entry", ["policy.rules", "license.dual", "rer.register_promise", "publish.unit_review", "plan.draft", "annual.report"]
)
def test_a_row_stands_as_one_that_was_opened_alone(unit, heard, entry):
    own = {"limit_text": "P10WD", "reason": "提前", "effective_from": date(2026, 1, 1), "set_by_name": "柳岸风"}
    LocalTerms.objects.create(entry="policy.rules", set_at=at("2026-09-01"), **own)
    alone = an_obligation(unit, caused_on=CAUSE, now=FRIDAY, entry=entry, label="通知")
    (opened,) = open_all(an_opening(unit, entry=entry))

    assert opened.refusal is None
    assert as_stored(opened.obligation) == as_stored(alone.uuid)
    mine, his = (
        list(Event.objects.filter(obligation__uuid=uuid).values("kind", "at", "recorded_at", "note"))
        for uuid in (opened.obligation, alone.uuid)
    )
    assert mine == his
    assert PendingEvent.objects.count() == 2
    told, noted = ([(line.act, line.about) for line in audit.list_rows(subject=uuid)] for uuid in (opened.obligation, alone.uuid))
    assert told == noted


def test_what_is_open_already_is_returned_and_nothing_is_written(unit):
    subject = uuid4()
    there = an_obligation(unit, caused_on=CAUSE, now=FRIDAY, subject=subject)
    first, again, other = open_all(an_opening(unit, subject=subject), an_opening(unit, subject=subject), an_opening(unit))

    assert (first.obligation, again.obligation) == (there.uuid, there.uuid)
    assert other.obligation not in {None, there.uuid}
    assert Obligation.objects.count() == Event.objects.count() == 2


def test_the_same_thing_twice_in_one_batch_is_opened_once(unit):
    twice = an_opening(unit)
    one, same = open_all(twice, twice)

    assert one == same
    assert Obligation.objects.count() == Event.objects.count() == 1


def test_what_was_closed_is_opened_anew(unit):
    subject = uuid4()
    (closed,) = open_all(an_opening(unit, subject=subject))
    ledger.fulfil(obligation=closed.obligation, evidence=a_proof(), actor=SYSTEM, now=FRIDAY)
    (anew,) = open_all(an_opening(unit, subject=subject))

    assert anew.obligation not in {None, closed.obligation}


@pytest.mark.parametrize(
    ("changed", "refusal", "words"),
    [
        ({"entry": "plan.site"}, ActNotPossible, "没有写天数"),
        ({"entry": "opinion.other"}, ActNotPossible, "几点几分"),
        ({"entry": "no.such"}, ActNotPossible, "没有有效的期限条款"),
        ({"caused_on": date(1926, 10, 9)}, BadInput, "核对年份"),
        ({"label": "地" * 300}, BadInput, "现在 300 字"),
        ({"unit_id": 999_999}, NotFound, "没有这个单位"),
    ],
)
def test_a_row_that_is_refused_says_why_and_hinders_no_other(unit, changed, refusal, words):
    before, refused, after = open_all(an_opening(unit), an_opening(unit, **changed), an_opening(unit))

    assert refused.obligation is None
    assert isinstance(refused.refusal, refusal)
    assert words in str(refused.refusal)
    assert Obligation.objects.filter(uuid__in=[before.obligation, after.obligation]).count() == Obligation.objects.count() == 2


def test_hours_posts_and_the_duty_s_own_entry_are_taken_as_given(unit):
    post = a_unit("规划科").posts.get().pk
    moment = at("2026-10-01", "17:30")
    review = Duty("test.review", "科室审核", "test:page", "publish.unit_review")
    hours, held, own = open_all(
        an_opening(unit, entry="opinion.other", caused_on=date(2026, 10, 1), caused_at=moment),
        an_opening(unit, post_id=post),
        an_opening(unit, duty=review, entry=None),
    )

    assert ledger.get_obligation(hours.obligation).due_at == at("2026-10-03", "17:30")
    assert ledger.get_obligation(held.obligation).post_id == post
    assert ledger.get_obligation(own.obligation).entry == "publish.unit_review"
    with pytest.raises(ValueError, match="name the entry"):
        open_all(an_opening(unit, duty=review))


def test_a_hundred_rows_take_no_more_queries_than_two(unit, heard):
    open_all(an_opening(unit))
    with CaptureQueriesContext(connection) as two:
        open_all(*(an_opening(unit) for _ in range(2)))
    with CaptureQueriesContext(connection) as hundred:
        open_all(*(an_opening(unit) for _ in range(100)))

    # SQLite takes so many values in a statement: a hundred rows are written in a few.
    assert len(hundred) <= len(two) + 6
    assert open_all() == []
