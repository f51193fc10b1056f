from gongkai.core.ledger.actions.events import count_pending, deliver_events
from gongkai.core.ledger.actions.movements import charge_fee, extend, note_payment, restart, resume, stop, void_movement
from gongkai.core.ledger.actions.obligations import cancel, fulfil, open_obligation
from gongkai.core.ledger.actions.sweep import sweep
from gongkai.core.ledger.actions.terms import load_terms
from gongkai.core.ledger.actions.views import remove_view, rename_view, save_view

__all__ = [
    "cancel",
    "charge_fee",
    "count_pending",
    "deliver_events",
    "extend",
    "fulfil",
    "load_terms",
    "note_payment",
    "open_obligation",
    "remove_view",
    "rename_view",
    "restart",
    "resume",
    "save_view",
    "stop",
    "sweep",
    "void_movement",
]
