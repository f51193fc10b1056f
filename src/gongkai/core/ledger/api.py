from gongkai.core.ledger.actions import cancel, deliver_events, fulfil, load_terms, open_obligation, sweep
from gongkai.core.ledger.actions.cadences import note_update, tick_cadences
from gongkai.core.ledger.actions.calendars import apply_calendar, load_packaged_calendars
from gongkai.core.ledger.actions.labels import relabel
from gongkai.core.ledger.actions.locks import hold_obligations
from gongkai.core.ledger.actions.movements import charge_fee, extend, note_payment, restart, resume, stop, void_movement
from gongkai.core.ledger.actions.openings import open_many
from gongkai.core.ledger.actions.proposals import approve_extension, propose_extension, refuse_extension, withdraw_proposal
from gongkai.core.ledger.actions.purging import cancel_for_purge, purge_words
from gongkai.core.ledger.actions.reassign import reassign
from gongkai.core.ledger.actions.reopening import reopen
from gongkai.core.ledger.actions.targets import set_local_terms, withdraw_local_terms
from gongkai.core.ledger.actions.terms import confirm_terms
from gongkai.core.ledger.actions.versions import (
    add_terms_version,
    preview_terms_version,
    preview_withdrawal,
    withdraw_terms_version,
)
from gongkai.core.ledger.queries import (
    count_by_day,
    count_by_entry,
    count_totals,
    export_rows,
    find_terms,
    get_obligation,
    get_receipt,
    list_evidence,
    list_history,
    list_missing,
    list_obligations,
    list_open,
    list_owed,
    list_page,
    preview_due,
)
from gongkai.core.ledger.queries.calendars import count_provisional, preview_calendar
from gongkai.core.ledger.queries.clocks import get_terms_of, preview_movement
from gongkai.core.ledger.queries.coming import list_coming_columns
from gongkai.core.ledger.queries.desks import count_by_post, count_desk, count_pressing, list_desk, list_pause_reasons, list_unheld_duties
from gongkai.core.ledger.queries.freshness import list_freshness, list_reminders, list_runs
from gongkai.core.ledger.queries.movements import get_movement, list_date_changes, list_movements
from gongkai.core.ledger.queries.proposals import get_proposal, list_proposals
from gongkai.core.ledger.queries.public import compute_plain, compute_public, list_public_duties, list_public_receipts
from gongkai.core.ledger.queries.reassign import get_reassigned, list_held, list_target_posts, preview_reassign
from gongkai.core.ledger.queries.terms import find_many_terms
from gongkai.core.ledger.queries.versions import get_duty_terms, get_version, list_terms
from gongkai.core.ledger.registry import (
    find_evidence_page,
    register_cause_source,
    register_columns,
    register_duty,
    register_entry_groups,
    register_evidence_act,
    register_evidence_page,
    register_intake,
    register_subscriber,
    register_teller,
)
from gongkai.core.ledger.rules import chip_of, part_of
from gongkai.core.ledger.rules.limits import parse_limit, say_limit
from gongkai.core.ledger.rules.movements import extension_unit, first_stopped_day, last_stopped_day, say_may_extend
from gongkai.core.ledger.rules.sheet import lay_receipt, may_be_shown
from gongkai.core.ledger.rules.standing import standing_of

__all__ = [
    "add_terms_version",
    "apply_calendar",
    "approve_extension",
    "cancel",
    "cancel_for_purge",
    "charge_fee",
    "chip_of",
    "compute_plain",
    "compute_public",
    "confirm_terms",
    "count_by_day",
    "count_by_entry",
    "count_by_post",
    "count_desk",
    "count_pressing",
    "count_provisional",
    "count_totals",
    "deliver_events",
    "export_rows",
    "extend",
    "extension_unit",
    "find_evidence_page",
    "find_many_terms",
    "find_terms",
    "first_stopped_day",
    "fulfil",
    "get_duty_terms",
    "get_movement",
    "get_obligation",
    "get_proposal",
    "get_reassigned",
    "get_receipt",
    "get_terms_of",
    "get_version",
    "hold_obligations",
    "last_stopped_day",
    "lay_receipt",
    "list_coming_columns",
    "list_date_changes",
    "list_desk",
    "list_evidence",
    "list_freshness",
    "list_held",
    "list_history",
    "list_missing",
    "list_movements",
    "list_obligations",
    "list_open",
    "list_owed",
    "list_page",
    "list_pause_reasons",
    "list_proposals",
    "list_public_duties",
    "list_public_receipts",
    "list_reminders",
    "list_runs",
    "list_target_posts",
    "list_terms",
    "list_unheld_duties",
    "load_packaged_calendars",
    "load_terms",
    "may_be_shown",
    "note_payment",
    "note_update",
    "open_many",
    "open_obligation",
    "parse_limit",
    "part_of",
    "preview_calendar",
    "preview_due",
    "preview_movement",
    "preview_reassign",
    "preview_terms_version",
    "preview_withdrawal",
    "propose_extension",
    "purge_words",
    "reassign",
    "refuse_extension",
    "register_cause_source",
    "register_columns",
    "register_duty",
    "register_entry_groups",
    "register_evidence_act",
    "register_evidence_page",
    "register_intake",
    "register_subscriber",
    "register_teller",
    "relabel",
    "reopen",
    "restart",
    "resume",
    "say_limit",
    "say_may_extend",
    "set_local_terms",
    "standing_of",
    "stop",
    "sweep",
    "tick_cadences",
    "void_movement",
    "withdraw_local_terms",
    "withdraw_proposal",
    "withdraw_terms_version",
]
