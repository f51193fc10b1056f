from gongkai.foundation.delegations.actions import delegate, end
from gongkai.foundation.delegations.queries import list_delegates, list_delegations, list_principals, list_stand_ins

__all__ = ["delegate", "end", "list_delegates", "list_delegations", "list_principals", "list_stand_ins"]
