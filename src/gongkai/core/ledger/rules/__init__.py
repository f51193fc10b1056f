from gongkai.core.ledger.rules.chips import chip_of, part_of
from gongkai.core.ledger.rules.due import add_months, compute_due
from gongkai.core.ledger.rules.explain import add_up, explain
from gongkai.core.ledger.rules.grid import lay_out
from gongkai.core.ledger.rules.limits import parse_limit, say_limit
from gongkai.core.ledger.rules.sentences import say_day, say_weekday
from gongkai.core.ledger.rules.terms import choose_terms

__all__ = [
    "add_months",
    "add_up",
    "chip_of",
    "choose_terms",
    "compute_due",
    "explain",
    "lay_out",
    "parse_limit",
    "part_of",
    "say_day",
    "say_limit",
    "say_weekday",
]
