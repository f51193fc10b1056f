from gongkai.foundation.outbox.models.intents import ACTIVE, Intent, Tick
from gongkai.foundation.outbox.models.notes import DirtyKey, DrainFault, Lease

__all__ = ["ACTIVE", "DirtyKey", "DrainFault", "Intent", "Lease", "Tick"]
