from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from gongkai.foundation.audit.kinds import Signatory
from gongkai.foundation.audit.models import AuditRecord
from gongkai.foundation.audit.rules import tidy_about


def record(
    *, actor: Signatory, act: str, subject: UUID | None, at: datetime, about: Mapping[str, str | int | bool | None] | None = None
) -> None:
    """Append one line to the audit trail (记审计). Call it in the transaction of the act: both are kept or neither.

    `act` is the action's name with its app (`publishing.release`); `at` is business time; `about` holds ids, codes and reasons,
    never content.
    """
    AuditRecord.objects.create(
        at=at, officer_id=actor.officer_id, actor_name=actor.name, act=act, subject=subject, about=tidy_about(about or {})
    )


def record_many(*, actor: Signatory, act: str, at: datetime, lines: Iterable[tuple[UUID, Mapping[str, str | int | bool | None]]]) -> None:
    """As `record`, one line for each of many things that the same act was done to (成批记审计): `lines` are its subjects and notes."""
    AuditRecord.objects.bulk_create(
        AuditRecord(at=at, officer_id=actor.officer_id, actor_name=actor.name, act=act, subject=subject, about=tidy_about(about))
        for subject, about in lines
    )
