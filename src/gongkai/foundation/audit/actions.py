from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.foundation.audit import rules
from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.audit.models import AuditPending, AuditRecord, AuditSeal
from gongkai.foundation.audit.queries import as_row, find_head
from gongkai.foundation.audit.via import current_via

Notes = Mapping[str, str | int | bool | None]

SEAL_BATCH = 500
READ = "audit.read"
"""The act of seeing personal data (查看个人信息)."""


def record(*, actor: Signatory, act: str, subject: UUID | None, at: datetime, about: Notes | None = None) -> None:
    """Append one line to the audit trail (记审计). Call it in the transaction of the act: both are kept or neither.

    `act` is the action's name with its app (`publishing.release`); `at` is business time; `about` holds ids, codes and reasons,
    never content.
    """
    record_many(actor=actor, act=act, at=at, lines=[(subject, about or {})])


@transaction.atomic(savepoint=False)
def record_many(*, actor: Signatory, act: str, at: datetime, lines: Iterable[tuple[UUID | None, Notes]]) -> None:
    """As `record`, one line for each of many things that the same act was done to (成批记审计): `lines` are its subjects and notes."""
    via = current_via()
    written = AuditRecord.objects.bulk_create(
        AuditRecord(
            at=at,
            officer_id=actor.officer_id,
            actor_name=actor.name,
            via=via,
            act=act,
            subject=subject,
            about=rules.tidy_about(about),
        )
        for subject, about in lines
    )
    AuditPending.objects.bulk_create(AuditPending(record_id=row.pk) for row in written)


def record_read(*, actor: Signatory, what: str, count: int, at: datetime, subject: UUID | None = None) -> None:
    """Note that somebody was shown personal data (记查看个人信息): `what` names the page or the export, `count` how many people it showed.

    Not what it showed. `subject` is the thing or person it was about, None for a list.
    """
    record(actor=actor, act=READ, subject=subject, at=at, about={"what": what, "count": count})


@transaction.atomic
def seal_batch(*, at_system: datetime, size: int = SEAL_BATCH) -> int:
    """Chain the next records that wait (封存), each once and without holes. Returns how many: 0 when nothing waits.

    Only what is committed is seen, in whatever order it was; nobody who writes waits for it. Two sealers wait for one another at the rows;
    should they ever miss one another, the position that both want is given once and the other's whole batch is rolled back.
    """
    waiting = list(AuditPending.objects.select_for_update().order_by("pk")[:size].values_list("pk", flat=True))
    if not waiting:
        return 0
    rows = AuditRecord.objects.in_bulk(waiting)
    head = find_head()
    position, digest = head.position, head.digest
    seals = []
    for pk in waiting:
        position += 1
        content = rules.content_digest(as_row(rows[pk]))
        digest = rules.link_digest(digest, position, pk, content)
        seals.append(AuditSeal(position=position, record_id=pk, content=content, digest=digest, sealed_at=at_system))
    AuditSeal.objects.bulk_create(seals)
    AuditPending.objects.filter(pk__in=waiting).delete()
    return len(seals)


@transaction.atomic
def redact(*, subjects: Collection[UUID], purge: UUID, actor: Signatory, at: datetime, but: Collection[str] = ()) -> int:
    """Empty the notes of everything that was done to some things (清空要点), for a purge: reasons may repeat words. Returns how many rows.

    Each emptied row is named by a row of its own, with the digest of what is left: so the chain still verifies, and whoever empties
    a row otherwise is found. `but`: acts whose notes hold no words, those of the purge itself.
    """
    kept = AuditRecord.objects.filter(subject__in=list(subjects)).exclude(act__in=[rules.REDACT, *but]).exclude(about=rules.PURGED)
    emptied = list(kept.select_for_update())
    lines: list[tuple[UUID | None, Notes]] = []
    for row in emptied:
        row.about = dict(rules.PURGED)
        lines.append((row.subject, {"record": row.pk, "left": rules.content_digest(as_row(row)), "purge": str(purge)}))
    # The manager refuses to change rows. This is the one named exception, and the database lets nothing else through.
    AuditRecord._base_manager.filter(pk__in=[row.pk for row in emptied]).update(about=rules.PURGED)
    record_many(actor=actor, act=rules.REDACT, at=at, lines=lines)
    return len(emptied)
