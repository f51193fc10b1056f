from datetime import datetime
from uuid import UUID

from django.db.models import Max

from gongkai.foundation.audit.kinds import AuditRow
from gongkai.foundation.audit.models import AuditRecord


def newest_instant() -> datetime | None:
    """The latest business time of any act (最近业务时间); None when nothing was ever done."""
    newest: datetime | None = AuditRecord.objects.aggregate(newest=Max("at"))["newest"]
    return newest


def list_rows(*, subject: UUID) -> list[AuditRow]:
    """What was done to one thing (审计记录), oldest first."""
    return [
        AuditRow(
            id=row.pk,
            at=row.at,
            officer_id=row.officer_id,
            actor_name=row.actor_name,
            act=row.act,
            subject=row.subject,
            about=row.about,
        )
        for row in AuditRecord.objects.filter(subject=subject).order_by("at", "id")
    ]
