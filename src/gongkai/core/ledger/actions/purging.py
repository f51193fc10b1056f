from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.ledger.actions.obligations import cancel
from gongkai.core.ledger.kinds import ObligationState
from gongkai.core.ledger.models import DateChange, Event, EvidenceItem, ExtensionProposal, Movement, Obligation, PendingEvent, Reassignment
from gongkai.foundation.audit.kinds import Signatory


@transaction.atomic
def cancel_for_purge(*, obligation: UUID, reason: str, actor: Signatory, now: datetime) -> None:
    """End a duty whose text is purged (因清除取消). One that has ended already keeps its end."""
    state = Obligation.objects.select_for_update().filter(uuid=obligation).values_list("state", flat=True).first()
    if state == ObligationState.OPEN.value:
        cancel(obligation=obligation, reason=reason, actor=actor, now=now)


@transaction.atomic
def purge_words(*, obligations: Collection[UUID], title: str, words: str) -> int:
    """Clear what the names, reasons and proofs of some duties say (清除台账文字). `title` stands for names, `words` for the rest.

    Clock, days, people and states stay: they say that something was owed and done, not what. Returns how many duties.
    """
    duties = Obligation.objects.filter(uuid__in=list(obligations))
    EvidenceItem.objects.filter(obligation__in=duties).update(label=words)
    Event.objects.filter(obligation__in=duties).exclude(note="").update(note=words)
    movements = Movement.objects.filter(obligation__in=duties)
    movements.update(reason=words, article=words)
    for name in ("document", "closing_document", "void_reason"):
        movements.exclude(**{name: ""}).update(**{name: words})
    proposals = ExtensionProposal.objects.filter(obligation__in=duties)
    proposals.update(reason=words, article=words)
    for name in ("document", "decision"):
        proposals.exclude(**{name: ""}).update(**{name: words})
    DateChange.objects.filter(obligation__in=duties).update(why=words)
    PendingEvent.objects.filter(event__obligation__in=duties).update(last_error="")
    Reassignment.objects.filter(event__obligation__in=duties).update(reason=words)
    return duties.update(label=title)
