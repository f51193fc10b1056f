from gongkai.foundation.accounts.actions import (
    get_user,
    load_accounts,
    renew_password,
    reseal_authenticators,
    reset_second_factor,
    resume_account,
    suspend_account,
)
from gongkai.foundation.accounts.carrying import list_typed
from gongkai.foundation.accounts.guards import needs
from gongkai.foundation.accounts.queries import (
    find_actor,
    find_head_post,
    find_openness_officer,
    get_actor,
    list_entitled,
    list_granters,
    list_holders,
    list_manned_posts,
    list_openness_posts,
    list_posts_with,
)
from gongkai.foundation.accounts.requests import DeskRequest

__all__ = [
    "DeskRequest",
    "find_actor",
    "find_head_post",
    "find_openness_officer",
    "get_actor",
    "get_user",
    "list_entitled",
    "list_granters",
    "list_holders",
    "list_manned_posts",
    "list_openness_posts",
    "list_posts_with",
    "list_typed",
    "load_accounts",
    "needs",
    "renew_password",
    "reseal_authenticators",
    "reset_second_factor",
    "resume_account",
    "suspend_account",
]
