from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.models import AuditRecord
from tests.factories.audit import THE_SYSTEM, Signer

pytestmark = pytest.mark.django_db


def test_an_act_is_kept_with_who_what_when_and_about_what(clerk, friday):
    subject = uuid4()
    audit.record(actor=clerk, act="publishing.submit", subject=subject, at=friday, about={"edition": 1, "late": False, "note": None})

    (row,) = audit.list_rows(subject=subject)

    assert (row.actor_name, row.officer_id, row.act, row.subject) == ("周岚", clerk.officer_id, "publishing.submit", subject)
    assert row.at == friday
    assert row.about == {"edition": 1, "late": False, "note": None}


def test_what_the_system_does_has_no_officer(friday):
    subject = uuid4()
    audit.record(actor=THE_SYSTEM, act="ledger.sweep", subject=subject, at=friday)

    (row,) = audit.list_rows(subject=subject)

    assert (row.actor_name, row.officer_id, row.about) == ("系统", None, {})


def test_the_name_stays_as_it_was_signed(friday):
    subject = uuid4()
    audit.record(actor=Signer(name="张三（规划科）"), act="x.y", subject=subject, at=friday)

    assert audit.list_rows(subject=subject)[0].actor_name == "张三（规划科）"


def test_the_history_of_a_thing_is_read_oldest_first_and_holds_nothing_else(friday):
    subject = uuid4()
    for act, minutes in (("b", 2), ("a", 1), ("c", 2)):
        audit.record(actor=THE_SYSTEM, act=act, subject=subject, at=friday + timedelta(minutes=minutes))
    audit.record(actor=THE_SYSTEM, act="other", subject=uuid4(), at=friday)
    audit.record(actor=THE_SYSTEM, act="nothing", subject=None, at=friday)

    assert [row.act for row in audit.list_rows(subject=subject)] == ["a", "b", "c"]


def test_the_newest_instant_is_that_of_business_time_not_of_writing(friday):
    assert audit.newest_instant() is None
    for days in (3, 1):
        audit.record(actor=THE_SYSTEM, act="x", subject=None, at=friday + timedelta(days=days))

    assert audit.newest_instant() == friday + timedelta(days=3)


def test_the_time_of_writing_is_system_time(friday):
    audit.record(actor=THE_SYSTEM, act="x", subject=None, at=friday)

    assert abs(AuditRecord.objects.get().recorded_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_line_is_gone_when_the_act_is_taken_back(friday):
    subject = uuid4()
    with transaction.atomic():
        audit.record(actor=THE_SYSTEM, act="x", subject=subject, at=friday)
        transaction.set_rollback(True)

    assert audit.list_rows(subject=subject) == []


def test_lines_are_only_added(friday):
    audit.record(actor=THE_SYSTEM, act="x", subject=None, at=friday)
    row = AuditRecord.objects.get()
    row.act = "y"

    for attempt in (row.save, row.delete, AuditRecord.objects.all().delete, lambda: AuditRecord.objects.update(act="y")):
        with pytest.raises(TypeError, match="只能追加"):
            attempt()
    with pytest.raises(TypeError, match="只能追加"), transaction.atomic():
        AuditRecord.objects.bulk_update([row], ["act"])

    assert AuditRecord.objects.get().act == "x"


@pytest.mark.parametrize(("actor", "act", "constraint"), [(Signer(name=""), "x", "audit_actor_named"), (THE_SYSTEM, "", "audit_act_named")])
def test_an_act_without_name_is_refused_by_the_database(friday, actor, act, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        audit.record(actor=actor, act=act, subject=None, at=friday)


def test_notes_that_a_database_could_not_hold_are_kept_readable(friday):
    subject = uuid4()
    audit.record(actor=THE_SYSTEM, act="x", subject=subject, at=friday, about={"reason": "前\0后"})

    assert audit.list_rows(subject=subject)[0].about == {"reason": "前\ufffd后"}
