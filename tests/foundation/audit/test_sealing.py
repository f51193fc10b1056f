from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import FaultKind
from gongkai.foundation.audit.models import AuditPending, AuditRecord, AuditSeal
from tests.factories.audit import THE_SYSTEM, acts, tampering
from tests.races import at_once

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def chain(db, friday):
    """A chain of six records, all sealed."""
    acts(6, at=friday)
    audit.seal_batch(at_system=NOW)
    return {seal.position: seal for seal in AuditSeal.objects.order_by("position")}


def kinds(**known) -> list[tuple[FaultKind, int | None]]:
    return [(fault.kind, fault.position) for fault in audit.verify(**known).faults]


def test_what_was_recorded_waits_and_is_then_chained_in_order(friday):
    acts(3, at=friday)
    assert (audit.count_waiting(), audit.find_head().position) == (3, 0)

    assert audit.seal_batch(at_system=NOW) == 3
    assert audit.seal_batch(at_system=NOW) == 0

    assert [seal.position for seal in AuditSeal.objects.order_by("position")] == [1, 2, 3]
    report = audit.verify()
    assert (report.is_whole, report.checked, report.waiting, report.head) == (True, 3, 0, audit.find_head())


def test_what_waits_for_the_seal_is_no_fault(chain, friday):
    acts(2, at=friday)

    report = audit.verify()
    assert (report.is_whole, report.waiting) == (True, 2)


def test_a_batch_takes_so_many_and_the_next_goes_on_without_a_hole(friday):
    acts(5, at=friday)

    assert [audit.seal_batch(at_system=NOW, size=2) for _ in range(4)] == [2, 2, 1, 0]
    assert audit.verify().checked == 5


def test_a_record_that_was_rolled_back_leaves_no_hole_in_the_chain(friday):
    acts(1, at=friday)
    with transaction.atomic():
        acts(2, at=friday)
        transaction.set_rollback(True)
    acts(1, at=friday)
    audit.seal_batch(at_system=NOW)

    assert audit.verify().checked == 2
    assert audit.find_head().position == 2


def test_a_record_committed_late_comes_behind_those_sealed_before_it(friday):
    """On PostgreSQL a lower id may be committed after a higher one was sealed."""
    acts(2, at=friday)
    first, second = AuditRecord.objects.order_by("pk").values_list("pk", flat=True)
    late = AuditPending.objects.get(pk=first)
    AuditPending.objects.filter(pk=first).delete()
    audit.seal_batch(at_system=NOW)
    AuditPending.objects.bulk_create([late])
    audit.seal_batch(at_system=NOW)

    assert list(AuditSeal.objects.order_by("position").values_list("record_id", flat=True)) == [second, first]
    assert audit.verify().is_whole


def test_many_acts_at_once_cost_as_many_statements_as_one(friday, django_assert_num_queries):
    with django_assert_num_queries(2):
        audit.record_many(actor=THE_SYSTEM, act="x.y", at=friday, lines=[(uuid4(), {}) for _ in range(50)])


def test_a_command_is_named_beside_the_officer_in_whose_name_it_acts(clerk, friday):
    subject = uuid4()
    with audit.acting_via("gongkai review（账户 li）"):
        audit.record(actor=clerk, act="publishing.pass_step", subject=subject, at=friday)
    audit.record(actor=clerk, act="publishing.save", subject=subject, at=friday)

    assert [(row.actor_name, row.via) for row in audit.list_rows(subject=subject)] == [("周岚", "gongkai review（账户 li）"), ("周岚", "")]


def test_reading_personal_data_is_an_act_that_says_how_much_not_what(clerk, friday):
    audit.record_read(actor=clerk, what="人员账号", count=58, at=friday)

    (row,) = audit.list_trail(act="audit.read").rows
    assert (row.actor_name, dict(row.about)) == ("周岚", {"what": "人员账号", "count": 58})


# What somebody does to the tables past the program.


def sql(statement: str, *values: int | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_changed_row_is_named(chain):
    with tampering():
        sql("UPDATE audit_auditrecord SET actor_name = '张三' WHERE id = %s", chain[3].record_id)

        (fault,) = audit.verify().faults
        assert fault.words == f"链上第 3 行被改动：记录 {chain[3].record_id}（现在写着 张三、x.y）和封存时不一样。"


def test_the_last_row_changed_is_named(chain):
    with tampering():
        sql("UPDATE audit_auditrecord SET at = recorded_at WHERE id = %s", chain[6].record_id)

        assert kinds() == [(FaultKind.CHANGED, 6)]


def test_a_removed_record_is_named(chain):
    with tampering():
        sql("DELETE FROM audit_auditrecord WHERE id = %s", chain[6].record_id)

        assert kinds() == [(FaultKind.REMOVED, 6)]


def test_a_record_removed_with_its_link_is_named(chain):
    with tampering():
        sql("DELETE FROM audit_auditseal WHERE position = 2")
        sql("DELETE FROM audit_auditrecord WHERE id = %s", chain[2].record_id)

        assert kinds() == [(FaultKind.REMOVED, 2)]


def test_a_removed_link_alone_is_named_at_both_ends(chain):
    with tampering():
        sql("DELETE FROM audit_auditseal WHERE position = 2")

        assert kinds() == [(FaultKind.REMOVED, 2), (FaultKind.INSERTED, None)]


def test_a_row_inserted_past_the_program_is_named(chain):
    with tampering():
        sql(
            "INSERT INTO audit_auditrecord (at, actor_name, via, act, about)"
            " SELECT at, '林晓', '', 'publishing.pass_step', about FROM audit_auditrecord WHERE id = %s",
            chain[1].record_id,
        )

        (fault,) = audit.verify().faults
        assert fault.kind is FaultKind.INSERTED
        assert "林晓、publishing.pass_step" in fault.words


def test_two_rows_reordered_are_named(chain):
    with tampering():
        for old, new in ((3, 999), (4, 3), (999, 4)):
            sql("UPDATE audit_auditseal SET position = %s WHERE position = %s", new, old)

        assert kinds() == [(FaultKind.BROKEN, 3), (FaultKind.BROKEN, 4), (FaultKind.BROKEN, 5)]


def test_two_rows_that_exchanged_what_they_say_are_named(chain):
    with tampering():
        sql("UPDATE audit_auditseal SET record_id = -record_id WHERE position IN (2, 5)")
        sql("UPDATE audit_auditseal SET record_id = %s WHERE position = 2", chain[5].record_id)
        sql("UPDATE audit_auditseal SET record_id = %s WHERE position = 5", chain[2].record_id)

        assert {(FaultKind.MOVED, 2), (FaultKind.MOVED, 5)} <= set(kinds())


def test_a_tail_cut_off_whole_is_named_by_the_head_that_was_kept(chain):
    with tampering():
        sql("DELETE FROM audit_auditseal WHERE position > 4")
        sql("DELETE FROM audit_auditrecord WHERE id IN (%s, %s)", chain[5].record_id, chain[6].record_id)

        assert kinds() == []
        (fault,) = audit.verify(anchors={6: chain[6].digest}).faults
        assert fault.words == "链的末尾被截掉：第 5 至 6 行不见了，另存的链头到第 6 行。"


def test_a_tail_cut_off_and_grown_again_is_named_by_the_head_that_was_kept(chain, friday):
    with tampering():
        sql("DELETE FROM audit_auditseal WHERE position > 4")
        sql("DELETE FROM audit_auditrecord WHERE id IN (%s, %s)", chain[5].record_id, chain[6].record_id)
        acts(4, at=friday)
        audit.seal_batch(at_system=NOW)

        assert kinds() == []
        assert kinds(anchors={6: chain[6].digest}) == [(FaultKind.REWRITTEN, 6)]


def test_the_trail_is_proved_in_stretches_as_whole(chain):
    with tampering():
        sql("UPDATE audit_auditrecord SET act = 'z' WHERE id = %s", chain[3].record_id)

        first = audit.verify_part(most=2)
        second = audit.verify_part(start=first.head, most=2)
        last = audit.verify_part(start=second.head, most=50)
        parts = [first, second, last]
        assert [part.checked for part in parts] == [2, 2, 2]
        assert [part.is_end for part in parts] == [False, False, True]
        assert [len(part.faults) for part in parts] == [0, 1, 0]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_auditrecord SET actor_name = '张三'", "审计记录只能追加"),
        ("UPDATE audit_auditrecord SET via = ''", "审计记录只能追加"),
        ("UPDATE audit_auditrecord SET about = '{}'", "审计记录只能追加"),
        ("DELETE FROM audit_auditrecord", "审计记录只能追加"),
        ("UPDATE audit_auditseal SET position = position + 100", "审计链只能往后接"),
        ("DELETE FROM audit_auditseal WHERE position = 6", "审计链只能往后接"),
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_a_row(friday, statement, words):
    with audit.acting_via("gongkai x"):
        acts(6, at=friday)
    audit.seal_batch(at_system=NOW)

    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        sql(statement)
    assert audit.verify().is_whole


# The one exception.


def test_a_purge_empties_the_notes_and_the_chain_still_verifies(friday):
    subject, purge = uuid4(), uuid4()
    for act in ("publishing.start", "publishing.return"):
        audit.record(actor=THE_SYSTEM, act=act, subject=subject, at=friday, about={"reason": "涉及某事"})
    audit.record(actor=THE_SYSTEM, act="x", subject=uuid4(), at=friday, about={"reason": "别的"})
    audit.seal_batch(at_system=NOW)

    assert audit.redact(subjects=[subject], purge=purge, actor=THE_SYSTEM, at=friday) == 2
    assert audit.redact(subjects=[subject], purge=purge, actor=THE_SYSTEM, at=friday) == 0
    audit.seal_batch(at_system=NOW)

    assert "某事" not in str([row.about for row in audit.list_rows(subject=subject)])
    report = audit.verify()
    assert (report.is_whole, report.purged, report.checked) == (True, 2, 5)


def test_a_record_emptied_before_it_was_sealed_verifies_too(friday):
    subject = uuid4()
    audit.record(actor=THE_SYSTEM, act="x", subject=subject, at=friday, about={"reason": "某事"})
    audit.redact(subjects=[subject], purge=uuid4(), actor=THE_SYSTEM, at=friday)
    audit.seal_batch(at_system=NOW)

    assert audit.verify().is_whole


def test_notes_emptied_by_hand_are_named(chain):
    with tampering():
        sql("UPDATE audit_auditrecord SET about = '{\"purged\": true}' WHERE id = %s", chain[2].record_id)

        assert kinds() == [(FaultKind.CHANGED, 2)]


# Two at once.


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_give_every_record_one_place_without_holes(friday):
    acts(40, at=friday)

    def seal() -> int:
        return sum(audit.seal_batch(at_system=NOW, size=7) for _ in range(10))

    done = at_once(seal, seal, seal)

    assert sum(done) == 40  # type: ignore[arg-type]
    assert list(AuditSeal.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 41))
    assert audit.verify().is_whole


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_writers_never_wait_for_the_sealer_nor_for_one_another(friday):
    """While a sealer holds its batch in an open transaction, others record and are done."""
    acts(5, at=friday)
    with transaction.atomic():
        audit.seal_batch(at_system=NOW)
        with_lock_timeout = at_once(lambda: acts(3, at=friday, lock_timeout="1s"), lambda: acts(3, at=friday, lock_timeout="1s"))
    assert with_lock_timeout == [None, None]

    audit.seal_batch(at_system=NOW)
    assert audit.verify().checked == 11
