from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from gongkai.foundation.triggers import rules
from gongkai.foundation.triggers.kinds import RowEvent, Trigger
from gongkai.foundation.triggers.registry import list_triggers

# Of each trigger of ours: name, table, what it does when, the function behind it, and whether somebody has switched it off.
ASK_POSTGRESQL = """
    SELECT held.tgname, held.tgrelid::regclass::text, pg_get_triggerdef(held.oid), made.prosrc, held.tgenabled
    FROM pg_trigger held JOIN pg_proc made ON made.oid = held.tgfoid JOIN pg_class guarded ON guarded.oid = held.tgrelid
    WHERE held.tgname LIKE %s AND guarded.relnamespace = current_schema()::regnamespace
"""
ASK_FUNCTIONS = "SELECT proname FROM pg_proc WHERE proname LIKE %s AND pronamespace = current_schema()::regnamespace"
ASK_SQLITE = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s ESCAPE '\\'"
LIKE_OURS = rules.PREFIX.replace("_", "\\_") + "%"


def list_faults() -> list[str]:
    """What is missing, changed, switched off or too much among the triggers of the database (防护缺口), in words; empty is well."""
    return rules.compare(describe_wanted(connection.vendor), describe_installed(connection))


def describe_wanted(vendor: str) -> dict[str, str]:
    """What should be there: the name of each trigger in the database and its text."""
    if vendor == "sqlite":
        return {rules.installed_name(trigger): rules.render_sqlite(trigger) for trigger in list_triggers()}
    return {name: text for trigger in list_triggers() for name, text in _describe_postgresql(trigger)}


def describe_installed(database: BaseDatabaseWrapper) -> dict[str, str]:
    """What is there."""
    rows = _ask(database)
    if database.vendor == "sqlite":
        return {name: text for name, _, text in rows}
    return {name: _text(when_of(definition, table), body, is_on=enabled == "O") for name, table, definition, body, enabled in rows}


def list_tables_of(database: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Each trigger of ours that is there, with its table."""
    return [(row[0], row[1]) for row in _ask(database)]


def list_functions(database: BaseDatabaseWrapper) -> list[str]:
    """The functions of ours that are there: PostgreSQL keeps them apart from the triggers."""
    if database.vendor == "sqlite":
        return []
    with database.cursor() as cursor:
        cursor.execute(ASK_FUNCTIONS, [LIKE_OURS])
        return [name for (name,) in cursor.fetchall()]


def is_migrated(database: BaseDatabaseWrapper) -> bool:
    """Whether the schema is the present one: on its way there, tables and columns that triggers name do not exist."""
    loader = MigrationLoader(database)
    return not set(loader.graph.leaf_nodes()) - set(loader.applied_migrations)


def when_of(definition: str, table: str) -> str:
    """`BEFORE UPDATE ON publishing_edition FOR EACH ROW` out of the definition that PostgreSQL gives."""
    before, _, after = definition.partition(" BEFORE ")[2].partition(" ON ")
    return f"BEFORE {before} ON {table} {after[after.index('FOR EACH') :].partition(' EXECUTE ')[0]}"


def _describe_postgresql(trigger: Trigger) -> list[tuple[str, str]]:
    name, body = rules.installed_name(trigger), rules.render_body(trigger)
    described = [(name, _text(f"BEFORE {trigger.event.value} ON {trigger.table} FOR EACH ROW", body))]
    if trigger.event is RowEvent.DELETE:
        described.append((f"{name}_all", _text(f"BEFORE TRUNCATE ON {trigger.table} FOR EACH STATEMENT", body)))
    return described


def _text(when: str, body: str, *, is_on: bool = True) -> str:
    return f"{when}: {body}" if is_on else f"off: {when}"


def _ask(database: BaseDatabaseWrapper) -> list[tuple[str, ...]]:
    with database.cursor() as cursor:
        cursor.execute(ASK_SQLITE if database.vendor == "sqlite" else ASK_POSTGRESQL, [LIKE_OURS])
        return list(cursor.fetchall())
