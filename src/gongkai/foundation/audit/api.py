from gongkai.foundation.audit.actions import record, record_many, record_read, redact, seal_batch
from gongkai.foundation.audit.exporting import write_export
from gongkai.foundation.audit.queries import (
    count_waiting,
    find_head,
    iterate_links,
    list_acts,
    list_redacted,
    list_rows,
    list_trail,
    newest_instant,
    verify,
    verify_part,
)
from gongkai.foundation.audit.rules import read_anchors, write_anchor
from gongkai.foundation.audit.via import acting_by_command, acting_via

__all__ = [
    "acting_by_command",
    "acting_via",
    "count_waiting",
    "find_head",
    "iterate_links",
    "list_acts",
    "list_redacted",
    "list_rows",
    "list_trail",
    "newest_instant",
    "read_anchors",
    "record",
    "record_many",
    "record_read",
    "redact",
    "seal_batch",
    "verify",
    "verify_part",
    "write_anchor",
    "write_export",
]
