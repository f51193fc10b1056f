from gongkai.core.ledger.queries.clocks import get_receipt, preview_movement
from gongkai.core.ledger.queries.lists import export_rows, list_page
from gongkai.core.ledger.queries.missing import list_missing, list_unpublished
from gongkai.core.ledger.queries.movements import get_movement, list_date_changes, list_movements
from gongkai.core.ledger.queries.obligations import get_obligation, list_evidence, list_history, list_obligations, list_open, list_owed
from gongkai.core.ledger.queries.terms import find_terms, preview_due
from gongkai.core.ledger.queries.totals import count_by_day, count_by_entry, count_totals
from gongkai.core.ledger.queries.views import get_view, list_views

__all__ = [
    "count_by_day",
    "count_by_entry",
    "count_totals",
    "export_rows",
    "find_terms",
    "get_movement",
    "get_obligation",
    "get_receipt",
    "get_view",
    "list_date_changes",
    "list_evidence",
    "list_history",
    "list_missing",
    "list_movements",
    "list_obligations",
    "list_open",
    "list_owed",
    "list_page",
    "list_unpublished",
    "list_views",
    "preview_due",
    "preview_movement",
]
