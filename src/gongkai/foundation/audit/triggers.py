"""What the database itself refuses of this app (触发器清单): rows are only added.

The one exception is built into the condition: a purge may replace the notes of a record by one fixed value, and change nothing else.
"""

from gongkai.foundation.audit.models import APPEND_ONLY, CHAIN_APPEND_ONLY
from gongkai.foundation.triggers.kinds import RowEvent, Trigger

TRIGGERS = (
    Trigger(
        name="audit_unchanged",
        table="audit_auditrecord",
        event=RowEvent.UPDATE,
        columns=("id", "at", "recorded_at", "officer_id", "actor_name", "via", "act", "subject"),
        message=APPEND_ONLY,
    ),
    Trigger(
        name="audit_notes_kept",
        table="audit_auditrecord",
        event=RowEvent.UPDATE,
        columns=("about",),
        condition="""NEW.about <> '{"purged": true}'""",
        message=APPEND_ONLY,
    ),
    Trigger(name="audit_kept", table="audit_auditrecord", event=RowEvent.DELETE, message=APPEND_ONLY),
    Trigger(name="audit_seal_unchanged", table="audit_auditseal", event=RowEvent.UPDATE, message=CHAIN_APPEND_ONLY),
    Trigger(name="audit_seal_kept", table="audit_auditseal", event=RowEvent.DELETE, message=CHAIN_APPEND_ONLY),
)
