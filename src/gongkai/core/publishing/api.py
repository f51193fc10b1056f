from gongkai.core.publishing.actions.draft import attach_files, save_draft, start_draft, submit
from gongkai.core.publishing.actions.findings import pass_finding, repair_finding, submit_with_reason
from gongkai.core.publishing.actions.moving import move_draft
from gongkai.core.publishing.actions.release import release
from gongkai.core.publishing.actions.review import pass_step, return_step
from gongkai.core.publishing.actions.terms import load_review_terms
from gongkai.core.publishing.queries.addresses import find_public_page
from gongkai.core.publishing.queries.drafts import (
    count_review_queue,
    find_by_obligation,
    get_draft,
    get_step,
    iterate_drafts,
    iterate_review_queue,
    list_drafts,
    list_findings,
    list_returned,
    list_review_page,
    list_review_queue,
    list_review_rows,
    list_waiting_for_others,
    select_review_steps,
)
from gongkai.core.publishing.queries.facts import list_draft_facts
from gongkai.core.publishing.queries.published import (
    count_publications,
    count_published,
    count_published_by_category,
    count_published_by_unit,
    find_published_by_path,
    get_published,
    iterate_published,
    list_published,
    list_published_documents,
    list_published_with_duty,
)
from gongkai.core.publishing.registry import register_gate_check, register_outlet

__all__ = [
    "attach_files",
    "count_publications",
    "count_published",
    "count_published_by_category",
    "count_published_by_unit",
    "count_review_queue",
    "find_by_obligation",
    "find_public_page",
    "find_published_by_path",
    "get_draft",
    "get_published",
    "get_step",
    "iterate_drafts",
    "iterate_published",
    "iterate_review_queue",
    "list_draft_facts",
    "list_drafts",
    "list_findings",
    "list_published",
    "list_published_documents",
    "list_published_with_duty",
    "list_returned",
    "list_review_page",
    "list_review_queue",
    "list_review_rows",
    "list_waiting_for_others",
    "load_review_terms",
    "move_draft",
    "pass_finding",
    "pass_step",
    "register_gate_check",
    "register_outlet",
    "release",
    "repair_finding",
    "return_step",
    "save_draft",
    "select_review_steps",
    "start_draft",
    "submit",
    "submit_with_reason",
]
