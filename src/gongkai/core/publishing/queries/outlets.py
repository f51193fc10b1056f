from uuid import UUID

from gongkai.core.publishing.kinds import OutletStanding
from gongkai.core.publishing.queries.postings import list_foreign_standings
from gongkai.core.publishing.registry import list_outlets


def list_standings(publication: UUID) -> list[OutletStanding]:
    """Which outlets still show an item (渠道现状), as each of them says now: ours, then those of others."""
    own = [outlet.verify(publication) for outlet in list_outlets().values() if outlet.verify is not None]
    return [*own, *list_foreign_standings(publication)]
