from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.consumers.portal import queries, rules
from gongkai.consumers.portal.articles import article_of_draft
from gongkai.consumers.portal.kinds import PageHead
from gongkai.consumers.portal.rendering import render_article, render_template, stamp
from gongkai.consumers.portal.searching import search_view
from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.lib.errors import NotAllowed
from gongkai.lib.moments import SHANGHAI

MAY_PREVIEW = (Right.SEE_LEDGER, Right.WRITE, Right.REVIEW_UNIT, Right.REVIEW_SECRECY, Right.SIGN)
"""Who works with a unit's texts or watches over them."""


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
def preview(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """How a text will look on the portal (门户预览), for those who may see the unit's papers."""
    draft = publishing.get_draft(uuid)
    if not _may_preview(request.actor, draft.unit_id):
        raise NotAllowed("这份稿属于别的单位，您没有查看那个单位材料的权限。需要看的话，请找系统管理员开通。")
    page = render_article(article_of_draft(draft), queries.make_frame(request.now))
    return HttpResponse(stamp(page.encode(), request.now.astimezone(SHANGHAI)))


def _may_preview(actor: Actor, unit_id: int) -> bool:
    return any(actor.may(right, unit_id) for right in MAY_PREVIEW)
