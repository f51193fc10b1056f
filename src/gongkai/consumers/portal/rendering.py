"""From a page's key to the bytes of its files: the one way on which every page is made, at release, at a rebuild, in the desk's preview."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from gongkai.consumers.portal import limits, queries, rules
from gongkai.consumers.portal.articles import article_of
from gongkai.consumers.portal.kinds import (
    ArticleView,
    CalculatorView,
    Copy,
    Frame,
    ListInfo,
    Output,
    PageHead,
    PageKey,
    PageKind,
    PublicLimit,
)
from gongkai.core.catalogue import api as catalogue
from gongkai.core.ledger.kinds import Receipt
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import PageAfter, PublishedDocument
from gongkai.foundation.attachments import api as attachments
from gongkai.lib.errors import NotFound

MADE_AT = "\x00made-at\x00"
"""Stands in a rendered page where the moment of its making will: so a page can be compared with the one on disk. No text can hold it."""

NEWEST_ON_HOME = 8
SECTIONS_ON_HOME = 8

STATIC = (
    "ui/css/tokens.css",
    "ui/css/receipt.css",
    "ui/css/receipt-print.css",
    "ui/mark.svg",
    "ui/favicon.svg",
    "portal/portal.css",
    "portal/limits.css",
    "portal/contours.svg",
)
"""Style and pictures that the pages name, copied as they are: at the same addresses the desk serves them to a preview."""


def render(key: PageKey, frame: Frame) -> list[Output]:
    """The files of a page (生成一页). Empty when there is nothing to show: then the page has to go."""
    return RENDERERS[key.kind](key, frame)


def stamp(content: bytes, made_at: datetime) -> bytes:
    """A rendered page with the moment of its making printed on it."""
    return content.replace(MADE_AT.encode(), rules.say_instant(made_at).encode())


def render_template(template: str, frame: Frame, head: PageHead, context: Mapping[str, Any]) -> str:
    """One page of the portal as text, not yet stamped."""
    return render_to_string(f"portal/{template}.html", {"frame": frame, "head": head, "made_at": MADE_AT, **context})


def render_document(document: PublishedDocument, frame: Frame, limit: Receipt | None = None) -> list[Output]:
    """The files of a public text (信息页): its page, the copies of its attachments, and why its limit ends when it does.

    `limit` is the receipt of its duty; None where citizens may not be told the date, then it has no such page.
    """
    article = article_of(document, limit)
    folder = article.path.strip("/")
    copies = [Output(f"{folder}/files/{attachments.get_public_name(row=row)}", Copy(row.uuid)) for row in document.attachments]
    page = Output(rules.file_path(article.path), render_article(article, frame).encode())
    if limit is None:
        return [page, *copies]
    receipt = render_limit(limits.view_of(limit, document.entry_code), article, frame)
    return [page, Output(rules.file_path(limits.limit_address(article.path)), receipt.encode()), *copies]


def render_marker(key: PageKey, frame: Frame) -> list[Output]:
    """What answers for a text that was taken back, and for all its files (撤下标记): a notice, or an address. Empty for any other."""
    withdrawn = publishing.find_withdrawn(rules.uuid_of(key))
    if withdrawn is None or withdrawn.page is PageAfter.BANNER:
        return []
    path = rules.withdrawn_path(withdrawn)
    if withdrawn.page is PageAfter.MOVED:
        return [Output(path, f"{withdrawn.successor_path}\n".encode())]
    head = PageHead(title="本页已撤下", address="", description="本页已撤下", column="提示", column_type="提示", current="open")
    return [Output(path, render_template("gone", frame, head, {"page": withdrawn}).encode())]


def render_limit(view: PublicLimit, article: ArticleView | None, frame: Frame, about: str = "") -> str:
    """The page that says why a public limit ends when it does (公开的期限回执), not yet stamped. `article` None: nothing is public yet."""
    title = article.title if article else about
    head = PageHead(
        title=f"{view.sheet.headline}：{title}",
        address=limits.limit_address(article.path) if article and article.path else "",
        description=view.sheet.sentence,
        column="期限回执",
        column_type="政务公开",
        current="open",
    )
    return render_template("limit", frame, head, {"view": view, "text": article, "about": title})


def render_calculator(view: CalculatorView, frame: Frame) -> str:
    """The page of the calculator (期限计算器), not yet stamped."""
    head = PageHead(
        title=f"期限计算器：{view.sheet.answer}" if view.sheet else "期限计算器",
        address="/calculator/",
        description="从哪天起算，多长，中间停没停：一天一天数给您看。",
        column="期限计算器",
        column_type="互动交流",
    )
    return render_template("calculator", frame, head, {"view": view})


def render_article(article: ArticleView, frame: Frame) -> str:
    """The page of a text, public or still a draft, not yet stamped."""
    head = PageHead(
        title=article.title,
        address=article.path,
        description=article.summary,
        column=article.section.title,
        column_type=article.section.category.label,
        current="open",
    )
    return render_template("article", frame, head, {"article": article})


def _page(template: str, frame: Frame, head: PageHead, **context: Any) -> list[Output]:
    return [Output(rules.file_path(head.address), render_template(template, frame, head, context).encode())]


def _home(_key: PageKey, frame: Frame) -> list[Output]:
    month = rules.month_of(frame.now)
    sections = queries.list_sections(month=month)
    head = PageHead(
        title="首页",
        address="/",
        description=f"{frame.name}政府信息公开平台：依法公开，有据可查。",
        column="首页",
        column_type="政府信息公开平台",
        current="home",
    )
    groups = rules.group_sections(sections)
    by_month = sorted((row for row in sections if row.this_month), key=lambda row: -row.this_month)
    return _page(
        "home",
        frame,
        head,
        newest=publishing.list_published(size=NEWEST_ON_HOME).rows,
        total=sum(row.total for row in sections),
        month_total=sum(row.this_month for row in by_month),
        month_sections=by_month[:SECTIONS_ON_HOME],
        month_rest=sum(row.this_month for row in by_month[SECTIONS_ON_HOME:]),
        month_address=rules.list_address(rules.LIST_KINDS[PageKind.MONTH], month),
        month_span=rules.say_span(month, frame.now),
        groups=groups,
        doors=rules.choose_doors(groups),
    )


def _open(_key: PageKey, frame: Frame) -> list[Output]:
    sections = queries.list_sections(month=rules.month_of(frame.now))
    head = PageHead(
        title="政务公开",
        address="/open/",
        description=f"{frame.name}已公开的政府信息，按栏目查。",
        column="政务公开",
        column_type="政务公开",
        current="open",
    )
    months = queries.list_months()
    return _page(
        "open",
        frame,
        head,
        groups=rules.group_sections(sections),
        total=sum(row.total for row in sections),
        months=[(rules.say_month(month), f"/open/{month}/") for month in months[: rules.MONTHS_SHOWN]],
    )


def _publication(key: PageKey, frame: Frame) -> list[Output]:
    try:
        document = publishing.get_readable(rules.uuid_of(key))
    except NotFound:
        return render_marker(key, frame)
    return render_document(document, frame, limits.find_limit(document.obligation))


def _section(key: PageKey, frame: Frame) -> list[Output]:
    try:
        section = catalogue.get_section(key.reference)
    except NotFound:
        return []
    category = section.category.label
    head = PageHead(
        title=section.title,
        address="",
        description=f"{frame.name}“{section.title}”栏目已公开的政府信息。",
        column=section.title,
        column_type=category,
        current="open",
    )
    return _list(key, frame, head, category=category)


def _month(key: PageKey, frame: Frame) -> list[Output]:
    words = f"{rules.say_month(key.reference)}已公开"
    head = PageHead(
        title=words,
        address="",
        description=f"{frame.name}{words}的全部政府信息。",
        column=words,
        column_type="政务公开",
        current="open",
    )
    return _list(key, frame, head)


def _list(key: PageKey, frame: Frame, head: PageHead, **context: Any) -> list[Output]:
    found = queries.find_list(rules.LIST_KINDS[key.kind], key.reference)
    rows = queries.list_rows(found, key.number) if found and key.number <= found.page_count else ()
    if found is None or not rows:
        return _emptied(found, key, frame, head, context)
    address = rules.list_address(found.kind, found.reference, key.number)
    title = f"{head.title}（第 {key.number} 页）" if key.number else head.title
    return _page(
        "list",
        frame,
        replace(head, address=address, title=title),
        name=head.title,
        found=found,
        rows=rows,
        number=key.number,
        list_href=rules.list_address(found.kind, found.reference),
        pager=rules.make_pager(found, key.number),
        **context,
    )


def _emptied(found: ListInfo | None, key: PageKey, frame: Frame, head: PageHead, context: Mapping[str, Any]) -> list[Output]:
    """A head whose newest items went, while older ones stand on archive pages, still leads to these. An empty archive page goes: a hole."""
    if found is None or key.number:
        return []
    head = replace(head, address=rules.list_address(found.kind, found.reference))
    pager = rules.make_pager(found, 0)
    return _page("list", frame, head, name=head.title, found=found, rows=(), number=0, pager=pager, **context)


def _fixed(key: PageKey, frame: Frame) -> list[Output]:
    if key.reference == "static":
        return _static()
    titles = {"not-found": "没有这个页面", "search-down": "搜索暂时用不了", "calculator-down": "期限计算器暂时用不了"}
    head = PageHead(title=titles[key.reference], address="", description=titles[key.reference], column="提示", column_type="提示")
    template = key.reference.replace("-", "_")
    return [Output(f"_site/{key.reference}.html", render_template(template, frame, head, {}).encode())]


def _static() -> list[Output]:
    return [Output(f"static/{name}", _source(name).read_bytes()) for name in STATIC]


def _source(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)


RENDERERS: Mapping[PageKind, Callable[[PageKey, Frame], list[Output]]] = {
    PageKind.HOME: _home,
    PageKind.OPEN: _open,
    PageKind.PUBLICATION: _publication,
    PageKind.SECTION: _section,
    PageKind.MONTH: _month,
    PageKind.FIXED: _fixed,
}


def list_fixed_keys() -> Sequence[PageKey]:
    """Pages that exist from the first day on (固定页面), with or without publications."""
    return (rules.HOME, rules.OPEN, *(PageKey(PageKind.FIXED, name) for name in rules.FIXED_PAGES))
