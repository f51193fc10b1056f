from gongkai.core.ledger.actions.events import count_pending, deliver_events
from gongkai.core.ledger.actions.obligations import cancel, fulfil, open_obligation
from gongkai.core.ledger.actions.sweep import sweep
from gongkai.core.ledger.actions.terms import load_terms

__all__ = ["cancel", "count_pending", "deliver_events", "fulfil", "load_terms", "open_obligation", "sweep"]
