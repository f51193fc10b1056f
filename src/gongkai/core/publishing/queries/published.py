from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from gongkai.core.catalogue.kinds import Category, SectionRow
from gongkai.core.publishing import rules
from gongkai.core.publishing.cleaning import plain_text
from gongkai.core.publishing.kinds import CorrectionRow, Origin, PageAfter, PublicationState, PublishedDocument, PublishedRow
from gongkai.core.publishing.models import Edition, Publication, Withdrawal
from gongkai.core.publishing.queries.content import get_content
from gongkai.core.publishing.queries.corrections import list_corrections
from gongkai.core.publishing.queries.pages import take_page
from gongkai.core.publishing.queries.withdrawn import find_withdrawn
from gongkai.foundation.attachments import api as attachments
from gongkai.foundation.attachments.kinds import AttachmentRow
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import end_of, start_of
from gongkai.lib.paging import Cursor, Page

PAGE_SIZE = 20
BATCH = 500


def count_publications() -> int:
    """How many publications (信息) there are, public or not."""
    return Publication.objects.count()


def count_published(*, section_id: int | None = None, since: date | None = None, until: date | None = None) -> int:
    """How many publications are public (已公开数), each once. `since` and `until` are days of release, both included."""
    return _public(section_id, since, until).count()


def count_published_by_unit(*, since: date, until: date) -> Mapping[int, int]:
    """How many items each unit made public between two days (各单位已公开数), both included. Units without any are left out."""
    counts = _public(None, since, until).order_by().values_list("unit_id").annotate(number=Count("pk"))
    return dict(counts)


def count_published_by_category() -> Mapping[Category, int]:
    """How many publications are public under each heading (分类统计). All categories, also empty ones: the parts make the whole."""
    counts = dict.fromkeys(Category, 0)
    # Counted by section first, on its index; a category is the sum of its sections.
    by_section = _public().order_by().values("section_id", "section__category").annotate(number=Count("pk"))
    for category, number in by_section.values_list("section__category", "number"):
        counts[Category(category)] += number
    return counts


def list_published(
    *,
    section_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    unit_ids: Collection[int] | None = None,
    leaving_out: Collection[UUID] | QuerySet[Any, UUID] = (),
    after: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> Page[PublishedRow]:
    """Public items (已公开信息), newest first. `since` and `until` are days of release, both included. `unit_ids` None: of all units.

    `leaving_out` names items that are not wanted; many are handed in as a query of their uuids.
    """
    public = _public(section_id, since, until)
    if unit_ids is not None:
        public = public.filter(unit_id__in=sorted(unit_ids))
    if isinstance(leaving_out, QuerySet) or leaving_out:
        public = public.exclude(uuid__in=leaving_out)
    rows = public.select_related("section", "entry", "unit", "public_edition").defer("public_edition__body", "public_edition__elements")
    return take_page(
        rows, by="published_at", after=after, size=size, cursor_of=lambda row: Cursor(_instant(row), row.pk), row_of=_published_row
    )


def iterate_published() -> Iterator[PublishedRow]:
    """Every public item (已公开信息名录), newest first, read page by page."""
    after: Cursor | None = None
    while True:
        page = list_published(after=after, size=BATCH)
        yield from page.rows
        after = page.after
        if after is None:
            return


def get_published(publication: UUID) -> PublishedDocument:
    """One public text whole (已公开文件). Raises: NotFound, also for one that is not public."""
    documents = _documents(_whole().filter(uuid=publication))
    if not documents:
        raise NotFound("没有这条公开的信息。")
    return documents[0]


def get_readable(publication: UUID) -> PublishedDocument:
    """One text that stands at its address (可读的信息): public, or replaced and kept with a notice. Raises: NotFound."""
    documents = _documents(_readable().filter(uuid=publication))
    if not documents:
        raise NotFound("没有这条公开的信息。")
    return documents[0]


def find_published_by_path(year: int, number: int) -> PublishedDocument | None:
    """The public text at an address (路径); None when there is none, or none yet."""
    documents = _documents(_whole().filter(path_year=year, path_number=number))
    return documents[0] if documents else None


def list_published_documents(*, after_id: int = 0, size: int = 500) -> list[PublishedDocument]:
    """A batch of public texts whole, by id (整批读取), for whoever makes all pages again. The same number of queries for any size."""
    return _documents(_whole().filter(id__gt=after_id).order_by("id")[:size])


def list_published_with_duty(*, entry_code: str, after_id: int = 0, size: int = 500) -> list[tuple[int, UUID]]:
    """Public texts whose duty stands under an entry's terms (有期限的已公开信息), by id, a batch: their id and uuid."""
    rows = Publication.objects.filter(state=PublicationState.PUBLIC.value, obligation__entry=entry_code, id__gt=after_id)
    return list(rows.order_by("id").values_list("id", "uuid")[:size])


def _public(section_id: int | None = None, since: date | None = None, until: date | None = None) -> QuerySet[Publication]:
    rows = Publication.objects.filter(state=PublicationState.PUBLIC.value)
    if section_id is not None:
        rows = rows.filter(section_id=section_id)
    if since is not None:
        rows = rows.filter(published_at__gte=start_of(since))
    if until is not None:
        rows = rows.filter(published_at__lt=end_of(until))
    return rows


def _whole() -> QuerySet[Publication]:
    return _with_content(_public())


def _readable() -> QuerySet[Publication]:
    kept = Withdrawal.objects.filter(publication=OuterRef("pk"), ended_at__isnull=True, page=PageAfter.BANNER.value)
    is_kept = Q(state=PublicationState.WITHDRAWN.value) & Exists(kept)
    return _with_content(Publication.objects.filter(Q(state=PublicationState.PUBLIC.value) | is_kept))


def _with_content(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    return rows.select_related("section", "entry", "unit", "public_edition").prefetch_related("public_edition__files")


def _documents(rows: QuerySet[Publication]) -> list[PublishedDocument]:
    publications = list(rows)
    wanted = [file.attachment_id for row in publications for file in _edition(row).files.all()]
    files = {file.uuid: file for file in attachments.list_attachments(uuids=wanted)} if wanted else {}
    corrections = list_corrections(publications)
    return [_document(row, files, corrections.get(row.pk, ())) for row in publications]


def _document(row: Publication, files: Mapping[UUID, AttachmentRow], corrections: tuple[CorrectionRow, ...]) -> PublishedDocument:
    edition = _edition(row)
    content = get_content(edition)
    return PublishedDocument(
        id=row.pk,
        uuid=row.uuid,
        title=content.title,
        document_number=content.document_number,
        index_number=row.index_number or "",
        body_html=content.body_html,
        text=plain_text(content.body_html),
        path=rules.format_path(row.path_year, row.path_number),
        formed_date=content.formed_date,
        published_at=_instant(row),
        section=_section_row(row),
        entry_code=row.entry.code,
        entry_name=row.entry.name,
        basis=row.entry.basis,
        unit_id=row.unit_id,
        unit_name=row.unit.name,
        unit_telephone=row.unit.telephone,
        elements=rules.order_elements(content.elements, row.entry.elements),
        attachments=_in_order(content.attachments, files),
        origin=Origin(row.origin),
        source=row.source,
        obligation=row.obligation_id,
        content_hash=edition.content_hash,
        withdrawn=find_withdrawn(row.uuid) if row.state != PublicationState.PUBLIC.value else None,
        corrections=corrections,
    )


def _in_order(uuids: Sequence[UUID], files: Mapping[UUID, AttachmentRow]) -> tuple[AttachmentRow, ...]:
    return tuple(files[uuid] for uuid in uuids)


def _published_row(row: Publication) -> PublishedRow:
    edition = _edition(row)
    return PublishedRow(
        id=row.pk,
        uuid=row.uuid,
        title=edition.title,
        document_number=edition.document_number,
        path=rules.format_path(row.path_year, row.path_number),
        formed_date=edition.formed_date,
        published_at=_instant(row),
        section=_section_row(row),
        entry_code=row.entry.code,
        entry_name=row.entry.name,
        unit_id=row.unit_id,
        unit_name=row.unit.name,
    )


def _section_row(row: Publication) -> SectionRow:
    section = row.section
    return SectionRow(section.pk, section.code, section.title, section.slug, Category(section.category))


def _edition(row: Publication) -> Edition:
    if row.public_edition is None:  # the constraint publication_public_whole says so
        raise NotFound(f"信息 {row} 已公开，却没有公开的版本。")
    return row.public_edition


def _instant(row: Publication) -> datetime:
    if row.published_at is None:
        raise NotFound(f"信息 {row} 已公开，却没有公开时间。")
    return row.published_at
