from collections.abc import Collection

from gongkai.core.publishing.kinds import CorrectionRow
from gongkai.core.publishing.models import Correction, Publication


def list_corrections(rows: Collection[Publication]) -> dict[int, tuple[CorrectionRow, ...]]:
    """What was corrected in some public items (更正), by publication id, the newest first: one query, none for first editions.

    Only what is public by now.
    """
    shown = {row.pk: row.public_edition for row in rows if row.public_edition is not None and row.public_edition.number > 1}
    found: dict[int, tuple[CorrectionRow, ...]] = {}
    if not shown:
        return found
    corrections = Correction.objects.filter(edition__publication__in=list(shown)).select_related("edition").order_by("-edition__number")
    for correction in corrections:
        edition = correction.edition
        public = shown[edition.publication_id]
        if edition.number <= public.number and edition.approved_at is not None:
            row = CorrectionRow(
                edition=edition.number,
                earlier=edition.number - 1,
                what=correction.what,
                why=correction.why,
                corrected_at=edition.approved_at,
            )
            found[edition.publication_id] = (*found.get(edition.publication_id, ()), row)
    return found
