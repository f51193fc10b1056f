from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.ledger.actions.locks import lock
from gongkai.core.ledger.models import LABEL_LENGTH, Obligation
from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Signatory
from gongkai.lib.errors import BadInput


@transaction.atomic
def relabel(*, obligation: UUID, label: str, actor: Signatory, now: datetime) -> None:
    """Call a duty by another name (改名称): what it is about was misspelt. Nothing of its clock changes; no event is written.

    Raises: BadInput; NotFound.
    """
    words = " ".join(label.replace("\x00", "").split())
    if not words or len(words) > LABEL_LENGTH:
        raise BadInput(f"事项名称要有，最长 {LABEL_LENGTH} 字。", field="label")
    stored = lock(obligation)
    if stored.label != words:
        Obligation.objects.filter(pk=stored.pk).update(label=words)
        audit.record(actor=actor, act="ledger.relabel", subject=stored.uuid, at=now, about={"was": stored.label, "label": words})
