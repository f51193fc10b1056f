from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.publishing.actions.editions import lock_edition
from gongkai.core.publishing.kinds import EditionState
from gongkai.core.publishing.models import Edition, Publication
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit import api as audit


@transaction.atomic
def move_draft(*, publication: UUID, unit_id: int, now: datetime) -> bool:
    """Give a draft to another unit (移交草稿), because its duty was reassigned. False when it is not a draft now or is there already.

    Files stay those of the unit that uploaded them: the next save asks to upload them again.
    """
    edition = lock_edition(publication)
    if edition.state != EditionState.DRAFT.value or edition.number != 1 or edition.unit_id == unit_id:
        return False
    Edition.objects.filter(pk=edition.pk).update(unit_id=unit_id)
    Publication.objects.filter(pk=edition.publication_id).update(unit_id=unit_id)
    audit.record(actor=SYSTEM, act="publishing.move_draft", subject=publication, at=now, about={"unit": unit_id})
    return True
