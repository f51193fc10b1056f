from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PublicDuty:
    """A duty whose limit a citizen may be told (可对外说明的职责): its entry, name, limit in words, and from what it is counted."""

    entry: str
    label: str
    limit_words: str
    clock_start: str
    is_by_the_hour: bool = False


@dataclass(frozen=True)
class Told:
    """Somebody was told of what happened to a duty (告知): who, in words, and when."""

    who: str
    at: datetime
