"""The page of search results, put together from the search's answer."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from gongkai.consumers.portal import queries, rules
from gongkai.consumers.portal.kinds import Choice, HitView, PageLink, SearchQuery, SearchView, SectionSummary
from gongkai.core.search import api as search
from gongkai.core.search.api import Answer, Filters, Hit, Order

PAGES_AROUND = 3


def search_view(query: SearchQuery) -> SearchView:
    """Everything that the page of results shows (搜索结果页). Nothing is looked up where nothing was typed."""
    sections = queries.list_sections(month="")
    by_slug = {row.section.slug: row for row in sections}
    chosen = by_slug.get(query.section)
    years = rules.years_of(queries.list_months())
    view = SearchView(
        question=query.question,
        sections=tuple(Choice(slug, row.section.title, row is chosen) for slug, row in by_slug.items()),
        years=tuple(Choice(str(year), f"{year}年", year == query.year) for year in _with(years, query.year)),
        is_by_date=query.is_by_date,
        is_literal=query.is_literal,
    )
    if not query.question.strip():
        return view
    answer = search.search(
        question=query.question,
        filters=Filters(section_id=chosen.section.id if chosen else None, year=query.year),
        order=Order.DATE if query.is_by_date else Order.RELEVANCE,
        page=query.page,
        literal=query.is_literal,
    )
    return _filled(view, query, answer, {row.section.id: row for row in sections})


def _with(years: tuple[int, ...], year: int | None) -> tuple[int, ...]:
    return years if year is None or year in years else tuple(sorted({*years, year}, reverse=True))


def _filled(view: SearchView, query: SearchQuery, answer: Answer, sections: Mapping[int, SectionSummary]) -> SearchView:
    return replace(
        view,
        answer=answer,
        shown_question=rules.shorten(" ".join(query.question.split())),
        hits=tuple(_hit_view(hit, sections) for hit in answer.hits),
        total_words=f"{answer.total:,}{' 多' if answer.is_capped else ''}",
        first_number=(answer.page - 1) * answer.page_size + 1,
        pages=_pages(query, answer),
        literal_words="、".join(answer.literal_words),
        literal_link=link_to(replace(query, is_literal=True, page=1)),
        word_link=link_to(replace(query, is_literal=False, page=1)),
        other_order=link_to(replace(query, is_by_date=not query.is_by_date, page=1)),
        wide_link=link_to(replace(query, section="", year=None, page=1)),
    )


def _hit_view(hit: Hit, sections: Mapping[int, SectionSummary]) -> HitView:
    summary = sections.get(hit.section_id)
    return HitView(
        title=hit.title,
        excerpt=hit.excerpt,
        document_number=hit.document_number,
        day=hit.day,
        path=hit.path,
        section_title=summary.section.title if summary else "",
    )


def _pages(query: SearchQuery, answer: Answer) -> tuple[PageLink, ...]:
    """Links to the pages around this one. Pages further away are reached by narrowing the question."""
    last = answer.page_count
    if last < 2:
        return ()
    links = []
    if answer.page > 1:
        links.append(PageLink("上一页", link_to(replace(query, page=answer.page - 1))))
    for number in range(max(1, answer.page - PAGES_AROUND), min(last, answer.page + PAGES_AROUND) + 1):
        is_current = number == answer.page
        links.append(PageLink(str(number), "" if is_current else link_to(replace(query, page=number)), is_current))
    if answer.page < last:
        links.append(PageLink("下一页", link_to(replace(query, page=answer.page + 1))))
    return tuple(links)


def link_to(query: SearchQuery) -> str:
    """Address of a page of results. What is as usual is left out."""
    values = {
        "q": query.question,
        "section": query.section,
        "year": str(query.year or ""),
        "order": "date" if query.is_by_date else "",
        "literal": "1" if query.is_literal else "",
        "page": str(query.page) if query.page > 1 else "",
    }
    return f"/search/?{urlencode({name: value for name, value in values.items() if value}, errors='replace')}"
