from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, EventRow
from gongkai.core.publishing import api as publishing
from gongkai.producers.disclosure.duties import PUBLISH
from gongkai.producers.disclosure.models import Cause


def follow_reassignment(event: EventRow) -> None:
    """Let a cause and the draft begun for it go where their duty went (随事项改派). The same event again changes nothing.

    A text that is being reviewed stays with the unit that sent it: its reviewers have it before them.
    """
    if event.kind is not EventKind.REASSIGNED or event.obligation.duty_code != PUBLISH.code:
        return
    cause = Cause.objects.filter(uuid=event.obligation.subject).first()
    if cause is None:
        return
    unit_id = ledger.get_obligation(event.obligation.uuid).unit_id
    Cause.objects.filter(pk=cause.pk).update(unit_id=unit_id)
    if cause.publication_id is not None:
        publishing.move_draft(publication=cause.publication_id, unit_id=unit_id, now=event.at)
