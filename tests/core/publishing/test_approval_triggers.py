"""Nothing becomes public without three people who looked at exactly this content, whoever asks the database for it."""

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import StepKind
from gongkai.core.publishing.models import Edition, Publication, ReviewStep, UrgentRelease
from gongkai.foundation.triggers import api as triggers
from tests.factories.delegations import the_person
from tests.factories.publishing import a_content, a_draft, a_publication, a_text_in_review, pass_waiting_step, the_step_of

pytestmark = pytest.mark.django_db
REFUSED = "没有三个人对这份内容的审核，不能公开"
TO_PUBLIC = (
    "UPDATE publishing_publication SET state = 'PUBLIC', index_number = 'X', published_at = %s, public_edition_id = %s WHERE id = %s"
)


def bring_out_by_hand(uuid, now, edition=None):
    """What somebody with a database console of the application would type."""
    row = Publication.objects.get(uuid=uuid)
    edition = edition or Edition.objects.filter(publication=row).latest("number")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TO_PUBLIC, [now, edition.pk, row.pk])


def approve_by_hand(uuid):
    Edition.objects.filter(publication__uuid=uuid).update(state="APPROVED")


def decide_by_hand(uuid, kind, officer, **values):
    """A step passed without the action. Named as one statement, because that is what is refused."""
    edition = Edition.objects.get(publication__uuid=uuid)
    step = ReviewStep.objects.create(
        edition=edition, kind=kind.value, unit_id=edition.unit_id, content_hash=edition.content_hash, opened_at=edition.saved_at
    )
    changed = {"state": "PASSED", "officer_id": officer, "decided_at": edition.saved_at} | values
    ReviewStep.objects.filter(pk=step.pk).update(**changed)


def test_the_triggers_are_there(db):
    assert triggers.list_faults() == []


def test_a_draft_cannot_be_made_public_by_hand(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    with pytest.raises(DatabaseError, match=REFUSED):
        bring_out_by_hand(uuid, friday)
    approve_by_hand(uuid)
    with pytest.raises(DatabaseError, match=REFUSED):
        bring_out_by_hand(uuid, friday)
    assert not publishing.get_draft(uuid).is_public


def test_two_of_three_are_not_enough(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.secrecy, now=friday)
    approve_by_hand(uuid)
    with pytest.raises(DatabaseError, match=REFUSED):
        bring_out_by_hand(uuid, friday)


def test_three_who_looked_at_another_content_are_not_enough(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    for kind in (StepKind.UNIT, StepKind.SECRECY):
        pass_waiting_step(publication=uuid, actor=reviewers.of(kind), now=friday)
    step = ReviewStep.objects.get(uuid=the_step_of(uuid))
    ReviewStep.objects.filter(pk=step.pk).update(state="PASSED", officer_id=reviewers.signer.officer_id, decided_at=friday)
    Edition.objects.filter(publication__uuid=uuid).update(body="<p>换过的。</p>", content_hash="f" * 64, state="APPROVED")
    with pytest.raises(DatabaseError, match=REFUSED):
        bring_out_by_hand(uuid, friday)


def test_nothing_is_born_public_and_no_step_is_born_decided(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    row, edition = Publication.objects.get(uuid=uuid), Edition.objects.get(publication__uuid=uuid)
    with pytest.raises(DatabaseError, match="先起草、审核，再公开"), transaction.atomic():
        Publication.objects.create(
            entry_id=row.entry_id, section_id=row.section_id, unit_id=row.unit_id, path_year=2026, path_number=999,
            state="PUBLIC", index_number="X", published_at=friday, public_edition=edition,
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="再下结论"), transaction.atomic():
        ReviewStep.objects.create(
            edition=edition, kind="UNIT", state="PASSED", unit_id=edition.unit_id, content_hash=edition.content_hash,
            opened_at=friday, officer_id=clerk.officer_id, decided_at=friday,
        )  # fmt: skip


def test_a_writer_passes_nothing_by_hand_nor_through_a_delegate(clerk, unit_head, friday):
    uuid = a_draft(actor=clerk, now=friday)
    for officer, values in (
        (clerk.officer_id, {}),
        (unit_head.officer_id, {"on_behalf_of_id": clerk.officer_id}),
        (unit_head.officer_id, {"content_hash": "0" * 64}),
    ):
        with pytest.raises(DatabaseError, match="不能审自己起草的稿"), transaction.atomic():
            decide_by_hand(uuid, StepKind.UNIT, officer, **values)


def test_nobody_passes_two_steps_by_hand_nor_through_a_delegate(clerk, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)
    step = the_step_of(uuid)
    for values in (
        {"officer_id": reviewers.secrecy.officer_id, "on_behalf_of_id": reviewers.head.officer_id},
        {"officer_id": reviewers.head.officer_id, "on_behalf_of_id": reviewers.secrecy.officer_id},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            ReviewStep.objects.filter(uuid=step).update(state="PASSED", decided_at=friday, **values)


def test_a_public_item_is_not_moved_to_an_edition_of_another_or_of_nobody(clerk, reviewers, friday):
    public = a_publication(actor=clerk, by=reviewers, now=friday)
    other = a_draft(actor=clerk, now=friday, content=a_content(title="另一份"))
    foreign = Edition.objects.get(publication__uuid=other)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        Publication.objects.filter(uuid=public).update(public_edition=foreign)
    signed = a_publication(actor=clerk, by=reviewers, now=friday, content=a_content(title="签过的另一份"))
    Publication.objects.filter(uuid=signed).update(state="TAKEN_DOWN")
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        Publication.objects.filter(uuid=public).update(public_edition=Edition.objects.get(publication__uuid=signed))


def test_an_urgent_release_counts_only_with_a_second_look_and_never_changes(bureau, friday):
    head = the_person("何静")
    uuid = a_draft(actor=head, now=friday, entry_code="geo.warning", content=a_content(elements={}))
    edition = Edition.objects.get(publication__uuid=uuid)
    approve_by_hand(uuid)
    assert head.officer_id
    UrgentRelease.objects.create(
        edition=edition, content_hash=edition.content_hash, officer_id=head.officer_id, reason="就是要先发", has_checked=True, at=friday
    )
    with pytest.raises(DatabaseError, match=REFUSED):
        bring_out_by_hand(uuid, friday)
    for act in (lambda: UrgentRelease.objects.update(reason="改过"), lambda: UrgentRelease.objects.all().delete()):
        with pytest.raises(DatabaseError, match="先发后审的记录不能"), transaction.atomic():
            act()


def test_the_ordinary_way_is_open(clerk, reviewers, friday):
    assert publishing.get_draft(a_publication(actor=clerk, by=reviewers, now=friday)).is_public
