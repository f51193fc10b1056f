from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.editions import fill, keep_files, keep_writer, lock_edition
from gongkai.core.publishing.kinds import EditionState, PublicationState
from gongkai.core.publishing.models import Edition
from gongkai.core.publishing.queries.content import get_content
from gongkai.core.publishing.queries.releases import find_open_release
from gongkai.core.publishing.rules.releases import check_may_go_on
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible


@transaction.atomic
def start_next_edition(*, publication: UUID, actor: Actor, now: datetime) -> int:
    """Begin the next edition of a text (起草下一版) from the newest; gives its number. It goes the whole way of review.

    What is public stays as it is until the next is released. Raises: NotAllowed, NotFound; ActNotPossible while one is in hand, while a
    signed one waits for its moment, and for what was taken down.
    """
    edition = lock_edition(publication)
    writer = rules.check_may_write(actor, edition.publication.unit_id)
    check_may_go_on(EditionState(edition.state), PublicationState(edition.publication.state))
    if find_open_release(edition.publication_id) is not None:
        raise ActNotPossible("这一版已经安排了公开。要改它，先在“待公开”里取消安排。")
    following = Edition(
        publication=edition.publication,
        unit_id=edition.publication.unit_id,
        number=edition.number + 1,
        author_id=writer,
        saved_by_id=writer,
        saved_at=now,
    )
    content = get_content(edition)
    fill(following, content)
    following.save()
    keep_files(following, content)
    keep_writer(following, writer)
    audit.record(
        actor=actor,
        act="publishing.next_edition",
        subject=publication,
        at=now,
        about={"edition": following.number, "hash": following.content_hash},
    )
    return following.number
