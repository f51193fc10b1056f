"""A text as its page shows it, from what is public or from a draft: both ways end in the same view."""

from collections.abc import Mapping, Sequence

from django.urls import reverse

from gongkai.consumers.portal import rules
from gongkai.consumers.portal.kinds import ArticleView, FileLink, ListKind
from gongkai.consumers.portal.limits import find_limit, limit_address, line_of
from gongkai.core.catalogue import api as catalogue
from gongkai.core.ledger.kinds import Receipt
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import DraftDetail, PublishedDocument
from gongkai.foundation.attachments import api as attachments
from gongkai.foundation.attachments.kinds import AttachmentRow
from gongkai.foundation.organisations import api as organisations

SHOWN_IN_PAGE = "application/pdf"
"""The one kind of attachment that a browser opens itself; the others are downloads."""


def article_of(document: PublishedDocument, limit: Receipt | None = None) -> ArticleView:
    """What the page of a public text shows (信息页内容), its limit among it where citizens may be told it."""
    addresses = {row.uuid: f"{document.path}files/{attachments.get_public_name(row=row)}" for row in document.attachments}
    body, headings = rules.mark_headings(publishing.show_pictures(document.body_html, addresses))
    return ArticleView(
        title=document.title,
        document_number=document.document_number,
        index_number=document.index_number,
        body_html=rules.wrap_tables(body),
        headings=headings,
        summary=rules.summarise(document.body_html) or document.title,
        path=document.path,
        formed_date=document.formed_date,
        published_at=document.published_at,
        section=document.section,
        section_href=rules.list_address(ListKind.SECTION, document.section.slug),
        entry_name=document.entry_name,
        basis=document.basis,
        unit_name=document.unit_name,
        unit_telephone=document.unit_telephone,
        elements=document.elements,
        files=tuple(_link(row, addresses[row.uuid]) for row in _beside(document.attachments, document.body_html)),
        source=document.source,
        limit=line_of(limit, limit_address(document.path)) if limit else None,
        withdrawn=document.withdrawn,
        corrections=document.corrections,
    )


def article_of_draft(draft: DraftDetail) -> ArticleView:
    """What the page of a draft will show once it is public (预览). It has no index number and no day of release yet."""
    addresses = {row.uuid: reverse("attachments:download", args=[row.uuid]) for row in draft.attachments}
    body, headings = rules.mark_headings(publishing.show_pictures(draft.content.body_html, addresses))
    section = catalogue.get_entry(draft.entry_code).section
    limit = find_limit(draft.obligation)
    return ArticleView(
        title=draft.content.title,
        document_number=draft.content.document_number,
        index_number=draft.index_number,
        body_html=rules.wrap_tables(body),
        headings=headings,
        summary=rules.summarise(draft.content.body_html) or draft.content.title,
        path=draft.path,
        formed_date=draft.content.formed_date,
        published_at=draft.published_at,
        section=section,
        section_href=rules.list_address(ListKind.SECTION, section.slug),
        entry_name=draft.entry_name,
        basis=draft.basis,
        unit_name=draft.unit_name,
        unit_telephone=organisations.get_unit(draft.unit_id).telephone,
        elements=_in_order(draft.content.elements, draft.required),
        files=tuple(_link(row, addresses[row.uuid]) for row in _beside(draft.attachments, draft.content.body_html)),
        source=draft.source,
        limit=line_of(limit, reverse("portal_desk:limit", args=[draft.obligation])) if limit else None,
    )


def _beside(files: Sequence[AttachmentRow], body: str) -> list[AttachmentRow]:
    """The attachments that stand beside the text: a picture inside it is not named a second time."""
    inside = {picture.uuid for picture in publishing.list_pictures(body)}
    return [row for row in files if row.uuid not in inside]


def _in_order(values: Mapping[str, str], names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    known = [name for name in names if name in values]
    return tuple((name, values[name]) for name in [*known, *(name for name in values if name not in names)])


def _link(row: AttachmentRow, href: str) -> FileLink:
    return FileLink(href, row.name, row.format_name, rules.say_size(row.public_size), is_download=row.media_type != SHOWN_IN_PAGE)
