"""Databases of the tests: copies of templates that were migrated, and where wanted filled, once a session. Nothing is ever flushed.

An ordinary test works in a template itself, inside a transaction that is rolled back. A test that needs real transactions gets a copy of
its own (SQLite: the file is copied; PostgreSQL: CREATE DATABASE … TEMPLATE), thrown away afterwards. A template is made when the first test
asks for it.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections
from django.test import TestCase
from psycopg import sql

EMPTY = "empty"

Fill = Callable[[], object]
"""Fills the database that is in use with a stock of data."""


class RolledBack(TestCase):
    """Only for the transactions that Django's test case knows how to open and roll back."""

    databases = {"default"}


class FileStore:
    """Templates and copies as SQLite files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def name_of(self, stock: str) -> str:
        return str(self.folder / f"{stock}.sqlite3")

    def make(self, stock: str, template: str | None) -> str:
        name = self.name_of(stock)
        self.drop(name)
        if template is not None:
            shutil.copyfile(template, name)
        return name

    def drop(self, name: str) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class ServerStore:
    """Templates and copies as databases of one PostgreSQL server."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.prefix = f"test_{settings['NAME']}"
        self.made: list[str] = []
        self.server = psycopg.connect(
            host=settings["HOST"] or None, port=settings["PORT"] or None, user=settings["USER"] or None,
            password=settings["PASSWORD"] or None, dbname="postgres", autocommit=True,
        )  # fmt: skip

    def make(self, stock: str, template: str | None) -> str:
        name = f"{self.prefix}_{stock}"
        self.drop(name)
        self.server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template or "template0")))
        self.made.append(name)
        return name

    def drop(self, name: str) -> None:
        self.server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        for name in reversed(self.made):
            self.drop(name)
        self.server.close()


class Databases:
    """The templates of a session. `stocks` names each stock of data: the stock it is built on, and what fills it."""

    def __init__(self, folder: Path, stocks: Mapping[str, tuple[str, Fill]]) -> None:
        self.stocks = stocks
        self.settings = connection.settings_dict
        self.original = self.settings["NAME"]
        self.store = FileStore(folder) if connection.vendor == "sqlite" else ServerStore(self.settings)
        self.templates: dict[str, str] = {}
        self.failures: dict[str, Exception] = {}

    def use(self, name: str) -> None:
        """Every connection opened from now on goes to this database."""
        if self.settings["NAME"] != name:
            connections.close_all()
            self.settings["NAME"] = name
            ContentType.objects.clear_cache()

    def template(self, stock: str) -> str:
        """Name of the template with a stock of data, made at the first call. What failed once is not tried again for every test."""
        if stock in self.failures:
            raise self.failures[stock]
        if stock not in self.templates:
            try:
                self.templates[stock] = self._make(stock)
            except Exception as failure:
                self.failures[stock] = failure
                raise
        return self.templates[stock]

    def _make(self, stock: str) -> str:
        base, fill = (None, migrate) if stock == EMPTY else self.stocks[stock]
        below = self.template(base) if base else None
        connections.close_all()
        name = self.store.make(stock, below)
        self.use(name)
        fill()
        connections.close_all()
        return name

    @contextmanager
    def rolled_back(self, stock: str) -> Iterator[None]:
        """Work in a template; whatever is done is rolled back."""
        self.use(self.template(stock))
        atomics = RolledBack._enter_atomics()  # type: ignore[attr-defined]  # the stubs hide how Django's own test case does it
        try:
            yield
            if connection.is_usable() and not connection.needs_rollback:
                connection.check_constraints()
        finally:
            RolledBack._rollback_atomics(atomics)  # type: ignore[attr-defined]

    @contextmanager
    def copied(self, stock: str) -> Iterator[None]:
        """Work in a copy of a template, with transactions that are real."""
        template = self.template(stock)
        connections.close_all()
        name = self.store.make("copy", template)
        self.use(name)
        try:
            yield
        finally:
            self.use(self.original)
            self.store.drop(name)

    def close(self) -> None:
        """Throw everything away."""
        self.use(self.original)
        self.store.close()


def migrate() -> None:
    """Bring an empty database to the present state."""
    call_command("migrate", interactive=False, verbosity=0)
