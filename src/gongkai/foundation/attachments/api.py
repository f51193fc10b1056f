from gongkai.foundation.attachments.actions import inspect, keep, purge, seal, store, write_public_copy
from gongkai.foundation.attachments.queries import get_public_name, list_attachments, list_readings, read_original
from gongkai.foundation.attachments.registry import register_guard
from gongkai.foundation.attachments.rules import check_size, tell_media_type

__all__ = [
    "check_size",
    "get_public_name",
    "inspect",
    "keep",
    "list_attachments",
    "list_readings",
    "purge",
    "read_original",
    "register_guard",
    "seal",
    "store",
    "tell_media_type",
    "write_public_copy",
]
