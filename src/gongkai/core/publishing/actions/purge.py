"""Clearing away a text that should never have been here (涉密清除): two persons decide, the worker does it, people see to the rest."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.withdrawal import remove_at_once
from gongkai.core.publishing.kinds import PublicationState
from gongkai.core.publishing.kinds.purge import PurgeAct, PurgeScope, PurgeState, PurgeSubject
from gongkai.core.publishing.models import (
    EditionAttachment,
    Posting,
    Publication,
    PublicationUpload,
    Purge,
    PurgePart,
    ReviewStep,
    Withdrawal,
)
from gongkai.core.publishing.purging import rewrite_tables
from gongkai.core.publishing.registry import list_holdings
from gongkai.core.publishing.rules.purge import (
    BY_HAND,
    HELD,
    NOTE_LENGTH,
    PAPER_LENGTH,
    REASON_LENGTH,
    check_may_decide,
    check_may_request,
    check_words,
    next_purge_state,
)
from gongkai.foundation.accounts.kinds import SYSTEM, Actor, Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import Job, Step
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, NotAllowed, NotFound, SomebodyWasFaster

JOB = "publishing.purge"
REWRITE, REWRITE_LABEL = "database.files", "整理数据库文件"


def find_subject(*, publication: UUID, actor: Actor) -> PurgeSubject:
    """What a purge of a text would be about (申请的对象), without its words, for the page that asks for it.

    Raises: NotAllowed, NotFound; ActNotPossible when there is a purge of it already.
    """
    row = Publication.objects.select_related("entry", "unit").filter(uuid=publication).first()
    if row is None:
        raise NotFound("没有这条信息。请从它的页面上申请。")
    check_may_request(actor, row.unit_id)
    if row.state in HELD:
        raise ActNotPossible("这条信息已经在办清除，或已经清除，不用再申请。")
    return PurgeSubject(row.unit.name, row.entry.name, rules.format_path(row.path_year, row.path_number), row.index_number or "")


@transaction.atomic
def request_purge(*, publication: UUID, reason: str, paper: str, actor: Actor, now: datetime) -> UUID:
    """Ask for the purge of a text (申请清除). Returns the purge's uuid.

    What is public is taken down at once, and nobody can open it any more.
    Raises: NotAllowed, NotFound, BadInput; ActNotPossible when there is a purge of it already.
    """
    row = Publication.objects.select_for_update().filter(uuid=publication).first()
    if row is None:
        raise NotFound("没有这条信息。请从它的页面上申请。")
    officer = check_may_request(actor, row.unit_id)
    if row.state in HELD:
        raise ActNotPossible("这条信息已经在办清除，或已经清除，不用再申请。")
    words = check_words(reason, what="发现的情况", field="reason", most=REASON_LENGTH)
    number = check_words(paper, what="审批单号", field="paper", most=PAPER_LENGTH)
    if row.state in {PublicationState.PUBLIC.value, PublicationState.WITHDRAWN.value}:
        remove_at_once(row, note="", actor=actor, now=now)
    purge = Purge.objects.create(
        publication=row,
        previous_state=row.state,
        reason=words,
        paper=number,
        found={"editions": row.editions.count(), "files": len(_list_files(row))},
        requested_by_id=officer,
        requested_at=now,
    )
    _move_publication(row, PublicationState.HELD)
    audit.record(actor=actor, act="publishing.request_purge", subject=row.uuid, at=now, about={"purge": str(purge.uuid)})
    return purge.uuid


@transaction.atomic
def approve_purge(*, purge: UUID, actor: Actor, now: datetime, at_system: datetime) -> None:
    """Approve it, as the other person (批准清除): from here on it is done, and cannot be undone.

    Raises: NotAllowed for whoever asked for it; NotFound; ActNotPossible, SomebodyWasFaster.
    """
    row = _lock(purge)
    officer = check_may_decide(actor, row.publication.unit_id, row.requested_by_id)
    _advance(row, PurgeAct.APPROVE, decided_by_id=officer, decided_at=now, scope=_write_scope(row))
    parts = [PurgePart(purge=row, code=held.code, label=held.label) for held in list_holdings()]
    parts.append(PurgePart(purge=row, code=REWRITE, label=REWRITE_LABEL))
    parts += [PurgePart(purge=row, code=code, label=label, advice=advice, is_by_hand=True) for code, label, advice in BY_HAND]
    PurgePart.objects.bulk_create(parts)
    outbox.write_intent(kind=JOB, key=str(row.uuid), payload={}, at_system=at_system)
    audit.record(actor=actor, act="publishing.approve_purge", subject=row.publication.uuid, at=now, about={"purge": str(row.uuid)})


@transaction.atomic
def refuse_purge(*, purge: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Do not approve it (不批准清除): the text can be opened again; what was taken down stays down until somebody puts it back.

    Raises: NotAllowed, NotFound, BadInput, ActNotPossible, SomebodyWasFaster.
    """
    row = _lock(purge)
    officer = check_may_decide(actor, row.publication.unit_id, row.requested_by_id)
    words = check_words(reason, what="不批准的理由", field="reason", most=REASON_LENGTH)
    _advance(row, PurgeAct.REFUSE, decided_by_id=officer, decided_at=now, refusal=words)
    _move_publication(row.publication, PublicationState(row.previous_state))
    audit.record(actor=actor, act="publishing.refuse_purge", subject=row.publication.uuid, at=now, about={"purge": str(row.uuid)})


def run_purge(job: Job, at_system: datetime) -> Step:
    """Clear the next part (清除一处): the worker's job. Killed anywhere, it is taken up at the part that is not noted as done."""
    row = Purge.objects.filter(uuid=job.key).first()
    if row is None or row.state != PurgeState.RUNNING.value:
        return Step()
    waiting = PurgePart.objects.filter(purge=row, is_by_hand=False, done_at__isnull=True).order_by("pk")
    part = waiting.first()
    if part is not None:
        count = _clear(row, part.code, at_system)
        PurgePart.objects.filter(pk=part.pk, done_at__isnull=True).update(done_at=at_system, count=count)
    total = PurgePart.objects.filter(purge=row, is_by_hand=False).count()
    left = waiting.count()
    if left:
        return Step(done=total - left, total=total, cursor={})
    _finish_clearing(row)
    return Step(done=total, total=total)


@transaction.atomic
def confirm_part(*, purge: UUID, code: str, note: str, actor: Actor, now: datetime, at_system: datetime) -> None:
    """Confirm that what no program reaches was seen to (核备份): each by a person, with what was done. The last one ends the purge.

    Raises: NotAllowed, NotFound, BadInput; ActNotPossible while the system itself is not cleared, or when it is confirmed already.
    """
    row = _lock(purge)
    if actor.officer_id is None or not actor.may(Right.MANAGE_JOBS, row.publication.unit_id):
        raise NotAllowed("备份的处理情况要由系统管理员确认。")
    if row.state != PurgeState.CLEARED.value:
        raise ActNotPossible(f"这次清除{PurgeState(row.state).label}，还不能确认备份。等系统内清完再确认，备份里才不会又有。")
    words = check_words(note, what="处理情况", field="note", most=NOTE_LENGTH)
    parts = PurgePart.objects.filter(purge=row, is_by_hand=True)
    changed = parts.filter(code=code, done_at__isnull=True).update(done_at=at_system, confirmed_by_id=actor.officer_id, note=words)
    if changed != 1:
        raise ActNotPossible("这一处已经确认过。请刷新后再看。")
    about: dict[str, str | int | bool | None] = {"purge": str(row.uuid), "part": code}
    audit.record(actor=actor, act="publishing.confirm_purge", subject=row.publication.uuid, at=now, about=about)
    if not parts.filter(done_at__isnull=True).exists():
        _advance(row, PurgeAct.FINISH, finished_at=now)


def _clear(row: Purge, code: str, at_system: datetime) -> int:
    held = {one.code: one for one in list_holdings()}
    if code == REWRITE:
        tables = dict.fromkeys(table for one in held.values() for table in one.tables)
        return rewrite_tables(tuple(tables))
    if code not in held:
        # The version that approved it knew a place that this one does not: nothing can be there any more.
        return 0
    return held[code].run(read_scope(row), at_system)


@transaction.atomic
def _finish_clearing(row: Purge) -> None:
    now = workdays.business_now()
    row.refresh_from_db()
    _advance(row, PurgeAct.CLEAR, cleared_at=now)
    counts = dict(PurgePart.objects.filter(purge=row, is_by_hand=False).values_list("code", "count"))
    about: dict[str, str | int | bool | None] = {
        "purge": str(row.uuid),
        **{code.replace(".", "_"): count for code, count in counts.items()},
    }
    audit.record(actor=SYSTEM, act="publishing.purge", subject=row.publication.uuid, at=now, about=about)


def read_scope(row: Purge) -> PurgeScope:
    """What a purge is about (清除范围), as it was fixed at approval."""

    def ids(name: str) -> tuple[UUID, ...]:
        return tuple(map(UUID, row.scope.get(name, ())))

    publication = row.publication
    return PurgeScope(
        purge=row.uuid,
        publication=publication.uuid,
        path=rules.format_path(publication.path_year, publication.path_number),
        attachments=ids("attachments"),
        obligations=ids("obligations"),
        subjects=ids("subjects"),
    )


def _write_scope(row: Purge) -> dict[str, list[str]]:
    publication = row.publication
    files = _list_files(publication)
    subjects = set(ReviewStep.objects.filter(edition__publication=publication).values_list("uuid", flat=True))
    subjects |= set(Withdrawal.objects.filter(publication=publication).values_list("uuid", flat=True))
    subjects |= set(Posting.objects.filter(publication=publication).values_list("uuid", flat=True))
    if publication.obligation_id is not None:
        # What the duty is about, a cause of a producer's, may have opened others with the same name.
        subjects.add(ledger.get_obligation(publication.obligation_id).subject)
    obligations = {one.uuid for subject in subjects | {publication.uuid} for one in ledger.list_obligations(subject=subject)}
    if publication.obligation_id is not None:
        obligations.add(publication.obligation_id)
    return {
        "attachments": sorted(map(str, files)),
        "obligations": sorted(map(str, obligations)),
        "subjects": sorted(map(str, subjects)),
    }


def _list_files(publication: Publication) -> set[UUID]:
    """Every file of a text, also those that were taken out of it again."""
    files = set(EditionAttachment.objects.filter(edition__publication=publication).values_list("attachment__uuid", flat=True))
    files |= set(Posting.objects.filter(publication=publication, screenshot__isnull=False).values_list("screenshot__uuid", flat=True))
    return files | set(PublicationUpload.objects.filter(publication=publication).values_list("attachment__uuid", flat=True))


def _lock(purge: UUID) -> Purge:
    row = Purge.objects.select_for_update(of=("self",)).select_related("publication").filter(uuid=purge).first()
    if row is None:
        raise NotFound("没有这次清除。请从“涉密清除”的列表里打开。")
    return row


def _advance(row: Purge, act: PurgeAct, **values: object) -> None:
    state = next_purge_state(PurgeState(row.state), act)
    if Purge.objects.filter(pk=row.pk, state=row.state).update(state=state.value, **values) != 1:
        raise SomebodyWasFaster("这次清除刚被别人办过，请刷新后再看。")
    row.state = state.value


def _move_publication(row: Publication, state: PublicationState) -> None:
    if Publication.objects.filter(pk=row.pk, state=row.state).update(state=state.value) != 1:
        raise SomebodyWasFaster("这条信息刚被别人办过，请刷新后再看。")
    row.state = state.value
