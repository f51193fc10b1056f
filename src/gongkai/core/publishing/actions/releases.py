"""Releases that are set for a moment, or for several texts together (公开安排). Always the release's row first, then the editions by id."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.editions import list_people, lock_editions
from gongkai.core.publishing.actions.release import bring_out, check_ready
from gongkai.core.publishing.kinds import PublicationState
from gongkai.core.publishing.kinds.releases import OPEN_STATES, ReleaseState
from gongkai.core.publishing.models import Edition, Release, ReleaseMember
from gongkai.core.publishing.queries.releases import find_open_release
from gongkai.core.publishing.rules.releases import check_due, check_to_release, check_together, say_moment
from gongkai.foundation.accounts.kinds import SYSTEM, Actor
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox import api as outbox
from gongkai.lib.errors import ActNotPossible, NotAllowed, NotFound, Refusal, SomebodyWasFaster

INTENT = "publishing.release"
BATCH = 50
ERROR_LENGTH = 500


@transaction.atomic
def plan_release(*, publications: Sequence[UUID], due_at: datetime | None, actor: Actor, now: datetime) -> UUID:
    """Set when one or several texts become public (定时公开、一起公开): at a minute, or with `due_at` None when somebody says so.

    Signed already or not: what is signed meanwhile waits. At the moment all become public in one transaction, or none.
    Raises: NotAllowed, NotFound; BadInput; ActNotPossible for a text that is public, taken down or in another release.
    """
    wanted = list(dict.fromkeys(publications))
    check_together(len(wanted), due_at)
    kept = check_due(due_at, now) if due_at else None
    editions = lock_editions(wanted)
    officer = check_may_set(editions, actor)
    for edition in editions:
        check_to_release(edition.title, PublicationState(edition.publication.state), is_released=edition.released_at is not None)
        if find_open_release(edition.publication_id) is not None:
            raise ActNotPossible(f"“{edition.title}”已经安排了公开。要改，请在“待公开”里打开那一项。")
    release = Release.objects.create(due_at=kept, set_by_id=officer, set_at=now)
    ReleaseMember.objects.bulk_create(ReleaseMember(release=release, publication_id=edition.publication_id) for edition in editions)
    record(release, editions, "publishing.plan_release", actor=actor, now=now)
    return release.uuid


@transaction.atomic
def change_release(*, release: UUID, due_at: datetime | None, actor: Actor, now: datetime) -> None:
    """Set another moment for a release that has not happened (改公开时间). Who sets it answers for it from now on.

    Raises: NotAllowed, NotFound, BadInput, ActNotPossible.
    """
    row = lock_release(release)
    editions = lock_members(row)
    officer = check_may_set(editions, actor)
    check_together(len(editions), due_at)
    row.due_at = check_due(due_at, now) if due_at else None
    row.state, row.set_by_id, row.set_at, row.last_error = ReleaseState.WAITING.value, officer, now, ""
    row.save(update_fields=["due_at", "state", "set_by", "set_at", "last_error"])
    record(row, editions, "publishing.change_release", actor=actor, now=now)


@transaction.atomic
def cancel_release(*, release: UUID, actor: Actor, now: datetime) -> None:
    """Take a release back before it happens (取消公开安排). What is signed stays signed and waits for another moment.

    Raises: NotAllowed, NotFound, ActNotPossible.
    """
    row = lock_release(release)
    editions = lock_members(row)
    check_may_set(editions, actor)
    close(row, ReleaseState.CANCELLED)
    record(row, editions, "publishing.cancel_release", actor=actor, now=now)


@transaction.atomic
def release_together(*, release: UUID, actor: Actor, now: datetime) -> None:
    """Make all texts of a release public now (现在公开), before its moment or without one: all or none.

    Raises: NotAllowed, NotFound; ActNotPossible, naming the text that stands in the way.
    """
    row = lock_release(release)
    editions = lock_members(row)
    check_may_set(editions, actor)
    _bring_out_all(row, editions, actor=actor, now=now)


@transaction.atomic
def release_due(*, release: UUID, now: datetime) -> int:
    """Make all texts of a release public whose moment has come (到时公开), for whoever set it. How many there were.

    0 when it was changed, cancelled or done meanwhile. Raises: ActNotPossible, naming the text that stands in the way.
    """
    row = Release.objects.select_for_update().filter(uuid=release, state__in=OPEN_STATES, due_at__lte=now).first()
    if row is None:
        return 0
    editions = lock_members(row)
    for edition in editions:
        if row.set_by_id in list_people(edition).writers:
            raise ActNotPossible(f"“{edition.title}”：安排公开的人自己写过这份稿，要由别人重新安排。")
    _bring_out_all(row, editions, actor=SYSTEM, now=now)
    return len(editions)


def ask_for_due(*, now: datetime, at_system: datetime) -> int:
    """Hand each release whose moment has come to the worker, as a job of its own (到时的公开安排): one that fails holds up no other."""
    due = Release.objects.filter(state=ReleaseState.WAITING.value, due_at__lte=now).order_by("due_at", "id")
    rows = list(due.values_list("pk", "uuid", "due_at")[:BATCH])
    for pk, uuid, due_at in rows:
        with transaction.atomic():
            still = Release.objects.filter(pk=pk, state=ReleaseState.WAITING.value, due_at=due_at)
            if due_at and still.update(state=ReleaseState.DUE.value):
                # Another moment is another job: the old one may still be waiting for its next attempt.
                key = f"{uuid} {say_moment(due_at)}"
                outbox.write_intent(kind=INTENT, key=key, payload={"release": str(uuid)}, at_system=at_system)
    return len(rows)


def note_failure(*, release: UUID, error: Exception) -> None:
    """Keep why a release did not happen (公开失败的原因), for whoever waits for it."""
    words = str(error) if isinstance(error, Refusal) else f"程序出错（{type(error).__name__}），请系统管理员看“后台任务”。"
    Release.objects.filter(uuid=release, state=ReleaseState.DUE.value).update(last_error=words[:ERROR_LENGTH])


def lock_release(release: UUID) -> Release:
    """A release that is still to happen, locked. Raises: NotFound, ActNotPossible."""
    row = Release.objects.select_for_update().filter(uuid=release).first()
    if row is None:
        raise NotFound("没有这个公开安排。请从“待公开”里打开。")
    if not ReleaseState(row.state).is_open:
        raise ActNotPossible(f"这个公开安排{ReleaseState(row.state).label}，不能再改。")
    return row


def lock_members(row: Release) -> list[Edition]:
    """The newest editions of a release's texts, locked."""
    return lock_editions(list(row.members.values_list("publication__uuid", flat=True)))


def check_may_set(editions: Sequence[Edition], actor: Actor) -> int:
    """The officer's id of somebody who may say when these texts become public. Raises: NotAllowed."""
    for edition in editions:
        rules.check_may_release(actor, edition.publication.unit_id, rules.People(list_people(edition).writers, frozenset()))
    if actor.officer_id is None:
        raise NotAllowed("公开要由人来定，系统不能代办。")
    return actor.officer_id


def close(row: Release, state: ReleaseState, *, done_at: datetime | None = None) -> None:
    """End a release, once; its texts are free again."""
    if Release.objects.filter(pk=row.pk, state__in=OPEN_STATES).update(state=state.value, done_at=done_at, last_error="") != 1:
        raise SomebodyWasFaster("这个公开安排刚被别人办过，请刷新后再看。")
    ReleaseMember.objects.filter(release=row).update(is_open=False)


def record(row: Release, editions: Sequence[Edition], act: str, *, actor: Actor, now: datetime) -> None:
    """One line of the trail for each text."""
    about = {"release": str(row.uuid), "due": say_moment(row.due_at) if row.due_at else None}
    audit.record_many(actor=actor, act=act, at=now, lines=[(edition.publication.uuid, about) for edition in editions])


def _bring_out_all(row: Release, editions: Sequence[Edition], *, actor: Actor, now: datetime) -> None:
    for edition in editions:
        try:
            check_ready(edition)
        except Refusal as refusal:
            raise ActNotPossible(f"“{edition.title}”还不能公开，所以一条也没有公开：{refusal}") from refusal
    close(row, ReleaseState.DONE, done_at=now)
    for edition in editions:
        bring_out(edition, actor=actor, now=now)
