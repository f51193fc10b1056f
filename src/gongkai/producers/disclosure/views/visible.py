from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Right


def visible_units(request: DeskRequest) -> frozenset[int]:
    """Units whose causes this person may see: his own, those he writes for and those whose ledger he may read."""
    own = frozenset() if request.actor.unit_id is None else frozenset({request.actor.unit_id})
    return own | request.actor.units(Right.WRITE) | request.actor.units(Right.SEE_LEDGER)
