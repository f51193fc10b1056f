"""Forwards and backwards through migrations, as `manage.py migrate` goes: with the triggers taken off before and put on after it."""

from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate_to(app: str, name: str) -> Any:
    """Bring an app to one of its migrations, and what depends on it. Gives the models of that moment."""
    call_command("migrate", app, name, verbosity=0)
    return MigrationExecutor(connection).loader.project_state([(app, name)]).apps


def migrate_to_newest() -> None:
    """Bring everything to its newest migration."""
    call_command("migrate", verbosity=0)
