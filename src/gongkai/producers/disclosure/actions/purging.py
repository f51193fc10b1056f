from datetime import datetime

from django.db import transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.publishing.kinds import PurgeScope
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit import api as audit
from gongkai.foundation.workdays import api as workdays
from gongkai.producers.disclosure.models import Cause, ImportedDocument, RegisteredNumber, SheetLine, SheetUpload

CLEARED_TITLE = "（内容已清除）"
CLEARED_WORDS = "（已清除）"


@transaction.atomic
def clear_cause(scope: PurgeScope, _at_system: datetime) -> int:
    """Clear the cause that a purged text was written from (清除事由): its name and note, the lines of sheets it came with, the name of the
    file it was imported from, and every duty it opened. Returns how many causes.
    """
    causes = Cause.objects.filter(publication__uuid=scope.publication)
    for cause in causes:
        owed = [one.uuid for one in ledger.list_obligations(subject=cause.uuid)]
        ledger.purge_words(obligations=owed, title=CLEARED_TITLE, words=CLEARED_WORDS)
        lines = SheetLine.objects.filter(cause=cause)
        # Where the sheet's own lines of text stand beside: they may be about the same thing.
        SheetUpload.objects.filter(lines__in=lines).update(asides=[])
        lines.update(cells=[], before=None, key="", refusal="")
        RegisteredNumber.objects.filter(cause=cause).update(number=f"（已清除 {cause.pk}）")
        ImportedDocument.objects.filter(cause=cause).update(name=CLEARED_WORDS, digest=f"{cause.pk:064d}")
        audit.redact(subjects=[cause.uuid, *owed], purge=scope.purge, actor=SYSTEM, at=workdays.business_now())
    return causes.update(title=CLEARED_TITLE, note="")
