from gongkai.core.ledger.actions import cancel, deliver_events, fulfil, load_terms, open_obligation, sweep
from gongkai.core.ledger.queries import (
    count_totals,
    find_terms,
    get_obligation,
    get_receipt,
    list_evidence,
    list_history,
    list_obligations,
    list_open,
    list_owed,
    list_page,
    preview_due,
)
from gongkai.core.ledger.registry import register_duty, register_subscriber
from gongkai.core.ledger.rules import chip_of, part_of

__all__ = [
    "cancel",
    "chip_of",
    "count_totals",
    "deliver_events",
    "find_terms",
    "fulfil",
    "get_obligation",
    "get_receipt",
    "list_evidence",
    "list_history",
    "list_obligations",
    "list_open",
    "list_owed",
    "list_page",
    "load_terms",
    "open_obligation",
    "part_of",
    "preview_due",
    "register_duty",
    "register_subscriber",
    "sweep",
]
