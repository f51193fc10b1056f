from gongkai.producers.disclosure.actions.causes import register_cause, start_writing
from gongkai.producers.disclosure.actions.documents import import_documents
from gongkai.producers.disclosure.actions.purging import clear_cause
from gongkai.producers.disclosure.actions.sheets import IMPORT_JOB, UNDO_JOB, run_import, run_undo, start_import, start_undo
from gongkai.producers.disclosure.actions.sources import load_sources, may_manage, save_source
from gongkai.producers.disclosure.actions.uploads import discard, edit_lines, guess_reading, recheck, set_reading, upload_sheet

__all__ = [
    "IMPORT_JOB",
    "UNDO_JOB",
    "clear_cause",
    "discard",
    "edit_lines",
    "guess_reading",
    "import_documents",
    "load_sources",
    "may_manage",
    "recheck",
    "register_cause",
    "run_import",
    "run_undo",
    "save_source",
    "set_reading",
    "start_import",
    "start_undo",
    "start_writing",
    "upload_sheet",
]
