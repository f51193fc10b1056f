from gongkai.producers.disclosure.actions import (
    discard,
    edit_lines,
    import_documents,
    load_sources,
    recheck,
    register_cause,
    save_source,
    set_reading,
    start_import,
    start_undo,
    start_writing,
    upload_sheet,
)
from gongkai.producers.disclosure.queries import find_texts, get_cause, is_registered, list_causes
from gongkai.producers.disclosure.queries.coverage import list_coverage, list_uncovered
from gongkai.producers.disclosure.queries.sources import get_source, list_sources, list_week
from gongkai.producers.disclosure.queries.uploads import get_upload, list_lines, list_uploads

__all__ = [
    "discard",
    "edit_lines",
    "find_texts",
    "get_cause",
    "get_source",
    "get_upload",
    "import_documents",
    "is_registered",
    "list_causes",
    "list_coverage",
    "list_lines",
    "list_sources",
    "list_uncovered",
    "list_uploads",
    "list_week",
    "load_sources",
    "recheck",
    "register_cause",
    "save_source",
    "set_reading",
    "start_import",
    "start_undo",
    "start_writing",
    "upload_sheet",
]
