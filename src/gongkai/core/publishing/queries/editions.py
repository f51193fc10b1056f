from uuid import UUID

from gongkai.core.publishing.kinds import EditionState
from gongkai.core.publishing.kinds.editing import EditionRow
from gongkai.core.publishing.models import Edition
from gongkai.core.publishing.queries.content import get_content, list_files
from gongkai.lib.errors import NotFound

SHOWN = 50


def list_edition_numbers(publication: UUID) -> list[int]:
    """The numbers of a text's editions (版次), newest first; the newest fifty."""
    numbers = Edition.objects.filter(publication__uuid=publication).order_by("-number").values_list("number", flat=True)
    return list(numbers[:SHOWN])


def get_edition(publication: UUID, number: int) -> EditionRow:
    """One edition of a text (版本) with what it says. Raises: NotFound."""
    edition = (
        Edition.objects.select_related("saved_by").prefetch_related("files").filter(publication__uuid=publication, number=number).first()
    )
    if edition is None:
        raise NotFound(f"这份稿没有第 {number} 版。请从对照页的列表里选。")
    content = get_content(edition)
    return EditionRow(
        number=edition.number,
        state=EditionState(edition.state),
        saved_by_name=edition.saved_by.name,
        saved_at=edition.saved_at,
        content=content,
        file_names=tuple(file.name for file in list_files(content)),
    )
