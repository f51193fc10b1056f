import re
from collections.abc import Mapping

from gongkai.foundation.triggers.kinds import RowEvent, Trigger

PREFIX = "guard_"
"""Every trigger and function of ours begins so: what begins so and is not in the list is removed."""

NAME = re.compile(r"[a-z][a-z0-9_]{2,50}")
OPENING = "SELECT 1 FROM triggers_purgeopening opening"


def check_trigger(trigger: Trigger) -> None:
    """Whether a trigger can be made on both databases. Raises: ValueError."""
    if not NAME.fullmatch(trigger.name):
        raise ValueError(f"Trigger name {trigger.name!r}: small letters, figures and _, at most 51.")
    if trigger.columns and trigger.event is not RowEvent.UPDATE:
        raise ValueError(f"Trigger {trigger.name}: only an UPDATE changes columns.")
    if trigger.yields_to_purge and trigger.event is RowEvent.INSERT:
        raise ValueError(f"Trigger {trigger.name}: a purge adds no rows.")
    if not trigger.message:
        raise ValueError(f"Trigger {trigger.name} has no words for whoever is refused.")


def installed_name(trigger: Trigger) -> str:
    """What the trigger is called in the database."""
    return f"{PREFIX}{trigger.name}"


def refuses_when(trigger: Trigger, *, differs: str) -> str:
    """The whole condition in SQL. `differs` is how the database says that two values, NULL among them, are not the same."""
    parts = [f"({trigger.condition})"] if trigger.condition else []
    if trigger.columns:
        parts.append("(" + " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in trigger.columns) + ")")
    if trigger.yields_to_purge:
        parts.append(f"NOT EXISTS ({OPENING} WHERE opening.table_name = '{trigger.table}' AND opening.row_id = OLD.id)")
    return " AND ".join(parts) or "1 = 1"


def render_sqlite(trigger: Trigger) -> str:
    """The statement that makes the trigger in SQLite, exactly as SQLite keeps it."""
    return (
        f'CREATE TRIGGER "{installed_name(trigger)}" BEFORE {trigger.event.value} ON "{trigger.table}" FOR EACH ROW '
        f"WHEN {refuses_when(trigger, differs='IS NOT')} BEGIN SELECT RAISE(ABORT, {quote(trigger.message)}); END"
    )


def render_body(trigger: Trigger) -> str:
    """The body of the function behind the trigger in PostgreSQL, exactly as PostgreSQL keeps it.

    The same function stands behind TRUNCATE where the trigger guards against DELETE: a table with rows in it is not emptied.
    """
    refusal = f"RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{trigger.name}', MESSAGE = {quote(trigger.message)};"
    # Names come from the list in the code, never from outside.
    is_full = f'EXISTS (SELECT 1 FROM "{trigger.table}")'  # noqa: S608
    emptied = f"IF TG_OP = 'TRUNCATE' THEN IF {is_full} THEN {refusal} END IF; RETURN NULL; END IF; "
    return (
        f"BEGIN {emptied if trigger.event is RowEvent.DELETE else ''}"
        f"IF {refuses_when(trigger, differs='IS DISTINCT FROM')} THEN {refusal} END IF; "
        f"RETURN {'OLD' if trigger.event is RowEvent.DELETE else 'NEW'}; END"
    )


def render_postgresql(trigger: Trigger) -> list[str]:
    """The statements that make the trigger in PostgreSQL."""
    name = installed_name(trigger)
    made = [
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $guard${render_body(trigger)}$guard$',
        f'CREATE TRIGGER "{name}" BEFORE {trigger.event.value} ON "{trigger.table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()',
    ]
    if trigger.event is RowEvent.DELETE:
        made.append(f'CREATE TRIGGER "{name}_all" BEFORE TRUNCATE ON "{trigger.table}" FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()')
    return made


def quote(words: str) -> str:
    """Words as a literal of SQL."""
    return "'" + words.replace("'", "''") + "'"


def compare(wanted: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """What is wrong with the triggers of a database, in words (防护缺口); empty when it is as declared."""
    missing = [f"缺少触发器 {name}。" for name in wanted if name not in found]
    changed = [f"触发器 {name} 与声明的不一样。" for name, text in wanted.items() if name in found and found[name] != text]
    left = [f"多出触发器 {name}。" for name in found if name not in wanted]
    return missing + changed + left
