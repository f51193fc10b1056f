import re
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from gongkai.core.publishing import rules
from gongkai.core.publishing.kinds import PublicationState
from gongkai.core.publishing.models import Publication

PATH = re.compile(r"/d/(?P<year>\d{4})/(?P<number>\d{1,9})/")


def address_of_path(path: str) -> str:
    """The public page's whole address (公开页面): the portal is another site than the desk."""
    return f"{settings.PORTAL_ADDRESS}{path}"


def address_of_posting(posting: str) -> str:
    """Where a checked page of another site stands on the desk (渠道记录)."""
    return reverse("publishing:posting", args=[posting])


def find_public_by_path(paths: Collection[str]) -> dict[str, UUID]:
    """Which publications are public at some paths (按路径找公开信息), those that are not left out: one query."""
    parts = [match for path in paths if (match := PATH.fullmatch(path))]
    rows = Publication.objects.filter(
        state=PublicationState.PUBLIC.value,
        path_year__in={int(match["year"]) for match in parts},
        path_number__in={int(match["number"]) for match in parts},
    )
    found = {rules.format_path(row.path_year, row.path_number): row.uuid for row in rows.only("uuid", "path_year", "path_number")}
    return {path: found[path] for path in paths if path in found}


def find_public_page(publication: UUID) -> str:
    """The public page's whole address of a publication (公开页面); empty while it is not public, and where no portal is ours."""
    if settings.LEDGER_ONLY:
        return ""
    row = Publication.objects.filter(uuid=publication, state=PublicationState.PUBLIC.value).only("path_year", "path_number").first()
    return address_of_path(rules.format_path(row.path_year, row.path_number)) if row else ""
