from gongkai.foundation.triggers.actions import install, mend, opened_for_purge
from gongkai.foundation.triggers.queries import list_faults
from gongkai.foundation.triggers.registry import list_triggers, register

__all__ = ["install", "list_faults", "list_triggers", "mend", "opened_for_purge", "register"]
