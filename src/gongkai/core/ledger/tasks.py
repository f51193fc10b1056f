"""What the worker runs for the ledger. Business time is taken here; the worker hands down system time."""

from datetime import datetime

from gongkai.core.ledger import api as ledger
from gongkai.foundation.workdays import api as workdays


def sweep_now(_at_system: datetime) -> int:
    """Sweep up to this moment of business time (巡查), periods first. Nothing due costs three looks at partial indexes."""
    now = workdays.business_now()
    return ledger.tick_cadences(now=now) + ledger.sweep(now=now)
