from uuid import UUID

from django.conf import settings
from django.urls import reverse

from gongkai.core.publishing import rules
from gongkai.core.publishing.kinds import PublicationState
from gongkai.core.publishing.models import Publication


def address_of_path(path: str) -> str:
    """The public page's whole address (公开页面): the portal is another site than the desk."""
    return f"{settings.PORTAL_ADDRESS}{path}"


def address_of_posting(posting: str) -> str:
    """Where a checked page of another site stands on the desk (渠道记录)."""
    return reverse("publishing:posting", args=[posting])


def find_public_page(publication: UUID) -> str:
    """The public page's whole address of a publication (公开页面); empty while it is not public, and where no portal is ours."""
    if settings.LEDGER_ONLY:
        return ""
    row = Publication.objects.filter(uuid=publication, state=PublicationState.PUBLIC.value).only("path_year", "path_number").first()
    return address_of_path(rules.format_path(row.path_year, row.path_number)) if row else ""
