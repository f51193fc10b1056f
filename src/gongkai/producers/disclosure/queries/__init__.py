from gongkai.producers.disclosure.queries.causes import (
    cause_row,
    counts_back,
    explain_entry_day,
    find_texts,
    get_cause,
    get_cause_page,
    is_imported,
    is_registered,
    list_causes,
    preview_limit,
)
from gongkai.producers.disclosure.queries.sources import list_week

__all__ = [
    "cause_row",
    "counts_back",
    "explain_entry_day",
    "find_texts",
    "get_cause",
    "get_cause_page",
    "is_imported",
    "is_registered",
    "list_causes",
    "list_week",
    "preview_limit",
]
