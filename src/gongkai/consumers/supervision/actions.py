from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.consumers.supervision.models import Notice
from gongkai.consumers.supervision.rules import say_event, say_reassigned
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, EventRow
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.lib.moments import day_of


@dataclass(frozen=True)
class _Letter:
    """To whom, and what. `post_id` None: to the unit, where no post holds the duty."""

    unit_id: int
    post_id: int | None
    words: str


def take_notice(event: EventRow) -> None:
    """Put an event of the ledger into the inboxes it concerns (记消息). The same event again changes nothing.

    Always that of the post that holds the duty. What became overdue also goes to the post that leads the unit, and to the openness office
    while nobody holds the duty's post. An extension that is asked for goes to those who may approve it, a reassignment to who gives and who
    takes.
    """
    letters = _reassigned(event) if event.kind is EventKind.REASSIGNED else _told(event)
    row = event.obligation
    told: set[int | None] = set()
    for letter in letters:
        if letter.post_id in told:
            continue
        told.add(letter.post_id)
        receiver = {"event": event.id, "post_id": letter.post_id}
        Notice.objects.get_or_create(
            **receiver,
            defaults={
                "kind": event.kind.value,
                "unit_id": letter.unit_id,
                "obligation_id": row.uuid,
                "words": letter.words,
                "at": event.at,
            },
        )


def _told(event: EventRow) -> Iterator[_Letter]:
    row = event.obligation
    yield _Letter(row.unit_id, row.post_id, say_event(event, is_step=row.duty_code in ledger.list_unheld_duties()))
    if event.kind is EventKind.EXTENSION_PROPOSED:
        # Who may approve it is asked to decide.
        for approver, rights in accounts.list_manned_posts(on=day_of(event.at)):
            if row.unit_id in rights.get(Right.APPROVE_EXTENSION, ()):
                yield _Letter(approver.unit_id, approver.id, say_event(event, of_unit=row.unit_name))
    if event.kind is not EventKind.BECAME_OVERDUE:
        return
    head = accounts.find_head_post(unit_id=row.unit_id)
    post = organisations.find_post(post_id=row.post_id, on=day_of(event.at)) if row.post_id else None
    whose = f"{row.unit_name}{_say_vacant(post)}"
    if head is not None:
        yield _Letter(row.unit_id, head, say_event(event, of_unit=whose))
    if head is None or post is None or post.holder is None:
        for office, unit in accounts.list_openness_posts():
            yield _Letter(unit, office, say_event(event, of_unit=whose))


def _say_vacant(post: PostRow | None) -> str:
    return f"，{post.title}岗位空缺" if post is not None and post.holder is None else ""


def _reassigned(event: EventRow) -> Iterator[_Letter]:
    moved = ledger.get_reassigned(event_id=event.id)
    on = day_of(event.at)
    taker = organisations.find_post(post_id=moved.to_post_id, on=on)
    giver = organisations.find_post(post_id=moved.from_post_id, on=on) if moved.from_post_id else None
    words = say_reassigned(
        event,
        giver=f"{giver.unit_name}{giver.title}" if giver else organisations.get_unit(moved.from_unit_id).name,
        taker=f"{taker.unit_name}{taker.title}" if taker else "另一个岗位",
        reason=moved.reason,
    )
    yield _Letter(moved.to_unit_id, moved.to_post_id, words)
    yield _Letter(moved.from_unit_id, moved.from_post_id, words)
