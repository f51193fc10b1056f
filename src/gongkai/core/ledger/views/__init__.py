from gongkai.core.ledger.views.days import show_calendar
from gongkai.core.ledger.views.detail import show_detail
from gongkai.core.ledger.views.entries import show_entries, show_missing
from gongkai.core.ledger.views.export import export_csv, export_sheet
from gongkai.core.ledger.views.freshness import show_freshness
from gongkai.core.ledger.views.lines import LedgerLine, get_visible, line_of, visible_units
from gongkai.core.ledger.views.lists import show_list
from gongkai.core.ledger.views.movements import move, void
from gongkai.core.ledger.views.proposals import decide_extension
from gongkai.core.ledger.views.reassign import reassign
from gongkai.core.ledger.views.receipt import show_preview, show_receipt
from gongkai.core.ledger.views.saved import remove_view, rename_view, save_view, show_views
from gongkai.core.ledger.views.terms import (
    add_terms,
    confirm_terms,
    set_local_terms,
    show_duty_terms,
    show_terms,
    withdraw_local_terms,
    withdraw_terms,
)

__all__ = [
    "LedgerLine",
    "add_terms",
    "confirm_terms",
    "decide_extension",
    "export_csv",
    "export_sheet",
    "get_visible",
    "line_of",
    "move",
    "reassign",
    "remove_view",
    "rename_view",
    "save_view",
    "set_local_terms",
    "show_calendar",
    "show_detail",
    "show_duty_terms",
    "show_entries",
    "show_freshness",
    "show_list",
    "show_missing",
    "show_preview",
    "show_receipt",
    "show_terms",
    "show_views",
    "visible_units",
    "void",
    "withdraw_local_terms",
    "withdraw_terms",
]
