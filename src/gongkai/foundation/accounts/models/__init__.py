from gongkai.foundation.accounts.models.factors import Authenticator, RecoveryCode
from gongkai.foundation.accounts.models.identities import ProviderIdentity
from gongkai.foundation.accounts.models.notices import AccountNotice
from gongkai.foundation.accounts.models.sessions import DeskSession, SessionStore
from gongkai.foundation.accounts.models.tallies import TryTally
from gongkai.foundation.accounts.models.users import PostRole, User

__all__ = [
    "AccountNotice",
    "Authenticator",
    "DeskSession",
    "PostRole",
    "ProviderIdentity",
    "RecoveryCode",
    "SessionStore",
    "TryTally",
    "User",
]
