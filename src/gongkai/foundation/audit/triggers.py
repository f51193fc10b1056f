"""What the database itself refuses of this app (触发器清单): rows are only added."""

from gongkai.foundation.audit.models import APPEND_ONLY
from gongkai.foundation.triggers.kinds import RowEvent, Trigger

TRIGGERS = (
    Trigger(
        name="audit_unchanged",
        table="audit_auditrecord",
        event=RowEvent.UPDATE,
        columns=("id", "at", "recorded_at", "officer_id", "actor_name", "act", "subject", "about"),
        message=APPEND_ONLY,
    ),
    Trigger(name="audit_kept", table="audit_auditrecord", event=RowEvent.DELETE, message=APPEND_ONLY),
)
