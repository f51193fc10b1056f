from uuid import UUID

from django.db import transaction

from gongkai.core.search import keeping
from gongkai.core.search.kinds import Findable
from gongkai.core.search.queries import chosen_store, open_cursor


@transaction.atomic
def index(document: Findable) -> None:
    """Make a public document findable (编入检索), or what is known of it new.

    Called in the transaction that makes it public: page and hit come and go together. The text is indexed whole, however long.
    """
    with open_cursor() as cursor:
        keeping.put(chosen_store(), cursor, document)


@transaction.atomic
def remove(uuid: UUID) -> bool:
    """Make a document unfindable at once (移出检索). False when it was not findable: nothing is wrong with that."""
    with open_cursor() as cursor:
        return keeping.take_out(chosen_store(), cursor, uuid)


@transaction.atomic
def rebuild() -> int:
    """Make the tokens of all documents anew from the stored originals (重建检索). Returns how many there are.

    For a new version of the rules or of the dictionary. One transaction: readers see the old index until the end, writers wait.
    """
    with open_cursor() as cursor:
        return chosen_store().make_again(cursor)


def compact() -> None:
    """Leave nothing of what was taken out of the index (整理检索), for a purge: also not as tokens that nobody finds any more."""
    with open_cursor() as cursor:
        chosen_store().compact(cursor)
