from uuid import UUID

from gongkai.core.publishing.kinds import OutletStanding
from gongkai.core.publishing.registry import list_outlets


def list_standings(publication: UUID) -> list[OutletStanding]:
    """Which outlets still show an item (渠道现状), as each of them says now."""
    return [outlet.verify(publication) for outlet in list_outlets().values() if outlet.verify is not None]
