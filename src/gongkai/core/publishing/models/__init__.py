from gongkai.core.publishing.models.counters import IndexCounter, PathCounter
from gongkai.core.publishing.models.publication import Edition, EditionAttachment, EditionWriter, Publication
from gongkai.core.publishing.models.review import FindingPass, ReviewStep

__all__ = [
    "Edition",
    "EditionAttachment",
    "EditionWriter",
    "FindingPass",
    "IndexCounter",
    "PathCounter",
    "Publication",
    "ReviewStep",
]
