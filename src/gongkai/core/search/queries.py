from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import connection, transaction

from gongkai.core.search.asking import ANYWHERE, ask
from gongkai.core.search.kinds import Answer, Filters, IndexFaults, Order
from gongkai.core.search.stores import postgresql, sqlite
from gongkai.core.search.stores.store import Store

STORES: dict[str, Store] = {"sqlite": sqlite, "postgresql": postgresql}


def chosen_store() -> Store:
    """The store that belongs to the database."""
    return STORES[connection.vendor]


def open_cursor() -> AbstractContextManager[Any]:
    """A cursor of the database, to be used in a `with`."""
    return connection.cursor()


def search(*, question: str, filters: Filters = ANYWHERE, order: Order = Order.RELEVANCE, page: int = 1, literal: bool = False) -> Answer:
    """What a reader's question finds (检索), whatever he typed: never an error.

    `page` counts from 1; instead of one that does not exist comes the nearest. `literal`: two-character words are looked up letter by
    letter. Only reads: the public process may have opened the database read-only.
    """
    # PostgreSQL needs a transaction for a setting that ends with the question. SQLite must not have one: its transactions are for writers.
    with transaction.atomic() if connection.vendor == "postgresql" else nullcontext(), open_cursor() as cursor:
        return ask(chosen_store(), cursor, typed=question, filters=filters, order=order, page=page, literal=literal)


def find_faults() -> IndexFaults:
    """What is wrong with the index (检索索引核对): nothing, when all of it is zero. `rebuild` repairs it."""
    with open_cursor() as cursor:
        return chosen_store().find_faults(cursor)
