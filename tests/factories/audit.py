from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction

from gongkai.foundation.audit import api as audit


@dataclass(frozen=True)
class Signer:
    """Somebody who signs an act. Without an officer it is the system."""

    name: str = "系统"
    officer_id: int | None = None


THE_SYSTEM = Signer()


def acts(count: int, *, at: datetime, lock_timeout: str = "") -> None:
    """So many acts of the system, one after the other. With a lock timeout (PostgreSQL) they fail rather than wait."""
    if lock_timeout:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [lock_timeout])
    for number in range(count):
        audit.record(actor=THE_SYSTEM, act="x.y", subject=uuid4(), at=at, about={"number": number})


@contextmanager
def tampering() -> Iterator[None]:
    """The tables without what guards them, as for the owner of the database; in the test's own transaction, which is rolled back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
    yield
    transaction.set_rollback(True)
