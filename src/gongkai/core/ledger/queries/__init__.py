from gongkai.core.ledger.queries.lists import count_by_binding, count_totals, list_page
from gongkai.core.ledger.queries.obligations import get_obligation, list_evidence, list_history, list_obligations, list_open, list_owed
from gongkai.core.ledger.queries.terms import find_terms, get_receipt, preview_due

__all__ = [
    "count_by_binding",
    "count_totals",
    "find_terms",
    "get_obligation",
    "get_receipt",
    "list_evidence",
    "list_history",
    "list_obligations",
    "list_open",
    "list_owed",
    "list_page",
    "preview_due",
]
