"""The list and the database are the same after every migrate, and what was taken away comes back."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from gongkai.foundation.triggers import api as triggers
from gongkai.foundation.triggers import queries, registry, rules
from gongkai.foundation.triggers.kinds import RowEvent, Trigger

pytestmark = pytest.mark.django_db(transaction=True)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def drop(name: str, table: str) -> None:
    run(f"DROP TRIGGER guard_{name}" if connection.vendor == "sqlite" else f"DROP TRIGGER guard_{name} ON {table}")


def test_the_migrated_database_is_as_declared():
    assert triggers.list_triggers()
    assert len(queries.describe_installed(connection)) >= len(triggers.list_triggers())
    assert triggers.list_faults() == []


def test_one_that_is_gone_is_named_and_comes_back_with_the_next_migration():
    drop("audit_kept", "audit_auditrecord")
    assert "缺少触发器 guard_audit_kept。" in triggers.list_faults()

    call_command("migrate", verbosity=0)

    assert triggers.list_faults() == []


def test_the_worker_installs_again_what_is_gone_and_says_so():
    drop("audit_kept", "audit_auditrecord")
    told = StringIO()

    call_command("work", "--once", stderr=told, stdout=StringIO())

    assert "缺少触发器 guard_audit_kept。已补装。" in told.getvalue()
    assert triggers.list_faults() == []
    assert triggers.mend() == []


def test_one_that_does_something_else_or_is_not_declared_is_named():
    drop("audit_kept", "audit_auditrecord")
    stranger = Trigger(name="stranger", table="audit_auditrecord", event=RowEvent.DELETE, message="!")
    weak = Trigger(name="audit_kept", table="audit_auditrecord", event=RowEvent.DELETE, condition="1 = 2", message="!")
    for trigger in (stranger, weak):
        for statement in [rules.render_sqlite(trigger)] if connection.vendor == "sqlite" else rules.render_postgresql(trigger):
            if "TRUNCATE ON" not in statement:
                run(statement)

    assert "触发器 guard_audit_kept 与声明的不一样。" in triggers.list_faults()
    assert "多出触发器 guard_stranger。" in triggers.list_faults()

    triggers.install()
    assert triggers.list_faults() == []


@pytest.mark.postgresql
def test_one_that_is_switched_off_is_named():
    run("ALTER TABLE audit_auditrecord DISABLE TRIGGER guard_audit_kept")

    assert triggers.list_faults() == ["触发器 guard_audit_kept 与声明的不一样。"]


def test_a_table_can_be_rebuilt_and_a_schema_on_its_way_has_no_triggers():
    call_command("migrate", "portal", "zero", verbosity=0)
    assert queries.describe_installed(connection) == {}
    assert triggers.mend() == []

    call_command("migrate", verbosity=0)

    assert triggers.list_faults() == []


def test_a_name_is_registered_once():
    with pytest.raises(ValueError, match="audit_kept"):
        registry.register(Trigger(name="audit_kept", table="audit_auditrecord", event=RowEvent.DELETE, message="!"))
