from gongkai.core.search.actions import compact, index, rebuild, remove
from gongkai.core.search.kinds import Answer, Filters, Findable, FindableKind, Fragment, Hit, IndexFaults, Order, Relaxation
from gongkai.core.search.queries import find_faults, search

__all__ = [
    "Answer",
    "Filters",
    "Findable",
    "FindableKind",
    "Fragment",
    "Hit",
    "IndexFaults",
    "Order",
    "Relaxation",
    "compact",
    "find_faults",
    "index",
    "rebuild",
    "remove",
    "search",
]
