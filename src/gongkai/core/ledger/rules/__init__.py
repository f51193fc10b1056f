from gongkai.core.ledger.rules.chips import chip_of, part_of
from gongkai.core.ledger.rules.counting import add_months
from gongkai.core.ledger.rules.due import compute_due
from gongkai.core.ledger.rules.explain import add_up, explain
from gongkai.core.ledger.rules.grid import lay_out
from gongkai.core.ledger.rules.limits import parse_limit, say_limit
from gongkai.core.ledger.rules.movements import (
    can_move,
    check_draft,
    check_extension,
    extension_unit,
    first_stopped_day,
    last_stopped_day,
    plan_movements,
    say_may_extend,
)
from gongkai.core.ledger.rules.sentences import say_day, say_weekday
from gongkai.core.ledger.rules.sheet import lay_receipt, may_be_shown
from gongkai.core.ledger.rules.soon import next_check, soon_day
from gongkai.core.ledger.rules.terms import choose_local, choose_terms

__all__ = [
    "add_months",
    "add_up",
    "can_move",
    "check_draft",
    "check_extension",
    "chip_of",
    "choose_local",
    "choose_terms",
    "compute_due",
    "explain",
    "extension_unit",
    "first_stopped_day",
    "last_stopped_day",
    "lay_out",
    "lay_receipt",
    "may_be_shown",
    "next_check",
    "parse_limit",
    "part_of",
    "plan_movements",
    "say_day",
    "say_limit",
    "say_may_extend",
    "say_weekday",
    "soon_day",
]
