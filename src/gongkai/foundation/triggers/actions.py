from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from gongkai.foundation.triggers import rules
from gongkai.foundation.triggers.models import PurgeOpening
from gongkai.foundation.triggers.queries import is_migrated, list_faults, list_functions, list_tables_of
from gongkai.foundation.triggers.registry import list_triggers


def install(using: str = "default") -> None:
    """Make the triggers of the database those of the list (安装触发器): what is there goes, then all are made, in one transaction."""
    database = connections[using]
    with transaction.atomic(using=using), database.cursor() as cursor:
        _remove(database)
        for trigger in list_triggers():
            for statement in [rules.render_sqlite(trigger)] if database.vendor == "sqlite" else rules.render_postgresql(trigger):
                cursor.execute(statement)


def mend() -> list[str]:
    """Install again where the database is not as declared (补装触发器), and say what was wrong; nothing is touched when all is well."""
    faults = list_faults() if is_migrated(connections["default"]) else []
    if faults:
        install()
    return faults


def remove(using: str = "default") -> None:
    """Take all triggers of ours away (卸下触发器), for as long as a migration rebuilds the tables."""
    with transaction.atomic(using=using):
        _remove(connections[using])


def before_migrate(*, using: str, plan: Any = (), **_rest: Any) -> None:
    """Django is about to migrate: SQLite renames no table that a trigger elsewhere names. With nothing to migrate all stays."""
    if plan:
        remove(using)


def after_migrate(*, using: str, **_rest: Any) -> None:
    """Django has migrated: all of the list again, unless the schema has only come part of the way."""
    if is_migrated(connections[using]):
        install(using)


@contextmanager
def opened_for_purge(purge: UUID, *rows: QuerySet[Any]) -> Iterator[None]:
    """Let a purge change or remove these rows (清除放行), inside the caller's transaction: nobody else ever sees the opening."""
    wanted = [(query.model._meta.db_table, pk) for query in rows for pk in query.values_list("pk", flat=True)]
    PurgeOpening.objects.bulk_create(PurgeOpening(table=table, row=pk, purge=purge) for table, pk in wanted)
    yield
    PurgeOpening.objects.filter(purge=purge).delete()


def _remove(database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        for name, table in list_tables_of(database):
            cursor.execute(f'DROP TRIGGER "{name}"' if database.vendor == "sqlite" else f'DROP TRIGGER "{name}" ON {table}')
        for name in list_functions(database):
            cursor.execute(f'DROP FUNCTION "{name}"()')
