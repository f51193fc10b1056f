from gongkai.foundation.accounts.actions import load_accounts, renew_password, resume_account, suspend_account
from gongkai.foundation.accounts.guards import needs
from gongkai.foundation.accounts.queries import find_actor, get_actor, list_granters
from gongkai.foundation.accounts.requests import DeskRequest

__all__ = [
    "DeskRequest",
    "find_actor",
    "get_actor",
    "list_granters",
    "load_accounts",
    "needs",
    "renew_password",
    "resume_account",
    "suspend_account",
]
