from gongkai.core.publishing.models.counters import IndexCounter, PathCounter
from gongkai.core.publishing.models.lease import EditLease
from gongkai.core.publishing.models.outlets import Outlet, Posting
from gongkai.core.publishing.models.publication import Edition, EditionAttachment, EditionWriter, Publication
from gongkai.core.publishing.models.purge import PublicationUpload, Purge, PurgePart
from gongkai.core.publishing.models.release import Release, ReleaseMember
from gongkai.core.publishing.models.review import FindingPass, ReturnRemark, ReviewStep
from gongkai.core.publishing.models.urgent import UrgentRelease
from gongkai.core.publishing.models.withdrawal import Correction, Withdrawal

__all__ = [
    "Correction",
    "EditLease",
    "Edition",
    "EditionAttachment",
    "EditionWriter",
    "FindingPass",
    "IndexCounter",
    "Outlet",
    "PathCounter",
    "Posting",
    "Publication",
    "PublicationUpload",
    "Purge",
    "PurgePart",
    "Release",
    "ReleaseMember",
    "ReturnRemark",
    "ReviewStep",
    "UrgentRelease",
    "Withdrawal",
]
