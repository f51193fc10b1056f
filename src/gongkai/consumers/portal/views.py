from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.consumers.portal import queries, rules
from gongkai.consumers.portal.articles import article_of_draft
from gongkai.consumers.portal.calculating import calculator_view
from gongkai.consumers.portal.kinds import PageHead
from gongkai.consumers.portal.limits import find_limit, view_of
from gongkai.consumers.portal.rendering import render_article, render_calculator, render_limit, render_template, stamp
from gongkai.consumers.portal.searching import search_view
from gongkai.core.ledger import api as ledger
from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import SHANGHAI


class PublicRequest(HttpRequest):
    """A request of the portal after the middleware: for type checkers."""

    now: datetime


@require_safe
def search_page(request: PublicRequest) -> HttpResponse:
    """Search results (搜索结果). Whatever stands in the address, the answer is a page."""
    view = search_view(rules.read_search(request.GET.dict()))
    head = PageHead(
        title=f"搜索：{view.shown_question}" if view.shown_question else "搜索",
        address="/search/",
        description="搜索本机关已公开的政府信息。",
        column="搜索",
        column_type="搜索",
        current="search",
    )
    page = render_template("search", queries.make_frame(request.now), head, {"view": view})
    response = HttpResponse(stamp(page.encode("utf-8", "replace"), request.now))
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def calculator_page(request: PublicRequest) -> HttpResponse:
    """The calculator of limits (期限计算器). Whatever stands in the address, the answer is a page."""
    view = calculator_view(request.GET.dict(), request.now)
    page = render_calculator(view, queries.make_frame(request.now))
    response = HttpResponse(stamp(page.encode("utf-8", "replace"), request.now))
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def preview_limit(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """What citizens see of a limit (公众看到的期限回执), for those who may see the unit's papers."""
    row = ledger.get_obligation(uuid, now=request.now)
    if row.unit_id != request.actor.unit_id and not request.actor.may_see(row.unit_id):
        raise NotFound("没有这件事项，或者它不在您的单位范围里。请从台账里打开。")
    receipt = find_limit(uuid)
    if receipt is None:
        raise NotFound("这个日期不对外显示，公众看不到回执。对外显示由法规科在期限条款里定。")
    # Not the duty's own label: staff wrote it for themselves, and it may name somebody.
    terms = ledger.find_terms(entry=row.entry, on=row.caused_on)
    page = render_limit(view_of(receipt, row.entry), None, queries.make_frame(request.now), about=terms.label if terms else row.duty_label)
    return HttpResponse(stamp(page.encode(), request.now.astimezone(SHANGHAI)))


@require_safe
def preview(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """How a text will look on the portal (门户预览), for those who may see the unit's papers."""
    draft = publishing.get_draft(uuid)
    if not request.actor.may_see(draft.unit_id):
        raise NotFound("没有这份稿，或者它不在您的单位范围里。请从“信息发布”的列表里打开。")
    page = render_article(article_of_draft(draft), queries.make_frame(request.now))
    return HttpResponse(stamp(page.encode(), request.now.astimezone(SHANGHAI)))
