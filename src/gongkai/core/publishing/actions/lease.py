from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.editions import lock_edition
from gongkai.core.publishing.kinds import EditionAct, EditionState
from gongkai.core.publishing.kinds.editing import EditHolder, EditWindow
from gongkai.core.publishing.models import Edition, EditLease
from gongkai.core.publishing.rules import leasing
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.audit import api as audit


@transaction.atomic
def open_editor(*, publication: UUID, window: EditWindow, actor: Actor, now: datetime) -> EditHolder:
    """Open a text to write on it (打开编辑): the page holds it, unless another person does. Of one person the newest page holds it.

    Returns who holds it now. Raises: NotAllowed, NotFound; ActNotPossible once it is in review.
    """
    edition, writer = _lock(publication, actor)
    lease = find_lease(edition)
    if lease is not None and is_held_by_other(lease, writer, window):
        return as_holder(lease, window)
    return as_holder(_take(edition, lease, writer=writer, window=window, now=now), window, actor.name)


@transaction.atomic
def hold_editor(*, publication: UUID, window: EditWindow, actor: Actor, now: datetime) -> EditHolder:
    """Say that a page is still open (续占). It does not take the text back from another page, be it of the same person.

    Returns who holds it now. Raises: as open_editor.
    """
    edition, writer = _lock(publication, actor)
    lease = find_lease(edition)
    if lease is not None and lease.expires_at > window.at_system and lease.window != window.token:
        return as_holder(lease, window)
    return as_holder(_take(edition, lease, writer=writer, window=window, now=now), window, actor.name)


@transaction.atomic
def take_over(*, publication: UUID, window: EditWindow, actor: Actor, now: datetime) -> EditHolder:
    """Go on writing in the place of whoever has the text open (接手修改). His page is told; what he has not saved stays there.

    From another person it is written into the audit trail. Raises: as open_editor.
    """
    edition, writer = _lock(publication, actor)
    lease = find_lease(edition)
    if lease is not None and is_held_by_other(lease, writer, window):
        former = lease.officer_id
        lease.expires_at = window.at_system
        lease = _take(edition, lease, writer=writer, window=window, now=now)
        lease.taken_from_id = former
        lease.save(update_fields=["taken_from"])
        audit.record(actor=actor, act="publishing.take_over", subject=publication, at=now, about={"from": former})
    else:
        lease = _take(edition, lease, writer=writer, window=window, now=now)
    return as_holder(lease, window, actor.name)


@transaction.atomic
def close_editor(*, publication: UUID, token: UUID, actor: Actor) -> None:
    """Give a text back when its page is closed (关闭编辑). A page that holds nothing any more gives nothing back."""
    if actor.officer_id is not None:
        EditLease.objects.filter(publication__uuid=publication, window=token, officer_id=actor.officer_id).delete()


def hold_for_save(edition: Edition, *, writer: int, window: EditWindow, now: datetime) -> EditLease:
    """The lease under which a page saves: its own, a free one, or that of another page of the same person.

    Raises: HeldBySomebody when another person writes.
    """
    lease = find_lease(edition)
    if lease is not None and is_held_by_other(lease, writer, window):
        raise leasing.held_by_somebody(lease.officer.name, lease.since)
    return _take(edition, lease, writer=writer, window=window, now=now)


def drop_lease(edition: Edition) -> None:
    """Nobody writes on a text any more that has gone to review."""
    EditLease.objects.filter(publication_id=edition.publication_id).delete()


def note_saved(lease: EditLease, content_hash: str) -> None:
    """Remember what a page saved last, so that it can go on when the answer is lost on the way."""
    if lease.saved_hash != content_hash:
        lease.saved_hash = content_hash
        lease.save(update_fields=["saved_hash"])


def find_lease(edition: Edition) -> EditLease | None:
    """The lease of a text, run out or not."""
    return EditLease.objects.select_related("officer", "taken_from").filter(publication_id=edition.publication_id).first()


def is_held_by_other(lease: EditLease, writer: int, window: EditWindow) -> bool:
    """Whether another person holds it still."""
    return lease.officer_id != writer and lease.expires_at > window.at_system


def as_holder(lease: EditLease, window: EditWindow, name: str = "") -> EditHolder:
    """The lease as the asking page is told. `name` of the holder, where it is known already."""
    return EditHolder(
        officer_id=lease.officer_id,
        officer_name=name or lease.officer.name,
        since=lease.since,
        is_here=lease.window == window.token,
        taken_from=lease.taken_from.name if lease.taken_from else "",
    )


def _lock(publication: UUID, actor: Actor) -> tuple[Edition, int]:
    edition = lock_edition(publication)
    writer = rules.check_may_write(actor, edition.publication.unit_id)
    rules.next_edition_state(EditionState(edition.state), EditionAct.EDIT)
    return edition, writer


def _take(edition: Edition, lease: EditLease | None, *, writer: int, window: EditWindow, now: datetime) -> EditLease:
    if lease is None:
        lease = EditLease(publication_id=edition.publication_id, officer_id=writer, window=window.token, since=now)
    elif lease.officer_id != writer or lease.expires_at <= window.at_system:
        lease.officer_id, lease.since, lease.taken_from = writer, now, None
    if lease.window != window.token:
        lease.window, lease.saved_hash = window.token, ""
    lease.expires_at = leasing.lease_end(window.at_system)
    lease.save()
    return lease
