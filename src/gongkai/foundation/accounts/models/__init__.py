from gongkai.foundation.accounts.models.factors import Authenticator, RecoveryCode
from gongkai.foundation.accounts.models.tallies import TryTally
from gongkai.foundation.accounts.models.users import PostRole, User

__all__ = ["Authenticator", "PostRole", "RecoveryCode", "TryTally", "User"]
