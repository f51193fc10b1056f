"""How many pages a second are rendered and written, by one process: everything anew into an empty folder, then where nothing changed."""

import shutil
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bench import archive, frame
from gongkai.consumers.portal import api as portal
from gongkai.consumers.portal import queries
from gongkai.consumers.portal.models import PortalFile
from gongkai.consumers.portal.rendering import render_document
from gongkai.core.publishing import api as publishing
from gongkai.foundation.workdays import api as workdays

SIZES = {"small": 1_500, "full": 10_000}
RENDERED = 1_000


def rate(name: str, count: int, seconds: float, note: str = "") -> frame.Figure:
    """Pages a second."""
    return frame.Figure(name, count / seconds, "pages/s", note)


def rebuild() -> tuple[int, float]:
    """All pages made again: how many, and the seconds it took."""
    begin = time.perf_counter()
    report = portal.rebuild_pages(at_system=timezone.now())
    return report.pages, time.perf_counter() - begin


def render() -> tuple[int, float]:
    """Articles rendered and thrown away."""
    documents = publishing.list_published_documents(size=RENDERED)
    context = queries.make_frame(workdays.business_now())
    begin = time.perf_counter()
    for document in documents:
        render_document(document, context)
    return len(documents), time.perf_counter() - begin


def main(size: str, target: Path) -> None:
    """Measure the three."""
    archive.prepare()
    with frame.told(f"{SIZES[size]:,} public texts"):
        archive.grow(to=SIZES[size])
    with frame.told("pages for the first time: places in the lists are given too"):
        first = rebuild()
    shutil.rmtree(settings.PORTAL_ROOT)
    PortalFile.objects.all().delete()
    with frame.told("pages into an empty folder"):
        written = rebuild()
    with frame.told("pages where nothing changed"):
        unchanged = rebuild()
    rendered = render()
    figures = [
        rate("pages placed, rendered and written", *first, f"{first[0]:,} pages: articles, heads of lists, archives"),
        rate("pages rendered and written", *written),
        rate("pages rendered, found unchanged", *unchanged),
        rate("articles only rendered", *rendered, f"{rendered[0]:,} articles already read"),
    ]
    frame.save(target, [*figures, frame.ratio("rendering alone ÷ rendering and writing", figures[3], figures[1])], size)
