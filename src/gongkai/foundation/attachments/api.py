from gongkai.foundation.attachments.actions import store, write_public_copy
from gongkai.foundation.attachments.queries import get_public_name, list_attachments, read_original

__all__ = ["get_public_name", "list_attachments", "read_original", "store", "write_public_copy"]
