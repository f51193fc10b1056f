from gongkai.foundation.attachments.actions import keep, seal, store, write_public_copy
from gongkai.foundation.attachments.queries import get_public_name, list_attachments, read_original
from gongkai.foundation.attachments.rules import check_size

__all__ = ["check_size", "get_public_name", "keep", "list_attachments", "read_original", "seal", "store", "write_public_copy"]
