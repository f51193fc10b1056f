from gongkai.core.ledger.models.cadences import CadenceRun, ColumnUpdate
from gongkai.core.ledger.models.events import SWEPT, Event, PendingEvent
from gongkai.core.ledger.models.movements import DateChange, Movement
from gongkai.core.ledger.models.obligations import LABEL_LENGTH, OPEN, EvidenceItem, Obligation
from gongkai.core.ledger.models.proposals import ExtensionProposal
from gongkai.core.ledger.models.reassignments import Reassignment
from gongkai.core.ledger.models.terms import REASON_LENGTH, LocalTerms, Terms
from gongkai.core.ledger.models.views import VIEW_NAME_LENGTH, VIEW_QUERY_LENGTH, SavedView

__all__ = [
    "LABEL_LENGTH",
    "OPEN",
    "REASON_LENGTH",
    "SWEPT",
    "VIEW_NAME_LENGTH",
    "VIEW_QUERY_LENGTH",
    "CadenceRun",
    "ColumnUpdate",
    "DateChange",
    "Event",
    "EvidenceItem",
    "ExtensionProposal",
    "LocalTerms",
    "Movement",
    "Obligation",
    "PendingEvent",
    "Reassignment",
    "SavedView",
    "Terms",
]
