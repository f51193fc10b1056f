from gongkai.foundation.audit.actions import record, record_many
from gongkai.foundation.audit.queries import list_rows, newest_instant

__all__ = ["list_rows", "newest_instant", "record", "record_many"]
