from gongkai.foundation.outbox.actions import claim_lease, extend_lease, forget, purge, release_lease, seize_lease, touch, write_intent
from gongkai.foundation.outbox.queries import (
    count_dirty,
    find_active,
    find_last,
    find_newest_dirty,
    get_job,
    list_dirty,
    list_drains,
    list_jobs,
)
from gongkai.foundation.outbox.registry import register_drain, register_handler, register_periodic
from gongkai.foundation.outbox.worker import name_worker, run_once, work_forever

__all__ = [
    "claim_lease",
    "count_dirty",
    "extend_lease",
    "find_active",
    "find_last",
    "find_newest_dirty",
    "forget",
    "get_job",
    "list_dirty",
    "list_drains",
    "list_jobs",
    "name_worker",
    "purge",
    "register_drain",
    "register_handler",
    "register_periodic",
    "release_lease",
    "run_once",
    "seize_lease",
    "touch",
    "work_forever",
    "write_intent",
]
