"""Documents in and out of an index: the same way on every database and in memory."""

from dataclasses import replace
from uuid import UUID

from gongkai.core.search.kinds import Findable
from gongkai.core.search.stores import entries
from gongkai.core.search.stores.entries import Cursor, Entry
from gongkai.core.search.stores.store import Store
from gongkai.core.search.tokens import TOKEN_VERSION

# What a database refuses to store, and nobody sees.
UNSTORABLE = {0: None, **dict.fromkeys(range(0xD800, 0xE000))}


def put(store: Store, cursor: Cursor, document: Findable) -> None:
    """Put a document into the index, in the place of what was known of it. On its day it keeps its place in the order."""
    store.reserve_day(cursor, document.day)
    old = entries.find(cursor, document.uuid)
    if old:
        store.take_out(cursor, old)
    entry_id = old.id if old and old.document.day == document.day else entries.free_id(cursor, document.day)
    store.add(cursor, Entry(id=entry_id, document=_storable(document), token_version=TOKEN_VERSION))


def _storable(document: Findable) -> Findable:
    return replace(
        document,
        title=document.title.translate(UNSTORABLE),
        document_number=document.document_number.translate(UNSTORABLE),
        body=document.body.translate(UNSTORABLE),
    )


def take_out(store: Store, cursor: Cursor, uuid: UUID) -> bool:
    """Take a document out of the index. False when it was not in it."""
    old = entries.find(cursor, uuid)
    if old:
        store.take_out(cursor, old)
    return old is not None
