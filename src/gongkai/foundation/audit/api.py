from gongkai.foundation.audit.actions import record
from gongkai.foundation.audit.queries import list_rows, newest_instant

__all__ = ["list_rows", "newest_instant", "record"]
