from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from gongkai.consumers.portal import queries
from gongkai.consumers.portal.rendering import render_document, stamp
from gongkai.core.publishing import api as publishing
from gongkai.foundation.workdays import api as workdays


def article(_request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The page at an address."""
    document = publishing.find_published_by_path(year, number)
    if document is None:
        raise Http404
    now = workdays.business_now()
    page = render_document(document, queries.make_frame(now))[0]
    if not isinstance(page.content, bytes):
        raise TypeError("The first file of an article is its page.")
    return HttpResponse(stamp(page.content, now))


urlpatterns = [path("d/<int:year>/<int:number>/", article)]
