"""Duties given to another post. A leaver needs none of this: duties belong to posts, and stay there."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.ledger.actions.events import write_events
from gongkai.core.ledger.actions.locks import lock_many
from gongkai.core.ledger.kinds import EventKind
from gongkai.core.ledger.models import REASON_LENGTH, Event, Obligation, Reassignment
from gongkai.core.ledger.queries.reassign import check_chosen, check_reassigning, digest_of, find_target, name_givers, say_post
from gongkai.core.ledger.queries.rows import IS_OPEN
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.lib.errors import BadInput, SomebodyWasFaster
from gongkai.lib.moments import day_of

BATCH = 500


@transaction.atomic
def reassign(
    *, obligations: Collection[UUID], to_post_id: int, reason: str, actor: Actor, now: datetime, seen_digest: str | None = None
) -> int:
    """Give open duties to another post and its unit (改派), all or none. Returns how many moved; those that are there already do not count.

    Their clocks go on as they were. Each tells it in an event, from where and to where. Done again it changes nothing and tells nothing.
    `seen_digest` is that of the preview: when somebody moved or closed one of the rows meanwhile, nothing is done.

    Raises: NotAllowed without the right for a unit that gives or the one that takes; BadInput; ActNotPossible; SomebodyWasFaster; NotFound.
    """
    words = _tidy(reason)
    target = find_target(to_post_id, on=day_of(now))
    rows = lock_many(check_chosen(obligations), Obligation.objects.select_related("unit"))
    check_reassigning(rows, len(set(obligations)), target, actor)
    moving = [row for row in rows if row.post_id != target.id]
    if not moving:
        return 0
    if seen_digest is not None and seen_digest != digest_of(rows):
        raise SomebodyWasFaster("这些事项里有的刚被别人改派或者办结，什么也没有动。请回去重新核对，再改派。")
    _move(moving, target, words, actor, now)
    return len(moving)


def _move(rows: Sequence[Obligation], target: PostRow, words: str, actor: Actor, now: datetime) -> None:
    givers = name_givers(rows, on=day_of(now))
    takes = f"{target.unit_name}{target.title}"
    events = [
        Event(
            obligation=row,
            kind=EventKind.REASSIGNED.value,
            at=now,
            recorded_at=now,
            note=f"由{givers[row.unit_id, row.post_id]}改派给{takes}。{words}"[:REASON_LENGTH],
        )
        for row in rows
    ]
    write_events(events)
    Reassignment.objects.bulk_create(
        Reassignment(
            event=event, from_unit_id=row.unit_id, from_post_id=row.post_id, to_unit_id=target.unit_id, to_post_id=target.id, reason=words
        )
        for event, row in zip(events, rows, strict=True)
    )
    for first in range(0, len(rows), BATCH):
        batch = [row.pk for row in rows[first : first + BATCH]]
        moved = Obligation.objects.filter(IS_OPEN, pk__in=batch).update(unit_id=target.unit_id, post_id=target.id)
        if moved != len(batch):
            raise SomebodyWasFaster("这些事项里有的刚被别人办结，什么也没有动。请回去重新核对，再改派。")
    for row in rows:
        about = {"from_post": row.post_id, "to_post": target.id, "to": say_post(target), "reason": words}
        audit.record(actor=actor, act="ledger.reassign", subject=row.uuid, at=now, about=about)


def _tidy(reason: str) -> str:
    words = " ".join(reason.replace("\x00", "").split())
    if not words:
        raise BadInput("请写明为什么改派，例如“原专员调离”。接手的岗位会看到。", field="reason")
    if len(words) > REASON_LENGTH:
        raise BadInput(f"理由最长 {REASON_LENGTH} 字，现在 {len(words)} 字，请缩短。", field="reason")
    return words
