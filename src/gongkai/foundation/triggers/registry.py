from gongkai.foundation.triggers.kinds import Trigger
from gongkai.foundation.triggers.rules import check_trigger

_triggers: dict[str, Trigger] = {}


def register(*triggers: Trigger) -> None:
    """Add to the list of what the database refuses (触发器清单), in an app's `ready`. Installed after every migrate.

    Raises: ValueError for a name that is taken or a trigger that cannot be.
    """
    for trigger in triggers:
        check_trigger(trigger)
        if trigger.name in _triggers:
            raise ValueError(f"Trigger {trigger.name} is registered twice.")
        _triggers[trigger.name] = trigger


def list_triggers() -> list[Trigger]:
    """The whole list, in the order of registration."""
    return list(_triggers.values())
