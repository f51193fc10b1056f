from gongkai.core.publishing.actions.draft import attach_files, save_draft, start_draft, submit
from gongkai.core.publishing.actions.findings import pass_finding, repair_finding, submit_with_reason
from gongkai.core.publishing.actions.lease import close_editor, hold_editor, open_editor, take_over
from gongkai.core.publishing.actions.moving import move_draft
from gongkai.core.publishing.actions.next_edition import start_next_edition
from gongkai.core.publishing.actions.outlets import check_posting, confirm_posting, enter_address, note_down, save_outlet
from gongkai.core.publishing.actions.pictures import add_picture
from gongkai.core.publishing.actions.release import release
from gongkai.core.publishing.actions.releases import cancel_release, change_release, plan_release, release_together
from gongkai.core.publishing.actions.review import open_missing_duties, pass_step, return_step
from gongkai.core.publishing.actions.terms import load_review_terms
from gongkai.core.publishing.actions.urgent import release_urgently
from gongkai.core.publishing.actions.withdrawal import Grounds, explain, restore, take_down, withdraw
from gongkai.core.publishing.pictures import list_pictures, show_pictures
from gongkai.core.publishing.queries.addresses import find_public_page
from gongkai.core.publishing.queries.drafts import (
    count_review_queue,
    find_by_obligation,
    get_draft,
    get_reviewed,
    get_step,
    iterate_drafts,
    iterate_review_queue,
    list_drafts,
    list_editions,
    list_findings,
    list_returned,
    list_review_page,
    list_review_queue,
    list_review_rows,
    list_waiting_for_others,
    select_review_steps,
)
from gongkai.core.publishing.queries.editions import get_edition, list_edition_numbers
from gongkai.core.publishing.queries.facts import list_draft_facts
from gongkai.core.publishing.queries.gate import check_draft
from gongkai.core.publishing.queries.outlets import list_standings
from gongkai.core.publishing.queries.postings import find_publication_of, list_foreign_outlets, list_postings, make_package
from gongkai.core.publishing.queries.published import (
    count_publications,
    count_published,
    count_published_by_category,
    count_published_by_unit,
    find_published_by_path,
    get_published,
    get_readable,
    iterate_published,
    list_published,
    list_published_documents,
    list_published_with_duty,
)
from gongkai.core.publishing.queries.releases import get_release, list_open_releases, list_releasable
from gongkai.core.publishing.queries.steps import get_step_facts
from gongkai.core.publishing.queries.urgent import list_unlooked
from gongkai.core.publishing.queries.withdrawn import (
    find_withdrawal,
    find_withdrawn,
    get_withdrawal,
    iterate_withdrawn,
    list_naming,
    list_past_withdrawals,
    list_withdrawals,
    may_take_back,
)
from gongkai.core.publishing.registry import register_gate_check, register_outlet, register_purge

__all__ = [
    "Grounds",
    "add_picture",
    "attach_files",
    "cancel_release",
    "change_release",
    "check_draft",
    "check_posting",
    "close_editor",
    "confirm_posting",
    "count_publications",
    "count_published",
    "count_published_by_category",
    "count_published_by_unit",
    "count_review_queue",
    "enter_address",
    "explain",
    "find_by_obligation",
    "find_public_page",
    "find_publication_of",
    "find_published_by_path",
    "find_withdrawal",
    "find_withdrawn",
    "get_draft",
    "get_edition",
    "get_published",
    "get_readable",
    "get_release",
    "get_reviewed",
    "get_step",
    "get_step_facts",
    "get_withdrawal",
    "hold_editor",
    "iterate_drafts",
    "iterate_published",
    "iterate_review_queue",
    "iterate_withdrawn",
    "list_draft_facts",
    "list_drafts",
    "list_edition_numbers",
    "list_editions",
    "list_findings",
    "list_foreign_outlets",
    "list_naming",
    "list_open_releases",
    "list_past_withdrawals",
    "list_pictures",
    "list_postings",
    "list_published",
    "list_published_documents",
    "list_published_with_duty",
    "list_releasable",
    "list_returned",
    "list_review_page",
    "list_review_queue",
    "list_review_rows",
    "list_standings",
    "list_unlooked",
    "list_waiting_for_others",
    "list_withdrawals",
    "load_review_terms",
    "make_package",
    "may_take_back",
    "move_draft",
    "note_down",
    "open_editor",
    "open_missing_duties",
    "pass_finding",
    "pass_step",
    "plan_release",
    "register_gate_check",
    "register_outlet",
    "register_purge",
    "release",
    "release_together",
    "release_urgently",
    "repair_finding",
    "restore",
    "return_step",
    "save_draft",
    "save_outlet",
    "select_review_steps",
    "show_pictures",
    "start_draft",
    "start_next_edition",
    "submit",
    "submit_with_reason",
    "take_down",
    "take_over",
    "withdraw",
]
